"""Cursors of lists."""

from __future__ import annotations

import dataclasses
import re
import urllib.parse

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import paged
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Ids, Wire, token


def _named(w: Wire, count: int) -> tuple[str, Ids]:
    name = token()
    return name, w.many(count, name=name)


def pages(of: type[Pages]) -> ASGIApp:
    """An app whose pages are read in another way."""
    return app(pages=of)


def _skipped(w: Wire) -> object:
    name, ids = _named(w, 6)
    return len(w.walk(search=name, order="asc", limit=2)) < len(ids)


@fault("paging", "list.walk-forward", _skipped, "openkruise/agents issue 581: a cursor in seconds, compared with >")
def sixth_asc_walk_skips_rest_of_second() -> ASGIApp:
    """Under order=asc, a page begins with the second after the one in which the cursor's organization was created."""

    class Seconds(Pages):
        def start(self, listing: Listing) -> Key:
            moment, id = super().start(listing)
            return (moment // 1000 * 1000 + 999, "~") if listing.order == "asc" and listing.after else (moment, id)

    return pages(Seconds)


def _mirrored(w: Wire) -> object:
    _, ids = _named(w, 4)
    return w.ids(order="asc", limit=2, before=ids[3]) == [ids[2], ids[1]]


@fault("paging", "list.walk-back", _mirrored, "the query runs backward, and its result was not turned round")
def sixth_asc_page_back_is_mirrored() -> ASGIApp:
    """Under order=asc, a page that was asked for by before is in reverse."""

    def mirrored(_: Pages, listing: Listing, page: Page) -> Page:
        if listing.order != "asc" or listing.before is None:
            return page
        return dataclasses.replace(page, organizations=page.organizations[::-1])

    return paged(mirrored)


def _inclusive(w: Wire) -> object:
    _, ids = _named(w, 3)
    return ids[0] in w.ids(order="desc", limit=2, before=ids[0])


@fault("paging", "list.after-is-exclusive", _inclusive, "getsentry/sentry pull request 5936: off by one, back")
def sixth_before_holds_its_cursor() -> ASGIApp:
    """A page that was asked for by before ends with the cursor's own organization."""

    class Inclusive(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            cursor = None if self.turned_round(listing) else listing.before
            known = cursor and self.store.by_id(cursor)
            return [*found, known][-listing.limit :] if known else found

    return pages(Inclusive)


def _back_from_first(w: Wire) -> object:
    name, ids = _named(w, 3)
    return w.cursors(search=name, order="asc", limit=2, before=ids[2])[0] is not None


@fault("paging", "list.first-page", _back_from_first, "mikro-orm pull request 5320: any cursor means a previous page")
def sixth_first_page_reached_back_has_before() -> ASGIApp:
    """The first page has a before where it was asked for by a cursor."""

    def marked(_: Pages, listing: Listing, page: Page) -> Page:
        if listing.order == "normal" or not page.organizations or not (listing.before or listing.after):
            return page
        return dataclasses.replace(page, before=page.organizations[0].id)

    return paged(marked)


def _forward_from_middle(w: Wire) -> object:
    name, ids = _named(w, 5)
    return w.cursors(search=name, order="asc", limit=2, before=ids[3])[1] is None


@fault(
    "paging",
    "list.middle-page",
    _forward_from_middle,
    "zoontek/prisma-cursor-pagination issue 2: what lies the other way is not looked for",
)
def sixth_page_reached_back_has_no_after() -> ASGIApp:
    """A page that was asked for by before has no after."""

    def shut(_: Pages, listing: Listing, page: Page) -> Page:
        turned = listing.order == "normal" or listing.before is None
        return page if turned else dataclasses.replace(page, after=None)

    return paged(shut)


def _after_last(w: Wire) -> object:
    w.made()
    name, _ = _named(w, 2)
    return w.cursors(search=name, limit=2)[1] is not None


@fault("paging", "list.last-page", _after_last, "whether there is more is counted without the filter")
def sixth_filtered_last_page_has_after() -> ASGIApp:
    """The last page of a filtered list has an after while older organizations exist that the filter leaves out."""

    class Counting(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_onwards(dataclasses.replace(listing, search="", domains=()), page)

    return pages(Counting)


@fault(
    "paging",
    "list.empty-page",
    lambda w: w.list(search=token()).status_code == 404,
    "nothing found, so not found",
)
def sixth_search_without_match_answers_404() -> ASGIApp:
    """A search that matches nothing answers 404."""

    def altered(request: Request, response: Reply) -> Reply:
        empty = request.operation == "list" and response.good and not response.json["data"]
        return reply(404, {"message": "No organizations found."}) if empty and "search=" in request.query else response

    return on_response(altered)


def _own_cursors(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.cursors(search=name, order="normal") == (ids[0], ids[1])


@fault("paging", "list.single-page", _own_cursors, "recorded lists of old had cursors wherever they had items")
def sixth_single_page_of_normal_has_cursors() -> ASGIApp:
    """Under order=normal, a list that fits one page has the ids of its ends as cursors."""

    def marked(_: Pages, listing: Listing, page: Page) -> Page:
        alone = listing.order == "normal" and page.organizations and not (page.before or page.after)
        if not alone:
            return page
        return dataclasses.replace(page, before=page.organizations[-1].id, after=page.organizations[0].id)

    return paged(marked)


def _last_again(w: Wire) -> object:
    name, ids = _named(w, 3)
    return w.ids(search=name, order="asc", limit=2, after=ids[2]) == ids[1:]


@fault("paging", "list.beyond-the-end", _last_again, "Django's Paginator.get_page gives the last page instead")
def sixth_last_page_again_behind_end() -> ASGIApp:
    """Behind the last organization the last page is shown once more."""

    class Again(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            if found or self.onwards_from(listing) is None:
                return found
            end: Key = (2**62, "") if self.oldest_first(listing) else (-1, "")
            return self.backward(listing, end, listing.limit)[::-1]

    return pages(Again)


def _half_turned(w: Wire) -> object:
    name, ids = _named(w, 3)
    return w.cursors(search=name, order="normal", limit=2) == (None, ids[1])


@fault("paging", "list.normal-reverses-cursors", _half_turned, "the parameters were turned round, the answer was not")
def sixth_normal_shows_cursors_of_desc() -> ASGIApp:
    """Under order=normal list_metadata are as under desc, while the parameters are turned round."""

    def turned(_: Pages, listing: Listing, page: Page) -> Page:
        if listing.order != "normal":
            return page
        return dataclasses.replace(page, before=page.after, after=page.before)

    return paged(turned)


@fault(
    "paging",
    "list.any-cursor-answered",
    lambda w: w.list(before="org_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 500,
    "cursor.created_at of nothing, on the way back alone",
)
def sixth_unknown_before_fails() -> ASGIApp:
    """A before that no organization has answers 500."""

    def altered(request: Request, response: Reply) -> Reply:
        unknown = request.operation == "list" and b"unknown_cursor" in response.body
        return crash() if unknown and "before=" in request.query else response

    return on_response(altered)


def _search(request: Request) -> str:
    return urllib.parse.parse_qs(request.query).get("search", [""])[-1]


@fault(
    "paging",
    "list.any-text-answered",
    lambda w: w.list(search="Plants (Thunb.) DC.'").status_code == 500,
    "gbif/registry issue 658: a syntax error in tsquery",
)
def sixth_search_with_apostrophe_fails() -> ASGIApp:
    """A search that ends with an apostrophe or an operator answers 500."""

    def changed(request: Request) -> Request | Reply:
        broken = request.operation == "list" and re.search(r"['&|!(<]\s*$", _search(request))
        return crash() if broken else request

    return on_request(changed)
