"""Pages and cursors that go wrong in one case only."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

PAGING = "pages"


def _hundred_and_one(w: Wire) -> bool:
    w.many(101)
    return w.cursors(limit=100)[1] is None


@fault(PAGING, "none: a walk finds all", _hundred_and_one, "the row looked at ahead falls to the maximum")
def the_largest_page_ends_the_list() -> ASGIApp:
    """A page of 100 never has a cursor onwards: the row looked at ahead was cut off by the maximum."""
    return paged(
        lambda _, asked, page: replace(page, after=None) if asked.limit == 100 and asked.order != "normal" else page
    )


def _other_on_the_way_back(w: Wire) -> bool:
    text = token()
    first, other, _ = w.made(name=f"{text} 1"), w.made(), w.made(name=f"{text} 2")
    return other["id"] in w.ids(search=text, before=first["id"])


@fault(PAGING, "none: the way back keeps the search", _other_on_the_way_back)
def the_way_back_forgets_the_search() -> ASGIApp:
    """With `before` the search is not applied."""
    return listing(lambda asked: replace(asked, search="") if asked.before and asked.order != "normal" else asked)


def _other_among_domains(w: Wire) -> bool:
    name = domain()
    first, other, _ = w.made(domain_data=verified(name)), w.made(), w.made(domain_data=verified(name))
    return other["id"] in w.ids(order="asc", domains=name, after=first["id"])


@fault(PAGING, "none: the cursor keeps the domains", _other_among_domains)
def the_second_ascending_page_forgets_the_domains() -> ASGIApp:
    """With order=asc and `after` the filter of domains is not applied."""
    return listing(lambda asked: replace(asked, domains=()) if asked.after and asked.order == "asc" else asked)


@fault(PAGING, "none: a walk finds all", lambda w: bool({*w.many(30)} - {*w.walk(limit=2)}), "cursors that are moments")
def cursors_tell_no_two_in_twenty_milliseconds_apart() -> ASGIApp:
    """A cursor is a moment in steps of 20 ms: what else was made in the step is skipped or shown twice."""

    class Coarse(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            moment, _ = super().key(listing, cursor)
            return moment // 20 * 20, ""

    return app(pages=Coarse)


def _farthest(w: Wire) -> bool:
    ids = w.many(4)
    return w.ids(order="asc", before=ids[3], limit=1) == ids[:1]


@fault(PAGING, "none: before gives the page just before", _farthest)
def the_ascending_way_back_jumps_to_the_start() -> ASGIApp:
    """With order=asc and `before` the page comes from the start of the list, not from just before the cursor."""

    class Jumping(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            if listing.order != "asc" or listing.before is None:
                return super().organizations(listing)
            return self.backward(listing, self.key(listing, listing.before), EVERYBODY)[::-1][: listing.limit]

    return app(pages=Jumping)


@fault(PAGING, "none: a walk finds all", lambda w: len(w.many(60)) > len(w.walk(limit=10)), "a window of results")
def lists_end_after_fifty() -> ASGIApp:
    """No cursor leads beyond the fiftieth organization."""

    def ended(pages: Pages, asked: Listing, page: Page) -> Page:
        if not page.organizations or asked.order == "normal":
            return page
        place = len(pages.backward(asked, page.organizations[-1].key, EVERYBODY)) + 1
        return replace(page, after=None) if place >= 50 else page

    return paged(ended)


def _bare(page: Page, start: int) -> Page:
    """The page; those from a place on have no domains."""
    head, tail = page.organizations[:start], page.organizations[start:]
    return replace(page, organizations=[*head, *(replace(each, domains=()) for each in tail)])


def _second_page_is_bare(w: Wire) -> bool:
    w.made(domain_data=verified(domain()))
    return bool(w.list(after=w.made()["id"]).json()["data"][0]["domains"] == [])


@fault(PAGING, "none: a list shows organizations as they are", _second_page_is_bare, "eager loading on one path")
def domains_are_on_the_first_page_only() -> ASGIApp:
    """Pages that a cursor leads to show no domains."""
    return paged(lambda _, asked, page: _bare(page, 0) if asked.after or asked.before else page)


def _eleventh_is_bare(w: Wire) -> bool:
    w.made(domain_data=verified(domain()))
    w.many(10)
    return bool(w.list(limit=11).json()["data"][10]["domains"] == [])


@fault(PAGING, "none: a list shows organizations as they are", _eleventh_is_bare, "preloading in batches")
def domains_are_shown_of_ten_organizations() -> ASGIApp:
    """On a page of more than ten, the domains of the eleventh and later ones are missing."""
    return paged(lambda _, asked, page: _bare(page, 10))


@fault(PAGING, "none: a walk finds all", lambda w: len(w.many(3)) > len(w.walk(limit=2)), "count > 1 for count > 0")
def a_single_one_left_makes_no_page() -> ASGIApp:
    """Where just one organization follows, there is no cursor onwards."""

    class Short(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return page[-1].id if page and len(self.onwards(listing, page[-1].key, 2)) > 1 else None

    return app(pages=Short)


def _shown_again(w: Wire) -> bool:
    _, second, third = w.many(3)
    w.changed(second, name="Changed")
    return third in w.ids(after=second)


@fault(PAGING, "none: a cursor keeps its place", _shown_again, "a cursor made of the wrong column")
def a_cursor_moves_with_an_update() -> ASGIApp:
    """The place of a cursor is when its organization was last changed."""

    class Moving(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            super().key(listing, cursor)
            known = self.store.by_id(cursor)
            assert known is not None
            return known.updated_at, known.id

    return app(pages=Moving)


def _no_way_back(w: Wire) -> bool:
    text = token()
    _, second = w.many(2, name=text)
    return w.cursors(search=text, after=second) == (None, None)


@fault(PAGING, "none: before leads back", _no_way_back)
def searches_have_no_way_back() -> ASGIApp:
    """The second page of a search has no cursor `before`."""
    return paged(
        lambda _, asked, page: (
            replace(page, before=None) if asked.search and asked.after and asked.order != "normal" else page
        )
    )


def _newer_ones_turned(w: Wire) -> bool:
    first, second, third = w.many(3)
    return w.ids(order="normal", after=first) == [second, third]


@fault(PAGING, "none: normal is newest first", _newer_ones_turned, "a page that is not turned back")
def newer_ones_come_oldest_first_in_normal_order() -> ASGIApp:
    """With order=normal, the page of `after` is oldest first."""
    return paged(
        lambda _, asked, page: (
            replace(page, organizations=page.organizations[::-1]) if asked.order == "normal" and asked.after else page
        )
    )


def _over_the_limit(w: Wire) -> bool:
    name = domain()
    w.many(2, domain_data=verified(name))
    return len(w.ids(domains=name, limit=1)) == 2


@fault(PAGING, "none: no page is longer than its limit", _over_the_limit)
def a_filter_of_domains_forgets_the_limit() -> ASGIApp:
    """With `domains`, the limit is always ten."""
    return listing(lambda asked: replace(asked, limit=10) if asked.domains else asked)


def _cursor_on_its_own_page(w: Wire) -> bool:
    _, second, third = w.many(3)
    return w.ids(before=second, limit=2) == [third, second]


@fault(PAGING, "none: before gives what comes before", _cursor_on_its_own_page, "max(0, offset - limit)")
def the_way_back_always_fills_its_page() -> ASGIApp:
    """A page of `before` is filled with the cursor and what follows where fewer than the limit come before it."""

    class Filling(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            if self.back_from(listing) is None or len(found) == listing.limit:
                return found
            return self.onwards(listing, self.start(replace(listing, before=None, after=None)), listing.limit)

    return app(pages=Filling)


def _changed_comes_first(w: Wire) -> bool:
    text = token()
    first, second = w.many(2, name=text)
    w.changed(first, metadata={"a": "b"})
    return w.ids(search=text) == [first, second]


@fault(PAGING, "none: lists are in order of creation", _changed_comes_first)
def searches_show_the_last_changed_first() -> ASGIApp:
    """The first page of a search is in the order of the last change."""

    def sorted_page(_: Pages, asked: Listing, page: Page) -> Page:
        if not asked.search or asked.before or asked.after or asked.order == "asc":
            return page
        return replace(page, organizations=sorted(page.organizations, key=lambda each: -each.updated_at))

    return paged(sorted_page)
