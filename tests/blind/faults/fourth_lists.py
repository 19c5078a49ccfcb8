"""Pages and searches that go wrong only with a certain cursor, order, filter or text."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, unquote

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, relisted
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, Request, crash, reply, unprocessable, without
from tests.blind.parts.stores import EVERYBODY, matching
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


def refusing_search(request: Request, text: str, response: Reply) -> Request | Reply:
    """The response where the search has the text."""
    asked = parse_qs(request.query).get("search", [""]) if request.operation == "list" else [""]
    return response if text in asked[-1] else request


def encoded_text(w: Wire) -> bool:
    text = token()
    w.made(name=f"{text}%41")
    return not w.ids(search=f"{text}%41")


@fault(SEARCH, NONE, encoded_text, "decodeURIComponent of what the framework had decoded")
def fourth_search_decoded_twice() -> ASGIApp:
    """A search is percent-decoded once more."""
    return listing(lambda asked: replace(asked, search=unquote(asked.search)))


@fault(SEARCH, NONE, lambda w: w.list(search="\N{ROCKET}").status_code == 500, "illegal mix of collations in MySQL")
def fourth_search_with_emoji_fails() -> ASGIApp:
    """A search with a character beyond U+FFFF is answered with 500."""

    def change(request: Request) -> Request | Reply:
        asked = parse_qs(request.query).get("search", [""]) if request.operation == "list" else [""]
        return crash() if max(asked[-1], default="") > "\uffff" else request

    return on_request(change)


def stop_word(w: Wire) -> bool:
    id = w.made(name="The")["id"]
    return id not in w.ids(search="the", limit=100)


@fault(SEARCH, NONE, stop_word, "stop words of a full-text index")
def fourth_search_knows_stop_words() -> ASGIApp:
    """A search for a word like the, and, of finds nothing."""
    stop = {"a", "an", "and", "are", "as", "by", "for", "from", "in", "is", "it", "of", "on", "or", "the", "to", "with"}
    return matching(lambda text, each: text.casefold() not in stop and text.casefold() in each.name.casefold())


def digits(w: Wire) -> bool:
    name = str(time.time_ns())
    w.made(name=name)
    return not w.ids(search=name)


@fault(SEARCH, NONE, digits, "a search field that guesses what is meant")
def fourth_search_of_digits_takes_external_id() -> ASGIApp:
    """A search for digits alone looks at external_id instead of the name."""
    return matching(
        lambda text, each: text == each.external_id if text.isdigit() else text.casefold() in each.name.casefold()
    )


def like_id(w: Wire) -> bool:
    name = f"org_{token()}"
    w.made(name=name)
    return not w.ids(search=name)


@fault(SEARCH, NONE, like_id, "a search field that guesses what is meant")
def fourth_search_of_prefix_takes_id() -> ASGIApp:
    """A search that begins with org_ looks at the id instead of the name."""
    return matching(
        lambda text, each: text == each.id if text.startswith("org_") else text.casefold() in each.name.casefold()
    )


def like_domain(w: Wire) -> bool:
    name = domain()
    w.made(name=name)
    return not w.ids(search=name)


@fault(SEARCH, NONE, like_domain, "a search field that guesses what is meant")
def fourth_search_of_domain_takes_domains() -> ASGIApp:
    """A search that looks like a domain looks at the domains instead of the name."""

    def matches(text: str, each: Organization) -> bool:
        if re.fullmatch(r"([\w-]+\.)+[a-z]{2,}", text):
            return text in {one.domain for one in each.domains}
        return text.casefold() in each.name.casefold()

    return matching(matches)


def old_name_found(w: Wire) -> bool:
    text = token()
    id = w.made()["id"]
    w.changed(id, name=text, metadata={"a": "b"})
    return not w.ids(search=text)


@fault(SEARCH, NONE, old_name_found, "after_commit that asks whether the name was the change")
def fourth_search_misses_name_changed_with_others() -> ASGIApp:
    """A search knows the old name when an update changed other fields along with the name."""
    old: dict[str, str] = {}

    class Noting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            new = super().updated(known, body)
            if "name" in body:
                old.pop(known.id, None) if len(body) == 1 else old.setdefault(known.id, known.name)
            return new

    class Indexed(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            text = search.casefold()
            return [each for each in found if text in old.get(each.id, each.name).casefold()][:limit]

    return app(Indexed(), changes=Noting())


def escaped(w: Wire) -> bool:
    name = f"{token()} & Sons"
    w.made(name=name)
    return not w.ids(search=name)


@fault(SEARCH, NONE, escaped, "a middleware against XSS that cleans the query")
def fourth_search_escaped_for_html() -> ASGIApp:
    """A search with &, <, > or quotes is escaped as in HTML."""
    return listing(lambda asked: replace(asked, search=html.escape(asked.search)))


@fault(SEARCH, NONE, lambda w: w.list(search="").status_code == 422, "ConvertEmptyStringsToNull of Laravel")
def fourth_empty_search_refused() -> ASGIApp:
    """An empty search is refused."""

    def change(request: Request) -> Request | Reply:
        asked = parse_qs(request.query, keep_blank_values=True) if request.operation == "list" else {}
        return unprocessable("search", "must be a string") if asked.get("search") == [""] else request

    return on_request(change)


@fault(SEARCH, NONE, lambda w: w.list(search="a\0b").status_code == 500, "invalid byte sequence in PostgreSQL")
def fourth_search_with_nul_fails() -> ASGIApp:
    """A search with U+0000 is answered with 500."""
    return on_request(lambda request: refusing_search(request, "\0", crash()))


@fault(KIND, NONE, lambda w: w.http.get("/organizations?search=%E0%A4").status_code == 500, "ArgumentError of Rails")
def fourth_query_not_in_utf_8_fails() -> ASGIApp:
    """A query that is not in UTF-8 is answered with 500."""

    def change(request: Request) -> Request | Reply:
        try:
            unquote(request.query, errors="strict")
        except UnicodeDecodeError:
            return reply(500, {"message": "invalid byte sequence in UTF-8"})
        return request

    return on_request(change)
