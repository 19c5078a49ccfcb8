"""Emulators in Python: Flask or FastAPI over a dictionary."""

from __future__ import annotations

import ast
import dataclasses
import re
import time

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.interception import Forward, intercepting, lenient, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, crash, reply
from tests.blind.parts.races import one_at_a_time
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, together, token, verified


def _shared(w: Wire) -> object:
    first, second = w.many(2)
    w.changed(first, metadata={"tier": "gold"})
    return w.shown(second)["metadata"] == {"tier": "gold"}


@fault("metadata", "update.leaves-others-alone", _shared, "def __init__(self, name, metadata={})")
def fourteenth_default_metadata_are_shared() -> ASGIApp:
    """All organizations that were created without metadata share those that updates give any of them."""
    shared: dict[str, str] = {}
    sharing: set[str] = set()

    class Defaults(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if body.get("metadata") is None:
                sharing.add(made.id)
            return made

        def updated(self, known: Organization, body: Body) -> Organization:
            made = super().updated(known, body)
            if known.id not in sharing or "metadata" not in body:
                return made
            if not body["metadata"]:
                sharing.discard(known.id)
                return made
            shared.update(made.metadata)
            return dataclasses.replace(made, metadata={})

    class Sharing(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            return {**shown, "metadata": dict(shared)} if organization.id in sharing else shown

    return app(changes=Defaults(), responses=Sharing())


@fault("limit", "list.limit-type", lambda w: w.list(limit="1_0").status_code == 200, "int(request.args['limit'])")
def fourteenth_limit_may_have_underscores() -> ASGIApp:
    """A limit of digits with single underscores between them is taken as a number."""

    def read(request: Request) -> Request:
        if request.operation != "list":
            return request
        pattern = r"(?:^|(?<=&))limit=\d+(?:_\d+)+(?=&|$)"
        return request.replaced(query=re.sub(pattern, lambda found: found[0].replace("_", ""), request.query))

    return on_request(read)


@fault("paging", "list.empty-page", lambda w: w.list(search=token()).status_code == 500, "items[-1].id")
def fourteenth_empty_page_has_no_last_item() -> ASGIApp:
    """A list without matches answers 500."""

    def failed(request: Request, response: Reply) -> Reply:
        return crash() if request.operation == "list" and response.good and not response.json["data"] else response

    return on_response(failed)


TRUE = ("yes", "on", "true", "1", "y", "t")
FALSE = ("no", "off", "false", "0", "n", "f")


@fault(
    "bodies",
    "body.allow-profiles-type",
    lambda w: w.create(allow_profiles_outside_organization="yes").status_code == 201,
    "pydantic: a bool outside of its strict mode",
)
def fourteenth_booleans_may_be_words() -> ASGIApp:
    """An allow_profiles_outside_organization of "yes", "on", "off" and the like is taken as a boolean."""
    field = "allow_profiles_outside_organization"

    def read(body: Object) -> Object:
        given = body.get(field)
        word = given.lower() if isinstance(given, str) else ""
        return {**body, field: word in TRUE} if word in TRUE or word in FALSE else body

    return lenient(read)


@fault(
    "authentication",
    "authentication.missing-key",
    lambda w: w.other(None).get("/organizations").status_code == 403,
    "FastAPI: HTTPBearer with auto_error",
)
def fourteenth_missing_key_is_forbidden() -> ASGIApp:
    """A request without an Authorization header answers 403; one with a wrong key answers 401."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.header("authorization"):
            return reply(403, {"message": "Not authenticated"})
        return await forward(request)

    return intercepting(handle)


@fault(
    "errors",
    "error.message",
    lambda w: "message" not in w.list(limit=0).json(),
    "FastAPI: bodies have a handler of their own, query parameters the framework's",
)
def fourteenth_refused_queries_have_details() -> ASGIApp:
    """A list that is refused for its query answers with detail and without a message."""

    def detailed(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or response.status != 422:
            return response
        return response.with_json({"detail": [{"loc": ["query"], "msg": "Input is not valid", "type": "value_error"}]})

    return on_response(detailed)


@fault(
    "bodies",
    "body.malformed",
    lambda w: w.post("{'name': 'Quoted'}").status_code == 201,
    "ast.literal_eval(request.get_data(as_text=True))",
)
def fourteenth_bodies_are_python() -> ASGIApp:
    """A body that is a dictionary in Python's notation, with single quotes, is taken."""

    def read(request: Request) -> Request:
        if request.operation not in ("create", "update") or request.json is not None:
            return request
        try:
            value = ast.literal_eval(request.body.decode())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return request
        return request.with_json(value) if isinstance(value, dict) and _plain(value) else request

    return on_request(read)


def _plain(value: object) -> bool:
    """Whether JSON has such a value."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(_plain, value))
    return value is None or isinstance(value, str | bool | int)


def _while_creating(w: Wire) -> object:
    for _ in range(5):
        answers = together(*[w.create] * 4, *[w.list] * 4)
        if any(answer.status_code == 500 for answer in answers):
            return True
    return False


@fault("concurrency", "answer.status", _while_creating, "RuntimeError: dictionary changed size during iteration")
def fourteenth_list_and_create_disturb_each_other() -> ASGIApp:
    """A list or a create that arrives while another one is being carried out answers 500."""
    return one_at_a_time(lambda request: request.operation in ("list", "create"))


def _young(w: Wire) -> object:
    made = w.made(domain_data=verified(domain()))
    time.sleep(0.05)
    return w.shown(made["id"])["domains"][0]["created_at"] != made["domains"][0]["created_at"]


@fault("timestamps", "get.current-state", _young, "a property that makes the domain objects when they are asked for")
def fourteenth_domains_are_made_when_shown() -> ASGIApp:
    """created_at and updated_at of a domain are the moment at which it is shown."""

    def shown(value: Object, _: object) -> Object:
        moment = Responses().timestamp(time.time_ns() // 1_000_000)
        return {**value, "created_at": moment, "updated_at": moment}

    return showing_domains(shown)
