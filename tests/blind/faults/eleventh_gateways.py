"""A gateway with a cache that knows too little of what it keeps."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, token

Kept = dict[str, Reply]
READS = ("get", "lookup", "list")


def caching(
    key: Callable[[Request], str],
    clears: Callable[[Request, Reply, Kept], object],
    *,
    keeps: Callable[[Request, Reply], object] = lambda _, response: response.good,
    ends: float = 600,
    anybody: bool = False,
) -> ASGIApp:
    """An app behind a cache: under which key it keeps which replies, and which ones a change clears.

    Replies are kept for `ends` seconds. Whoever has no key is given none of them, unless `anybody` is.
    """
    kept: Kept = {}
    since: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        name = key(request) if request.operation in READS and (request.authorized or anybody) else ""
        if name in kept and time.monotonic() - since[name] < ends:
            return kept[name]
        response = await forward(request)
        if name and keeps(request, response):
            kept[name], since[name] = response, time.monotonic()
        if request.writes and response.good:
            clears(request, response, kept)
        return response

    return intercepting(handle)


def everything(_: Request, __: Reply, kept: Kept) -> None:
    """Clears the whole cache."""
    kept.clear()


def address(request: Request) -> str:
    """The path and the query."""
    return f"{request.path}?{request.query}"


def _for_anybody(w: Wire) -> object:
    path = f"{ORGANIZATIONS}/{w.made()['id']}"
    before = w.other(None).get(path).status_code
    w.http.get(path)
    return before == 401 and w.other(None).get(path).status_code == 200


@fault("gateways", "authentication.missing-key", _for_anybody, "a key of the cache without Authorization in it")
def eleventh_cache_is_for_anybody() -> ASGIApp:
    """Whoever has no key is answered what somebody with a key was answered since the last change."""
    return caching(address, everything, anybody=True)


def _no_way_back(w: Wire) -> object:
    ids = w.many(4)[::-1]
    first = w.ids(order="desc", limit=1)
    return first == ids[:1] == w.ids(order="desc", limit=1, before=ids[3])


@fault("gateways", "list.walk-back", _no_way_back, "a list of parameters that tell responses apart")
def eleventh_cache_knows_no_before() -> ASGIApp:
    """The cache does not tell apart lists that differ in before alone."""
    return caching(lambda request: re.sub(r"(^|[?&])before=[^&]*", r"\1", address(request)).rstrip("&"), everything)


def _other_case(w: Wire) -> object:
    external = token()
    lower, upper = w.made(external_id=external)["id"], w.made(external_id=external.upper())["id"]
    found = [w.lookup(each).json()["id"] for each in (external, external.upper())]
    return found == [lower, lower] and upper not in found


@fault("gateways", "lookup.exact", _other_case, "a configuration that puts addresses in small letters")
def eleventh_cache_minds_no_case() -> ASGIApp:
    """The cache does not tell apart paths that differ in case alone."""
    return caching(lambda request: request.path.lower() if request.operation != "list" else "", everything)


def own_entry(request: Request, _: Reply, kept: Kept) -> None:
    """Clears what is kept of a path that an update or a delete names."""
    kept.pop(f"{request.path}?", None)


def _found_by_cache(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    w.lookup(external)
    w.delete(id)
    return w.lookup(external).status_code == 200 and w.get(id).status_code == 404


@fault("gateways", "delete.gone", _found_by_cache, "an invalidation by the path of the request")
def eleventh_cache_of_lookups_outlives_deletes() -> ASGIApp:
    """A lookup that was made within the last half minute is answered as before, also after a delete or an update."""
    return caching(lambda request: address(request) if request.operation != "list" else "", own_entry, ends=30)


def _not_yet(w: Wire) -> object:
    external = token()
    before = w.lookup(external).status_code
    w.made(external_id=external)
    return before == 404 == w.lookup(external).status_code


@fault("gateways", "create.readable-at-once", _not_yet, "a cache of what is missing, for ten seconds")
def eleventh_cache_keeps_404() -> ASGIApp:
    """A lookup that found nothing finds nothing for ten seconds, whatever is created."""

    def missing(_: Request, response: Reply) -> object:
        return response.status == 404

    return caching(
        lambda request: request.path if request.operation == "lookup" else "",
        lambda *_: None,
        keeps=missing,
        ends=10,
    )


def _old_search(w: Wire) -> object:
    name = token()
    before = w.ids(search=name)
    id = w.made(name=name)["id"]
    time.sleep(1)
    return before == [] == w.ids(search=name) and id in w.ids()


@fault("gateways", "list.shows-created", _old_search, "five seconds for searches, which are dear")
def eleventh_cache_of_searches_lasts() -> ASGIApp:
    """A search is answered for five seconds as it was answered first."""
    return caching(lambda request: address(request) if "search=" in request.query else "", lambda *_: None, ends=5)


def _old_list(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    w.ids(limit=50)
    w.changed(id, name="New")
    time.sleep(1)
    found = {each["id"]: each["name"] for each in w.list(limit=50).json()["data"]}
    return found[id] == "Old" and w.listed(id)["name"] == "New"


@fault("gateways", "list.current-state", _old_list, "an invalidation of lists by creates and deletes")
def eleventh_cache_of_lists_outlives_updates() -> ASGIApp:
    """A list is answered as before until the next create or delete, updates notwithstanding."""

    def clear(request: Request, _: Reply, kept: Kept) -> None:
        if request.operation != "update":
            kept.clear()

    return caching(lambda request: address(request) if request.operation == "list" else "", clear)
