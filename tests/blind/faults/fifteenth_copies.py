"""Caches, replicas, indexes and child rows that remain."""

from __future__ import annotations

import dataclasses
import time

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.identifiers import now
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.stores import matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified

replace = dataclasses.replace


def _cached(w: Wire) -> object:
    id = w.made()["id"]
    w.shown(id)
    w.delete(id)
    return w.get(id).status_code == 200


@fault("caches", "delete.gone", _cached, "Spring: @CacheEvict on update() alone")
def fifteenth_delete_does_not_evict() -> ASGIApp:
    """An organization that was read by its id can be read for five seconds more after it was deleted."""
    kept: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "update":
            kept.pop(request.path, None)
        if request.operation == "get" and response.status == 200:
            kept[request.path] = (time.monotonic(), response)
        if request.operation == "get" and response.status == 404 and request.path in kept:
            moment, known = kept[request.path]
            return known if time.monotonic() - moment < 5 else response
        return response

    return intercepting(handle)


def _stale_lookup(w: Wire) -> object:
    made = w.made(name="Old", external_id=token())
    w.lookup(made["external_id"])
    w.changed(made["id"], name="New")
    return w.lookup(made["external_id"]).json()["name"] == "Old"


@fault("caches", "lookup.current-state", _stale_lookup, "a cache with two keys for one object, one of them forgotten")
def fifteenth_update_evicts_one_key() -> ASGIApp:
    """A lookup is answered for five seconds as it was the first time, whatever changed meanwhile."""
    kept: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        if request.path in kept and time.monotonic() - kept[request.path][0] < 5:
            return kept[request.path][1]
        response = await forward(request)
        if response.status == 200:
            kept[request.path] = (time.monotonic(), response)
        return response

    return intercepting(handle)


def _not_yet(w: Wire) -> object:
    made = w.made(external_id=token())
    return w.get(made["id"]).status_code == 200 and w.lookup(made["external_id"]).status_code == 404


@fault("staleness", "create.readable-at-once", _not_yet, "DynamoDB: a global secondary index is eventually consistent")
def fifteenth_secondary_index_lags() -> ASGIApp:
    """A lookup finds an organization three tenths of a second after its creation."""

    class Lagging(Api):
        def known_outside(self, external_id: str) -> Organization:
            found = super().known_outside(external_id)
            if found.created_at > now() - 300:
                return super().known_outside("\N{DEL}")
            return found

    return app(api=Lagging)


def _replica(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    w.changed(id, name="New")
    return w.shown(id)["name"] == "Old"


@fault("staleness", "get.current-state", _replica, "reads that go to a replica of the database")
def fifteenth_reads_go_to_a_replica() -> ASGIApp:
    """For three tenths of a second after an update get shows the organization as it was before."""
    before: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "update" and request.authorized:
            known = await forward(request.replaced(method="GET", body=b""))
            response = await forward(request)
            if response.good and known.good:
                before[request.path] = (time.monotonic(), known)
            return response
        response = await forward(request)
        moment, known = before.get(request.path, (0.0, response))
        fresh = request.operation == "get" and response.good and time.monotonic() - moment < 0.3
        return known if fresh else response

    return intercepting(handle)


def _still_found(w: Wire) -> object:
    old, new = token(), token()
    id = w.made(name=old)["id"]
    w.changed(id, name=new)
    return w.ids(search=old) == [id] and w.ids(search=new) == []


@fault("search", "list.search", _still_found, "Elasticsearch: documents are written by after_create alone")
def fifteenth_search_index_knows_first_names() -> ASGIApp:
    """A search looks at the name with which an organization was made, whatever it is called now."""
    first: dict[str, str] = {}

    def matches(text: str, found: Organization) -> bool:
        return text.lower() in first.get(found.id, found.name).lower()

    def noted(request: Request, response: Reply) -> Reply:
        if request.operation == "create" and response.good and isinstance(response.json, dict):
            first.setdefault(response.json["id"], response.json["name"])
        return response

    return on_response(noted, matching(matches))


def _cascade(w: Wire) -> object:
    shared = domain()
    first, second = (w.made(domain_data=verified(shared))["id"] for _ in range(2))
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("delete", "delete.leaves-others-alone", _cascade, "Prisma: onDelete: Cascade through a table that both share")
def fifteenth_delete_cascades_too_far() -> ASGIApp:
    """A delete removes the organization's domains from all other organizations too."""

    class Cascading(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))

    return app(Cascading())


def _orphans(w: Wire) -> object:
    name = domain()
    deleted(w, domain_data=verified(name))
    return w.create(domain_data=verified(name)).status_code == 409


@fault("delete", "delete.frees-domain", _orphans, "child rows that a delete leaves behind, under a unique index")
def fifteenth_domains_of_deleted_stay_taken() -> ASGIApp:
    """A create whose domain_data name a domain of a deleted organization answers 409."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete" and request.authorized:
            known = (await forward(request.replaced(method="GET"))).json or {}
            response = await forward(request)
            gone.update(each["domain"] for each in known.get("domains", ()) if response.good)
            return response
        body = request.json if request.operation == "create" and request.authorized else None
        items = body.get("domain_data") if isinstance(body, dict) else None
        if isinstance(items, list) and any(isinstance(i, dict) and i.get("domain") in gone for i in items):
            return reply(409, {"message": "The domain is already in use."})
        return await forward(request)

    return intercepting(handle)
