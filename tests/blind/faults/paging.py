"""Walks by cursors."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.listing import listing, paged
from tests.blind.registry import fault
from tests.blind.wire import Wire

FORWARD = "list.walk-forward"


@fault(
    "paging",
    "list.after-is-exclusive",
    lambda w: (ids := w.many(3)) and ids[1] in w.ids(order="desc", after=ids[1]),
    "<= in place of <",
)
def cursor_is_inclusive() -> ASGIApp:
    """The page behind a cursor begins with the cursor's own organization."""

    class Inclusive(Store):
        def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
            return super().older(just_above(than), limit, search, domain)

        def newer(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
            return super().newer(just_below(than), limit, search, domain)

    return app(Inclusive())


def just_above(key: Key) -> Key:
    """A key above this one and below all others that are above it."""
    moment, id = key
    return moment, f"{id}\x00"


def just_below(key: Key) -> Key:
    """A key below this one and above all others that are below it, for ids of ASCII."""
    moment, id = key
    return (moment, f"{id[:-1]}{chr(ord(id[-1]) - 1)}~") if id else key


@fault(
    "paging",
    "list.walk-back",
    lambda w: (ids := w.many(3)) and w.ids(order="desc", limit=1, before=ids[0]) != [ids[1]],
    "github.com/d3vyce/fastapi-toolsets/issues/135",
)
def before_is_ignored() -> ASGIApp:
    """`before` is accepted and ignored: the first page comes again."""
    return listing(lambda asked: dataclasses.replace(asked, before=None) if asked.order != "normal" else asked)


@fault(
    "paging",
    "list.walk-back",
    lambda w: (ids := w.many(4)) and w.ids(order="desc", limit=2, before=ids[0]) == [ids[1], ids[2]],
    "rows read backwards and never turned round",
)
def before_turns_page_round() -> ASGIApp:
    """The page before a cursor comes in reverse order."""

    class Turned(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            return found[::-1] if self.back_from(listing) else found

        def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_back(listing, page[::-1] if self.back_from(listing) else page)

        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_onwards(listing, page[::-1] if self.back_from(listing) else page)

    return app(pages=Turned)


@fault(
    "paging",
    "list.walk-back",
    lambda w: (ids := w.many(4)) and w.ids(order="desc", limit=1, before=ids[0]) == [ids[3]],
    "github.com/TracecatHQ/tracecat/pull/3131",
)
def before_jumps_to_top() -> ASGIApp:
    """The page before a cursor is taken from the top of the list instead of next to the cursor."""

    class Top(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None:
                return super().organizations(listing)
            return self.backward(listing, self.key(listing, cursor), 1_000_000)[::-1][: listing.limit]

    return app(pages=Top)


@fault(
    "paging",
    FORWARD,
    lambda w: (ids := w.many(4)) and w.walk(order="desc", limit=2) != ids[::-1],
    "github.com/activepieces/activepieces/pull/14323",
)
def cursor_skips_what_is_as_old() -> ASGIApp:
    """A cursor is kept in whole seconds: what was created in the same second is skipped."""

    class Seconds(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            moment, _ = super().key(listing, cursor)
            second = moment // 1000 * 1000
            newer = self.oldest_first(listing) == (self.back_from(listing) is None)
            return (second + 999, "~") if newer else (second, "")

    return app(pages=Seconds)


def _shifted(w: Wire) -> object:
    ids = w.many(4)
    after = w.cursors(order="desc", limit=2)[1]
    w.made(name="Meanwhile")
    return w.ids(order="desc", limit=2, after=after) != [ids[1], ids[0]]


@fault("paging", FORWARD, _shifted, "offsets dressed up as cursors")
def cursor_is_an_offset() -> ASGIApp:
    """A cursor is an offset: what is created during a walk shifts the pages, and items come twice."""
    offsets: dict[str, int] = {}

    class Offset(Pages):
        def page(self, listing: Listing) -> Page:
            if listing.order != "desc" or listing.before:
                return super().page(listing)
            start = offsets.get(listing.after or "", 0)
            first = dataclasses.replace(listing, after=None)
            found = self.onwards(first, self.start(first), start + listing.limit + 1)
            chosen = found[start : start + listing.limit]
            more = len(found) > start + listing.limit
            if more:
                offsets[chosen[-1].id] = start + listing.limit
            before = chosen[0].id if chosen and start else None
            return Page(chosen, before, chosen[-1].id if more else None)

    return app(pages=Offset)


@fault(
    "paging",
    FORWARD,
    lambda w: (ids := w.many(3)) and w.walk(order="desc", limit=2) != ids[::-1],
    "has_more = remaining > limit",
)
def last_short_page_not_reachable() -> ASGIApp:
    """The forward cursor is null when less than a full page follows: the last items are never shown."""

    def altered(pages: Pages, listing: Listing, page: Page) -> Page:
        if not page.organizations or pages.turned_round(listing):
            return page
        rest = pages.onwards(listing, page.organizations[-1].key, listing.limit)
        return page if len(rest) == listing.limit else dataclasses.replace(page, after=None)

    return paged(altered)
