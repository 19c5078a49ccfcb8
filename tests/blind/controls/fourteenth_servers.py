"""Servers with habits of their own: headers, chunks, limits, seeds, cursors."""

from __future__ import annotations

import base64
import dataclasses
import re
import zlib
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.paging import Page, Pages
from emulator.refusals import InvalidParameters
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, reply, unprocessable
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire, token

EXPRESS = (("X-Powered-By", "Express"), ("Vary", "Origin"))


@control("headers", "headers that nobody forbids", lambda w: w.list().headers.get("x-powered-by") == "Express")
def fourteenth_headers_are_those_of_express() -> ASGIApp:
    """Every answer has the headers of Express: X-Powered-By, Vary, a weak ETag."""

    def express(_: Request, response: Reply) -> Reply:
        etag = ("ETag", f'W/"{len(response.body):x}-{zlib.crc32(response.body):x}"')
        return response.replaced(headers=(*response.headers, *EXPRESS, etag))

    return on_response(express)


def _upper(head: bytes, body: bytes) -> bytes:
    lines = head.split(b"\r\n")
    named = [
        b":".join([line.partition(b":")[0].upper(), line.partition(b":")[2]]) if line else line for line in lines[1:]
    ]
    return b"\r\n".join([lines[0], *named]) + body


def _loud(w: Wire) -> object:
    return any(name == b"CONTENT-TYPE" for name, _ in w.list().headers.raw)


@control("headers", "RFC 9110 section 5.1: names of headers have no case", _loud, serve=altering(_upper))
def fourteenth_headers_are_in_capitals() -> ASGIApp:
    """The names of all headers are in capital letters."""
    return app()


def _old_version(head: bytes, body: bytes) -> bytes:
    return head.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + body


@control(
    "transport",
    "RFC 9112: an answer of HTTP/1.0, whose connection is closed",
    lambda w: w.list().http_version == "HTTP/1.0",
    serve=altering(_old_version, close_at_once=True),
)
def fourteenth_server_speaks_http_1_0() -> ASGIApp:
    """Answers are those of HTTP/1.0, as Python's http.server writes them, and each closes its connection."""
    return app()


@control(
    "transport",
    "RFC 9112 section 7.1: chunked, split anywhere",
    lambda w: w.create(name="ä" * 50).headers.get("transfer-encoding") == "chunked",
)
def fourteenth_answers_come_in_small_chunks() -> ASGIApp:
    """Bodies are chunked by seven bytes, within characters too."""
    behind = app()

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        async def split(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                await send({**message, "headers": headers})
                return
            body = message.get("body", b"")
            for at in range(0, len(body), 7):
                await send({"type": "http.response.body", "body": body[at : at + 7], "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)})

        await behind(scope, receive, split)

    return front


@control(
    "authentication",
    "RFC 9110 section 11.6.1",
    lambda w: "www-authenticate" in w.other(None).get("/organizations").headers,
)
def fourteenth_unauthorized_names_its_schemes() -> ASGIApp:
    """A 401 carries WWW-Authenticate with two challenges, one of them with an error."""
    challenge = 'Bearer realm="organizations", error="invalid_token", Newauth realm="other"'
    return on_response(lambda _, r: r.with_header("WWW-Authenticate", challenge) if r.status == 401 else r)


def _fresh(w: Wire) -> object:
    return w.get(w.made()["id"]).headers.get("cache-control") == "private, max-age=60"


@control("headers", "what is shown is always fresh", _fresh)
def fourteenth_answers_may_be_kept() -> ASGIApp:
    """Answers say that their client may keep them for a minute, and are fresh whenever they are asked for."""
    kept = (("Cache-Control", "private, max-age=60"), ("Age", "3"))
    return on_response(lambda q, r: r.replaced(headers=(*r.headers, *kept)) if q.method == "GET" else r)


@control("headers", "a draft of the IETF", lambda w: "ratelimit" in w.list().headers)
def fourteenth_limits_are_announced() -> ASGIApp:
    """Answers announce a rate limit in two ways, whose rest never shrinks."""
    limits = (("RateLimit-Policy", '"default";q=50;w=60'), ("RateLimit", '"default";r=49;t=60'))
    old = (("X-RateLimit-Limit", "50"), ("X-RateLimit-Remaining", "49"), ("X-RateLimit-Reset", "60"))
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *limits, *old)))


OFTEN = 150


def _slow_down(w: Wire) -> object:
    return any(w.list(limit=1).status_code == 429 for _ in range(OFTEN))


@control("limits", "D, K: 429 with Retry-After where there are too many requests", _slow_down)
def fourteenth_now_and_then_a_client_must_wait() -> ASGIApp:
    """One request of a hundred and fifty with the key answers 429 and Retry-After: 1, and does nothing."""
    count = 0

    async def handle(request: Request, forward: Forward) -> Reply:
        nonlocal count
        count += request.authorized
        if not request.authorized or count % OFTEN:
            return await forward(request)
        return reply(429, {"message": "Too many requests."}).with_header("Retry-After", "1")

    return intercepting(handle)


def _bye(w: Wire) -> object:
    response = w.delete(w.made()["id"])
    return response.status_code == 200 and response.json()["deleted"] is True


