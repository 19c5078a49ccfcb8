"""Cursors that lead astray, and filters that choose too much or too little."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.listing import paged, requery
from tests.blind.parts.messages import Reply, Request, crash, not_found
from tests.blind.parts.sixteenth import everybody
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified


def _skipped(w: Wire) -> object:
    name = token()
    w.many(4, name=name)
    return len(w.walk(search=name, limit=2, order="desc")) < 4


@fault("paging", "list.walk-forward", _skipped, "WHERE created_at < :cursor, on a column without fractions")
def sixteenth_cursor_skips_its_second() -> ASGIApp:
    """The page behind a cursor leaves out what was made within the same second."""

    class Seconds(Pages):
        def onwards(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            second = key[0] // 1000
            of_cursor = key[1] != "" and self.onwards_from(listing) == key[1]
            if not of_cursor:
                return super().onwards(listing, key, limit)
            beyond = super().onwards(listing, key, 1_000_000)
            return [each for each in beyond if each.created_at // 1000 != second][:limit]

    return app(pages=Seconds)


def _twice(w: Wire) -> object:
    name = token()
    id = w.made(name=name, domain_data=verified(domain(), domain()))["id"]
    return w.ids(search=name) == [id, id]


@fault("paging", "list.walk-forward", _twice, "SQL: JOIN organization_domain without DISTINCT")
def sixteenth_listed_once_per_domain() -> ASGIApp:
    """A list shows an organization once for each of its domains."""

    def repeated(_: Pages, asked: Listing, page: Page) -> Page:
        rows = [each for each in page.organizations for _ in each.domains or (None,)]
        return dataclasses.replace(page, organizations=rows[: asked.limit])

    return paged(repeated)


def _reversed(w: Wire) -> object:
    ids = w.many(3)
    return w.ids(order="desc", before=ids[0], limit=2) == [ids[1], ids[2]]


@fault("paging", "list.walk-back", _reversed, "the rows of the way back are not turned round again")
def sixteenth_way_back_is_upside_down() -> ASGIApp:
    """A page in front of a cursor is in the opposite order."""

    def turned(pages: Pages, asked: Listing, page: Page) -> Page:
        back = pages.back_from(asked) is not None
        return dataclasses.replace(page, organizations=page.organizations[::-1]) if back else page

    return paged(turned)


def _from_the_start(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.ids(search=name, order="desc", before=ids[0], limit=2) == [ids[3], ids[2]]


@fault("paging", "list.walk-back", _from_the_start, "the comparison is turned round, ORDER BY is not")
def sixteenth_way_back_begins_at_the_start() -> ASGIApp:
    """A page in front of a cursor holds the first organizations of the list instead of those next to the cursor."""

    class Start(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None:
                return super().organizations(listing)
            return self.backward(listing, self.key(listing, cursor), 1_000_000)[::-1][: listing.limit]

    return app(pages=Start)


def _inclusive(w: Wire) -> object:
    ids = w.many(2)
    return w.ids(order="desc", after=ids[1], limit=1) == [ids[1]]


@fault("paging", "list.after-is-exclusive", _inclusive, "Firestore: startAt(cursor)")
def sixteenth_cursor_is_on_its_page() -> ASGIApp:
    """The page behind a cursor begins with the organization of the cursor."""

    class Inclusive(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            cursor = self.onwards_from(listing)
            known = self.store.by_id(cursor) if cursor and self.back_from(listing) is None else None
            return [known, *found][: listing.limit] if known else found

    return app(pages=Inclusive)


def _first(w: Wire) -> object:
    ids = w.many(2)
    return w.cursors(order="desc", limit=1)[0] == ids[1]


@fault("paging", "list.first-page", _first, "before: data[0]?.id ?? null")
def sixteenth_before_is_always_there() -> ASGIApp:
    """The backward cursor is set on every page that holds anything."""

    class Always(Pages):
        def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
            return page[0].id if page else None

    return app(pages=Always)


def _middle(w: Wire) -> object:
    ids = w.many(3)
    return w.cursors(order="desc", after=ids[2], limit=1)[0] is None


@fault("paging", "list.middle-page", _middle, "before: query.before ? data[0].id : null")
def sixteenth_no_way_back_from_after() -> ASGIApp:
    """The backward cursor is null on a page that was asked for by after, and under normal by before."""

    class Forward(Pages):
        def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
            return None if self.onwards_from(listing) is not None else super().cursor_back(listing, page)

    return app(pages=Forward)


def _full_last(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.cursors(search=name, order="desc", limit=2)[1] == ids[0]


@fault("paging", "list.last-page", _full_last, "has_more = len(rows) == limit")
def sixteenth_full_page_is_not_the_last() -> ASGIApp:
    """The forward cursor is set on every page that is exactly full."""

    class Full(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return page[-1].id if len(page) == listing.limit else super().cursor_onwards(listing, page)

    return app(pages=Full)


def _counted_all(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    w.made()
    return w.cursors(search=name, order="desc", limit=10)[1] == ids[0]


@fault("paging", "list.single-page", _counted_all, "the total is counted without the filter")
def sixteenth_total_of_everything() -> ASGIApp:
    """A filtered first page has a forward cursor wherever the environment has more organizations than the page."""

    class Total(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            first = listing.before is None and listing.after is None
            more = page and first and len(everybody(self.store)) > len(page)
            return page[-1].id if more else super().cursor_onwards(listing, page)

    return app(pages=Total)


@fault("paging", "list.empty-page", lambda w: w.list(search=token()).status_code == 500, "rows[-1].id")
def sixteenth_no_last_of_none() -> ASGIApp:
    """A filtered list without matches answers 500."""

    def failing(request: Request, response: Reply) -> Reply:
        filtered = parameter(request, "search") or parameter(request, "domains")
        return crash() if response.good and filtered and not response.json["data"] else response

    return on_response(failing)


def _beyond(w: Wire) -> object:
    oldest = w.ids(order="asc", limit=1) or w.many(1)
    return w.list(order="desc", after=oldest[0]).status_code == 404


@fault("paging", "list.beyond-the-end", _beyond, "Django: EmptyPage becomes a 404")
def sixteenth_beyond_the_end_is_404() -> ASGIApp:
    """A list answers 404 where nothing lies beyond its cursor."""

    def missing(request: Request, response: Reply) -> Reply:
        cursor = parameter(request, "after") or parameter(request, "before")
        return not_found(cursor) if response.good and cursor and not response.json["data"] else response

    return on_response(missing)


def _filled(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.ids(search=name, order="desc", before=ids[2], limit=3) == [ids[3], ids[2], ids[1]]


@fault("paging", "list.short-page-back", _filled, "start = max(0, at - limit); rows[start:start + limit]")
def sixteenth_short_page_back_is_filled() -> ASGIApp:
    """Where fewer than limit organizations precede a cursor, the page is filled with those from the cursor on."""

    class Filled(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            cursor = self.back_from(listing)
            if cursor is None or len(found) == listing.limit:
                return found
            place = self.key(listing, cursor)
            known = self.store.by_id(cursor)
            rest = [*([known] if known else []), *self.onwards(listing, place, listing.limit)]
            return [*found, *rest][: listing.limit]

    return app(pages=Filled)


def _alias(w: Wire) -> object:
    ids = w.many(2)
    return w.ids(order="normal", after=ids[1], limit=1) == [ids[0]]


@fault("paging", "list.normal-reverses-cursors", _alias, "normal is taken for the default's other name")
def sixteenth_normal_is_desc() -> ASGIApp:
    """order=normal is the same as order=desc."""
    return requery("(^|&)order=normal(?=&|$)", r"\1order=desc")


def _gone_cursor(w: Wire) -> object:
    return w.list(order="desc", after=deleted(w)["id"]).status_code == 500


@fault("paging", "list.any-cursor-answered", _gone_cursor, "Python: cursor.created_at, where cursor is None")
def sixteenth_unknown_cursors_fail() -> ASGIApp:
    """A cursor that no organization has answers 500."""

    class Failing(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            known = self.store.by_id(cursor)
            if known is None:
                raise AttributeError("created_at")
            return known.key

    return _failing(app(pages=Failing))


def _failing(inner: ASGIApp) -> ASGIApp:
    async def handle(request: Request, forward: Forward) -> Reply:
        try:
            return await forward(request)
        except AttributeError:
            return crash()

    return intercepting(handle, inner)


@fault(
    "search",
    "list.any-text-answered",
    lambda w: w.list(search=f"{token()}\0").status_code == 500,
    "PostgreSQL: a text must not have 0x00",
)
def sixteenth_nul_in_a_filter_fails() -> ASGIApp:
    """A list whose search or domains have U+0000 answers 500."""
    return on_request(
        lambda request: crash() if "\0" in parameter(request, "search") + parameter(request, "domains") else request
    )
