"""A cache that was put in front of reads, and what it was not told of."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, unquote

from starlette.types import ASGIApp

from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, not_found, pairs, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _missed_then_updated(w: Wire) -> object:
    text = token()
    w.lookup(text)
    w.changed(w.made()["id"], external_id=text)
    return w.lookup(text).status_code == 404


@fault("caches", "lookup.after-change", _missed_then_updated, "a pull request: cache misses of lookups as well")
def thirteenth_an_update_forgets_the_cached_miss() -> ASGIApp:
    """An external_id that was looked up in vain is still not found once an update has given it to an organization."""
    missing: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        asked = unquote(request.last)
        if request.authorized and request.operation == "lookup" and asked in missing:
            return not_found(asked)
        response = await forward(request)
        if request.operation == "lookup" and response.status == 404 and request.authorized:
            missing.add(asked)
        if request.operation == "create" and response.good:
            missing.discard(str(fields(request).get("external_id")))
        return response

    return intercepting(handle)


def _merged_elsewhere(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"b": "2"})["metadata"] != w.shown(id)["metadata"]


@fault("caches", "get.current-state", _merged_elsewhere, "a pull request: write-through cache for single reads")
def thirteenth_the_cache_is_given_the_metadata_of_the_request() -> ASGIApp:
    """After an update of metadata a get shows only the pairs that this update sent."""
    written: dict[str, Object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation in ("update", "delete") and response.good:
            written.pop(request.last, None)
            if sent := pairs(fields(request)):
                written[request.last] = {key: value for key, value in sent.items() if value is not None}
        if request.operation == "get" and response.good and request.last in written:
            return response.with_json({**response.json, "metadata": written[request.last]})
        return response

    return intercepting(handle)


def _looked_up_after_delete(w: Wire) -> object:
    text = token()
    id = w.made(external_id=text)["id"]
    w.lookup(text)
    w.delete(id)
    return w.lookup(text).status_code == 200 and w.get(id).status_code == 404


@fault("caches", "delete.gone", _looked_up_after_delete, "a pull request: evict by id on delete")
def thirteenth_a_delete_evicts_the_id_alone() -> ASGIApp:
    """What was looked up by its external_id before it was deleted can still be looked up."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "lookup" and request.last in kept:
            return kept[request.last]
        response = await forward(request)
        if request.operation == "lookup" and response.good:
            kept[request.last] = response
        if request.operation in ("create", "update"):
            kept.clear()
        return response

    return intercepting(handle)


def _before_answers_as_first(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)
    first = w.ids(search=name, limit=2, order="desc")
    return w.ids(search=name, limit=2, order="desc", before=ids[0]) == first


@fault(
    "caches", "list.walk-back", _before_answers_as_first, "a pull request: cache pages by limit, order, after, filters"
)
def thirteenth_before_is_not_in_the_key_of_pages() -> ASGIApp:
    """A page that was read with the same limit, order, after and filters is shown again whatever before says."""
    kept: dict[object, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        key = tuple(sorted(pair for pair in parse_qsl(request.query, keep_blank_values=True) if pair[0] != "before"))
        if request.authorized and request.operation == "list" and key in kept:
            return kept[key]
        response = await forward(request)
        if request.operation == "list" and response.good:
            kept[key] = response
        if request.writes:
            kept.clear()
        return response

    return intercepting(handle)


def _refused_is_shown(w: Wire) -> object:
    text, name = token(), token()
    w.made(external_id=text)
    id = w.made()["id"]
    refused = w.update(id, name=name, external_id=text).status_code == 400
    return refused and w.shown(id)["name"] == name


@fault(
    "caches", "update.refusal-changes-nothing", _refused_is_shown, "an identity map that is changed before the commit"
)
def thirteenth_the_cached_object_keeps_a_refused_name() -> ASGIApp:
    """A get shows the name of an update that was refused because its external_id was taken."""
    dirty: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "update" and request.authorized:
            name = fields(request).get("name")
            if response.good:
                dirty.pop(request.last, None)
            elif isinstance(name, str) and "already_used" in str((response.json or {}).get("code")):
                dirty[request.last] = name
        if request.operation == "get" and response.good and request.last in dirty:
            return response.with_json({**response.json, "name": dirty[request.last]})
        return response

    return intercepting(handle)


def _old_domains_listed(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    w.list(limit=100)
    w.changed(id, domain_data=verified(new := domain()))
    time.sleep(0.7)
    return [each["domain"] for each in w.listed(id)["domains"]] != [new]


@fault(
    "caches", "list.current-state", _old_domains_listed, "a pull request: do not drop the pages where no column changed"
)
def thirteenth_pages_outlive_a_change_of_domains() -> ASGIApp:
    """A page that was read once shows old domains until something is created, deleted or changed otherwise."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "list" and request.query in kept:
            return kept[request.query]
        response = await forward(request)
        if request.operation == "list" and response.good:
            kept[request.query] = response
        if request.writes and not (
            request.operation == "update" and set(fields(request)) <= {"domains", "domain_data"}
        ):
            kept.clear()
        return response

    return intercepting(handle)


def _second_get_lacks_null(w: Wire) -> object:
    id = w.made()["id"]
    return "external_id" in w.shown(id) and "external_id" not in w.shown(id)


@fault(
    "caches", "organization.external-id", _second_get_lacks_null, "Jackson: NON_NULL in the mapper of the cache alone"
)
def thirteenth_a_cached_organization_has_no_nulls() -> ASGIApp:
    """From the second get on, until it changes, an organization without external_id lacks the property."""
    seen: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "update":
            seen.discard(request.last)
        if request.operation != "get" or not response.good:
            return response
        if request.last not in seen:
            seen.add(request.last)
            return response
        shown = response.json
        return response.with_json(without(shown, "external_id") if shown["external_id"] is None else shown)

    return intercepting(handle)


def _read_by_anybody(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    return w.other(None).get(f"/organizations/{id}").status_code == 200


@fault("caches", "authentication.missing-key", _read_by_anybody, "a shared cache that heeds neither Vary nor private")
def thirteenth_the_edge_shows_to_anybody_what_was_just_read() -> ASGIApp:
    """An organization that was read within the last five seconds is shown without a key."""
    kept: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "get" and not request.authorized and request.path in kept:
            moment, response = kept[request.path]
            if time.monotonic() - moment < 5:
                return response
        response = await forward(request)
        if request.operation == "get" and response.good:
            kept[request.path] = (time.monotonic(), response)
        if request.writes and response.good:
            kept.pop(request.path, None)
        return response

    return intercepting(handle)


def _small_letters_after_get(w: Wire) -> object:
    id = w.made()["id"]
    before = w.get(id.lower()).status_code
    w.get(id)
    return before == 404 and w.get(id.lower()).status_code == 200


@fault("caches", "get.id-in-another-case", _small_letters_after_get, "a CDN whose keys are in small letters")
def thirteenth_keys_of_the_cache_are_in_small_letters() -> ASGIApp:
    """An id in another case finds the organization once it was read by its own id."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        key = request.path.lower()
        if request.authorized and request.operation == "get" and key in kept:
            return kept[key]
        response = await forward(request)
        if request.operation == "get" and response.good:
            kept[key] = response
        if request.writes:
            kept.pop(key, None)
        return response

    return intercepting(handle)
