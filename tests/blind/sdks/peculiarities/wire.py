"""Legal peculiarities in what is sent."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
from collections.abc import Mapping
from typing import Any

import httpx

from tests.blind.sdks.planted import Peculiarity, Proof, calling, one, page
from tests.mutants.sdks.call import Call, SdkError

GET = (calling("get"),)
CREATED = (one(),)


class SendsTelemetryHeaders(Peculiarity):
    """Sends headers that tell of its runtime; legal: no source limits the headers of a request."""

    proof = Proof(GET, (one(),), shows="x-stand-in-runtime: python")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        told = {"x-stand-in-runtime": "python", "accept": "application/json", "accept-language": "en"}
        return told | super().headers(call, attempt)


class WritesHeaderNamesInCapitals(Peculiarity):
    """Writes the names of headers in capitals; legal: names have no case (RFC 9110 section 5.1)."""

    proof = Proof(GET, (one(),), shows="AUTHORIZATION: Bearer sk_first")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        return {name.upper(): value for name, value in super().headers(call, attempt).items()}


class WantsNoCompression(Peculiarity):
    """Asks for responses without compression; legal: Accept-Encoding is the client's choice (RFC 9110, 12.5.3)."""

    proof = Proof(GET, (one(),), shows="accept-encoding: identity")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        return {"accept-encoding": "identity"} | super().headers(call, attempt)


class NamesLanguageFirst(Peculiarity):
    """Names its language and that one's version before its own; legal: the User-Agent holds SDK and version."""

    proof = Proof(GET, (one(),), shows="user-agent: WorkOS Python/")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        named = f"WorkOS Python/{platform.python_version()} workos-stand-in/{self._version}"
        return {**super().headers(call, attempt), "user-agent": named, **call.opts.get("extra_headers", {})}


class NamesCharsetOfBodies(Peculiarity):
    """Labels a body as application/json; charset=utf-8; legal: the media type is the documented one."""

    proof = Proof((calling("create"),), CREATED, shows="application/json; charset=utf-8")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        headers = super().headers(call, attempt)
        return headers | ({"content-type": "application/json; charset=utf-8"} if "content-type" in headers else {})


class AnnouncesNoBody(Peculiarity):
    """Sends Content-Length: 0 with reads and deletes; legal: that is no body (RFC 9110 section 8.6)."""

    proof = Proof(GET, (one(),), shows="content-length: 0")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        headers = super().headers(call, attempt)
        return headers if "content-type" in headers else headers | {"content-length": "0"}


class SendsKeysWithUpdates(Peculiarity):
    """Sends an idempotency key with updates and deletes too; legal: the contract wants one on POST and forbids none."""

    proof = Proof((calling("update", name="Bar"),), (one(),), shows="idempotency-key: key-1")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        key = super().idempotency_key(call, attempt)
        return key or (call.key if call.op in ("update", "delete") else None)


class SortsBodies(Peculiarity):
    """Sends the members of a body in alphabetical order; legal: objects have no order (RFC 8259 section 1)."""

    proof = Proof((calling("create", external_id="x"),), CREATED, shows='{"external_id": "x", "name"')

    def encoded(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body, sort_keys=True).encode()


class SendsPlainUtf8(Peculiarity):
    """Sends indented JSON with characters beyond ASCII as UTF-8; legal: RFC 8259 sections 2 and 8.1."""

    proof = Proof((calling("create", name="Café"),), CREATED, shows="Café")

    def encoded(self, body: dict[str, Any]) -> bytes:
        try:
            return json.dumps(body, ensure_ascii=False, indent=2).encode()
        except UnicodeEncodeError:
            return super().encoded(body)


class EscapesHtml(Peculiarity):
    """Writes <, > and & in bodies as escapes, as Go does; legal: it is the same text (RFC 8259 section 7)."""

    proof = Proof((calling("create", name="A & B"),), CREATED, shows="A \\u0026 B")

    def encoded(self, body: dict[str, Any]) -> bytes:
        text = json.dumps(body)
        for character in "<>&":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text.encode()


