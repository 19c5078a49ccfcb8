"""Queries at the edge: without a value, beyond the end, with signs in them."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qs

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.faults.third_soft_deletion import SoftStore
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Request, crash
from tests.blind.parts.stores import filtering, matching
from tests.blind.registry import Proof, fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, pending, token, verified

QUERIES = "queries"


def _crashes(query: str) -> Proof:
    return lambda w: w.http.get(f"{ORGANIZATIONS}?{query}").status_code == 500


def crashing(pattern: str) -> ASGIApp:
    """An app that fails at some queries, by a regular expression."""
    form = re.compile(pattern)
    return on_request(
        lambda request: crash() if request.operation == "list" and form.search(request.query) else request
    )


@fault(QUERIES, "none: no crash", _crashes("search=%FF"), "strict decoding of queries")
def bytes_that_are_no_text_crash_searches() -> ASGIApp:
    """A search with %FF, which is no UTF-8, is answered with 500."""
    return crashing("search=[^&]*%[Ff][89A-Fa-f]")


@fault(QUERIES, "none: no crash", _crashes("after=%00"), "PostgreSQL")
def a_zero_in_a_cursor_crashes() -> ASGIApp:
    """U+0000 in a cursor is answered with 500."""
    return crashing("(before|after)=[^&]*%00")


@fault(QUERIES, "none: no crash", _crashes("limit="), "Integer.parseInt of an empty text")
def an_empty_limit_crashes() -> ASGIApp:
    """`limit=` without a value is answered with 500."""
    return crashing("limit=(&|$)")


@fault(QUERIES, "none: no crash", _crashes("order="), "valueOf of an enumeration")
def an_empty_order_crashes() -> ASGIApp:
    """`order=` without a value is answered with 500."""
    return crashing("order=(&|$)")


@fault(QUERIES, "none: no crash", _crashes("domains="), "IN () in SQL")
def an_empty_filter_crashes() -> ASGIApp:
    """`domains=` without a value is answered with 500."""
    return crashing("domains=(&|$)")


@fault(QUERIES, "none: no crash", _crashes("search="), "an empty query of a full-text index")
def an_empty_search_crashes() -> ASGIApp:
    """`search=` without a value is answered with 500."""
    return crashing("search=(&|$)")


@fault(QUERIES, "none: no crash", _crashes("after=" + "x" * 300), "a column that is too short")
def a_long_cursor_crashes() -> ASGIApp:
    """A cursor of more than 255 characters is answered with 500."""
    return crashing("(before|after)=[^&]{256}")


@fault(QUERIES, "none: no crash", _crashes("search=%20"), "a full-text index that splits at spaces")
def a_search_for_a_space_crashes() -> ASGIApp:
    """A search for nothing but white space is answered with 500."""
    return crashing(r"search=(%20|\+|%09|%C2%A0)+(&|$)")


@fault(QUERIES, "none: no crash", _crashes("search=%"), "a decoder that looks two characters ahead")
def a_lone_percent_crashes() -> ASGIApp:
    """A percent sign without two hexadecimal digits is answered with 500."""
    return crashing("%(?![0-9A-Fa-f]{2})")


def _whole_list(w: Wire) -> bool:
    ids = w.many(2)
    return w.ids(before=ids[1]) == ids[::-1]


@fault(QUERIES, "none: before gives what comes before", _whole_list, "an empty list that is taken for no list")
def nothing_before_is_the_first_page() -> ASGIApp:
    """With `before` and the first of the list, the first page comes, not an empty one."""

    def first(pages: Pages, asked: Listing, page: Page) -> Page:
        if asked.before is None or asked.order == "normal" or page.organizations:
            return page
        return Pages(pages.store).page(replace(asked, before=None))

    return paged(first)


def _from_the_start(w: Wire) -> bool:
    ids = w.many(2)
    return w.ids(after=ids[0]) == ids[::-1]


@fault(QUERIES, "none: after gives what comes after", _from_the_start, "an empty list that is taken for no list")
def nothing_after_is_the_first_page() -> ASGIApp:
    """With `after` and the last of the list, the first page comes again."""

    def first(pages: Pages, asked: Listing, page: Page) -> Page:
        if asked.after is None or asked.order == "normal" or page.organizations:
            return page
        return Pages(pages.store).page(replace(asked, after=None))

    return paged(first)


def _renamed_counts(w: Wire) -> bool:
    text = token()
    first, second = w.many(2, name=text)
    w.changed(first, name=token())
    return bool(w.cursors(search=text)[1] == second)


@fault(QUERIES, "none: no cursor on the last page", _renamed_counts, "a count from an index that lags")
def what_was_renamed_counts_as_more() -> ASGIApp:
    """The last page of a search has a cursor where an organization follows that once had a matching name."""
    former: dict[str, str] = {}

    class Former(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            if known is not None and known.name != organization.name:
                former.setdefault(organization.id, known.name)
            super().update(organization)

    class Counting(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            found = super().cursor_onwards(listing, page)
            if found or not page or not listing.search:
                return found
            rest = self.onwards(replace(listing, search=""), page[-1].key, 1000)
            return page[-1].id if any(listing.search in former.get(each.id, "") for each in rest) else None

    return app(Former(), pages=Counting)


def _cursor_before_nothing(w: Wire) -> bool:
    text = token()
    first, second = w.many(2, name=text)
    w.delete(second)
    return bool(w.cursors(search=text)[0] == first)


@fault(QUERIES, "none: no cursor before the first page", _cursor_before_nothing, "soft deletion")
def deleted_ones_count_as_before() -> ASGIApp:
    """The first page has a cursor `before` where only deleted organizations are newer."""

    class Kept(SoftStore):
        def _walk(self, direction, than, limit, search, domain):  # type: ignore[no-untyped-def]
            found = super()._walk(direction, than, 100_000 if self.hides else limit, search, domain)
            return [each for each in found if each.id not in self.gone][:limit] if self.hides else found

    class Counting(Pages):
        def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
            assert isinstance(self.store, SoftStore)
            self.store.hides = False
            try:
                return super().cursor_back(listing, page)
            finally:
                self.store.hides = True

    return app(Kept(), pages=Counting)


def _twenty_five(w: Wire) -> bool:
    w.many(13)
    return len(w.ids(limit=12)) == 13


@fault(QUERIES, "none: no page is longer than its limit", _twenty_five, "sizes of pages to choose from")
def limits_above_ten_are_rounded_up() -> ASGIApp:
    """A limit above ten becomes 25, 50 or 100, whichever is next."""
    return listing(
        lambda asked: (
            replace(asked, limit=next(size for size in (25, 50, 100) if asked.limit <= size))
            if asked.limit > 10
            else asked
        )
    )


def _plain_unfound(w: Wire) -> bool:
    name = domain()
    w.made(domains=[name])
    return w.ids(domains=name) == []


@fault(QUERIES, "none: any domain matches", _plain_unfound, "a filter that knows one table")
def plain_domains_are_not_filtered_by() -> ASGIApp:
    """A filter does not find domains that came by the deprecated `domains`."""
    return filtering(lambda each, name: name in {d.domain for d in each.domains if d.state != "legacy_verified"})


def _pending_unfound(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=pending(name))
    return w.ids(domains=name) == []


@fault(QUERIES, "none: any domain matches", _pending_unfound, "a filter made for logins")
def only_verified_domains_are_filtered_by() -> ASGIApp:
    """A filter finds verified domains only."""
    return filtering(lambda each, name: name in {d.domain for d in each.domains if d.state == "verified"})


def _cut_at_comma(w: Wire) -> bool:
    text = token()
    other = w.made(name=f"{text} Ltd")["id"]
    return other in w.ids(search=f"{text}, Inc")


@fault(QUERIES, "none: search matches the name", _cut_at_comma, "all parameters split at commas")
def a_search_ends_at_a_comma() -> ASGIApp:
    """Of a search, only what comes before the first comma is looked for."""
    return listing(lambda asked: replace(asked, search=asked.search.partition(",")[0]))


def _capital_accent(w: Wire) -> bool:
    w.made(name="\u00c9COLE")
    return w.ids(search="\u00c9COLE") == []


@fault(QUERIES, "none: a search finds a name", _capital_accent, "lower() of SQLite beside that of the language")
def capitals_beyond_ascii_are_not_found() -> ASGIApp:
    """A search with capital letters beyond ASCII finds nothing."""

    def ascii_lower(text: str) -> str:
        return "".join(c.lower() if c.isascii() else c for c in text)

    return matching(lambda text, each: text.lower() in ascii_lower(each.name))


def _slash_cut(w: Wire) -> bool:
    text = token()
    return w.made(name=f"{text} A&B") is not None and w.ids(search=f"{text} A&B") == []


@fault(QUERIES, "none: a search finds a name", _slash_cut, "a query decoded before it is split")
def a_search_ends_at_an_ampersand() -> ASGIApp:
    """A search with & or = in it, encoded as it must be, finds nothing."""

    def cut(request: Request) -> Request:
        text = parse_qs(request.query).get("search", [""])[-1]
        return request.replaced(query="search=%01") if request.operation == "list" and {*text} & {*"&="} else request

    return on_request(cut)


def _two_filters(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return w.ids(domains=f"{name},{name}") * 2 == []


@fault(QUERIES, "none: any domain matches", _two_filters, "HAVING count(*) = the number of domains")
def a_domain_given_twice_finds_nothing() -> ASGIApp:
    """A filter in which a domain comes twice finds nothing."""
    return listing(
        lambda asked: replace(asked, domains=("none.invalid",)) if len({*asked.domains}) < len(asked.domains) else asked
    )
