"""Where cursors lead."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


@fault(
    "cursors",
    "list.any-cursor-answered",
    lambda w: w.list(after=deleted(w)["id"]).status_code == 500,
    "cursor.created_at where the cursor's row is gone",
)
def seventh_deleted_cursor_fails() -> ASGIApp:
    """A cursor of an organization that was deleted answers 500."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        cursors = set(re.findall("(?:before|after)=([^&]*)", request.query))
        if request.operation == "list" and request.authorized and cursors & gone:
            return crash()
        response = await forward(request)
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        return response

    return intercepting(handle)


def _not_turned(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="normal", after=ids[1]) == [ids[0]]


@fault("cursors", "list.normal-reverses-cursors", _not_turned, "normal was taken for another word for desc")
def seventh_normal_is_desc() -> ASGIApp:
    """Under order=normal cursors lead as under desc."""
    return listing(lambda asked: dataclasses.replace(asked, order="desc") if asked.order == "normal" else asked)


def _shifted(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    w.ids(search=name, limit=2)
    w.made(name=name)
    return w.ids(search=name, limit=2, after=ids[2]) == [ids[2], ids[1]]


@fault("cursors", "list.walk-forward", _shifted, "cursors that stand for an offset of SQL")
def seventh_cursor_is_an_offset() -> ASGIApp:
    """A cursor that a list gave stands for a number of organizations to skip."""

    class Skipping(Pages):
        def __init__(self, store: Store) -> None:
            super().__init__(store)
            self.offsets: dict[tuple[object, ...], int] = {}

        def page(self, listing: Listing) -> Page:
            asked = (listing.order, listing.search, listing.domains)
            skipped = self.offsets.get((listing.after, *asked), 0)
            page = super().page(listing)
            if listing.after and skipped and listing.order != "normal":
                page = self.behind(listing, skipped)
            if page.organizations and not listing.before and (skipped or not listing.after):
                self.offsets[(page.organizations[-1].id, *asked)] = skipped + len(page.organizations)
            return page

        def behind(self, listing: Listing, skipped: int) -> Page:
            every = self.organizations(dataclasses.replace(listing, after=None, limit=EVERYBODY))
            found = every[skipped : skipped + listing.limit]
            more = len(every) > skipped + listing.limit
            return Page(found, found[0].id if found else None, found[-1].id if more else None)

    return app(pages=Skipping)


def _no_way_back(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)
    return w.cursors(search=name, limit=2, after=ids[3]) == (None, ids[1])


@fault("cursors", "list.middle-page", _no_way_back, "before is set only on pages that were reached by it")
def seventh_page_reached_by_after_has_no_before() -> ASGIApp:
    """A page that was reached by after has a before of null, but under normal."""

    def forward_only(_: Pages, asked: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=None) if asked.after and asked.order != "normal" else page

    return paged(forward_only)


def _renamed(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    cursor = w.cursors(search=name, limit=2)[1]
    w.changed(ids[1], name="Other")
    return cursor == ids[1] and w.ids(search=name, limit=2, after=cursor) == [ids[2], ids[0]]


@fault("cursors", "list.walk-forward", _renamed, "matches.slice(matches.findIndex(each => each.id === after) + 1)")
def seventh_cursor_outside_filter_begins_again() -> ASGIApp:
    """Where the cursor's organization does not match the filters any more, after leads to the first page."""

    def again(pages: Pages, asked: Listing, page: Page) -> Page:
        if not asked.after or asked.order == "normal":
            return page
        everybody = pages.organizations(dataclasses.replace(asked, after=None, limit=EVERYBODY))
        if any(each.id == asked.after for each in everybody):
            return page
        return pages.page(dataclasses.replace(asked, after=None))

    return paged(again)