class SendsChunks(Peculiarity):
    """Sends a body in chunks instead of with its length; legal: RFC 9112 section 7.1."""

    proof = Proof((calling("create"),), CREATED, shows="Transfer-Encoding: chunked")

    def http(self, call: Call) -> httpx.Client:
        client = super().http(call)
        client._transport = client._transport if isinstance(client._transport, _Chunking) else _Chunking()
        return client


class _Chunking(httpx.HTTPTransport):
    """Sends bodies in chunks."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.content:
            return super().handle_request(request)
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"content-length"]
        chunks, extensions = iter((request.content,)), request.extensions
        chunked = httpx.Request(request.method, request.url, headers=headers, content=chunks, extensions=extensions)
        return super().handle_request(chunked)


class EncodesWholeSegments(Peculiarity):
    """Percent-encodes every byte of an identifier, in lower-case digits; legal: RFC 3986 sections 2.1 and 6.2.2."""

    proof = Proof(GET, (one(),), shows="/organizations/%6f%72%67%5f")

    def segment(self, text: str) -> str:
        return "".join(f"%{byte:02x}" for byte in text.encode())


class LeavesLegalCharactersOfSegments(Peculiarity):
    """Leaves characters of an identifier that a segment may hold as they are; legal: RFC 3986 section 3.3."""

    proof = Proof((calling("lookup", external_id="a:b@c"),), (one(),), shows="external_id/a:b@c")

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        for character in ":@!$&'()*,;=+":
            path = path.replace(f"%{ord(character):02X}", character)
        return method, path


class RefusesDotSegments(Peculiarity):
    """Refuses an identifier that is empty, one dot or two dots; legal: sdk.request.dot-segment allows an error."""

    proof = Proof((calling("lookup", external_id=".."),), (one(),), shows="stand_in.argument")

    def segment(self, text: str) -> str:
        if text in ("", ".", ".."):
            raise SdkError("argument", "an identifier cannot be empty, a dot or two dots")
        return super().segment(text)


class LeavesCommasOfQueries(Peculiarity):
    """Leaves the commas between domains as they are, and writes spaces as %20; legal: OpenAPI's style form says so."""

    proof = Proof((calling("list", domains=["a.com", "b.com"]),), (page(),), shows="domains=a.com,b.com")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, given).replace("+", "%20").replace("%2C", ",")


class TurnsQueriesRound(Peculiarity):
    """Sends the parameters of a query in reverse order; legal: each is named, and they have no order."""

    proof = Proof((calling("list", limit=5, order="asc"),), (page(),), shows="order=asc&limit=5")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, dict(reversed([*given.items()])))


class SendsDefaultOrder(Peculiarity):
    """Sends order=desc where no order is given; legal: the default, INFO in sdk.request.query-adds-default."""

    proof = Proof((calling("list"),), (page(),), shows="?order=desc")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {"order": "desc", **given} if call.op == "list" else given)


class ClosesConnections(Peculiarity):
    """Uses each connection once; legal: RFC 9112 section 9.6."""

    proof = Proof(GET, (one(),), shows="connection: close")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        return super().headers(call, attempt) | {"connection": "close"}


class SharesConnections(Peculiarity):
    """Has one pool of connections for all clients; legal: each request carries its key, and Node and Go do so."""

    proof = Proof((calling("get"), calling("get", client={"api_key": "sk_second"})), (one(),), lacks="connection 2")

    def http(self, call: Call) -> httpx.Client:
        return super().http(dataclasses.replace(call, client=call.client | {"shared": "all"}))


class MakesLongKeys(Peculiarity):
    """Makes idempotency keys of 64 hexadecimal digits; legal: no source says that a key is a UUID."""

    proof = Proof((calling("create"),), CREATED, lacks="idempotency-key: key-1")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        key = super().idempotency_key(call, attempt)
        return hashlib.sha256(key.encode()).hexdigest() if key and key == call.key else key
