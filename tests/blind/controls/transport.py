"""What HTTP allows a server."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import socket
import time
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire

RFC = "RFC 9110 and 9112"


def raw(w: Wire) -> bytes:
    """A list's response as bytes, from a connection of its own."""
    address = urlsplit(w.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(
            f"GET /organizations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {w.key}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        data = b""
        while more := connection.recv(65536):
            data += more
    return data


def _closes(w: Wire) -> object:
    """Whether the server hangs up after a response without saying so."""
    address = urlsplit(w.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port)
    connection.request("GET", "/organizations", headers={"Authorization": f"Bearer {w.key}"})
    response = connection.getresponse()
    response.read()
    unsaid = response.getheader("connection", "").lower() != "close" and connection.sock is not None
    if not unsaid:
        return False
    connection.sock.settimeout(1)
    time.sleep(0.3)
    try:
        return connection.sock.recv(1) == b""
    except TimeoutError:
        return False
    finally:
        connection.close()


def _version(head: bytes, body: bytes) -> bytes:
    return head.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + body


@control("transport", RFC, lambda w: raw(w).startswith(b"HTTP/1.0"), serve=altering(_version, close_at_once=True))
def http_1_0() -> ASGIApp:
    """The server speaks HTTP/1.0 and closes the connection behind each response."""
    return app()


@control("transport", RFC, lambda w: w.list().headers.get("connection") == "close")
def connection_close() -> ASGIApp:
    """Each response says Connection: close."""
    return on_response(lambda _, response: response.with_header("connection", "close"))


@control("transport", "RFC 9112 section 9.3.1; FACTS: no finding", _closes, serve=altering(close_at_once=True))
def closes_unannounced_at_once() -> ASGIApp:
    """The connection is closed behind each response without a word."""
    return app()


@control("transport", "RFC 9112 section 9.3.1; FACTS: no finding", _closes, serve=altering(idle=0.1))
def closes_unannounced_when_idle() -> ASGIApp:
    """A connection that waits for longer than 0.1 seconds is closed without a word."""
    return app()


def _capitals(head: bytes, body: bytes) -> bytes:
    first, *lines = head.split(b"\r\n")
    changed = [name.upper() + colon + value for name, colon, value in (line.partition(b":") for line in lines)]
    return b"\r\n".join([first, *changed]) + body


@control(
    "transport",
    "RFC 9110: names of fields mind no case",
    lambda w: b"CONTENT-TYPE:" in raw(w),
    serve=altering(_capitals),
)
def header_names_in_capitals() -> ASGIApp:
    """Names of header fields are in capital letters."""
    return app()


def _reason(head: bytes, body: bytes) -> bytes:
    first, rest = head.split(b"\r\n", 1)
    return b" ".join(first.split(b" ")[:2]) + b" \r\n" + rest + body


@control(
    "transport",
    "RFC 9112: the reason phrase may be empty",
    lambda w: raw(w).startswith(b"HTTP/1.1 200 \r\n"),
    serve=altering(_reason),
)
def reason_left_out() -> ASGIApp:
    """The status line has no reason phrase."""
    return app()


@control(
    "transport",
    "RFC 9110 section 15.2: a client must be ready for 1xx",
    lambda w: raw(w).startswith(b"HTTP/1.1 103"),
    serve=altering(lambda head, body: b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + head + body),
)
def early_hints_before_answers() -> ASGIApp:
    """An informational response, 103, comes before each response."""
    return app()


def labelled(label: str) -> ASGIApp:
    """An app whose JSON is labelled otherwise."""
    return on_response(
        lambda _, response: (
            response.with_header("content-type", label)
            if b"json" in {n.lower(): v.encode() for n, v in response.headers}.get("content-type", b"")
            else response
        )
    )


@control(
    "transport",
    "answer.content-type asks for application/json; RFC 8259 defines no charset",
    lambda w: w.list().headers["content-type"] == "application/json",
)
def charset_missing() -> ASGIApp:
    """JSON is labelled application/json, without a charset."""
    return labelled("application/json")


@control(
    "transport",
    "RFC 9110: media types mind no case, parameters may be quoted",
    lambda w: '"' in w.list().headers["content-type"],
)
def charset_quoted_and_capital() -> ASGIApp:
    """JSON is labelled Application/JSON;Charset="UTF-8"."""
    return labelled('Application/JSON;Charset="UTF-8"')


@control("transport", RFC, lambda w: w.list().headers.get("content-encoding") == "gzip")
def gzip_answers() -> ASGIApp:
    """Responses are compressed for clients that take gzip."""

    def altered(request: Request, response: Reply) -> Reply:
        if "gzip" not in request.header("accept-encoding") or not response.body:
            return response
        return (
            response.replaced(body=gzip.compress(response.body))
            .with_header("content-encoding", "gzip")
            .with_header("vary", "Accept-Encoding")
        )

    return on_response(altered)


@control("transport", RFC, lambda w: "chunked" in w.list().headers.get("transfer-encoding", ""))
def chunked_answers() -> ASGIApp:
    """Responses come in chunks of some bytes that cut characters apart, without Content-Length."""
    inner = app()

    async def chunked(scope: Scope, receive: Receive, send: Send) -> None:
        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [pair for pair in message["headers"] if pair[0].lower() != b"content-length"]
                await send(message)
                return
            body = message.get("body", b"")
            for start in range(0, len(body), 61):
                await send({"type": "http.response.body", "body": body[start : start + 61], "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await inner(scope, receive, forward)

    return chunked


@control("transport", "RFC 9110: unknown fields are ignored", lambda w: "set-cookie" in w.list().headers)
def more_headers() -> ASGIApp:
    """Responses carry cookies, tags, rate limits, security policies and a Location."""
    more = (
        ("set-cookie", "a=1; Path=/"),
        ("set-cookie", "b=2; Secure"),
        ("etag", '"abc"'),
        ("cache-control", "no-store"),
        ("vary", "Accept, Origin"),
        ("x-ratelimit-remaining", "12"),
        ("strict-transport-security", "max-age=1"),
        ("server", "planted/1.0 (\u00fc)"),
        ("content-language", "en"),
        ("via", "1.1 edge"),
    )
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *more)))


@control("transport", "answer.request-id is SHOULD", lambda w: "x-request-id" not in w.list().headers, may_warn=True)
def request_id_missing() -> ASGIApp:
    """No response carries an X-Request-ID."""
    return on_response(lambda _, response: response.with_header("x-request-id", None))


@control(
    "transport", "RFC 9110 section 11.6.1", lambda w: "www-authenticate" in w.other(None).get("/organizations").headers
)
def unauthorized_names_scheme() -> ASGIApp:
    """A 401 carries WWW-Authenticate, and its message is longer."""
    return on_response(
        lambda _, response: (
            response.with_json({"message": "Unauthorized: bring a key."}).with_header(
                "www-authenticate", 'Bearer realm="api"'
            )
            if response.status == 401
            else response
        )
    )


@control("transport", "answer.complete: within seconds", lambda w: w.list().elapsed.total_seconds() > 0.03)
def answers_take_a_moment() -> ASGIApp:
    """Each response takes 30 milliseconds more."""

    async def handle(request: Request, forward: Forward) -> Reply:
        await asyncio.sleep(0.03)
        return await forward(request)

    return intercepting(handle)
