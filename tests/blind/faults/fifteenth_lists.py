"""Pages and cursors as query builders and stores make them."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.listing import paged
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

replace = dataclasses.replace


def _ties(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)
    return len(w.walk(search=name, order="desc", limit=1)) < len(ids)


@fault(
    "cursors",
    "list.walk-forward",
    _ties,
    "vippsas/manifold 517, lablup/backend.ai 14604: created_at < cursor.created_at, kept in whole seconds",
)
def fifteenth_pages_skip_the_same_second() -> ASGIApp:
    """Behind a cursor come only organizations of another second than the cursor's."""

    class Seconds(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            moment = super().key(listing, cursor)[0] // 1000 * 1000
            older = (listing.order == "asc") == (self.back_from(listing) is not None)
            return (moment, "") if older else (moment + 999, "~")

    return app(pages=Seconds)


def _shifted(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    after = w.cursors(search=name, limit=2, order="desc")[1]
    w.made(name=name)
    return ids[2] in w.ids(search=name, limit=2, order="desc", after=after)


@fault("cursors", "list.after-is-exclusive", _shifted, "cursors that are an offset in base64: LIMIT 10 OFFSET 10")
def fifteenth_cursors_are_offsets() -> ASGIApp:
    """A cursor after stands for how many organizations came before, so what is made meanwhile shifts the pages."""
    offsets: dict[tuple[str, str], int] = {}

    class Offset(Pages):
        def page(self, listing: Listing) -> Page:
            reading = f"{listing.order} {listing.search} {listing.domains}"
            start = offsets.get((reading, listing.after or ""), 0)
            if listing.before is not None or listing.order == "normal" or (listing.after and not start):
                return super().page(listing)
            everything = self.organizations(replace(listing, after=None, limit=EVERYBODY))
            found = everything[start : start + listing.limit]
            more = len(everything) > start + listing.limit
            if found and more:
                offsets[(reading, found[-1].id)] = start + listing.limit
            return Page(found, before=found[0].id if found and start else None, after=found[-1].id if more else None)

    return app(pages=Offset)


def _full(w: Wire) -> object:
    name = token()
    w.many(2, name=name)
    return w.cursors(search=name, limit=2, order="desc")[1] is not None


@fault("cursors", "list.last-page", _full, "hasMore = rows.length === limit")
def fifteenth_full_page_is_not_the_last() -> ASGIApp:
    """A page that is exactly full has a cursor onwards, also where nothing follows."""

    class Guessing(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            if self.back_from(listing) is not None:
                return super().cursor_onwards(listing, page)
            return page[-1].id if len(page) == listing.limit else None

    return app(pages=Guessing)


def _from_the_top(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.ids(search=name, limit=1, order="desc", before=ids[0]) == [ids[3]]


@fault("cursors", "list.walk-back", _from_the_top, "Relay: last/before that takes the first rows of the set")
def fifteenth_before_starts_at_the_top() -> ASGIApp:
    """A page before a cursor holds the first organizations of the list instead of those next to the cursor."""

    class Top(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None:
                return super().organizations(listing)
            found = self.backward(listing, self.key(listing, cursor), EVERYBODY)[::-1]
            return found[: listing.limit]

    return app(pages=Top)


def _turned(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.ids(search=name, limit=2, order="desc", before=ids[0]) == ids[1:3]


@fault("cursors", "list.walk-back", _turned, "the query is turned round for before, its rows are not turned back")
def fifteenth_before_is_turned_round() -> ASGIApp:
    """A page before a cursor runs in the opposite order."""

    def turned(pages: Pages, listing: Listing, page: Page) -> Page:
        return page if pages.back_from(listing) is None else replace(page, organizations=page.organizations[::-1])

    return paged(turned)


def _no_way_on(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.cursors(search=name, limit=1, order="desc", before=ids[0])[1] is None


@fault("cursors", "list.middle-page", _no_way_on, "graphql-relay: hasNextPage is false when paging backwards")
def fifteenth_no_way_on_from_before() -> ASGIApp:
    """A page that was reached by going back has no cursor onwards."""

    class Backwards(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return None if self.back_from(listing) is not None else super().cursor_onwards(listing, page)

    return app(pages=Backwards)


def _first_page_back(w: Wire) -> object:
    name = token()
    w.many(3, name=name)
    return w.cursors(search=name, limit=1, order="desc")[0] is not None


@fault("cursors", "list.first-page", _first_page_back, "before: rows[0]?.id, whatever comes before")
def fifteenth_first_page_leads_back() -> ASGIApp:
    """The cursor back is the page's first id on the first page too."""

    class Always(Pages):
        def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
            return page[0].id if page else None

    return app(pages=Always)


def _no_match_but_cursor(w: Wire) -> object:
    name = token()
    w.made(name=name)
    w.many(3)
    return w.ids(search=name, limit=2, order="desc") == []


@fault("search", "list.search", _no_match_but_cursor, "DynamoDB: Limit counts before the FilterExpression")
def fifteenth_search_looks_at_one_page() -> ASGIApp:
    """A search looks through as many organizations as its limit says and shows those that match."""

    class Scanning(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            seen = super()._walk(direction, than, limit, "", domain)
            return [each for each in seen if search.lower() in each.name.lower()]

    return app(Scanning())
