"""Cursors: where they lead, and when they are null."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.listing import paged, requery
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


def _one_at_a_time(w: Wire) -> object:
    name = token()
    w.many(3, name=name)
    return w.cursors(search=name, limit=1, order="desc")[1] is None


@fault("cursors", "list.walk-forward", _one_at_a_time, "rows.length > 1 where rows.length > limit was meant to be")
def ninth_limit_one_leads_nowhere() -> ASGIApp:
    """A page with a limit of 1 has no cursors."""

    def changed(_: Pages, asked: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=None, after=None) if asked.limit == 1 else page

    return paged(changed)


def _again(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="asc", after=ids[0], limit=2) == ids[:2]


@fault("cursors", "list.after-is-exclusive", _again, ">= in one of two statements")
def ninth_after_is_inclusive_ascending() -> ASGIApp:
    """Under order=asc the page behind a cursor begins with the cursor's own organization."""

    class Inclusive(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            own = self.store.by_id(listing.after) if listing.after and listing.order == "asc" else None
            found = super().organizations(listing)
            return [own, *found][: listing.limit] if own else found

    return app(pages=Inclusive)


def _farthest(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)[::-1]
    return w.ids(search=name, order="desc", before=ids[4], limit=2) == ids[:2]


@fault("cursors", "list.walk-back", _farthest, "the condition of before without the turned order")
def ninth_before_gives_the_farthest() -> ASGIApp:
    """Under order=desc before gives the first page of all that precede the cursor, and not the one next to it."""

    class Farthest(Pages):
        def backward(self, listing: Listing, key: tuple[int, str], limit: int) -> list[Organization]:
            if listing.order != "desc" or limit != listing.limit or listing.before is None:
                return super().backward(listing, key, limit)
            return super().backward(listing, key, 1_000_000)[-limit:]

    return app(pages=Farthest)


def _full_last(w: Wire) -> object:
    name = token()
    w.many(5)
    w.many(2, name=name)
    return w.cursors(search=name, order="desc", limit=2)[1] is not None


@fault("cursors", "list.last-page", _full_last, "whether more follow is asked without the filter")
def ninth_cursor_counts_without_search() -> ASGIApp:
    """The forward cursor of a search is set as long as any organization follows, whether its name matches or not."""

    def changed(pages: Pages, asked: Listing, page: Page) -> Page:
        if not asked.search or asked.order == "normal" or len(page.organizations) < asked.limit:
            return page
        more = pages.onwards(dataclasses.replace(asked, search=""), page.organizations[-1].key, 1)
        return dataclasses.replace(page, after=page.organizations[-1].id if more else None)

    return paged(changed)


def _not_turned(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)[::-1]
    return w.cursors(search=name, order="normal", limit=2) == (None, ids[1])


@fault("cursors", "list.normal-reverses-cursors", _not_turned, "normal and desc as one case")
def ninth_normal_is_descending() -> ASGIApp:
    """order=normal has the cursors of desc."""
    return requery("order=normal", "order=desc")


def _normal_metadata(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)[::-1]
    cursors = w.cursors(search=name, order="normal", limit=2)
    return cursors == (None, ids[1]) and w.ids(search=name, order="normal", before=ids[1]) == [ids[2]]


@fault("cursors", "list.normal-reverses-cursors", _normal_metadata, "the statement was turned, the response was not")
def ninth_normal_names_its_cursors_wrongly() -> ASGIApp:
    """Under order=normal list_metadata has before and after exchanged, while the parameters work as they should."""

    def changed(_: Pages, asked: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=page.after, after=page.before) if asked.order == "normal" else page

    return paged(changed)


@fault(
    "cursors",
    "list.any-cursor-answered",
    lambda w: w.list(order="asc", after=deleted(w)["id"]).status_code == 500,
    "a subquery for the cursor's moment that finds no row",
)
def ninth_deleted_cursor_fails_ascending() -> ASGIApp:
    """Under order=asc a cursor that no organization has answers 500."""

    def failed(request: Request, response: Reply) -> Reply:
        unknown = response.status == 422 and "unknown_cursor" in response.body.decode()
        return crash() if unknown and "order=asc" in request.query else response

    return on_response(failed)


@fault(
    "cursors",
    "list.beyond-the-end",
    lambda w: w.list(order="asc", after=w.made()["id"]).status_code == 404,
    "a page that does not exist, as a paginator of numbered pages has it",
)
def ninth_beyond_the_end_is_missing() -> ASGIApp:
    """The page behind the last organization answers 404."""

    def missing(request: Request, response: Reply) -> Reply:
        beyond = request.operation == "list" and response.good and "after=" in request.query
        return reply(404, {"message": "Invalid page."}) if beyond and not response.json["data"] else response

    return on_response(missing)
