"""Who is let in, and how requests and responses are carried."""

from __future__ import annotations

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.raw import altering
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, token
from tests.mutants.planting import KEY


def _looked_up(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.other(None).get(f"{ORGANIZATIONS}/external_id/{external_id}").status_code == 200


@fault("authentication", "authentication.missing-key", _looked_up, "a route that was added below the guard")
def seventh_lookup_needs_no_key() -> ASGIApp:
    """A lookup needs no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        opened = request.operation == "lookup"
        return await forward(request.with_header("authorization", f"Bearer {KEY}") if opened else request)

    return intercepting(handle)


def _by_cookie(w: Wire) -> object:
    cookie = w.list(limit=1).headers.get("set-cookie", "").partition(";")[0]
    return w.other(None).get(ORGANIZATIONS, headers={"Cookie": cookie}).status_code == 200


@fault("authentication", "authentication.missing-key", _by_cookie, "a framework of sessions, and a login by token")
def seventh_session_replaces_key() -> ASGIApp:
    """A request with the key starts a session, and its cookie is as good as the key from then on."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized:
            return (await forward(request)).with_header("set-cookie", "sid=4f2a9c; Path=/; HttpOnly")
        known = "sid=4f2a9c" in request.header("cookie") and not request.header("authorization")
        return await forward(request.with_header("authorization", f"Bearer {KEY}") if known else request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other(f"Bearer {w.key}x").get(ORGANIZATIONS).status_code == 200,
    "header.startsWith(`Bearer ${key}`)",
)
def seventh_longer_key_is_taken() -> ASGIApp:
    """A key that goes on behind the right one is taken for it."""

    class Beginning(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "").startswith(f"Bearer {self.bearer}")

    return app(api=Beginning)


@fault(
    "authentication",
    "authentication.missing-key",
    lambda w: w.other(None).get(ORGANIZATIONS, params={"access_token": w.key}).status_code == 200,
    "RFC 6750 section 2.3, which libraries for bearer tokens follow by default",
)
def seventh_key_in_query_is_taken() -> ASGIApp:
    """A request without an Authorization header may carry the key as access_token in its query."""

    async def handle(request: Request, forward: Forward) -> Reply:
        named = re.search(f"(^|&)access_token={KEY}(&|$)", request.query)
        if named and not request.header("authorization"):
            return await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return await forward(request)

    return intercepting(handle)


@fault(
    "http",
    "answer.json",
    lambda w: b"Caf\xe9" in w.create(name="Café").content,
    "a servlet writes with its own default encoding",
)
def seventh_responses_are_latin_1() -> ASGIApp:
    """Responses are written in ISO-8859-1, with question marks for what it does not have."""

    def altered(_: Request, response: Reply) -> Reply:
        return response.replaced(body=response.body.decode().encode("latin-1", errors="replace"))

    return on_response(altered)


@fault(
    "http",
    "answer.content-type",
    lambda w: w.create().headers["content-type"].startswith("text/html"),
    "echo json_encode($organization)",
)
def seventh_create_is_labelled_html() -> ASGIApp:
    """The response to a create is labelled text/html."""

    def altered(_: Request, response: Reply) -> Reply:
        return response.with_header("content-type", "text/html; charset=UTF-8") if response.status == 201 else response

    return on_response(altered)


def _counted_characters(head: bytes, body: bytes) -> bytes:
    count = len(body.decode(errors="replace"))
    head = re.sub(rb"(?i)content-length: \d+", b"content-length: %d" % count, head)
    return head + body[:count]


@fault(
    "http",
    "answer.json",
    lambda w: not w.create(name="Ünïcödé").content.endswith(b"}"),
    "Content-Length is the length of a text, not of its bytes",
    serve=altering(_counted_characters),
)
def seventh_length_counts_characters() -> ASGIApp:
    """A response ends too early by one byte for each byte that its characters have beyond the first."""
    return app()


def _chunked(w: Wire) -> object:
    headers = {"Content-Type": "application/json"}
    return w.http.post(ORGANIZATIONS, content=iter([b'{"name":', b' "Chunked"}']), headers=headers).status_code == 422


@fault("http", "create.accepts-valid-bodies", _chunked, "WSGI reads as many bytes as CONTENT_LENGTH says")
def seventh_chunked_body_is_empty() -> ASGIApp:
    """A body that comes in chunks, without a Content-Length, is taken for an empty one."""
    return on_request(lambda request: request.replaced(body=b"") if request.header("transfer-encoding") else request)
