"""What HTTP leaves open."""

from __future__ import annotations

import gzip
import re

from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire


def _reasons(head: bytes, body: bytes) -> bytes:
    line, _, fields = head.partition(b"\r\n")
    names = re.sub(rb"(?m)^[^:\r\n]+(?=:)", lambda found: found[0].upper(), fields)
    return line[:12] + b" Whatever happened\r\n" + names + body


@control(
    "transport",
    "RFC 9110: names of fields have no case; RFC 9112: the reason is to be ignored",
    lambda w: w.create().reason_phrase == "Whatever happened",
    serve=altering(_reasons),
)
def tenth_capitals_and_other_reasons() -> ASGIApp:
    """Names of fields come in capitals, and each status with another reason."""
    return app()


def _old(head: bytes, body: bytes) -> bytes:
    return head.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + body


@control(
    "transport",
    "RFC 9112: a server may speak HTTP/1.0, and closes the connection behind each response",
    lambda w: w.create().http_version == "HTTP/1.0",
    serve=altering(_old, close_at_once=True),
)
def tenth_old_http() -> ASGIApp:
    """Responses are of HTTP/1.0, with a length, and end the connection."""
    return app()


def _packed(w: Wire) -> object:
    return w.create().headers.get("content-encoding") == "gzip" and w.list().json()["object"] == "list"


@control("transport", "RFC 9110: a content coding that the client accepts", _packed)
def tenth_packed_where_it_is_accepted() -> ASGIApp:
    """Where gzip is accepted, each body is packed, those of refusals too."""

    def packed(request: Request, response: Reply) -> Reply:
        if "gzip" not in request.header("accept-encoding") or not response.body:
            return response
        return response.replaced(body=gzip.compress(response.body)).with_header("content-encoding", "gzip")

    return on_response(packed)


FIELDS = (
    ("cache-control", "no-store, max-age=0"),
    ("vary", "Origin, Accept-Encoding"),
    ("set-cookie", "__cf_bm=a; path=/; HttpOnly"),
    ("set-cookie", "session=b; Secure"),
    ("x-ratelimit-remaining", "0"),
    ("retry-after", "0"),
    ("link", '<https://example.com/docs>; rel="deprecation"'),
    ("deprecation", "@1688169599"),
)


@control("headers", "RFC 9110: further fields", lambda w: "deprecation" in w.create().headers)
def tenth_fields_of_gateways() -> ASGIApp:
    """Each response has cookies, a rate that is used up, and a note that the operation is deprecated."""
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *FIELDS)))
