"""Lists of several teams: where pages begin, what their cursors say, and what a search finds."""

from __future__ import annotations

import dataclasses
import json

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.listing import paged, requery
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.stores import EVERYBODY, filtering, matching
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token


def _near(text: str, found: Organization) -> bool:
    wanted, name = text.casefold(), found.name.casefold()
    if len(wanted) < 6:
        return wanted in name
    places = range(len(name) - len(wanted) + 1)
    return any(sum(a != b for a, b in zip(wanted, name[at:], strict=False)) < 2 for at in places)


def _one_letter_off(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name}a")["id"]
    return w.ids(search=f"{name}b") == [id]


@fault("search", "list.search", _one_letter_off, "Elasticsearch: fuzziness AUTO")
def twelfth_search_forgives_a_letter() -> ASGIApp:
    """A search for six or more characters also finds names in which one of them is another one."""
    return matching(_near)


def _shortest_first(w: Wire) -> object:
    name = token()
    ids = [w.made(name=f"{name}{end}")["id"] for end in ("", " and company")]
    return w.ids(search=name) == ids


@fault("order", "list.newest-first", _shortest_first, "Elasticsearch: by score, unless a sort is given")
def twelfth_searches_are_sorted_by_length() -> ASGIApp:
    """A page of a search has the shortest names first, whatever the order."""

    def scored(_: Pages, listing: Listing, page: Page) -> Page:
        by_length = sorted(page.organizations, key=lambda each: len(each.name))
        return dataclasses.replace(page, organizations=by_length) if listing.search else page

    return paged(scored)


def _fifteen(w: Wire) -> object:
    name = token()
    w.many(12, name=name)
    return len(w.ids(search=name)) == 12


@fault("limit", "list.default-limit", _fifteen, "Another index, with another default")
def twelfth_searches_hold_twenty() -> ASGIApp:
    """Without a limit a page of a search holds up to 20 organizations."""

    def wider(request: Request) -> Request:
        plain = parameter(request, "search") and not parameter(request, "limit")
        return request.replaced(query=f"{request.query}&limit=20") if plain else request

    return on_request(wider)


def _whole_pages(w: Wire) -> object:
    ids = w.many(4)
    return w.ids(after=ids[3], limit=2) == [ids[3], ids[2]]


