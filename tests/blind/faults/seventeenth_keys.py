"""Authentication and refusals as middleware of real back ends does them."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp

from emulator.identifiers import now
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request, crash, reply, unprocessable
from tests.blind.parts.races import one_at_a_time
from tests.blind.parts.seventeenth import replying
from tests.blind.parts.sixteenth import keyed
from tests.blind.parts.stores import Loose
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, together, token
from tests.mutants.planting import KEY

UNKNOWN = f"{ORGANIZATIONS}/org_01H00000000000000000000000"


@fault(
    "authentication",
    "authentication.missing-key",
    lambda w: w.other(None).get(ORGANIZATIONS).status_code == 403,
    "FastAPI: HTTPBearer with auto_error",
)
def seventeenth_no_key_is_forbidden() -> ASGIApp:
    """A request without a key answers 403."""
    return replying(
        lambda request, response: response.status == 401 and not request.header("authorization"),
        lambda _: reply(403, {"message": "Not authenticated"}),
    )


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: w.other("Bearer").get(ORGANIZATIONS).status_code == 500,
    "header.split(' ')[1], used unchecked",
)
def seventeenth_empty_bearer_crashes() -> ASGIApp:
    """A request fails whose Authorization is a single word."""
    return replying(
        lambda request, response: response.status == 401 and len(request.header("authorization").split()) == 1,
        lambda _: crash(),
    )


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).post(ORGANIZATIONS, json={}).status_code == 422,
    "NestJS: the check of the key in the handler, behind the pipes",
)
def seventeenth_bodies_are_checked_first() -> ASGIApp:
    """A create with an invalid body answers 422 even without a key."""

    def invalid(request: Request, response: Reply) -> bool:
        body = request.json
        named = isinstance(body, dict) and isinstance(body.get("name"), str)
        return request.operation == "create" and response.status == 401 and not named

    return replying(invalid, lambda _: unprocessable("name"))


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).get(UNKNOWN).status_code == 404,
    "Rails: set_organization runs before authenticate",
)
def seventeenth_unknown_ids_come_first() -> ASGIApp:
    """An unknown id answers 404 even without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation in ("get", "update", "delete"):
            found = await forward(keyed(asked(request, "GET", request.path)))
            if found.status == 404:
                return found
        return await forward(request)

    return intercepting(handle)


def _deleted_anyway(w: Wire) -> object:
    id = w.made()["id"]
    return w.other(None).delete(f"{ORGANIZATIONS}/{id}").status_code == 401 and w.get(id).status_code == 404


