"""Caches in front of the database that are not told of every change."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.types import ASGIApp

from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, not_found
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _old_metadata(w: Wire) -> object:
    id = w.made(metadata={"tier": "gold"})["id"]
    w.shown(id)
    w.changed(id, metadata={"tier": "silver"})
    return w.shown(id)["metadata"] == {"tier": "gold"}


@fault("caches", "get.current-state", _old_metadata, "Rails: update_column writes JSONB past the callback that clears")
def eighth_metadata_alone_clears_no_cache() -> ASGIApp:
    """After an update of metadata alone, get shows the organization as it was read before."""
    cached: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "get" and request.authorized:
            if request.last not in cached:
                cached[request.last] = await forward(request)
            return cached[request.last] if cached[request.last].good else cached.pop(request.last)
        response = await forward(request)
        if response.good and (request.operation == "delete" or set(fields(request)) - {"metadata"}):
            cached.pop(request.last, None)
        return response

    return intercepting(handle)


def _found_after_delete(w: Wire) -> object:
    made = w.made(external_id=token())
    w.lookup(made["external_id"])
    w.delete(made["id"])
    return w.lookup(made["external_id"]).status_code == 200


@fault("caches", "delete.gone", _found_after_delete, "Redis: DEL org:{id}, and the copy under ext:{external_id} stays")
def eighth_lookup_cache_outlives_delete() -> ASGIApp:
    """An organization that was looked up before it was deleted is still found by its external_id."""
    cached: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "lookup" and request.authorized:
            if response.good:
                cached[request.last] = response
            elif request.last in cached:
                found = await forward(asked(request, "GET", f"/organizations/{cached[request.last].json['id']}"))
                return response if found.good else cached[request.last]
        return response

    return intercepting(handle)


def _not_there_yet(w: Wire) -> object:
    external_id = token()
    w.lookup(external_id)
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("caches", "create.readable-at-once", _not_there_yet, "Redis: misses are cached, and a create clears nothing")
def eighth_misses_are_cached() -> ASGIApp:
    """An external_id that found nothing before its organization was created finds nothing afterwards."""
    missed: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        if request.last in missed:
            return not_found(unquote(request.last))
        response = await forward(request)
        if response.status == 404:
            missed.add(request.last)
        return response

    return intercepting(handle)


def _small_letters(w: Wire) -> object:
    id = w.made()["id"]
    w.shown(id)
    return w.get(id.lower()).status_code == 200


@fault("caches", "get.id-in-another-case", _small_letters, "a cache whose keys are lowered, in front of exact columns")
def eighth_cache_folds_ids() -> ASGIApp:
    """An id that was read before is found in small letters as well."""
    read: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "get":
            return await forward(request)
        id = read.get(request.last.lower(), request.last)
        response = await forward(request.replaced(path=f"/organizations/{id}"))
        if response.good:
            read[id.lower()] = id
        return response

    return intercepting(handle)


def _without_key(w: Wire) -> object:
    path = f"/organizations/{w.made()['id']}"
    w.http.get(path)
    return w.other(None).get(path).status_code == 200


@fault("caches", "authentication.missing-key", _without_key, "a gateway whose cache has no Vary: Authorization")
def eighth_cached_get_needs_no_key() -> ASGIApp:
    """What was read once with the key is given by get to whoever asks without one."""
    cached: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.header("authorization") and request.operation == "get" and request.path in cached:
            return cached[request.path]
        response = await forward(request)
        if request.operation == "get" and response.good:
            cached[request.path] = response
        elif request.operation in ("update", "delete") and response.good:
            cached.pop(request.path, None)
        return response

    return intercepting(handle)


def _same_page(w: Wire) -> object:
    ids = w.many(3, name=token())
    w.list(limit=2, order="desc", after=ids[2])
    w.changed(ids[1], name="Renamed")
    shown = w.list(limit=2, order="desc", after=ids[2]).json()["data"]
    return any(each["id"] == ids[1] and each["name"] != "Renamed" for each in shown)


@fault("caches", "list.current-state", _same_page, "later pages are cached as if they never changed")
def eighth_later_pages_are_cached() -> ASGIApp:
    """A page behind a cursor that was read before is shown as it was then, whatever changed."""
    cached: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "list" or not request.authorized or "after=" not in request.query:
            return await forward(request)
        if request.query not in cached:
            response = await forward(request)
            if not response.good:
                return response
            cached[request.query] = response
        return cached[request.query]

    return intercepting(handle)
