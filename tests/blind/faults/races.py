"""Races and transactions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
from starlette.types import ASGIApp

from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request, crash
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, together, token, verified

MOMENT = 0.15


def _statuses(*calls: Callable[[], httpx.Response]) -> list[int]:
    return sorted(response.status_code for response in together(*calls))


def checking_first(operation: str, losing: Reply | None = None) -> ASGIApp:
    """An app that looks whether an external_id is taken, waits a moment, and writes without looking again."""
    store = Loose("external_id")

    def owner(external_id: str) -> str | None:
        with store.transaction():
            found = store.by_external_id(external_id)
        return found.id if found else None

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        given = body.get("external_id") if isinstance(body, dict) else None
        if not request.authorized or request.operation not in {"create", "update"} or not isinstance(given, str):
            return await forward(request)
        taken = bad_request("external_id_already_used", "This external_id is taken.")
        if owner(given) not in {None, request.last}:
            return taken
        if request.operation == operation:
            await asyncio.sleep(MOMENT)
            if losing and owner(given) not in {None, request.last}:
                return losing
        return await forward(request)

    return intercepting(handle, app(store))


def _creates(w: Wire) -> list[int]:
    external_id = token()
    return _statuses(*[lambda: w.create(external_id=external_id)] * 4)


@fault("races", "create.external-id-race", lambda w: _creates(w).count(201) > 1, "check, then act")
def create_race_lets_several_win() -> ASGIApp:
    """Of several creates at once with one external_id more than one succeeds."""
    return checking_first("create")


@fault("races", "answer.status", lambda w: 500 in _creates(w), "a violated constraint that nobody catches")
def create_race_crashes_losers() -> ASGIApp:
    """Of several creates at once with one external_id one succeeds and the others answer 500."""
    return checking_first("create", crash())


def _updates(w: Wire) -> list[int]:
    external_id, ids = token(), w.many(4)
    return _statuses(*[lambda id=id: w.update(id, external_id=external_id) for id in ids])


@fault("races", "update.external-id-race", lambda w: _updates(w).count(200) > 1, "check, then act")
def update_race_lets_several_win() -> ASGIApp:
    """Of several updates at once to one external_id more than one succeeds."""
    return checking_first("update")


@fault(
    "races",
    "answer.status",
    lambda w: 500 in _statuses(*[lambda: w.create(name="Busy")] * 6),
    "SQLite's 'database is locked' without a timeout",
)
def writes_at_once_crash() -> ASGIApp:
    """A create that comes while another one is being written answers 500."""
    busy: list[Request] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            return await forward(request)
        if busy:
            return crash()
        busy.append(request)
        try:
            await asyncio.sleep(MOMENT)
            return await forward(request)
        finally:
            busy.pop()

    return intercepting(handle)


def _left_behind(w: Wire) -> object:
    mark, external_id = token(), token()
    w.made(external_id=external_id)
    w.create(name=mark, external_id=external_id)
    return w.ids(search=mark) != []


@fault("races", "create.refusal-leaves-nothing", _left_behind, "github.com/sequelize/sequelize/issues/5456")
def create_refused_leaves_organization() -> ASGIApp:
    """A create that is refused for a taken external_id leaves an organization without one behind."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.status == 400 and b"external_id_already_used" in response.body:
            body = {k: v for k, v in request.json.items() if k != "external_id"}
            await forward(request.with_json(body))
        return response

    return intercepting(handle)


def _bad_domain_left(w: Wire) -> object:
    mark = token()
    w.create(name=mark, domain_data=[*verified(domain()), {"domain": domain(), "state": "unknown"}])
    return w.ids(search=mark) != []


@fault("races", "create.refusal-leaves-nothing", _bad_domain_left, "github.com/sequelize/sequelize/issues/3821")
def create_refused_for_domain_leaves_organization() -> ASGIApp:
    """A create that is refused for one of its domains leaves the organization with the domains before it."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body = request.json
        if (
            request.operation == "create"
            and response.status == 422
            and isinstance(body, dict)
            and isinstance(body.get("domain_data"), list)
            and isinstance(body.get("name"), str)
        ):
            good = []
            for each in body["domain_data"]:
                if not (isinstance(each, dict) and each.get("state") in {"pending", "verified"}):
                    break
                good.append(each)
            await forward(request.with_json({"name": body["name"], "domain_data": good}))
        return response

    return intercepting(handle)


def _mixed(w: Wire) -> object:
    names = [f"Name {i}" for i in range(6)]
    responses = together(*[lambda name=name: w.create(name=name) for name in names])
    return [response.json().get("name") for response in responses] != names


@fault("races", "create.returns-what-was-sent", _mixed, "request state kept in a module-level variable")
def answers_get_mixed_up() -> ASGIApp:
    """Creates that overlap share a variable: the body that came last is what all of them make."""
    latest: dict[str, bytes] = {}
    running: list[Request] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not isinstance(request.json, dict) or not request.authorized:
            return await forward(request)
        latest["body"] = request.body
        running.append(request)
        await asyncio.sleep(MOMENT)
        running.pop()
        return await forward(request.replaced(body=latest["body"]))

    return intercepting(handle)


def _many_at_once(w: Wire) -> object:
    responses = together(*[lambda: w.create(name="Same moment")] * 6)
    ids = [response.json().get("id") for response in responses]
    return len(set(ids)) < len(ids)


@fault("races", "create.ids-differ", _many_at_once, "single-flight: equal requests in flight are made once")
def equal_creates_in_flight_are_one() -> ASGIApp:
    """Equal creates that overlap are carried out once, and all answer with the same organization."""
    flying: dict[bytes, asyncio.Future[Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            return await forward(request)
        if request.body in flying:
            return await asyncio.shield(flying[request.body])
        flying[request.body] = asyncio.get_running_loop().create_future()
        await asyncio.sleep(MOMENT)
        response = await forward(request)
        flying.pop(request.body).set_result(response)
        return response

    return intercepting(handle)
