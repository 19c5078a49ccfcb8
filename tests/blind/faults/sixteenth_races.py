"""What goes wrong between two statements, or between two requests at once."""

from __future__ import annotations

import asyncio
import dataclasses
from urllib.parse import quote

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, without
from tests.blind.parts.stores import Loose
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, together, token

PAUSE = 0.03
"""Seconds between a look and what it was for."""


async def _looked_up(request: Request, forward: Forward, external_id: str) -> Object | None:
    path = f"/organizations/external_id/{quote(external_id, safe='')}"
    found = await forward(asked(request, "GET", path))
    return dict(found.json) if found.status == 200 else None


def checking_first(operation: str) -> ASGIApp:
    """An app that looks whether an external_id is free, and writes it a moment later; the other way is refused."""

    async def handle(request: Request, forward: Forward) -> Reply:
        external_id = fields(request).get("external_id")
        if not request.authorized or not isinstance(external_id, str):
            return await forward(request)
        found = await _looked_up(request, forward, external_id)
        if found and (request.operation == "create" or found["id"] != request.last):
            return bad_request("external_id_already_used")
        if request.operation == operation:
            await asyncio.sleep(PAUSE)
        return await forward(request)

    return intercepting(handle, app(Loose("external_id")))


def _both_made(w: Wire) -> object:
    external_id = token()
    return [r.status_code for r in together(*[lambda: w.create(external_id=external_id)] * 3)] == [201] * 3


@fault("concurrency", "create.external-id-race", _both_made, "validates_uniqueness_of without an index")
def sixteenth_creates_look_before_they_write() -> ASGIApp:
    """Several creates at once with one external_id all succeed."""
    return checking_first("create")


def _both_changed(w: Wire) -> object:
    external_id = token()
    calls = [lambda id=id: w.update(id, external_id=external_id) for id in w.many(3)]
    return [r.status_code for r in together(*calls)] == [200] * 3


@fault("concurrency", "update.external-id-race", _both_changed, "a lock for each organization")
def sixteenth_updates_lock_one_organization() -> ASGIApp:
    """Several updates at once of organizations to one external_id all succeed."""
    return checking_first("update")


def _mixed(w: Wire) -> object:
    names = [token() for _ in range(4)]
    made = together(*[lambda name=name: w.made(name=name) for name in names])
    return len({each["name"] for each in made}) < len(names)


@fault("concurrency", "create.returns-what-was-sent", _mixed, "Spring: a field of a singleton")
def sixteenth_body_is_a_field_of_the_controller() -> ASGIApp:
    """Creates at the same time are all made from the body that came last."""
    current: list[bytes] = [b""]

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "create" or not isinstance(request.json, dict):
            return await forward(request)
        current[0] = request.body
        await asyncio.sleep(PAUSE)
        return await forward(request.replaced(body=current[0]))

    return intercepting(handle)


def _left_behind(w: Wire) -> object:
    external_id, name = token(), token()
    w.made(external_id=external_id)
    refused = w.create(name=name, external_id=external_id)
    return refused.status_code == 400 and len(w.ids(search=name)) == 1


@fault(
    "atomicity",
    "create.refusal-leaves-nothing",
    _left_behind,
    "INSERT, then UPDATE, no transaction",
)
def sixteenth_refused_create_stays() -> ASGIApp:
    """A create that is refused for its external_id leaves the organization without one."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.status == 400 and _code(response) == "external_id_already_used":
            await forward(request.with_json(without(fields(request), "external_id")))
        return response

    return intercepting(handle)


def _code(response: Reply) -> object:
    return response.json.get("code")


def _half_done(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    id = w.made()["id"]
    refused = w.update(id, name="Half", external_id=external_id)
    return refused.status_code == 400 and w.shown(id)["name"] == "Half"


@fault("atomicity", "update.refusal-changes-nothing", _half_done, "columns are saved one by one")
def sixteenth_refused_update_keeps_the_name() -> ASGIApp:
    """An update that is refused for a value of another organization has already stored the new name."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        taken = request.operation == "update" and response.status == 400 and "already_used" in str(_code(response))
        if taken and "name" in fields(request):
            await forward(request.with_json({"name": fields(request)["name"]}))
        return response

    return intercepting(handle)


def _orphan(w: Wire) -> object:
    name = token()
    refused = w.create(name=name, metadata={"k" * 41: ""})
    return refused.status_code == 400 and len(w.ids(search=name)) == 1


@fault(
    "atomicity",
    "create.refusal-leaves-nothing",
    _orphan,
    "pairs are rows, saved after the parent",
)
def sixteenth_refused_metadata_come_too_late() -> ASGIApp:
    """A create that is refused for its metadata leaves the organization without them."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.status == 400 and _code(response) == "invalid_metadata":
            await forward(request.with_json(without(fields(request), "metadata")))
        return response

    return intercepting(handle)


def _one_is_lost(w: Wire) -> object:
    id = w.made(metadata={"k": "0"})["id"]
    together(*[lambda key=key: w.update(id, metadata={key: "1"}) for key in "abc"])
    return len(w.shown(id)["metadata"]) < 4


@fault("concurrency", "update.metadata-race", _one_is_lost, "read, merge, write back", level=SHOULD)
def sixteenth_metadata_read_and_written_back() -> ASGIApp:
    """Of updates of metadata at once only the last one's keys survive."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "update" or not pairs(fields(request)):
            return await forward(request)
        before = await forward(asked(request, "GET", request.path))
        await asyncio.sleep(PAUSE)
        now = await forward(asked(request, "GET", request.path))
        if before.status != 200 or now.status != 200:
            return await forward(request)
        lost = {key: None for key in now.json["metadata"] if key not in before.json["metadata"]}
        return await forward(request.with_json({**fields(request), "metadata": {**lost, **pairs(fields(request))}}))

    return intercepting(handle)


@fault(
    "timestamps",
    "create.new-timestamps",
    lambda w: (made := w.made())["updated_at"] > made["created_at"],
    "two defaults, each of which asks for the time",
    level=SHOULD,
)
def sixteenth_two_looks_at_the_clock() -> ASGIApp:
    """A new organization's updated_at lies a millisecond behind its created_at."""

    def made(organization: Organization, _: Body) -> Organization:
        return dataclasses.replace(organization, updated_at=organization.created_at + 1)

    return creating(made)
