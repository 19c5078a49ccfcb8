"""Cursors that lead astray."""

from __future__ import annotations

import base64
import dataclasses

from starlette.types import ASGIApp

from emulator.paging import NEWEST, OLDEST, Page, Pages
from emulator.records import Key, Organization
from emulator.refusals import Fault, InvalidParameters, NotFound
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified

EVERYBODY = 1_000_000


def _skipped(w: Wire) -> object:
    name = token()
    ids = w.many(8, name=name)[::-1]
    found = w.walk(search=name, order="desc", limit=1)
    return len(found) < len(ids) and w.ids(search=name, order="desc", limit=100) == ids


@fault("cursors", "list.walk-forward", _skipped, "WHERE created_at < $1 with a time of whole seconds")
def eleventh_cursors_skip_the_rest_of_a_second() -> ASGIApp:
    """Behind a cursor those are missing that were made in the same second as its organization."""

    class Seconds(Pages):
        def start(self, listing: Listing) -> Key:
            key = super().start(listing)
            if key in (OLDEST, NEWEST):
                return key
            second = key[0] // 1000 * 1000
            return (second + 999, "~") if self.oldest_first(listing) else (second, "")

        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            follows = page and self.onwards(listing, self.start(dataclasses.replace(listing, after=page[-1].id)), 1)
            return page[-1].id if follows else None

    return app(pages=Seconds)


def _more(w: Wire) -> object:
    name = token()
    w.many(2)
    ids = w.many(2, name=name)[::-1]
    return w.ids(search=name, order="desc") == ids and w.cursors(search=name, order="desc")[1] == ids[-1]