@control("delete", "O documents 200 without a body", _bye)
def fourteenth_delete_says_what_it_deleted() -> ASGIApp:
    """A delete answers 200 with the id and deleted: true."""

    def said(request: Request, response: Reply) -> Reply:
        value = {"object": "organization", "id": request.last, "deleted": True}
        return reply(200, value) if request.operation == "delete" and response.good else response

    return on_response(said)


def _silent(w: Wire) -> object:
    response = w.delete(w.made()["id"])
    return response.content == b"" and "content-type" not in response.headers


@control("delete", "no body of a delete is documented", _silent)
def fourteenth_delete_says_nothing() -> ASGIApp:
    """A delete answers 202 with no body and no content type."""

    def silent(request: Request, response: Reply) -> Reply:
        gone = request.operation == "delete" and response.good
        return response.replaced(body=b"").with_header("content-type", None) if gone else response

    return on_response(silent)


@control("headers", "RFC 9110 section 10.2.2", lambda w: w.create().headers.get("location", "").startswith("http"))
def fourteenth_create_says_where() -> ASGIApp:
    """A create names the new organization's address, at the vendor's own host, in Location and Content-Location."""

    def said(request: Request, response: Reply) -> Reply:
        if request.operation != "create" or not response.good:
            return response
        where = f"https://api.workos.com/organizations/{response.json['id']}"
        return response.with_header("Location", where).with_header("Content-Location", where)

    return on_response(said)


PARAMETERS = {"before", "after", "limit", "order", "domains", "search"}


@control("paging", "list.unknown-parameter is INFO", lambda w: w.list(unheard_of="1").status_code == 422)
def fourteenth_unknown_parameters_are_refused() -> ASGIApp:
    """A list with a query parameter that is not documented answers 422."""

    def refused(request: Request) -> Request | Reply:
        names = {part.partition("=")[0] for part in request.query.split("&") if part}
        unknown = request.operation == "list" and not names <= PARAMETERS
        return unprocessable("query", "has unknown parameters") if unknown else request

    return on_request(refused)


@control("paging", "list.empty-parameters is INFO", lambda w: w.list(search="").status_code == 422)
def fourteenth_empty_parameters_are_refused() -> ASGIApp:
    """A list with a query parameter that is empty answers 422."""

    def refused(request: Request) -> Request | Reply:
        empty = request.operation == "list" and re.search("(^|&)[^=&]+(=(&|$)|&|$)", request.query)
        return unprocessable("query", "has an empty parameter") if empty else request

    return on_request(refused)


def _first_page(w: Wire) -> object:
    w.made()
    found = w.list(after="org_01HZZZZZZZZZZZZZZZZZZZZZZZ", limit=1)
    return found.status_code == 200 and len(found.json()["data"]) == 1


@control("cursors", "list.unknown-cursor is INFO", _first_page)
def fourteenth_unknown_cursor_begins_anew() -> ASGIApp:
    """A list behind a cursor that no organization has is the first page."""

    class Anew(Pages):
        def page(self, listing: Listing) -> Page:
            try:
                return super().page(listing)
            except InvalidParameters:
                return super().page(dataclasses.replace(listing, before=None, after=None))

    return app(pages=Anew)


@control("paging", "an environment may have organizations", lambda w: len(w.ids(search="Seeded", limit=30)) == 25)
def fourteenth_environment_is_seeded() -> ASGIApp:
    """There are twenty-five organizations from the start."""
    store = Store()
    store.fill(25, "Seeded")
    return app(store)


SALT = b"\xfb\xef\xbe\xff\xff"
"""Begins with plus signs and slashes in base64."""


def _to_be_encoded(w: Wire) -> object:
    name = token()
    w.many(2, name=name)
    cursor = str(w.cursors(search=name, limit=1, order="desc")[1])
    return "+" in cursor and "/" in cursor and w.ids(search=name, limit=1, order="desc", after=cursor) != []


@control("cursors", "list.cursors: a string; that it is an id is a SHOULD", _to_be_encoded, may_warn=True)
def fourteenth_cursors_must_be_encoded() -> ASGIApp:
    """Cursors are base64 of the common alphabet, with plus signs, slashes and equals signs; ids are taken too."""

    class Reading(Rules):
        def listing(self, query: Query) -> Listing:
            given = super().listing(query)
            return dataclasses.replace(given, before=_id(given.before), after=_id(given.after))

    class Writing(Responses):
        def page(self, page: Page) -> Object:
            shown: Any = super().page(page)
            cursors = {k: v and base64.b64encode(SALT + v.encode()).decode() for k, v in shown["list_metadata"].items()}
            return {**shown, "list_metadata": cursors}

    return app(rules=Reading(), responses=Writing())


def _id(cursor: str | None) -> str | None:
    try:
        return cursor and base64.b64decode(cursor, validate=True).removeprefix(SALT).decode()
    except ValueError:
        return cursor


def _six_decimals(w: Wire) -> object:
    return re.fullmatch(r"[\d-]+T[\d:]+\.\d{6}\+00:00", w.made()["created_at"])


@control("timestamps", "O: any date-time; the form is a SHOULD", _six_decimals, may_warn=True)
def fourteenth_timestamps_have_an_offset() -> ASGIApp:
    """Timestamps have six decimals and the offset +00:00, as Python's isoformat writes them."""

    class Iso(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000+00:00")

    return app(responses=Iso())
