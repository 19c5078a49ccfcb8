"""Keys that are read carelessly, and answers that frameworks give by themselves."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply, unprocessable, without
from tests.blind.parts.raw import altering
from tests.blind.parts.sixteenth import broken, keyed
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, token


def _lookup_without_key(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.other(None).get(f"/organizations/external_id/{external_id}").status_code == 200


@fault(
    "authentication",
    "authentication.missing-key",
    _lookup_without_key,
    "Express: the route was added above app.use(requireKey)",
)
def sixteenth_lookup_needs_no_key() -> ASGIApp:
    """A lookup answers also without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return await forward(keyed(request) if request.operation == "lookup" else request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other(f"Bearer {w.key[:-2]}").get("/organizations").status_code == 200,
    "Python: `token in os.environ['API_KEYS']`, which was never split",
)
def sixteenth_part_of_key_opens() -> ASGIApp:
    """Any part of the key is taken for the key."""

    class Containing(Api):
        def authorized(self, headers: Headers) -> bool:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            return scheme.lower() == "bearer" and given in self.bearer

    return app(api=Containing)


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: w.other(w.key).get("/organizations").status_code == 200,
    "Node: header.replace('Bearer ', '')",
)
def sixteenth_scheme_may_be_left_out() -> ASGIApp:
    """The key is taken without the name of a scheme, too."""

    class Bare(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "").removeprefix("Bearer ") == self.bearer

    return app(api=Bare)


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: w.other(f"Basic {_basic(w.key)}").get("/organizations").status_code == 200,
    "payment APIs take the key as the user name of Basic",
)
def sixteenth_basic_user_is_key() -> ASGIApp:
    """The key is taken as the user name of Basic credentials, too."""

    class Basic(Api):
        def authorized(self, headers: Headers) -> bool:
            return super().authorized(headers) or headers.get("authorization") == f"Basic {_basic(self.bearer)}"

    return app(api=Basic)


def _basic(user: str) -> str:
    return base64.b64encode(f"{user}:".encode()).decode()


def _syntax_first(w: Wire) -> object:
    return w.other(None).post("/organizations", content=b"{").status_code == 422


@fault("authentication", "authentication.comes-first", _syntax_first, "FastAPI reads a body before it solves Depends")
def sixteenth_syntax_before_key() -> ASGIApp:
    """Without a key a body that is no JSON answers 422."""

    async def handle(request: Request, forward: Forward) -> Reply:
        reads = request.operation in ("create", "update") and broken(request.body)
        return unprocessable() if reads and not request.authorized else await forward(request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).get("/organizations/org_01J00000000000000000000000").status_code == 404,
    "Laravel: route model binding runs before the auth middleware",
)
def sixteenth_unknown_before_key() -> ASGIApp:
    """Without a key an id that no organization has answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized and request.operation in ("get", "update", "delete"):
            found = await forward(keyed(asked(request, "GET", request.path)))
            if found.status == 404:
                return found
        return await forward(request)

    return intercepting(handle)


def _carried_out(w: Wire) -> object:
    id = w.made()["id"]
    refused = w.other("Bearer wrong").put(f"/organizations/{id}", json={"name": "Other"})
    return refused.status_code == 401 and w.shown(id)["name"] == "Other"


@fault(
    "authentication",
    "authentication.refusal-changes-nothing",
    _carried_out,
    "Express: res.status(401).json(...) without return, then next()",
)
def sixteenth_refused_yet_carried_out() -> ASGIApp:
    """A create, an update or a delete that answers 401 is carried out all the same."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes and not request.authorized:
            await forward(keyed(request))
        return await forward(request)

    return intercepting(handle)


def _characters(head: bytes, body: bytes) -> bytes:
    length = len(body.decode())
    return re.sub(rb"(?i)(content-length: )\d+", rb"\g<1>%d" % length, head) + body[:length]


@fault(
    "transport",
    "answer.complete",
    lambda w: broken(w.create(name="Grüße aus Łódź").content),
    "Node: 'Content-Length': body.length",
    serve=altering(_characters),
)
def sixteenth_length_in_characters() -> ASGIApp:
    """Content-Length counts characters, so an answer with others than ASCII is cut off."""
    return app()


