"""Pages that go wrong only with a certain cursor, order or filter."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl

from starlette.types import ASGIApp

from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, relisted
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KIND = "fourth: lists"
SEARCH = "fourth: search"
NONE = "none: not looked up"


def cursor_shown(w: Wire) -> bool:
    id = w.made()["id"]
    w.changed(id, name="Other")
    return id in w.ids(order="desc", after=id)


@fault(KIND, NONE, cursor_shown, "a keyset on the wrong column")
def fourth_cursor_stands_at_update() -> ASGIApp:
    """A cursor stands where its organization was updated, not where it was created."""

    class Updated(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            super().key(listing, cursor)
            known = self.store.by_id(cursor)
            assert known
            return known.updated_at, known.id

    return app(pages=Updated)


def renamed_cursor(w: Wire) -> bool:
    text = token()
    ids = w.many(3, name=text)
    w.changed(ids[2], name="Other")
    return not w.ids(search=text, order="desc", after=ids[2])


@fault(KIND, NONE, renamed_cursor, "a cursor that is looked up among the hits")
def fourth_cursor_must_match_search() -> ASGIApp:
    """A page of a search is empty when the cursor's organization does not match any more."""

    class Matching(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            key = super().key(listing, cursor)
            known = self.store.by_id(cursor)
            assert known
            if listing.search.casefold() in known.name.casefold():
                return key
            return NEWEST if self.oldest_first(listing) else OLDEST

    return app(pages=Matching)


def single_page(w: Wire) -> bool:
    text = token()
    ids = w.many(3, name=text)
    return w.cursors(search=text, order="desc", limit=1, after=ids[2])[0] is None


@fault(KIND, NONE, single_page, "one id for both ends of a page")
def fourth_page_of_one_has_no_before() -> ASGIApp:
    """A page with the limit 1 has no cursor back."""
    return paged(lambda pages, asked, page: replace(page, before=None) if asked.limit == 1 else page)


def same_page(w: Wire) -> bool:
    ids = w.many(3)
    older = w.ids(order="desc", limit=1, after=ids[1])
    return w.ids(order="desc", limit=1, before=ids[1]) == older


@fault(KIND, NONE, same_page, "a cache key of joined values")
def fourth_page_before_from_cache_of_after() -> ASGIApp:
    """For half a second, a page before a cursor is answered with the page after the same cursor, and the reverse."""
    cache: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            cache.clear()
        if request.operation != "list" or not request.authorized:
            return await forward(request)
        key = "|".join(sorted(value for _, value in parse_qsl(request.query)))
        if key in cache and time.monotonic() - cache[key][0] < 0.5:
            return cache[key][1]
        response = await forward(request)
        if response.good:
            cache[key] = time.monotonic(), response
        return response

    return intercepting(handle)


def not_ascending(w: Wire) -> bool:
    text, name = token(), domain()
    ids = w.many(2, name=text, domain_data=verified(name))
    return w.ids(search=text, domains=name, order="asc") != ids


@fault(KIND, NONE, not_ascending, "relevance in a query of two filters")
def fourth_order_ignored_with_both_filters() -> ASGIApp:
    """A list with search and domains is newest first whatever its order."""

    def change(asked: Listing) -> Listing:
        return replace(asked, order="desc") if asked.search and asked.domains and asked.order == "asc" else asked

    return listing(change)


def before_ignored(w: Wire) -> bool:
    text = token()
    ids = w.many(3, name=text)
    return w.ids(search=text, order="desc", before=ids[1]) == ids[::-1]


@fault(KIND, NONE, before_ignored, "search_after of Elasticsearch, which knows one direction")
def fourth_before_ignored_with_search() -> ASGIApp:
    """A search takes no notice of before."""
    return listing(lambda asked: replace(asked, before=None) if asked.search else asked)


def twelve_hits(w: Wire) -> bool:
    text = token()
    return len({id for _ in [w.many(14, name=text)] for id in w.walk(search=text, limit=5, order="desc")}) == 12


@fault(SEARCH, NONE, twelve_hits, "the size of a query to a search engine")
def fourth_search_ends_after_twelve() -> ASGIApp:
    """A search never finds more than the twelve newest hits."""

    class Window(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if not search:
                return super()._walk(direction, than, limit, search, domain)
            known = {each.id for each in super()._walk(OLDER, NEWEST, 12, search, domain)}
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [each for each in found if each.id in known][:limit]

    return app(Window())


def normal_turned(w: Wire) -> bool:
    text = token()
    ids = w.many(2, name=text)
    return w.cursors(search=text, order="normal", limit=1) == (None, ids[1])


@fault(KIND, NONE, normal_turned, "a second endpoint of search that knows two orders")
def fourth_normal_is_desc_with_search() -> ASGIApp:
    """A search under order=normal has the cursors of order=desc."""

    def change(asked: Listing) -> Listing:
        return replace(asked, order="desc") if asked.search and asked.order == "normal" else asked

    return listing(change)


class Farthest(Pages):
    """The way back gives the far end of what precedes the cursor."""

    def far(self, listing: Listing) -> bool:
        """Whether this list does."""
        raise NotImplementedError

    def organizations(self, listing: Listing) -> list[Organization]:
        """The page, taken from the wrong end."""
        cursor = self.back_from(listing)
        if cursor is None or not self.far(listing):
            return super().organizations(listing)
        return self.backward(listing, self.key(listing, cursor), EVERYBODY)[::-1][: listing.limit]


def newest_given(w: Wire) -> bool:
    ids = w.many(4)
    return w.ids(order="normal", limit=1, after=ids[0]) != [ids[1]]


@fault(KIND, NONE, newest_given, "WHERE id > :after ORDER BY id DESC LIMIT n")
def fourth_normal_after_gives_newest() -> ASGIApp:
    """Under order=normal, a page after a cursor holds the newest of all newer ones, not the nearest."""

    class Normal(Farthest):
        def far(self, listing: Listing) -> bool:
            return listing.order == "normal"

    return app(pages=Normal)


def oldest_given(w: Wire) -> bool:
    name = domain()
    ids = w.many(4, domain_data=verified(name))
    return w.ids(order="asc", domains=name, limit=1, before=ids[3]) != [ids[2]]


@fault(KIND, NONE, oldest_given, "WHERE id < :before ORDER BY id LIMIT n")
def fourth_asc_before_with_domains_gives_oldest() -> ASGIApp:
    """Under order=asc with domains, a page before a cursor holds the oldest of all, not the nearest."""

    class Ascending(Farthest):
        def far(self, listing: Listing) -> bool:
            return listing.order == "asc" and bool(listing.domains)

    return app(pages=Ascending)


def eleven_given(w: Wire) -> bool:
    name = domain()
    w.many(11, domain_data=verified(name))
    return len(w.ids(domains=name)) == 11


@fault(KIND, NONE, eleven_given, "a finder of its own for domains")
def fourth_no_default_limit_with_domains() -> ASGIApp:
    """A list by domains without a limit holds up to a hundred."""

    class Unlimited(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return replace(asked, limit=100) if asked.domains and not query.getlist("limit") else asked

    return app(rules=Unlimited())


@fault(KIND, NONE, lambda w: w.list(search="a", limit=101).status_code == 200, "a search controller without the rules")
def fourth_limit_unbounded_with_search() -> ASGIApp:
    """A search accepts a limit above 100."""

    def change(request: Request) -> Request:
        if request.operation != "list" or not parse_qs(request.query).get("search"):
            return request
        return request.replaced(query=re.sub(r"limit=(10[1-9]|1[1-9]\d|[2-9]\d\d|\d{4,})", "limit=100", request.query))

    return on_request(change)


def zero_accepted(w: Wire) -> bool:
    return w.list(limit=0, after=w.made()["id"]).status_code == 200


@fault(KIND, NONE, zero_accepted, "`limit || default` only on the first page")
def fourth_limit_zero_with_cursor() -> ASGIApp:
    """A limit of 0 is taken for 10 in a request with a cursor."""

    def change(request: Request) -> Request:
        if request.operation == "list" and re.search("(after|before)=", request.query):
            return request.replaced(query=re.sub(r"limit=0(?!\d)", "limit=10", request.query))
        return request

    return on_request(change)


@fault(KIND, NONE, lambda w: w.list(domains=domain()).json()["data"] is None, "a nil slice of Go")
def fourth_data_null_without_matching_domain() -> ASGIApp:
    """The data of a list by domains are null where nothing matches."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good or "domains" not in request.query or response.json["data"]:
            return response
        return response.with_json({**response.json, "data": None})

    return on_response(change)


@fault(KIND, NONE, lambda w: "list_metadata" not in w.list(search=token()).json(), "an early return")
def fourth_empty_page_without_cursors() -> ASGIApp:
    """An empty page has no list_metadata."""

    def change(page: Object) -> Object:
        return page if page["data"] else without(page, "list_metadata")

    return relisted(change)
