"""Caches, replicas and lagging indexes."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TypeAlias

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, not_found
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

TTL = 60.0

Which: TypeAlias = Callable[[Request], bool]


def whole(request: Request) -> object:
    """The usual key of a cache: the path and the whole query."""
    return request.path, request.query


def cached(
    which: Which,
    *,
    forgets: Which = lambda request: False,
    key: Callable[[Request], object] = whole,
    ttl: float = TTL,
    status: tuple[int, ...] = (200,),
) -> ASGIApp:
    """An app with a cache in front of it, behind authentication."""
    kept: dict[object, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or not which(request):
            response = await forward(request)
            if request.writes and response.good and forgets(request):
                kept.clear()
            return response
        found = kept.get(key(request))
        if found and time.monotonic() - found[0] <= ttl:
            return found[1]
        response = await forward(request)
        if response.status in status:
            kept[key(request)] = (time.monotonic(), response)
        return response

    return intercepting(handle)


def _stale_get(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    w.get(id)
    w.update(id, name="New")
    return w.shown(id)["name"] == "Old"


@fault("staleness", "get.current-state", _stale_get, "a cache with a lifetime that no write clears")
def get_cached_over_updates() -> ASGIApp:
    """What get has answered is answered again for a minute, whatever updates came since."""
    return cached(lambda request: request.operation == "get", forgets=lambda request: request.operation == "delete")


def _stale_lookup(w: Wire) -> object:
    made = w.made(name="Old", external_id=token())
    w.lookup(made["external_id"])
    w.update(made["id"], name="New")
    return w.lookup(made["external_id"]).json()["name"] == "Old"


@fault("staleness", "lookup.current-state", _stale_lookup, "invalidation by one of two keys")
def lookup_cached_over_updates() -> ASGIApp:
    """A lookup is cached under the external_id, and updates clear only what is cached under the id."""
    return cached(lambda request: request.operation == "lookup", forgets=lambda request: request.operation == "delete")


def _negative(w: Wire) -> object:
    external_id = token()
    w.lookup(external_id)
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("staleness", "create.readable-at-once", _negative, "github.com/ptpb/pb/issues/225")
def lookup_remembers_what_was_missing() -> ASGIApp:
    """A lookup that found nothing is cached: what is created under this external_id later is not found."""
    return cached(
        lambda request: request.operation == "lookup",
        status=(404,),
        forgets=lambda request: request.operation == "delete",
    )


def _gone_cached(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    w.delete(id)
    return w.get(id).status_code == 200


@fault("staleness", "delete.gone", _gone_cached, "invalidation on update alone; github.com/bcgov/DriveBC.ca/pull/911")
def get_cached_over_deletion() -> ASGIApp:
    """What was read before its deletion can be read from a cache for a minute more."""
    return cached(lambda request: request.operation == "get", forgets=lambda request: request.operation == "update")


def _list_frozen(w: Wire) -> object:
    w.list(limit=3)
    id = w.made()["id"]
    time.sleep(2.2)
    return id not in w.ids(limit=3)


@fault("staleness", "list.shows-created", _list_frozen, "a page cache without invalidation")
def list_cached_for_minute() -> ASGIApp:
    """The response to a list with certain criteria stays the same for a minute."""
    return cached(lambda request: request.operation == "list")


def _wrong_page(w: Wire) -> object:
    ids = w.many(3)
    w.list(order="desc", limit=1)
    return w.ids(order="desc", limit=1, after=ids[2]) == [ids[2]]


@fault("staleness", "list.walk-forward", _wrong_page, "a cache key without every parameter")
def list_cache_key_lacks_cursor() -> ASGIApp:
    """Lists are cached for five seconds under their limit, order and filters, but not their cursors."""

    def key(request: Request) -> object:
        return tuple(p for p in request.query.split("&") if not p.startswith(("after=", "before=")))

    return cached(lambda request: request.operation == "list", key=key, ttl=5, forgets=lambda request: True)


def _list_old_name(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    w.update(id, name="New", metadata={"a": "1"})
    time.sleep(2.2)
    shown = next(each for each in w.list().json()["data"] if each["id"] == id)
    return shown["name"] == "Old"


@fault("staleness", "list.current-state", _list_old_name, "a materialized view refreshed by create and delete alone")
def list_shows_state_at_creation() -> ASGIApp:
    """Lists show each organization as it was created, whatever updates came since."""
    first: dict[str, Organization] = {}

    class View(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            first[organization.id] = organization

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            return [first.get(each.id, each) for each in super()._walk(direction, than, limit, search, domain)]

    return app(View())


def late(seconds: float, which: Which) -> ASGIApp:
    """An app that does not find what is younger than some moment, in one of its ways of reading."""
    born: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        value = response.json
        if not response.good or not isinstance(value, dict):
            return response
        if request.operation == "create":
            born[value["id"]] = time.monotonic()
        if which(request) and time.monotonic() - born.get(str(value.get("id")), 0) < seconds:
            return not_found(request.last)
        return response

    return intercepting(handle)


@fault("staleness", "create.readable-at-once", lambda w: w.get(w.made()["id"]).status_code == 404, "a read replica")
def get_lags_behind_create() -> ASGIApp:
    """A new organization can be read by its id only after half a second."""
    return late(0.5, lambda request: request.operation == "get")


@fault(
    "staleness",
    "create.readable-at-once",
    lambda w: w.lookup(w.made(external_id=token())["external_id"]).status_code == 404,
    "a secondary index that is filled later",
)
def lookup_lags_behind_create() -> ASGIApp:
    """A new organization can be looked up by its external_id only after half a second."""
    return late(0.5, lambda request: request.operation == "lookup")


def _replica(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    w.update(id, name="New")
    return w.shown(id)["name"] == "Old"


@fault("staleness", "get.current-state", _replica, "a read replica")
def get_lags_behind_update() -> ASGIApp:
    """A get shows an update only after half a second."""
    old: dict[str, tuple[float, Organization]] = {}

    class Replicated(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            if known:
                old[organization.id] = (time.monotonic(), known)
            super().update(organization)

    class Reading(Api):
        def get(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            moment, before = old.get(known.id, (0.0, known))
            return self.responses.found(before if time.monotonic() - moment < 0.5 else known)

    return app(Replicated(), api=Reading)


def _domains_lost(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    w.lookup("nobody")
    return w.shown(id)["domains"] == []


@fault("staleness", "get.current-state", _domains_lost, "a lazily loaded relation that a cache does not keep")
def get_loses_domains_once_cached() -> ASGIApp:
    """Only the response to the create shows the domains; a get reads a cache that was filled without them."""

    class Cached(Api):
        def get(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            touched = known.updated_at != known.created_at
            return self.responses.found(known if touched else dataclasses.replace(known, domains=()))

    return app(api=Cached)