@fault("cursors", "list.after-is-exclusive", _whole_pages, "A cursor that is turned into a page number: offset / limit")
def twelfth_pages_begin_at_multiples_of_the_limit() -> ASGIApp:
    """A page behind a cursor begins at the last multiple of the limit, counted from the start of the list."""

    class Numbered(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.onwards_from(listing)
            if cursor is None or self.back_from(listing) is not None:
                return super().organizations(listing)
            start = dataclasses.replace(listing, before=None, after=None)
            every = self.onwards(listing, self.start(start), EVERYBODY)
            at = [each.id for each in every].index(cursor) + 1 if cursor in {each.id for each in every} else 0
            first = at // listing.limit * listing.limit
            return every[first : first + listing.limit]

    return app(pages=Numbered)


def _alone(w: Wire) -> object:
    w.many(2)
    return w.cursors(limit=1) == (None, None)


@fault("cursors", "list.walk-forward", _alone, "if (rows.length > 1) cursor = rows.at(-1).id")
def twelfth_pages_of_one_lead_nowhere() -> ASGIApp:
    """A page of a single organization has no cursors."""

    def bare(_: Pages, __: Listing, page: Page) -> Page:
        return page if len(page.organizations) > 1 else dataclasses.replace(page, before=None, after=None)

    return paged(bare)


def _twice(w: Wire) -> object:
    ids = w.many(3)
    return [w.list(after=ids[2], limit=1).status_code for _ in range(2)] == [200, 422]


@fault("cursors", "list.accepts-valid-queries", _twice, "Elasticsearch: a scroll goes on and never back")
def twelfth_pages_can_be_read_once() -> ASGIApp:
    """The page behind a cursor is given once, and the same request answers 422 afterwards."""
    given: set[str] = set()

    def once(request: Request) -> Request | Reply:
        if not (parameter(request, "after") or parameter(request, "before")):
            return request
        if request.query in given:
            return unprocessable("after", "has expired")
        given.add(request.query)
        return request

    return on_request(once)


@fault(
    "order",
    "list.order-unknown",
    lambda w: w.list(order="ascending").status_code == 200,
    "if (order.startsWith('asc'))",
)
def twelfth_order_by_its_beginning() -> ASGIApp:
    """An order that only begins with asc or desc is taken for it."""
    return requery(r"(?<=order=)(asc|desc)[a-zA-Z]+", r"\1")


def _legacy(w: Wire) -> object:
    name = domain()
    w.made(domains=[name])
    return w.ids(domains=name) == []


@fault("domains", "list.domain", _legacy, "WHERE state IN ('pending', 'verified')")
def twelfth_filter_knows_two_states() -> ASGIApp:
    """A list filtered by a domain leaves out organizations that have it as legacy_verified."""
    return filtering(
        lambda found, domain: domain in {each.domain for each in found.domains if each.state != "legacy_verified"}
    )


def _renamed(w: Wire) -> object:
    taken, name = token(), token()
    w.made(external_id=taken)
    id = w.made(name="Before")["id"]
    w.update(id, name=name, external_id=taken)
    return w.ids(search=name) == [id]


@fault("search", "update.refusal-changes-nothing", _renamed, "An index that is told before the transaction ends")
def twelfth_refused_names_are_searched() -> ASGIApp:
    """A search finds an organization by the name of an update that was refused because a value was taken."""
    indexed: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        name = fields(request).get("name") if request.operation == "update" else None
        if response.good:
            indexed.pop(request.last, None)
        elif response.status == 400 and isinstance(name, str):
            indexed[request.last] = name
        return response

    found = matching(lambda text, each: text.casefold() in indexed.get(each.id, each.name).casefold())
    return intercepting(handle, found)


def _umlaut(w: Wire) -> object:
    name = f"Müller {token()}"
    w.made(name=name)
    return w.ids(search=name) == []


@fault("search", "list.search", _umlaut, "LIKE on a column of JSON, where other letters are escaped")
def twelfth_search_looks_into_json() -> ASGIApp:
    """A search looks into names as ASCII JSON writes them, so that letters beyond ASCII are not found."""
    return matching(lambda text, found: text.casefold() in json.dumps(found.name)[1:-1].casefold())


def _inches(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name} 19")["id"]
    return w.ids(search=f'{name} 19"') == [id]


@fault("search", "list.search-special-characters", _inches, "A parser of phrases that drops what it does not need")
def twelfth_quotation_marks_are_dropped_from_a_search() -> ASGIApp:
    """Quotation marks in a search are dropped."""
    return matching(lambda text, found: text.casefold().replace('"', "") in found.name.casefold())


def _five(w: Wire) -> object:
    name = token()
    w.many(7, name=name)
    return len(w.ids(search=name, order="asc")) == 5


@fault("limit", "list.default-limit-full", _five, "Another handler for asc, with another default", level=SHOULD)
def twelfth_ascending_pages_hold_five() -> ASGIApp:
    """Without a limit a page under order=asc holds 5 organizations."""

    def fewer(request: Request) -> Request:
        plain = parameter(request, "order") == "asc" and not parameter(request, "limit")
        return request.replaced(query=f"{request.query}&limit=5") if plain else request

    return on_request(fewer)


def _left_the_search(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)
    w.changed(ids[3], name="Renamed during a walk")
    return w.ids(search=name, after=ids[3], limit=10) == [ids[1], ids[0]]


@fault("cursors", "list.walk-forward", _left_the_search, "Prisma: a cursor with skip: 1, where its row left the filter")
def twelfth_one_is_skipped_behind_what_left_the_search() -> ASGIApp:
    """Behind a cursor whose organization was renamed and left the search, the first organization is left out."""

    class Skipping(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.onwards_from(listing)
            known = self.store.by_id(cursor) if cursor and listing.search else None
            if known is None or listing.search.casefold() in known.name.casefold():
                return super().organizations(listing)
            return super().organizations(dataclasses.replace(listing, limit=listing.limit + 1))[1:]

    return app(pages=Skipping)
