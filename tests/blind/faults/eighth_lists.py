"""Pages and cursors of lists."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, quote

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

DEFAULT = 10


def _twenty(w: Wire) -> object:
    w.many(12)
    return len(w.ids()) > DEFAULT


@fault("lists", "list.default-limit", _twenty, "a page size of 20 that a library brings along")
def eighth_page_of_twenty() -> ASGIApp:
    """Without a limit a page holds up to 20 organizations."""

    def more(request: Request) -> Request:
        given = "limit" in parse_qs(request.query, keep_blank_values=True)
        if request.operation != "list" or given:
            return request
        return request.replaced(query=f"{request.query}&limit=20".lstrip("&"))

    return on_request(more)


def _no_way_back(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)
    before, after = w.cursors(search=name, order="desc", limit=2, after=ids[3])
    return before is None and after == ids[1]


@fault("cursors", "list.middle-page", _no_way_back, "Python mock: before is echoed from the request, else None")
def eighth_no_way_back_from_the_middle() -> ASGIApp:
    """A page behind a cursor has no cursor back."""

    def forward_only(_: Pages, given: Listing, page: Page) -> Page:
        behind = given.after is not None and given.order != "normal"
        return dataclasses.replace(page, before=None) if behind else page

    return paged(forward_only)


def _itself(w: Wire) -> object:
    ids = w.many(3, name=token())
    return w.ids(order="asc", after=ids[0], limit=2)[0] == ids[0]


@fault("cursors", "list.after-is-exclusive", _itself, "the comparison is turned round for asc: >= is what < becomes")
def eighth_ascending_page_begins_with_its_cursor() -> ASGIApp:
    """In ascending order the page behind a cursor begins with the organization of the cursor."""

    class Inclusive(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            if listing.order != "asc" or listing.after is None:
                return found
            first = self.store.by_id(listing.after)
            return [*([first] if first else []), *found][: listing.limit]

    return app(pages=Inclusive)


def _lost_neighbours(w: Wire) -> object:
    name = token()
    ids = w.many(6, name=name)
    return w.walk(search=name, order="desc", limit=2) != ids[::-1]


@fault("cursors", "list.walk-forward", _lost_neighbours, "Go: created_at < cursor.CreatedAt.Truncate(time.Second)")
def eighth_page_skips_the_second_of_its_cursor() -> ASGIApp:
    """Organizations that were created in the same second as that of the cursor are on no page behind it."""

    class BySecond(Pages):
        def start(self, listing: Listing) -> Key:
            key = super().start(listing)
            if self.onwards_from(listing) is None:
                return key
            second = key[0] // 1000 * 1000
            return (second + 999, "~") if self.oldest_first(listing) else (second, "")

    return app(pages=BySecond)


def _cursor_of_another_name(w: Wire) -> object:
    name = token()
    w.many(2, name=name)
    return w.list(search=name, after=w.made(name="Other")["id"], order="desc").status_code == 500


@fault(
    "cursors",
    "list.accepts-valid-queries",
    _cursor_of_another_name,
    "Node: hits.findIndex(...) is -1 for a cursor that the search does not find, and hits[-1] is undefined",
)
def eighth_cursor_outside_the_search_crashes() -> ASGIApp:
    """A list with a search and the cursor of an organization that the search does not find answers 500."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = parse_qs(request.query)
        cursor = (given.get("after") or given.get("before") or [""])[-1]
        if request.operation == "list" and "search" in given and cursor:
            found = await forward(asked(request, "GET", f"/organizations/{quote(cursor, safe='', errors='replace')}"))
            if found.good and given["search"][-1].casefold() not in found.json["name"].casefold():
                return crash()
        return await forward(request)

    return intercepting(handle)


def _filter_lost(w: Wire) -> object:
    name = token()
    first = w.made(name=name)["id"]
    w.made(name="Between")
    ids = w.many(2, name=name)
    return w.ids(search=name, order="desc", limit=2, after=ids[0]) != [first]


@fault("cursors", "list.filter-survives-paging", _filter_lost, "the link to the next page is made of limit and cursor")
def eighth_page_behind_a_cursor_ignores_search() -> ASGIApp:
    """A list with after or before ignores search."""
    return listing(lambda given: dataclasses.replace(given, search="") if given.after or given.before else given)
