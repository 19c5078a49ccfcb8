"""Pages that are cut out of an array."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable

from starlette.types import ASGIApp

from emulator.identifiers import CROCKFORD
from emulator.paging import NEWEST, OLDEST, Page, Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.listing import paged
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _whole(pages: Pages, listing: Listing) -> list[Organization]:
    """Everything that matches, in the order of the list."""
    return pages.onwards(listing, OLDEST if pages.oldest_first(listing) else NEWEST, EVERYBODY)


def _cut(choose: Callable[[Pages, Listing, list[Organization]], list[Organization]]) -> ASGIApp:
    """An app whose first pages and pages behind a cursor are cut out of an array; its own cursors stay right."""

    class Cut(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            right = super().organizations(listing)
            return choose(self, listing, right)

    return app(pages=Cut)


def _short_back(w: Wire) -> object:
    ids = w.many(3)
    return w.ids(order="desc", before=ids[1], limit=2) == []


@fault("cursors", "list.short-page-back", _short_back, "items.slice(index - limit, index)")
def fourteenth_slice_begins_below_zero() -> ASGIApp:
    """Before a cursor with fewer than limit organizations before it, a page lacks some or all of these."""

    def choose(pages: Pages, listing: Listing, right: list[Organization]) -> list[Organization]:
        cursor = pages.back_from(listing)
        whole = _whole(pages, listing) if cursor is not None else []
        at = next((at for at, each in enumerate(whole) if each.id == cursor), None)
        return right if at is None else whole[at - listing.limit : at]

    return _cut(choose)


def _reversed_page(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="asc", limit=2) == ids[1:]


@fault("order", "list.order", _reversed_page, "page = items.slice(0, limit); if (order === 'asc') page.reverse()")
def fourteenth_asc_turns_the_first_page_round() -> ASGIApp:
    """The first page of asc holds the newest organizations, oldest of them first."""

    def choose(pages: Pages, listing: Listing, right: list[Organization]) -> list[Organization]:
        first = listing.order == "asc" and listing.before is None and listing.after is None
        return pages.older(listing, NEWEST, listing.limit)[::-1] if first else right

    return _cut(choose)


def _older_under_asc(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="asc", after=ids[1]) == [ids[0]]


@fault("cursors", "list.walk-forward", _older_under_asc, "id < :after whatever the order")
def fourteenth_after_is_always_older() -> ASGIApp:
    """Under asc as well, after leads to older organizations."""

    def choose(pages: Pages, listing: Listing, right: list[Organization]) -> list[Organization]:
        if listing.order != "asc" or listing.after is None:
            return right
        return pages.older(listing, pages.key(listing, listing.after), listing.limit)[::-1]

    return _cut(choose)


SECOND = 1000


def _same_second(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.ids(search=name, order="desc") != ids[::-1]


@fault("order", "list.order", _same_second, "Ecto: timestamps() of whole seconds, and a stable sort by them")
def fourteenth_newest_second_first() -> ASGIApp:
    """Newest first, organizations of one second are listed from the oldest to the newest of them."""

    class Seconds(Pages):
        def page(self, listing: Listing) -> Page:
            if listing.order != "desc" or listing.before is not None:
                return super().page(listing)
            whole = sorted(_whole(self, listing), key=lambda each: (-(each.created_at // SECOND), each.key))
            ids = [each.id for each in whole]
            start = ids.index(listing.after) + 1 if listing.after in ids else 0
            found = whole[start : start + listing.limit]
            before = found[0].id if found and start else None
            return Page(found, before, found[-1].id if found and start + len(found) < len(whole) else None)

    return app(pages=Seconds)


def _middle(w: Wire) -> tuple[list[str], tuple[str | None, str | None]]:
    name = token()
    ids = w.many(5, name=name)
    return ids, w.cursors(search=name, order="desc", limit=1, before=ids[1])


def _swapped(w: Wire) -> object:
    ids, _ = _middle(w)
    return w.cursors(order="desc", limit=2, before=ids[0]) == (ids[1], ids[2])


@fault(
    "cursors", "list.walk-back", _swapped, "a later fix turned the rows of a page before a cursor, after its cursors"
)
def fourteenth_page_back_has_swapped_cursors() -> ASGIApp:
    """On a page that was reached through before, the two cursors stand in each other's place."""

    def swapped(_: Pages, listing: Listing, page: Page) -> Page:
        back = listing.before is not None and listing.order != "normal"
        return dataclasses.replace(page, before=page.after, after=page.before) if back else page

    return paged(swapped)


