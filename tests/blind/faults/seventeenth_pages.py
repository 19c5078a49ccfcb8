"""Pages, cursors and orders as real back ends got them wrong."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, relisted
from tests.blind.parts.listing import listing, paged, requery
from tests.blind.parts.messages import Request, crash
from tests.blind.parts.seventeenth import Sorted, first, replying, walking
from tests.blind.parts.stores import EVERYBODY
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


@fault("limit", "list.limit-out-of-bounds", lambda w: w.list(limit=0).status_code == 200, "JavaScript: limit || 10")
def seventeenth_limit_zero_is_the_default() -> ASGIApp:
    """A limit of 0 counts as none."""
    return requery("(^|&)limit=0+(?=&|$)", "")


@fault("limit", "list.limit-out-of-bounds", lambda w: w.list(limit=500).status_code == 200, "Math.min(limit, 100)")
def seventeenth_high_limits_are_lowered() -> ASGIApp:
    """A limit above 100 counts as 100."""
    return requery("(^|&)limit=0*[1-9][0-9]{3,}(?=&|$)|(^|&)limit=(?!100(?:&|$))[1-9][0-9]{2}(?=&|$)", r"\1\2limit=100")


@fault("order", "list.order-unknown", lambda w: w.list(order="newest").status_code == 200, "a switch with a default")
def seventeenth_unknown_orders_are_desc() -> ASGIApp:
    """An unknown order counts as desc."""
    return requery("(^|&)order=(?!(?:asc|desc|normal)(?:&|$))[^&]*", r"\1order=desc")


def _same_direction(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="asc", after=ids[0]) == []


@fault("cursors", "list.walk-forward", _same_direction, "id < cursor, whatever the order is")
def seventeenth_cursor_minds_no_order() -> ASGIApp:
    """Under asc a page behind a cursor holds what is older than the cursor, oldest first."""

    def older(pages: Pages, asked: Listing, key: Key, limit: int) -> list[Organization] | None:
        if asked.order != "asc" or first(asked, key):
            return None
        return pages.older(asked, key, EVERYBODY)[::-1][:limit]

    return walking(older)


def _farthest(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    return w.ids(search=name, limit=1, before=ids[0], order="desc") == [ids[3]]


@fault("cursors", "list.walk-back", _farthest, "the order of the query is not turned round for before")
def seventeenth_back_begins_at_the_start() -> ASGIApp:
    """The page before a cursor holds the first of all that precede it instead of the nearest."""

    class Start(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None:
                return super().organizations(listing)
            return self.backward(listing, self.key(listing, cursor), EVERYBODY)[::-1][: listing.limit]

    return app(pages=Start)


def _skipped(w: Wire) -> object:
    name = token()
    w.many(6, name=name)
    return len(w.walk(search=name, limit=2, order="desc")) < 6


@fault("cursors", "list.walk-forward", _skipped, "a cursor that is a timestamp in whole seconds, compared strictly")
def seventeenth_cursor_is_a_second() -> ASGIApp:
    """From the newest on, a page behind a cursor leaves out all that were created within the cursor's second."""

    def earlier(pages: Pages, asked: Listing, key: Key, limit: int) -> list[Organization] | None:
        if pages.oldest_first(asked) or first(asked, key):
            return None
        return pages.older(asked, (key[0] // 1000 * 1000, ""), limit)

    return walking(earlier)


def _full(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.cursors(search=name, limit=2, order="desc")[1] == ids[0]


@fault("cursors", "list.last-page", _full, "has_more = rows.length === limit")
def seventeenth_full_pages_lead_on() -> ASGIApp:
    """A full page has a cursor onwards even where nothing follows."""

    def full(pages: Pages, asked: Listing, page: Page) -> Page:
        if len(page.organizations) < asked.limit or pages.turned_round(asked):
            return page
        return dataclasses.replace(page, after=page.organizations[-1].id)

    return paged(full)


@fault(
    "lists", "list.empty-page", lambda w: w.list(search=token()).status_code == 500, "Python: page[-1].id, IndexError"
)
def seventeenth_empty_pages_crash() -> ASGIApp:
    """A list without matches fails."""
    return replying(
        lambda request, response: request.operation == "list" and response.good and not response.json["data"],
        lambda _: crash(),
    )


@fault(
    "cursors",
    "list.any-cursor-answered",
    lambda w: w.list(after=deleted(w)["id"], order="desc").status_code == 500,
    "a cursor's row that is dereferenced unchecked",
)
def seventeenth_lost_cursors_crash() -> ASGIApp:
    """A list behind a cursor that no organization has fails."""
    cursor = re.compile("(^|&)(before|after)=")
    return replying(
        lambda request, response: (
            request.operation == "list"
            and response.status == 422
            and cursor.search(request.query)
            and any(fault["code"] == "unknown_cursor" for fault in response.json["errors"])
        ),
        lambda _: crash(),
    )


def _no_way_back(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, limit=1, after=ids[2], order="desc") == (None, ids[1])


@fault("cursors", "list.middle-page", _no_way_back, "an emulator without pages backwards")
def seventeenth_before_is_always_null() -> ASGIApp:
    """The cursor before is always null."""
    return relisted(lambda page: {**page, "list_metadata": {**page["list_metadata"], "before": None}})


def _back_and_no_further(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, limit=1, before=ids[0], order="desc")[1] is None


@fault("cursors", "list.middle-page", _back_and_no_further, "hasMore of the query that went backwards")
def seventeenth_going_back_is_final() -> ASGIApp:
    """A page before a cursor has no cursor onwards."""
    return paged(lambda pages, asked, page: dataclasses.replace(page, after=None) if asked.before else page)


def _alias(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.cursors(search=name, limit=1, order="normal") == (None, ids[1])


@fault("order", "list.normal-reverses-cursors", _alias, "normal as an alias of desc")
def seventeenth_normal_is_desc() -> ASGIApp:
    """order=normal has the cursors of desc."""
    return listing(lambda asked: dataclasses.replace(asked, order="desc") if asked.order == "normal" else asked)


def _unfiltered(w: Wire) -> object:
    name = token()
    w.made()
    ids = w.many(2, name=name)
    return len(w.ids(search=name, after=ids[1], order="desc")) > 1


@fault("cursors", "list.filter-survives-paging", _unfiltered, "the branch for cursors builds a query of its own")
def seventeenth_cursors_drop_the_search() -> ASGIApp:
    """A list with a cursor ignores search."""
    return listing(lambda asked: dataclasses.replace(asked, search="") if asked.before or asked.after else asked)


@fault("limit", "list.default-limit", lambda w: w.many(12) and len(w.ids()) > 10, "Spring Data: 20 a page")
def seventeenth_pages_of_twenty() -> ASGIApp:
    """Without a limit a page holds up to 20."""

    def read(request: Request) -> Request:
        if request.operation != "list" or parameter(request, "limit"):
            return request
        return request.replaced(query=f"{request.query}&limit=20".lstrip("&"))

    return on_request(read)


def _one_more(w: Wire) -> object:
    name = token()
    w.many(3, name=name)
    return len(w.ids(search=name, limit=2)) == 3


@fault("limit", "list.limit", _one_more, "limit + 1 rows to see whether more follow, none taken off")
def seventeenth_pages_hold_one_more() -> ASGIApp:
    """A page holds one more than its limit where another one follows."""

    def more(pages: Pages, asked: Listing, key: Key, limit: int) -> list[Organization]:
        return pages.onwards(asked, key, limit + 1)

    return walking(more)


def _inclusive(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.ids(search=name, order="desc", after=ids[1]) == [ids[1], ids[0]]


@fault("cursors", "list.after-is-exclusive", _inclusive, "DynamoDB emulators: ExclusiveStartKey taken as inclusive")
def seventeenth_after_is_inclusive() -> ASGIApp:
    """A page behind a cursor begins with the cursor's organization."""

    def with_it(pages: Pages, asked: Listing, key: Key, limit: int) -> list[Organization] | None:
        return None if first(asked, key) else pages.onwards(asked, _beside(pages, asked, key), limit)

    return walking(with_it)


def _beside(pages: Pages, asked: Listing, key: Key) -> Key:
    """A key just in front of another."""
    moment, id = key
    return (moment, f"{id[:-1]}{chr(ord(id[-1]) - 1)}~") if pages.oldest_first(asked) else (moment, f"{id}~")


def _oldest(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.ids(search=name) == ids


@fault("order", "list.newest-first", _oldest, "no ORDER BY, so the order of insertion")
def seventeenth_without_order_oldest_first() -> ASGIApp:
    """Without an order the oldest come first."""
    return on_request(
        lambda r: (
            r.replaced(query=f"{r.query}&order=asc".lstrip("&"))
            if r.operation == "list" and not parameter(r, "order")
            else r
        )
    )


def _touched(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    w.changed(ids[0], metadata={"a": "b"})
    return w.ids(search=name, order="desc") == ids


@fault("order", "list.order", _touched, "ORDER BY updated_at")
def seventeenth_order_by_last_change() -> ASGIApp:
    """Lists are in the order of the last change."""

    class Changed(Sorted):
        def place(self, organization: Organization) -> Key:
            return organization.updated_at, organization.id

    return app(pages=Changed)
