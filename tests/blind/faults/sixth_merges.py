"""Metadata and domains of updates: what they merge with and what they replace."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import quote

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, pending, together, token, verified


def _one_key(w: Wire) -> object:
    id = w.made(metadata={"Plan": "free"})["id"]
    return w.changed(id, metadata={"plan": "gold"})["metadata"] == {"Plan": "gold"}


@fault("metadata", "update.metadata-merges", _one_key, "rows under a collation that ignores case")
def sixth_merge_ignores_case_of_keys() -> ASGIApp:
    """An update sets a metadata key that differs in case alone from a known one under the known one."""

    class Collated(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            spelled = {key.lower(): key for key in known}
            return super().merged(known, {spelled.get(key.lower(), key): value for key, value in given.items()})

    return app(changes=Collated())


def _not_emptied(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, name="New", metadata={})["metadata"] == {"a": "b"}


@fault("metadata", "update.metadata-empty", _not_emptied, "fields without content are dropped, unless all are")
def sixth_empty_metadata_beside_others() -> ASGIApp:
    """Empty metadata in an update that gives other fields as well remove nothing."""

    class Dropping(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            dropped = body.get("metadata") == {} and len(body) > 1
            return known.metadata if dropped else super().next_metadata(known, body)

    return app(changes=Dropping())


def _state_stays(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault("domains", "update.replaces-domains", _state_stays, "INSERT ... ON CONFLICT DO NOTHING")
def sixth_known_domain_keeps_state() -> ASGIApp:
    """An update that gives a known domain another state leaves it in its old one."""

    class Ignoring(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            before = {each.domain: each for each in known.domains}
            return tuple(before.get(each.domain, each) for each in super().replaced_domains(known, body, moment))

    return app(changes=Ignoring())


def _lookup(external_id: str) -> str:
    return f"{ORGANIZATIONS}/external_id/{quote(external_id, safe='')}"


def _both(w: Wire) -> object:
    first, second = w.many(2)
    known = token()
    statuses = together(*(lambda id=id: w.update(id, external_id=known).status_code for id in (first, second)))
    return statuses == [200, 200]


@fault("uniqueness", "update.external-id-race", _both, "a check before the write, and no unique index")
def sixth_updates_race_for_external_id() -> ASGIApp:
    """Of updates at once to one external_id, all succeed: it is looked up first, and written later."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = request.json.get("external_id") if isinstance(request.json, dict) else None
        if request.operation not in ("create", "update") or not request.authorized or not isinstance(given, str):
            return await forward(request)
        found = await forward(request.replaced(method="GET", path=_lookup(given), body=b""))
        if found.status == 200 and found.json["id"] != request.last:
            return bad_request("external_id_already_used")
        if request.operation == "update":
            await asyncio.sleep(0.03)
        return await forward(request)

    return intercepting(handle, app(Loose("external_id")))
