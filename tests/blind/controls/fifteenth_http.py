"""Answers that HTTP and JSON allow and that real servers and proxies send."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import time
from typing import Any

from starlette.types import ASGIApp

from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Json, Reply, Request, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire


def rewritten(**options: Any) -> ASGIApp:
    """An app that writes JSON in another way."""

    def written_so(_: Request, response: Reply) -> Reply:
        value = response.json
        if not isinstance(value, dict):
            return response
        text = json.dumps(value, **options)
        return response.replaced(body=text.encode())

    return on_response(written_so)


@control(
    "json",
    "RFC 8259: white space between tokens means nothing",
    lambda w: w.create().text.startswith('{\n    "object"'),
)
def fifteenth_json_is_indented() -> ASGIApp:
    """JSON is indented by four spaces."""
    return rewritten(indent=4, ensure_ascii=False)


@control(
    "json",
    "RFC 8259 section 7: any character may be escaped",
    lambda w: b"Zo\\u00eb" in w.create(name="Zoë").content,
)
def fifteenth_json_is_ascii() -> ASGIApp:
    """JSON escapes all characters beyond ASCII, and keys are sorted."""
    return rewritten(sort_keys=True)


def _escaped(value: Json) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("/", "\\/").replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").encode()


@control("json", "RFC 8259 section 7", lambda w: b"a\\/b \\u0026 c" in w.create(name="a/b & c").content)
def fifteenth_slashes_are_escaped() -> ASGIApp:
    """Slashes, &, < and > are escaped in JSON, as PHP and Go do."""
    return on_response(
        lambda _, response: (
            response.replaced(body=_escaped(response.json)) if isinstance(response.json, dict) else response
        )
    )


def _backwards(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _backwards(value[name]) for name in reversed(value)}
    return [_backwards(each) for each in value] if isinstance(value, list) else value


@control(
    "json",
    "RFC 8259: an object has no order",
    lambda w: [*w.made(metadata={"a": "1", "b": "2"})["metadata"]] == ["b", "a"],
)
def fifteenth_keys_come_backwards() -> ASGIApp:
    """The properties of all objects come in the opposite order, pairs of metadata too."""
    return on_response(
        lambda _, response: (
            response.with_json(_backwards(response.json)) if isinstance(response.json, dict) else response
        )
    )


def _in_chunks(head: bytes, body: bytes) -> bytes:
    head = re.sub(rb"(?i)content-length: \d+\r\n", b"Transfer-Encoding: chunked\r\n", head)
    chunks = [body[start : start + 7] for start in range(0, len(body), 7)]
    return head + b"".join(b"%x;x=y\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nX-End: 1\r\n\r\n"


@control(
    "transport",
    "RFC 9112 section 7.1",
    lambda w: "content-length" not in w.create().headers,
    serve=altering(_in_chunks),
)
def fifteenth_chunks_have_extensions() -> ASGIApp:
    """Answers come in chunks of seven bytes with extensions and a trailer."""
    return app()


def _shouting(head: bytes, body: bytes) -> bytes:
    first, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    names = [line.partition(b":") for line in lines]
    status = b" ".join(first.split(b" ")[:2]) + b" "
    return b"\r\n".join([status, *(n.upper() + b":\t" + v.strip() + b"  " for n, _, v in names)]) + b"\r\n\r\n" + body


@control(
    "transport",
    "RFC 9112 sections 4 and 5: no reason is needed, names have no case, white space around values goes",
    lambda w: w.create().reason_phrase == "",
    serve=altering(_shouting),
)
def fifteenth_headers_shout() -> ASGIApp:
    """Names of headers are in capitals, their values padded, and the status has no reason."""
    return app()


@control(
    "transport",
    "RFC 9110 section 15.2 and RFC 8297",
    lambda w: _raw(w).startswith(b"HTTP/1.1 103"),
    serve=altering(lambda head, body: b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" + head + body),
)
def fifteenth_hints_come_early() -> ASGIApp:
    """A 103 comes in front of each answer."""
    return app()


def _raw(w: Wire) -> bytes:
    host, _, port = w.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /organizations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return connection.recv(100)


@control(
    "transport",
    "RFC 9112 section 9.6",
    lambda w: w.create().headers.get("connection") == "close",
    serve=altering(
        lambda head, body: head.removesuffix(b"\r\n") + b"Connection: close\r\n\r\n" + body, close_at_once=True
    ),
)
def fifteenth_connections_are_for_one_request() -> ASGIApp:
    """Every answer says Connection: close, and so it happens."""
    return app()


def _hung_up(w: Wire) -> object:
    host, _, port = w.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /organizations HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.settimeout(0.8)
        connection.recv(65536)
        try:
            return connection.recv(1) == b""
        except TimeoutError:
            return False


@control(
    "transport",
    "RFC 9112 section 9.3.1 and FACTS: no finding",
    _hung_up,
    serve=altering(idle=0.3),
)
def fifteenth_idle_connections_are_closed() -> ASGIApp:
    """A connection on which nothing comes for three tenths of a second is closed."""
    return app()


@control(
    "headers",
    "RFC 9110 section 8.3.1: names of charsets have no case",
    lambda w: w.create().headers["content-type"] == 'application/json; Charset="UTF-8"',
)
def fifteenth_charset_is_quoted() -> ASGIApp:
    """JSON is labelled with a charset in quotes and capitals."""

    class Quoting(Responses):
        def json(self, status: int, value: Any) -> Any:
            response = super().json(status, value)
            response.headers["content-type"] = 'application/json; Charset="UTF-8"'
            return response

    return app(responses=Quoting())


MORE = {
    "Server": "nginx",
    "Set-Cookie": "sid=1; HttpOnly",
    "Strict-Transport-Security": "max-age=31536000",
    "X-RateLimit-Limit": "6000",
    "X-RateLimit-Remaining": "0",
    "Deprecation": "@1735689600",
    "Content-Language": "en",
    "ETag": 'W/"1"',
    "Cache-Control": "no-store",
    "Vary": "*",
    "Alt-Svc": 'h3=":443"; ma=86400',
}


@control("headers", "RFC 9110: unknown headers are ignored", lambda w: w.create().headers.get("vary") == "*")
def fifteenth_gateway_adds_headers() -> ASGIApp:
    """Answers carry a dozen headers that a gateway adds, one of them twice."""

    def added(_: Request, response: Reply) -> Reply:
        return response.replaced(headers=(*response.headers, *MORE.items(), ("Set-Cookie", "lb=2; Path=/")))

    return on_response(added)


@control(
    "headers",
    "RFC 9110 section 12.5.3",
    lambda w: w.http.get(ORGANIZATIONS).headers.get("content-encoding") == "gzip",
)
def fifteenth_answers_are_compressed() -> ASGIApp:
    """Answers are compressed with gzip for whoever accepts that, the empty and the short too."""

    def compressed(request: Request, response: Reply) -> Reply:
        accepted = request.header("accept-encoding").replace(" ", "")
        if "gzip" not in accepted or "gzip;q=0" in accepted or not response.body:
            return response
        packed = response.replaced(body=gzip.compress(response.body))
        return packed.with_header("Content-Encoding", "gzip").with_header("Vary", "Accept-Encoding")

    return on_response(compressed)


def _slow(w: Wire) -> object:
    started = time.monotonic()
    w.create()
    return time.monotonic() - started > 0.05


@control("transport", "answer.complete: within seconds", _slow)
def fifteenth_writes_take_their_time() -> ASGIApp:
    """A create, update or delete takes sixty milliseconds."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            await asyncio.sleep(0.06)
        return await forward(request)

    return intercepting(handle)


def _limited(w: Wire) -> object:
    return 429 in [w.list().status_code for _ in range(45)]


@control("status", "D, reference/rate-limits: 429 beyond a limit; Retry-After says how long", _limited)
def fifteenth_bursts_are_limited() -> ASGIApp:
    """Every fortieth request with the key answers 429 with a Retry-After of one second."""
    count = [0]

    async def handle(request: Request, forward: Forward) -> Reply:
        count[0] += request.authorized
        if count[0] % 40 or not request.authorized:
            return await forward(request)
        return reply(429, {"message": "Rate limit exceeded"}).with_header("Retry-After", "1")

    return intercepting(handle)


@control(
    "headers",
    "answer.request-id: carried; nothing says who chooses it",
    lambda w: w.http.get(ORGANIZATIONS, headers={"X-Request-ID": "mine"}).headers["x-request-id"] == "mine",
)
def fifteenth_request_ids_are_echoed() -> ASGIApp:
    """An answer carries the X-Request-ID of its request if that has one."""
    return on_response(
        lambda request, response: (
            response.with_header("X-Request-ID", request.header("x-request-id"))
            if request.header("x-request-id")
            else response
        )
    )
