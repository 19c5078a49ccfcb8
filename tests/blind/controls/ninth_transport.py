"""What HTTP leaves open."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import socket

from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire


def _without_length(head: bytes) -> bytes:
    return re.sub(rb"(?i)\r\ncontent-length:[^\r]*", b"", head)


def _chunked(head: bytes, body: bytes) -> bytes:
    if not body:
        return head + body
    chunks = [body[at : at + 100] for at in range(0, len(body), 100)]
    written = b"".join(b"%x;part=1\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    fields = _without_length(head)[:-2] + b"Transfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n"
    return fields + written + b"0\r\nX-Checksum: 1\r\n\r\n"


@control(
    "transport",
    "RFC 9112: chunks with extensions, and a trailer",
    lambda w: w.create().headers.get("transfer-encoding") == "chunked",
    serve=altering(_chunked),
)
def ninth_chunks_of_a_hundred_bytes() -> ASGIApp:
    """Responses come in chunks of 100 bytes with extensions, and a trailer behind them."""
    return app()


def _until_close(head: bytes, body: bytes) -> bytes:
    return _without_length(head)[:-2] + b"Connection: close\r\n\r\n" + body


@control(
    "transport",
    "RFC 9112, section 6.3: a body without a length ends with the connection",
    lambda w: "content-length" not in w.create().headers and "transfer-encoding" not in w.create().headers,
    serve=altering(_until_close, close_at_once=True),
)
def ninth_bodies_end_with_the_connection() -> ASGIApp:
    """Responses have no length; the server says that it closes the connection, and does."""
    return app()


def _hints(head: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + head + body


def _raw(w: Wire) -> bytes:
    host, port = w.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"GET /organizations HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        return connection.recv(4096)


@control(
    "transport", "RFC 8297: a 103 may precede any response", lambda w: b"103 Early" in _raw(w), serve=altering(_hints)
)
def ninth_early_hints() -> ASGIApp:
    """A 103 with a Link header precedes every response."""
    return app()


def _capitals(head: bytes, body: bytes) -> bytes:
    line, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    names = (field.partition(b":") for field in fields)
    written = [name.upper() + b":" + value.strip() + b" \t" for name, _, value in names]
    return b"\r\n".join([line.partition(b" ")[0] + b" " + line.split(b" ")[1] + b" ", *written]) + b"\r\n\r\n" + body


@control(
    "transport",
    "RFC 9112: names of fields in any case, optional white space, an empty reason",
    lambda w: b"CONTENT-TYPE:application/json" in _raw(w),
    serve=altering(_capitals),
)
def ninth_capital_field_names() -> ASGIApp:
    """Names of header fields are in capitals, white space follows their values, and the reason phrase is empty."""
    return app()


def _zipped(w: Wire) -> object:
    w.made()
    return w.http.get(ORGANIZATIONS, headers={"Accept-Encoding": "gzip"}).headers.get("content-encoding") == "gzip"


@control("transport", "RFC 9110: content coding that the client accepts", _zipped)
def ninth_gzip_for_whom_accepts_it() -> ASGIApp:
    """Whoever accepts gzip gets every body compressed, and Vary says so."""

    def changed(request: Request, response: Reply) -> Reply:
        accepted = [part.split(";")[0].strip() for part in request.header("accept-encoding").split(",")]
        if "gzip" not in accepted or not response.body:
            return response
        coded = response.replaced(body=gzip.compress(response.body))
        return coded.with_header("content-encoding", "gzip").with_header("vary", "Accept-Encoding")

    return on_response(changed)


def _unchanged(w: Wire) -> object:
    id = w.made()["id"]
    tag = w.get(id).headers.get("etag", "")
    return tag and w.http.get(f"{ORGANIZATIONS}/{id}", headers={"If-None-Match": tag}).status_code == 304


@control("transport", "RFC 9110: conditional requests", _unchanged)
def ninth_entity_tags() -> ASGIApp:
    """Reads have an ETag, and answer 304 to whoever sends it back in If-None-Match."""

    def changed(request: Request, response: Reply) -> Reply:
        if request.method != "GET" or not response.good:
            return response
        tag = f'W/"{hashlib.sha256(response.body).hexdigest()[:16]}"'
        if request.header("if-none-match") == tag:
            return Reply(304, (("etag", tag),), b"")
        return response.with_header("etag", tag).with_header("cache-control", "private, no-cache")

    return on_response(changed)


@control("transport", "RFC 9110: further header fields", lambda w: len(w.create().headers.get_list("set-cookie")) == 2)
def ninth_headers_of_a_gateway() -> ASGIApp:
    """Responses have two cookies, the headers of a limit of requests, and those of a content delivery network."""
    more = (
        ("set-cookie", "__cf_bm=abc; path=/; HttpOnly; Secure"),
        ("set-cookie", "lb=2; path=/"),
        ("ratelimit", '"default";r=5999;t=60'),
        ("x-ratelimit-remaining", "5999"),
        ("strict-transport-security", "max-age=15552000"),
        ("server", "cloudflare"),
        ("alt-svc", 'h3=":443"; ma=86400'),
        ("via", "1.1 varnish"),
    )
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *more)))


def _slow(w: Wire) -> object:
    return min(w.create().elapsed.total_seconds() for _ in range(5)) > 0.045


@control("transport", "no source of the vendor's says how fast; answer.complete allows seconds", _slow)
def ninth_writes_take_fifty_milliseconds() -> ASGIApp:
    """Every write takes fifty milliseconds longer."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            await asyncio.sleep(0.05)
        return await forward(request)

    return intercepting(handle)
