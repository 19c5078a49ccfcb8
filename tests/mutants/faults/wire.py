"""Answers that are spoilt on the wire: cut, mislabelled, wrongly encoded, endless."""

from __future__ import annotations

import gzip
import zlib

from starlette.types import Send

from tests.mutants.altering import Spoil, replies
from tests.mutants.planting import mutant, on_the_wire, plant
from tests.mutants.wire_tap import Reply, Request, Wire, raw

MEGABYTES = 20
"""More than any answer could have, and little enough to come to an end."""

OPERATIONS = {"create": 201, "get": 200, "lookup": 200, "list": 200, "update": 200}


def labelled(content_type: str | None) -> Spoil:
    """Gives a reply another content type, or none."""

    def change(reply: Reply) -> None:
        reply.headers.pop("content-type")
        if content_type is not None:
            reply.headers["content-type"] = content_type

    return change


def cut(reply: Reply) -> None:
    """Leaves half of the body."""
    reply.body = reply.body[: len(reply.body) // 2]


def broken_off(reply: Reply) -> None:
    """Announces more than comes."""
    reply.announced = len(reply.body) + 10


def emptied(reply: Reply) -> None:
    """Leaves no body."""
    reply.body = b""


for operation, status in OPERATIONS.items():
    for label, requirement, fault, change in (
        ("as-text", "answer.content-type", "is labelled text/plain", labelled("text/plain")),
        ("as-html", "answer.content-type", "is labelled text/html", labelled("text/html; charset=utf-8")),
        ("without-type", "answer.content-type", "has no content type", labelled(None)),
        ("cut", "answer.json", "is cut in the middle", cut),
        ("broken-off", "answer.complete", "ends before it is complete", broken_off),
        ("empty", "answer.json", "has no body", emptied),
    ):
        plant(f"{operation}-{label}", requirement, f"The answer to {operation} {fault}.",
              replies(change, status, operation), operation=operation)  # fmt: skip


def is_json(reply: Reply) -> bool:
    """Whether the reply is JSON."""
    return "json" in reply.headers.get("content-type", "")


class Encoded(Wire):
    """A wire that encodes JSON in another way, of one operation or of all."""

    operation = ""

    def alter(self, request: Request, reply: Reply) -> None:
        if is_json(reply) and self.operation in ("", request.operation):
            reply.body = self.encoded(reply.body.decode(), reply)

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.encode()


@mutant("answer.json")
class Latin1(Encoded):
    """JSON is sent as Latin-1."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.encode("latin-1", "replace")


@mutant("answer.json")
class Utf16(Encoded):
    """JSON is sent as UTF-16 and says so."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        reply.headers["content-type"] = "application/json; charset=utf-16"
        return text.encode("utf-16")


@mutant("create.returns-what-was-sent")
class EncodedTwice(Encoded):
    """JSON is encoded as UTF-8 twice."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.encode().decode("latin-1").encode()


@mutant("answer.json")
class JsonTwice(Encoded):
    """Two JSON values come one after the other."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return (text + "\n" + text).encode()


@mutant("answer.json")
class WithTrailingComma(Encoded):
    """JSON ends with a comma too many."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return (text[:-1] + ",}").encode()


@mutant("answer.json")
class SingleQuotes(Encoded):
    """JSON has single quotes."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return text.replace('"', "'").encode()


@mutant("answer.json")
class InAJsonpCall(Encoded):
    """JSON is wrapped in a call."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return f"callback({text})".encode()


@mutant("organization.object")
class InAnEnvelope(Encoded):
    """JSON is wrapped in an object."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return f'{{"data": {text}}}'.encode()


@mutant("organization.object")
class JsonInAString(Encoded):
    """JSON is sent as a JSON string."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"').encode()


@mutant("answer.json")
class Nan(Encoded):
    """JSON has a number that is none."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return ('{"score": NaN, ' + text[1:]).encode()


@mutant("answer.json")
class RawControlCharacters(Encoded):
    """JSON has a line break within a string."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return ('{"note": "a\nb", ' + text[1:]).encode()


@mutant("answer.json")
class GzipCut(Encoded):
    """Compressed answers end too early."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        reply.headers["content-encoding"] = "gzip"
        return gzip.compress(text.encode())[:-20]


@mutant("answer.complete")
class NotCompressed(Encoded):
    """Answers to get say that they are compressed, and are not."""

    operation = "get"

    def encoded(self, text: str, reply: Reply) -> bytes:
        reply.headers["content-encoding"] = "gzip"
        return text.encode()


@mutant("answer.json")
class CompressedInSecret(Encoded):
    """Answers are compressed and do not say so."""

    def encoded(self, text: str, reply: Reply) -> bytes:
        return zlib.compress(text.encode())


@mutant("answer.complete")
class Endless(Wire):
    """The answer to get is as good as endless."""

    _ends = True

    def alter(self, request: Request, reply: Reply) -> None:
        self._ends = request.operation != "get"

    async def send(self, reply: Reply, send: Send) -> None:
        if self._ends:
            await super().send(reply, send)
            return
        headers = {name: value for name, value in reply.headers.items() if name != "content-length"}
        await send({"type": "http.response.start", "status": reply.status, "headers": raw(headers)})
        for _ in range(MEGABYTES):
            await send({"type": "http.response.body", "body": b" " * 1_000_000, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@mutant("answer.request-id", weak="only R shows it")
class NoRequestId(Wire):
    """Answers carry no X-Request-ID."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers.pop("x-request-id", None)


@on_the_wire("answer.status")
def redirects(request: Request, reply: Reply) -> None:
    """A lookup redirects to the organization."""
    if request.operation == "lookup" and reply.succeeds:
        reply.status = 302
        reply.headers["location"] = f"/organizations/{reply.json['id']}"


@on_the_wire("answer.status")
def everything_is_200(request: Request, reply: Reply) -> None:
    """Every answer is 200, errors too."""
    reply.status = 200


@on_the_wire("list.answers")
def list_refuses(request: Request, reply: Reply) -> None:
    """list answers 403, always."""
    if request.operation == "list":
        reply.status, reply.json = 403, {"message": "Forbidden"}


for operation in ("get", "lookup", "update", "delete", "create"):

    def failing(request: Request, reply: Reply, broken: str = operation) -> None:
        """Answers 500."""
        if request.operation == broken:
            reply.status, reply.json = 500, {"message": "Internal error"}

    plant(f"{operation}-fails", f"{operation}.answers", f"{operation} answers 500, always.",
          type("Failing", (Wire,), {"alter": staticmethod(failing)}))  # fmt: skip
    plant(f"{operation}-answers-404", f"{operation}.answers", f"{operation} answers 404, always.",
          replies(lambda reply: setattr(reply, "status", 404), OPERATIONS.get(operation, 202), operation))  # fmt: skip