@fault(
    "authentication",
    "authentication.refusal-changes-nothing",
    _deleted_anyway,
    "Express: res.status(401).json(...) without a return",
)
def seventeenth_refused_deletes_happen() -> ASGIApp:
    """A delete that is refused for its key happens nevertheless."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "delete" and response.status == 401:
            await forward(keyed(request))
        return response

    return intercepting(handle)


def _open(w: Wire) -> object:
    external_id = w.made(external_id=token())["external_id"]
    return w.other(None).get(f"{ORGANIZATIONS}/external_id/{external_id}").status_code == 200


@fault("authentication", "authentication.missing-key", _open, "a route that was added beside the guarded router")
def seventeenth_lookups_need_no_key() -> ASGIApp:
    """A lookup needs no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return await forward(keyed(request) if request.operation == "lookup" else request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: w.other(KEY).get(ORGANIZATIONS).status_code == 200,
    "header.replace('Bearer ', '')",
)
def seventeenth_scheme_may_be_missing() -> ASGIApp:
    """The key is taken without a scheme too."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return await forward(keyed(request) if request.header("authorization") == KEY else request)

    return intercepting(handle)


def _served_to_all(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    return w.other(None).get(f"{ORGANIZATIONS}/{id}").status_code == 200


@fault("caches", "authentication.missing-key", _served_to_all, "an API cache in front of the check of the key")
def seventeenth_cached_gets_need_no_key() -> ASGIApp:
    """What a get has shown is shown to anybody for two seconds, unless it was written since."""
    kept: dict[str, tuple[int, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        until, cached = kept.get(request.path, (0, crash()))
        if request.operation == "get" and until > now():
            return cached
        response = await forward(request)
        if request.operation == "get" and response.good:
            kept[request.path] = (now() + 2000, response)
        elif response.good:
            kept.pop(request.path, None)
        return response

    return intercepting(handle)


@fault(
    "errors",
    "error.message",
    lambda w: w.other(None).get(ORGANIZATIONS).content == b"",
    "Spring Security: HttpStatusEntryPoint",
)
def seventeenth_unauthorized_says_nothing() -> ASGIApp:
    """A 401 has no body."""
    return replying(
        lambda _, response: response.status == 401, lambda _: Reply(401, (("www-authenticate", "Bearer"),), b"")
    )


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.post("{}").json()["message"], list),
    "NestJS: the message of ValidationPipe is an array",
)
def seventeenth_messages_are_an_array() -> ASGIApp:
    """The message of a 422 is an array of texts."""
    return replying(
        lambda _, response: response.status == 422,
        lambda response: response.with_json({**response.json, "message": [response.json["message"]]}),
    )


@fault("errors", "error.message", lambda w: "detail" in w.post("{}").json(), "FastAPI: RequestValidationError")
def seventeenth_refusals_have_details() -> ASGIApp:
    """A 422 has a detail instead of a message."""
    return replying(
        lambda _, response: response.status == 422,
        lambda response: response.with_json({"detail": [{"loc": ["body"], "msg": "invalid", "type": "value_error"}]}),
    )


def _taken(w: Wire) -> tuple[int, object]:
    external_id = w.made(external_id=token())["external_id"]
    response = w.create(external_id=external_id)
    return response.status_code, response.json().get("code")


def _says_taken(_: Request, response: Reply) -> bool:
    return response.status == 400 and response.json.get("code") == "external_id_already_used"


@fault("errors", "create.external-id-taken", lambda w: _taken(w)[0] == 409, "one filter for every unique index")
def seventeenth_taken_is_a_conflict() -> ASGIApp:
    """An external_id that is taken answers 409."""
    return replying(_says_taken, lambda response: response.replaced(status=409))


def _own(w: Wire) -> object:
    made = w.made(external_id=token())
    return w.update(made["id"], external_id=made["external_id"]).status_code == 400


def _path(external_id: object) -> str:
    return f"{ORGANIZATIONS}/external_id/{''.join(f'%{byte:02X}' for byte in str(external_id).encode())}"


@fault("external_id", "update.own-external-id", _own, "Laravel: unique without ignore")
def seventeenth_own_external_id_is_taken() -> ASGIApp:
    """An update with the external_id that the organization has is refused."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id")
        if request.operation == "update" and request.authorized and isinstance(given, str) and given.isascii():
            found = await forward(asked(request, "GET", _path(given)))
            if found.status == 200 and found.json["id"] == request.last:
                return bad_request("external_id_already_used")
        return await forward(request)

    return intercepting(handle)


def _both(w: Wire) -> object:
    external_id = token()
    answers = together(*[lambda: w.create(external_id=external_id).status_code] * 6)
    return answers.count(201) > 1


@fault("races", "create.external-id-race", _both, "SELECT, then INSERT, and no unique index")
def seventeenth_creates_race() -> ASGIApp:
    """Creates at once with one external_id succeed together."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id")
        if request.authorized and isinstance(given, str) and given and given.isascii():
            found = await forward(asked(request, "GET", _path(given)))
            if found.status == 200 and found.json["id"] != request.last:
                return bad_request("external_id_already_used")
            if request.operation == "create":
                await asyncio.sleep(0.08)
        return await forward(request)

    return intercepting(handle, app(Loose("external_id")))


def _locked(w: Wire) -> object:
    return 500 in together(*[lambda: w.create().status_code] * 8)


@fault("races", "create.accepts-valid-bodies", _locked, "SQLite: database is locked")
def seventeenth_database_is_locked() -> ASGIApp:
    """A create fails while another one is being carried out."""
    return one_at_a_time(lambda request: request.operation == "create")


@fault(
    "headers",
    "answer.request-id",
    lambda w: "x-request-id" not in w.get("org_nobody").headers,
    "a filter that runs behind what throws",
    level=SHOULD,
)
def seventeenth_errors_have_no_request_id() -> ASGIApp:
    """Refusals carry no X-Request-ID."""
    return replying(
        lambda _, response: response.status >= 400, lambda response: response.with_header("X-Request-ID", None)
    )
