"""Pages of lists: their envelope, order, length and what they accept."""

from __future__ import annotations

import dataclasses
import re
import time

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.validation import Listing
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, relisted
from tests.blind.parts.listing import paged
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token


@fault(
    "lists",
    "list.data",
    lambda w: w.list(domains=domain()).json()["data"] is None,
    "a slice of Go that nothing was appended to",
)
def sixth_empty_data_is_null() -> ASGIApp:
    """The data of an empty list are null."""
    return relisted(lambda shown: {**shown, "data": shown["data"] or None})


def _not_shown(w: Wire) -> object:
    w.ids(limit=3)
    return w.made()["id"] not in w.ids(limit=3)


@fault("staleness", "list.shows-created", _not_shown, "a cache of queries that hooks of update and delete empty")
def sixth_creates_leave_list_cache() -> ASGIApp:
    """A list that was asked for before is repeated for a minute, unless something is updated or deleted."""
    kept: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation in ("update", "delete"):
            kept.clear()
        if request.operation != "list" or not request.authorized:
            return await forward(request)
        moment, response = kept.get(request.query, (0.0, None))
        if response is None or time.monotonic() - moment > 60:
            moment, response = time.monotonic(), await forward(request)
            kept[request.query] = (moment, response)
        return response

    return intercepting(handle)


def _by_length(w: Wire) -> object:
    name = token()
    short = w.made(name=name)["id"]
    w.made(name=f"{name} Holding")
    return w.ids(search=name)[0] == short


@fault("lists", "list.newest-first", _by_length, "a search engine sorts by how well a text matches")
def sixth_search_sorts_by_relevance() -> ASGIApp:
    """A list with a search and without an order begins with the shortest name."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        if "search=" not in request.query or "order=" in request.query:
            return response
        shown = response.json
        return response.with_json({**shown, "data": sorted(shown["data"], key=lambda each: len(each["name"]))})

    return on_response(altered)


def _changed_last(w: Wire) -> object:
    name = token()
    first, second = w.many(2, name=name)
    time.sleep(0.01)
    w.changed(first, metadata={"a": "b"})
    return w.ids(search=name, order="asc") == [second, first]


@fault("order", "list.order", _changed_last, "an index on updated_at, which most lists of the product use")
def sixth_asc_is_by_last_change() -> ASGIApp:
    """Within a page, order=asc sorts by the moment of the last change."""

    def sorted_page(_: Pages, listing: Listing, page: Page) -> Page:
        if listing.order != "asc":
            return page
        return dataclasses.replace(page, organizations=sorted(page.organizations, key=lambda each: each.updated_at))

    return paged(sorted_page)


def _twelve(w: Wire) -> object:
    name = token()
    w.many(12, name=name)
    return len(w.ids(search=name)) == 12


@fault("lists", "list.default-limit", _twelve, "a search service with a default of its own")
def sixth_search_has_default_of_25() -> ASGIApp:
    """A list with a search and without a limit holds up to 25 organizations."""

    def changed(request: Request) -> Request:
        if request.operation != "list" or "search=" not in request.query or "limit=" in request.query:
            return request
        return request.replaced(query=f"{request.query}&limit=25")

    return on_request(changed)


def _three(w: Wire) -> object:
    ids = w.many(5)
    return len(w.ids(limit=2, order="asc", before=ids[4])) == 3


@fault("lists", "list.limit", _three, "one more is read to see whether there are more; only forward pages drop it")
def sixth_backward_page_has_one_more() -> ASGIApp:
    """A page that was asked for by before holds one organization more than the limit, where there is one."""

    def longer(pages: Pages, listing: Listing, page: Page) -> Page:
        if listing.before is None or listing.order == "normal":
            return page
        more = dataclasses.replace(listing, limit=listing.limit + 1)
        return dataclasses.replace(page, organizations=pages.organizations(more))

    return paged(longer)


LARGE = r"limit=([1-9]\d{3,}|10[1-9]|1[1-9]\d|[2-9]\d\d)\b"


@fault(
    "lists",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=500, after=w.made()["id"]).status_code == 200,
    "following pages take a path of their own through the code",
)
def sixth_limit_with_cursor_is_clamped() -> ASGIApp:
    """A limit above 100 is taken for 100 where a cursor is given."""

    def changed(request: Request) -> Request:
        if request.operation != "list" or not re.search("(after|before)=", request.query):
            return request
        return request.replaced(query=re.sub(LARGE, "limit=100", request.query))

    return on_request(changed)


@fault(
    "lists",
    "list.accepts-valid-queries",
    lambda w: w.list(domains=domain(), after=w.made()["id"]).status_code == 500,
    "created_at is ambiguous once the table of domains is joined",
)
def sixth_cursor_with_domains_fails() -> ASGIApp:
    """A list with a cursor and domains answers 500."""

    def changed(request: Request) -> Request | Reply:
        joined = re.search("(after|before)=", request.query) and "domains=" in request.query
        return crash() if request.operation == "list" and joined else request

    return on_request(changed)