@fault("cursors", "list.last-page", _more, "has_more from a count of the whole table")
def eleventh_last_page_counts_all() -> ASGIApp:
    """The last page of a filtered list has a cursor where older organizations follow that do not match."""

    class Counting(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_onwards(dataclasses.replace(listing, search="", domains=()), page)

    return app(pages=Counting)


def _farthest(w: Wire) -> object:
    name = domain()
    ids = w.many(5, domain_data=verified(name))[::-1]
    return w.ids(domains=name, order="desc", before=ids[4], limit=2) == ids[:2]


@fault("cursors", "list.walk-back", _farthest, "id > $1 ORDER BY id DESC LIMIT $2")
def eleventh_filtered_pages_before_are_the_first() -> ASGIApp:
    """With domains, before gives the first page of what precedes the cursor, not the page next to it."""

    class Farthest(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            if not listing.domains or self.back_from(listing) is None:
                return super().organizations(listing)
            every = super().organizations(dataclasses.replace(listing, limit=EVERYBODY))
            return every[: listing.limit]

    return app(pages=Farthest)


def _unfiltered(w: Wire) -> object:
    name = token()
    w.made(name=name)
    other = w.made()["id"]
    last = w.made(name=name)["id"]
    return w.ids(search=name, order="asc", before=last)[-1] == other


@fault("cursors", "list.filter-survives-paging", _unfiltered, "links for the way back that were built by hand")
def eleventh_search_is_lost_on_the_way_back() -> ASGIApp:
    """A list with before takes no notice of search."""
    return listing(lambda asked: dataclasses.replace(asked, search="") if asked.before else asked)


def _no_way_back(w: Wire) -> object:
    first, second, third = w.many(3)
    back = [w.cursors(order=order, limit=1, after=first if order == "asc" else third)[0] for order in ("asc", "desc")]
    return back == [None, second]


@fault("cursors", "list.middle-page", _no_way_back, "a look at what is newer, in either order")
def eleventh_ascending_pages_have_no_way_back() -> ASGIApp:
    """Under order=asc, before is always null."""
    return paged(lambda _, asked, page: dataclasses.replace(page, before=None) if asked.order == "asc" else page)


def _inclusive(w: Wire) -> object:
    first, second, _ = w.many(3)
    return w.ids(order="asc", limit=1, after=first) == [first] and w.ids(order="desc", limit=1, after=second) == [first]


@fault("cursors", "list.after-is-exclusive", _inclusive, ">= in one of two queries")
def eleventh_ascending_cursors_are_inclusive() -> ASGIApp:
    """Under order=asc the page behind a cursor begins with the cursor's organization."""

    class Inclusive(Pages):
        def start(self, listing: Listing) -> Key:
            moment, id = super().start(listing)
            inclusive = listing.order == "asc" and listing.after
            return (moment, f"{id[:-1]}{chr(ord(id[-1]) - 1)}~") if inclusive else (moment, id)

    return app(pages=Inclusive)


class Offsets(Pages):
    """Pages that are counted off from the beginning of the list; a cursor is a number in base64."""

    def page(self, listing: Listing) -> Page:
        """The page at an offset, and the offsets around it."""
        plain = dataclasses.replace(listing, before=None, after=None)
        every = self.onwards(plain, self.start(plain), EVERYBODY)
        start = self.offset(listing)
        found = every[start : start + listing.limit]
        end = start + len(found)
        onwards = encoded(end) if found and end < len(every) else None
        back = encoded(start) if found and start else None
        if self.turned_round(listing):
            return Page(found, before=onwards, after=back)
        return Page(found, before=back, after=onwards)

    def offset(self, listing: Listing) -> int:
        """Where the page begins."""
        back = self.back_from(listing)
        if back is not None:
            return max(0, decoded(back) - listing.limit)
        return decoded(self.onwards_from(listing) or encoded(0))


def encoded(offset: int) -> str:
    """The cursor of an offset."""
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def decoded(cursor: str) -> int:
    """The offset of a cursor. Raises InvalidParameters where it is none."""
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().removeprefix("offset:"))
    except ValueError:
        raise InvalidParameters([Fault("unknown_cursor", "after", "after must be a cursor")]) from None


def _shifted(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)[::-1]
    after = w.cursors(search=name, order="desc", limit=2)[1]
    w.made(name=name)
    return w.ids(search=name, order="desc", limit=2, after=after) == ids[1:3]


@fault("cursors", "list.walk-forward", _shifted, "OFFSET, and cursors that hide it")
def eleventh_cursors_are_offsets() -> ASGIApp:
    """A cursor stands for an offset, so an organization that is made during a walk shows another one twice."""
    return app(pages=Offsets)


def _beyond(w: Wire) -> object:
    name = token()
    first, _ = w.many(2, name=name)
    beyond = w.list(search=name, order="desc", after=first)
    return beyond.status_code == 404 and w.list(search=token()).status_code == 200


@fault("cursors", "list.beyond-the-end", _beyond, "a paginator for which an empty page is none")
def eleventh_beyond_the_end_is_not_found() -> ASGIApp:
    """A list answers 404 behind a cursor that nothing follows."""

    class Strict(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            if not page.organizations and (listing.after or listing.before):
                raise NotFound("page")
            return page

    return app(pages=Strict)


def _filled_up(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)[::-1]
    return w.ids(search=name, order="desc", before=ids[1], limit=3) == ids[:3]


@fault("cursors", "list.short-page-back", _filled_up, "max(0, offset - limit) as the offset, and the limit as it was")
def eleventh_short_pages_back_are_filled_up() -> ASGIApp:
    """A page before a cursor with fewer than limit in front of it is filled up with what follows."""

    class Filled(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            if self.back_from(listing) is None or len(found) == listing.limit:
                return found
            return self.onwards(listing, OLDEST if self.oldest_first(listing) else NEWEST, listing.limit)

    return app(pages=Filled)


def _crashes(w: Wire) -> object:
    id = deleted(w)["id"]
    return w.list(after=id).status_code == 500 and w.list(after=f"{id[:-6]}ZZZZZZ").status_code != 500


@fault("cursors", "list.any-cursor-answered", _crashes, "a row that is found, and its JOIN that is not")
def eleventh_deleted_cursors_crash() -> ASGIApp:
    """A list behind the id of a deleted organization answers 500."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "list" and any(id in request.query for id in gone):
            return crash()
        response = await forward(request)
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        return response

    return intercepting(handle)