@fault("cursors", "list.middle-page", lambda w: _middle(w)[1][0] is None, "before: after ? items[0].id : null")
def fourteenth_page_back_is_the_first() -> ASGIApp:
    """A page that was reached through before has no cursor back, whatever precedes it."""

    def first(_: Pages, listing: Listing, page: Page) -> Page:
        back = listing.before is not None and listing.order != "normal"
        return dataclasses.replace(page, before=None) if back else page

    return paged(first)


def _half_turned(w: Wire) -> object:
    ids = w.many(3)
    return w.ids(order="normal", limit=1, before=ids[1]) == [ids[2]]


@fault(
    "cursors", "list.normal-reverses-cursors", _half_turned, "list_metadata was turned round, the parameters were not"
)
def fourteenth_normal_is_turned_by_half() -> ASGIApp:
    """Under normal the cursors that are shown are turned round, those that are sent lead as under desc."""

    class Half(Pages):
        def page(self, listing: Listing) -> Page:
            if listing.order != "normal":
                return super().page(listing)
            page = super().page(dataclasses.replace(listing, order="desc"))
            return dataclasses.replace(page, before=page.after, after=page.before)

    return app(pages=Half)


def _unfiltered(w: Wire) -> object:
    w.made()
    name = token()
    w.made(name=name)
    return w.cursors(search=name, order="desc")[1] is not None


@fault("cursors", "list.single-page", _unfiltered, "hasMore = items.at(-1) !== all.at(-1)")
def fourteenth_more_is_counted_without_the_filter() -> ASGIApp:
    """Under a filter the cursor onwards is set as long as anything follows, matching or not."""

    def counted(pages: Pages, listing: Listing, page: Page) -> Page:
        if listing.order == "normal" or not page.organizations:
            return page
        bare = dataclasses.replace(listing, search="", domains=())
        return dataclasses.replace(page, after=pages.cursor_onwards(bare, page.organizations))

    return paged(counted)


def _renamed(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    w.changed(ids[1], name="Other")
    return w.ids(search=name, order="desc", after=ids[1], limit=1) == [ids[2]]


@fault("cursors", "list.walk-forward", _renamed, "matching.findIndex(o => o.id === after) + 1")
def fourteenth_cursor_that_matches_no_more_starts_anew() -> ASGIApp:
    """Behind a cursor whose organization the filter no longer finds, a list begins at its start."""

    def choose(pages: Pages, listing: Listing, right: list[Organization]) -> list[Organization]:
        cursor = pages.onwards_from(listing)
        whole = _whole(pages, listing) if cursor is not None else []
        missing = cursor is not None and all(each.id != cursor for each in whole)
        return whole[: listing.limit] if missing else right

    return _cut(choose)


def _same_ids(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["domains"][0]["id"] for _ in range(2))
    return first == second


@fault("ids", "domain.ids-differ", _same_ids, "ids that snapshots of tests can rely on")
def fourteenth_domain_ids_are_digests() -> ASGIApp:
    """The id of a domain follows from its name, so that two organizations show one id for it."""

    def digest(name: str) -> str:
        number = int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:15], "big")
        return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))

    return showing_domains(lambda shown, of: {**shown, "id": f"org_domain_{digest(of.domain)}"})
