"""Connections, headers and statuses that HTTP allows and the sources do not forbid."""

from __future__ import annotations

import asyncio
import itertools

from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import control

CAPITALS = "Application/JSON;Charset=UTF-8"


@control(
    "transport",
    "RFC 9110 section 8.3.1: media types and charsets in any case",
    lambda w: w.list().headers["content-type"] == CAPITALS,
)
def eighth_content_type_in_capitals() -> ASGIApp:
    """Responses in JSON are labelled Application/JSON;Charset=UTF-8."""

    def altered(_: Request, response: Reply) -> Reply:
        return response if response.json is None else response.with_header("Content-Type", CAPITALS)

    return on_response(altered)


@control("transport", "RFC 9110: further headers; no source names those of a response", lambda w: w.list().cookies)
def eighth_gateway_adds_headers() -> ASGIApp:
    """Responses carry what gateways add: cookies, limits, traces of their way and headers that come twice."""
    added = (
        ("Set-Cookie", "route=a1; Path=/; HttpOnly"),
        ("Set-Cookie", "affinity=b2; Path=/"),
        ("Cache-Control", "no-store"),
        ("Vary", "Accept-Encoding"),
        ("Vary", "Origin"),
        ("X-RateLimit-Remaining", "5999"),
        ("Server", "cloudflare"),
        ("Via", "1.1 gateway"),
        ("Alt-Svc", 'h3=":443"; ma=86400'),
        ("X-Empty", ""),
    )
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *added)))


def _as_version_1_0(head: bytes, body: bytes) -> bytes:
    """The response without its length: it ends with the connection."""
    lines = head.replace(b"HTTP/1.1", b"HTTP/1.0", 1).rstrip().split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(b"content-length:")]
    return b"\r\n".join([*kept, b"Connection: close"]) + b"\r\n\r\n" + body


@control(
    "transport",
    "RFC 9112 section 6.3: a response without a length ends with the connection",
    lambda w: w.list().http_version == "HTTP/1.0",
    serve=altering(_as_version_1_0, close_at_once=True),
)
def eighth_responses_of_http_1_0() -> ASGIApp:
    """Responses are of HTTP/1.0, without Content-Length, and end with the connection."""
    return app()


def _in_chunks(head: bytes, body: bytes) -> bytes:
    """The response in chunks of at most 512 bytes."""
    lines = [line for line in head.rstrip().split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    parts = [body[at : at + 512] for at in range(0, len(body), 512)]
    chunks = b"".join(b"%X\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"\r\n".join([*lines, b"Transfer-Encoding: chunked"]) + b"\r\n\r\n" + chunks + b"0\r\n\r\n"


@control(
    "transport",
    "RFC 9112 section 7.1: the chunked coding",
    lambda w: w.list().headers.get("transfer-encoding") == "chunked",
    serve=altering(_in_chunks),
)
def eighth_responses_in_chunks() -> ASGIApp:
    """Responses come in chunks of at most 512 bytes."""
    return app()


@control(
    "transport",
    "answer.complete: within seconds",
    lambda w: w.list().elapsed.total_seconds() >= 0.15,
)
def eighth_everything_takes_its_time() -> ASGIApp:
    """Every response comes 0.15 seconds after its request."""

    async def handle(request: Request, forward: Forward) -> Reply:
        await asyncio.sleep(0.15)
        return await forward(request)

    return intercepting(handle)


EVERY = 60


@control(
    "transport",
    "D, reference/rate-limits/index.mdx: 429 beyond the limits, with Retry-After",
    lambda w: any(w.list(limit=1).status_code == 429 for _ in range(EVERY)),
)
def eighth_every_sixtieth_request_is_too_many() -> ASGIApp:
    """Every sixtieth request answers 429 with a Retry-After of one second, and is not carried out."""
    numbers = itertools.count(1)

    def judged(request: Request) -> Request | Reply:
        refusal = reply(429, {"message": "Too many requests."}).with_header("Retry-After", "1")
        return request if next(numbers) % EVERY else refusal

    return on_request(judged)


@control(
    "responses",
    "delete.answers: 200 or 202; no source of today gives it a body",
    lambda w: b'"deleted":true' in w.delete(w.made()["id"]).content,
)
def eighth_delete_answers_with_an_object() -> ASGIApp:
    """A delete answers 200 with the id and deleted in JSON."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        return reply(200, {"object": "organization", "id": request.last, "deleted": True})

    return on_response(altered)
