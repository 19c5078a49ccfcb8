"""What HTTP allows a server to do, and few servers do."""

from __future__ import annotations

import gzip
import re
import socket
import time
from asyncio import sleep
from email.utils import formatdate

from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire


def _bytes(w: Wire) -> bytes:
    """All bytes of the response to a list; the server is asked to close the connection."""
    host, _, port = w.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(
            f"GET /organizations HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {w.key}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        data = b""
        while more := connection.recv(65536):
            data += more
    return data


def _without_length(head: bytes) -> bytes:
    return re.sub(rb"\r\ncontent-length:[^\r]*", b"", head, flags=re.IGNORECASE)


def _with_line(head: bytes, line: bytes) -> bytes:
    return head.removesuffix(b"\r\n") + line + b"\r\n\r\n"


def _in_chunks(head: bytes, body: bytes) -> bytes:
    pieces = [body[at : at + 7] for at in range(0, len(body), 7)]
    chunks = b"".join(b'%X;part="a"\r\n%b\r\n' % (len(piece), piece) for piece in pieces)
    head = _with_line(_without_length(head), b"Transfer-Encoding: chunked")
    return head + chunks + b"0\r\nX-Checksum: none\r\n\r\n"


@control(
    "bytes",
    "RFC 9112 section 7.1: chunks may have extensions, and trailers behind them",
    lambda w: b';part="a"\r\n' in _bytes(w),
    serve=altering(_in_chunks),
)
def twelfth_chunks_with_extensions() -> ASGIApp:
    """Bodies come in chunks of seven bytes, with an extension to each and a trailer behind all."""
    return app()


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


@control(
    "bytes",
    "RFC 9110 section 15.2: a client can read 1xx responses that it did not expect",
    lambda w: _bytes(w).startswith(b"HTTP/1.1 103 "),
    serve=altering(
        lambda head, body: b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" + head + body
    ),
)
def twelfth_early_hints() -> ASGIApp:
    """Before each response comes one of 103."""
    return app()


def _shouted(head: bytes, body: bytes) -> bytes:
    return re.sub(rb"\r\n([^:\r]+): *", lambda found: b"\r\n" + found[1].upper() + b":\t", head) + body


@control(
    "bytes",
    "RFC 9110 section 5.1, RFC 9112 section 5: names of headers in any case, white space before the value",
    lambda w: b"\r\nCONTENT-TYPE:\t" in _bytes(w),
    serve=altering(_shouted),
)
def twelfth_headers_in_capitals() -> ASGIApp:
    """The names of headers are in capitals, with a tab before each value."""
    return app()


def _own_reason(head: bytes, body: bytes) -> bytes:
    return re.sub(rb"^(HTTP/1.1 [0-9]{3}) [^\r]*", rb"\1 As You Like It", head) + body


@control(
    "bytes",
    "RFC 9112 section 4: a client should ignore the reason phrase",
    lambda w: _bytes(w).startswith(b"HTTP/1.1 200 As You Like It\r\n"),
    serve=altering(_own_reason),
)
def twelfth_own_reason_phrases() -> ASGIApp:
    """Every status has the same reason phrase, one of the server's own."""
    return app()


@control(
    "bytes",
    "RFC 9110 section 6.2: a server may answer in a lower minor version",
    lambda w: _bytes(w).startswith(b"HTTP/1.0 200"),
    serve=altering(lambda head, body: head.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + body, close_at_once=True),
)
def twelfth_http_1_0() -> ASGIApp:
    """The server speaks HTTP/1.0 and closes the connection behind each response."""
    return app()


@control(
    "bytes",
    "RFC 9112 section 6.3: without a length the body ends with the connection",
    lambda w: b"content-length" not in _bytes(w).partition(b"\r\n\r\n")[0].lower(),
    serve=altering(
        lambda head, body: _with_line(_without_length(head), b"Connection: close") + body, close_at_once=True
    ),
)
def twelfth_bodies_end_with_the_connection() -> ASGIApp:
    """Bodies have no length and end where the connection does, as is announced."""
    return app()


def _squeezed(w: Wire) -> object:
    found = w.http.get("/organizations", headers={"Accept-Encoding": "gzip"})
    return found.headers.get("content-encoding") == "gzip"


@control("headers", "RFC 9110 section 12.5.3: a client that names gzip accepts it", _squeezed)
def twelfth_gzip_where_it_is_accepted() -> ASGIApp:
    """Every body, errors and the plain text of a delete too, is compressed for clients that accept gzip."""

    def compressed(request: Request, response: Reply) -> Reply:
        accepted = re.search(r"\bgzip\b(?!\s*;\s*q=0)", request.header("accept-encoding"))
        if not accepted or not response.body:
            return response
        squeezed = response.replaced(body=gzip.compress(response.body)).with_header("Content-Encoding", "gzip")
        return squeezed.with_header("Vary", "Accept-Encoding")

    return on_response(compressed)


MANY = (
    ("Set-Cookie", "a=1; Path=/; HttpOnly"),
    ("Set-Cookie", "b=2; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT"),
    ("Server-Timing", "db;dur=53, app;dur=47.2"),
    ("Deprecation", "@1688169599"),
    ("Warning", '299 - "Something will change"'),
    ("Age", "0"),
    ("Content-Language", "en"),
    ("Content-Security-Policy", "; ".join(f"script-src https://cdn{number}.example.com" for number in range(100))),
)


@control(
    "headers",
    "RFC 9110: clients ignore headers that they do not know",
    lambda w: len(w.list().headers.get("content-security-policy", "")) > 3000,
)
def twelfth_headers_of_four_kilobytes() -> ASGIApp:
    """Every response has many headers more, some kilobytes of them and two cookies among them."""
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *MANY)))


def _told_to_wait(w: Wire) -> object:
    found = [w.list(limit=1) for _ in range(60)]
    return any(each.status_code == 429 and "GMT" in each.headers["retry-after"] for each in found)


@control("rates", "D: 429 beyond a limit; RFC 9110 section 10.2.3: Retry-After may be a date", _told_to_wait)
def twelfth_retry_after_is_a_date() -> ASGIApp:
    """Each fiftieth request with the key is not carried out but answered with 429 and a moment one second ahead."""
    requests: list[int] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized:
            return await forward(request)
        requests.append(1)
        if len(requests) % 50:
            return await forward(request)
        until = formatdate(time.time() + 1, usegmt=True)
        return reply(429, {"message": "Too many requests"}).with_header("Retry-After", until)

    return intercepting(handle)


def _waited(w: Wire) -> object:
    started = time.monotonic()
    w.made()
    return time.monotonic() - started > PAUSE


PAUSE = 0.12
"""Seconds."""


@control("slowness", "answer.complete: within seconds", _waited)
def twelfth_writes_take_their_time() -> ASGIApp:
    """A create, an update and a delete each take an eighth of a second."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            await sleep(PAUSE)
        return await forward(request)

    return intercepting(handle)


@control(
    "headers",
    "RFC 9110 section 8.3: types and parameters in any case, values in quotation marks",
    lambda w: w.list().headers["content-type"] == 'Application/JSON;Charset="UTF-8"',
)
def twelfth_content_type_in_capitals() -> ASGIApp:
    """JSON is labelled as Application/JSON, with its charset in quotation marks and no space before it."""

    def labelled(_: Request, response: Reply) -> Reply:
        is_json = ("content-type", "application/json; charset=utf-8") in response.headers
        return response.with_header("Content-Type", 'Application/JSON;Charset="UTF-8"') if is_json else response

    return on_response(labelled)
