"""Lists whose order, length or cursors are wrong, most of them on a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KIND = "fifth: lists"


def inclusive(w: Wire) -> bool:
    ids = w.many(3)
    return ids[0] in w.ids(order="asc", after=ids[0])


@fault(KIND, "list.after-is-exclusive", inclusive, ">= in one of two queries")
def fifth_asc_after_is_inclusive() -> ASGIApp:
    """Under asc a page after a cursor begins with the cursor's organization."""

    class Inclusive(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            moment, id = super().key(listing, cursor)
            return (moment, id[:-1]) if listing.order == "asc" and listing.after else (moment, id)

    return app(pages=Inclusive)


def turned(w: Wire) -> bool:
    ids = w.many(4)
    return w.ids(order="asc", limit=2, after=ids[1]) == [ids[3], ids[2]]


@fault(KIND, "list.walk-forward", turned, "rows that are sorted once more for the response")
def fifth_asc_pages_behind_a_cursor_are_newest_first() -> ASGIApp:
    """Under asc a page after a cursor shows its organizations from the newest to the oldest."""
    return paged(
        lambda pages, asked, page: (
            replace(page, organizations=page.organizations[::-1]) if asked.order == "asc" and asked.after else page
        )
    )


def longer(w: Wire) -> bool:
    ids = w.many(5)
    return len(w.ids(order="desc", limit=2, after=ids[4])) == 4


@fault(KIND, "list.limit", longer, "a cursor that carries the query, but not its limit")
def fifth_limit_holds_on_the_first_page_alone() -> ASGIApp:
    """With a cursor a page holds up to 10 organizations, whatever the limit."""
    return listing(lambda asked: replace(asked, limit=10) if asked.after or asked.before else asked)


def two(w: Wire) -> bool:
    w.many(2)
    return len(w.ids(limit=1)) == 2


@fault(KIND, "list.limit", two, "a page that is never smaller than two, for the cursor's sake")
def fifth_limit_of_one_shows_two() -> ASGIApp:
    """A limit of 1 shows two organizations."""
    return listing(lambda asked: replace(asked, limit=max(2, asked.limit)))


def cursor_of_full_page(w: Wire) -> bool:
    name = token()
    w.many(2, name=name)
    return w.cursors(search=name, limit=2, order="desc")[1] is not None


@fault(KIND, "list.last-page", cursor_of_full_page, "a page that is full, so there must be more")
def fifth_full_desc_page_has_a_cursor() -> ASGIApp:
    """Under desc a full page has a cursor to the next one, whether there is one or not."""

    class Full(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            full = listing.order == "desc" and len(page) == listing.limit
            return page[-1].id if full else super().cursor_onwards(listing, page)

    return app(pages=Full)


def from_the_start(w: Wire) -> bool:
    ids = w.many(5)
    return w.ids(order="desc", limit=2, before=ids[0]) == [ids[4], ids[3]]


@fault(KIND, "list.walk-back", from_the_start, "a condition added, the direction of the query kept")
def fifth_before_shows_the_farthest() -> ASGIApp:
    """A page before a cursor begins at the head of the list."""

    class Farthest(Pages):
        def backward(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return super().backward(listing, key, 10_000)[-limit:] if limit > 1 else super().backward(listing, key, 1)

    return app(pages=Farthest)


def without_domains(w: Wire) -> bool:
    w.made(domain_data=verified(domain()))
    second = w.made()["id"]
    return not w.list(order="desc", limit=1, after=second).json()["data"][0]["domains"]


@fault(KIND, "list.current-state", without_domains, "a prefetch in one of two queries")
def fifth_pages_behind_a_cursor_have_no_domains() -> ASGIApp:
    """With a cursor a page shows its organizations without domains."""
    return paged(
        lambda pages, asked, page: (
            replace(page, organizations=[replace(each, domains=()) for each in page.organizations])
            if asked.after or asked.before
            else page
        )
    )


def same_page(w: Wire) -> bool:
    ids = w.many(4)
    return w.ids(order="normal", limit=2, before=ids[2]) == [ids[3], ids[2]]


@fault(KIND, "list.normal-reverses-cursors", same_page, "a switch with two cases")
def fifth_normal_ignores_before() -> ASGIApp:
    """Under normal before is ignored."""
    return listing(lambda asked: replace(asked, before=None) if asked.order == "normal" else asked)


def cursor_on_first(w: Wire) -> bool:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, order="desc", limit=2, before=ids[0])[0] is not None


@fault(KIND, "list.first-page", cursor_on_first, "a page that was reached with a cursor has one in return")
def fifth_first_page_reached_backward_has_before() -> ASGIApp:
    """The first page of desc has a cursor to the page before when it was reached by before."""
    return paged(
        lambda pages, asked, page: (
            replace(page, before=page.organizations[0].id)
            if asked.order == "desc" and asked.before and page.organizations
            else page
        )
    )


def no_way_on(w: Wire) -> bool:
    ids = w.many(4)
    return w.cursors(order="asc", limit=2, before=ids[2])[1] is None


@fault(KIND, "list.middle-page", no_way_on, "a look at one more row, in the direction of the query alone")
def fifth_page_reached_backward_has_no_after() -> ASGIApp:
    """A page that was reached by before has no cursor to the page after."""
    return paged(
        lambda pages, asked, page: replace(page, after=None) if asked.before and asked.order == "asc" else page
    )


def more_by_default(w: Wire) -> bool:
    name = token()
    w.many(12, name=name)
    return len(w.ids(search=name)) == 12


@fault(KIND, "list.default-limit", more_by_default, "a default of the search engine")
def fifth_searches_show_twenty() -> ASGIApp:
    """Without a limit a search shows up to 20 organizations."""

    class Twenty(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return replace(asked, limit=20) if asked.search and not query.getlist("limit") else asked

    return app(rules=Twenty())


def by_change(w: Wire) -> bool:
    name = token()
    ids = w.many(3, name=name)
    w.changed(ids[0], metadata={"a": "b"})
    return w.ids(search=name) == [ids[0], ids[2], ids[1]]


@fault(KIND, "list.newest-first", by_change, "an index of recent activity")
def fifth_default_order_is_by_change() -> ASGIApp:
    """Without an order the organizations of a page are sorted by their last change."""

    class Recent(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            latest = sorted(page.organizations, key=lambda each: each.updated_at, reverse=True)
            return replace(page, organizations=latest) if listing.order == "recent" else page

    class Unordered(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return asked if query.getlist("order") else replace(asked, order="recent")

    return app(rules=Unordered(), pages=Recent)


def by_name(w: Wire) -> bool:
    name = token()
    ids = [w.made(name=f"{name}{letter}")["id"] for letter in "abc"]
    return w.ids(search=name, order="desc") == ids


@fault(KIND, "list.order", by_name, "results by relevance")
def fifth_searches_are_sorted_by_name() -> ASGIApp:
    """A search shows the organizations of a page by name."""
    return paged(
        lambda pages, asked, page: (
            replace(page, organizations=sorted(page.organizations, key=lambda each: each.name))
            if asked.search
            else page
        )
    )


def echoed(w: Wire) -> bool:
    id = w.made()["id"]
    return bool(w.cursors(order="desc", search=token(), after=id)[1] == id)


@fault(KIND, "list.empty-page", echoed, "a cursor that starts as the one that came")
def fifth_empty_page_echoes_its_cursor() -> ASGIApp:
    """An empty page has the cursor after that was asked for."""
    return paged(lambda pages, asked, page: page if page.organizations else replace(page, after=asked.after))


def shouted(w: Wire) -> bool:
    return w.list(order="DESC").status_code == 200


@fault(KIND, "list.order-unknown", shouted, "equalsIgnoreCase")
def fifth_order_in_capitals() -> ASGIApp:
    """An order may be written in capitals."""
    return on_request(
        lambda request: request.replaced(query=request.query.lower()) if request.operation == "list" else request
    )


def first_page_missed(w: Wire) -> bool:
    ids = w.many(3)
    after = w.cursors(order="desc", limit=2)[1]
    return bool(after == ids[0])


@fault(KIND, "list.walk-forward", first_page_missed, "the id of the row that was read to see whether there is more")
def fifth_cursor_is_the_first_of_the_next_page() -> ASGIApp:
    """Under desc the cursor after is the first organization of the next page, which is never shown."""

    class Peeking(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            following = self.onwards(listing, page[-1].key, 1) if page and listing.order == "desc" else []
            return following[0].id if following else super().cursor_onwards(listing, page)

    return app(pages=Peeking)


def missing(w: Wire) -> bool:
    return w.list(order="asc", after=newest(w)).status_code == 404


def newest(w: Wire) -> str:
    return w.many(2)[1]


@fault(KIND, "list.beyond-the-end", missing, "a view that finds no object")
def fifth_page_behind_the_end_is_not_found() -> ASGIApp:
    """An empty page behind a cursor answers 404."""

    def change(request: Request, response: Reply) -> Reply:
        empty: Sequence[object] = response.json["data"] if request.operation == "list" and response.good else [None]
        if empty or "after=" not in request.query:
            return response
        return response.with_json({"message": "Not Found"}).replaced(status=404)

    return on_response(change)