@fault(
    "status",
    "answer.status",
    lambda w: w.post('{"name": "Blind"}', Content_Type="application/json; charset=utf-8").status_code == 415,
    "if content_type != 'application/json'",
)
def sixteenth_charset_is_unsupported() -> ASGIApp:
    """A body whose Content-Type names the charset beside application/json answers 415."""

    def read(request: Request) -> Request | Reply:
        named = request.operation in ("create", "update") and ";" in request.header("content-type")
        return reply(415, {"message": "Unsupported Media Type"}) if named else request

    return on_request(read)


@fault(
    "content-type",
    "answer.content-type",
    lambda w: w.get("org_unknown").headers["content-type"].startswith("text/plain"),
    "Go: http.Error(w, body, 404)",
)
def sixteenth_not_found_is_plain_text() -> ASGIApp:
    """The JSON of a 404 is labelled text/plain."""
    return on_response(
        lambda _, response: (
            response.with_header("content-type", "text/plain; charset=utf-8") if response.status == 404 else response
        )
    )


@fault(
    "encoding",
    "answer.json",
    lambda w: broken(w.create(name="Café").content),
    "Servlets: response.getWriter() before setCharacterEncoding",
)
def sixteenth_answers_in_latin_1() -> ASGIApp:
    """Answers are written in Latin-1, with a question mark for what it lacks."""

    def written(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        changed = response.replaced(body=response.body.decode().encode("latin-1", "replace"))
        return changed.with_header("content-type", "application/json;charset=ISO-8859-1")

    return on_response(written)


@fault(
    "errors",
    "error.message",
    lambda w: "message" not in w.lookup(token()).json(),
    "FastAPI: HTTPException(404) says {'detail': ...}",
)
def sixteenth_not_found_has_detail() -> ASGIApp:
    """A 404 says its reason under detail, not under message."""
    return on_response(
        lambda _, response: response.with_json({"detail": "Not Found"}) if response.status == 404 else response
    )


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.create(name=5).json()["message"], list),
    "NestJS: ValidationPipe lists its messages",
)
def sixteenth_messages_in_array() -> ASGIApp:
    """The message of a 422 is an array of texts."""

    def listed(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        body = response.json
        said = [each["message"] for each in body["errors"]]
        return response.with_json({**body, "statusCode": 422, "error": "Unprocessable Entity", "message": said})

    return on_response(listed)


@fault(
    "headers",
    "answer.request-id",
    lambda w: "x-request-id" not in w.other(None).get("/organizations").headers,
    "the middleware that authenticates runs before the one that numbers requests",
    level=SHOULD,
)
def sixteenth_unauthorized_has_no_request_id() -> ASGIApp:
    """A 401 carries no X-Request-ID."""
    return on_response(lambda _, r: r.with_header("x-request-id", None) if r.status == 401 else r)


def _entity_as_sent(w: Wire) -> object:
    asked_for = f"{token()} x"
    return w.lookup(asked_for).json()["entity_id"] == quote(asked_for)


@fault("errors", "error.not-found-entity-id", _entity_as_sent, "req.originalUrl.split('/').pop()", level=SHOULD)
def sixteenth_entity_id_stays_encoded() -> ASGIApp:
    """The entity_id of a 404 is percent-encoded as in the path."""
    return on_response(
        lambda request, r: r.with_json({**r.json, "entity_id": request.last}) if r.status == 404 and r.json else r
    )


@fault(
    "errors",
    "error.lists-each-fault",
    lambda w: "errors" not in w.list(limit=0).json(),
    "the check of queries has an error class of its own",
    level=SHOULD,
)
def sixteenth_query_refusals_list_nothing() -> ASGIApp:
    """A 422 of a list says its message alone."""
    return on_response(
        lambda request, r: (
            r.with_json(without(r.json, "errors", "code")) if r.status == 422 and request.operation == "list" else r
        )
    )
