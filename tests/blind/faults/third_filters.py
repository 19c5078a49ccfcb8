"""Searches and filters that find too little or too much in one case only."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from urllib.parse import parse_qs

from starlette.types import ASGIApp

from emulator.paging import Pages, nearest
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Reply, Request, crash, not_found, reply
from tests.blind.parts.stores import EVERYBODY, filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

FILTERS = "search and filters"


def _has(text: str, organization: Organization) -> bool:
    return text.casefold() in organization.name.casefold()


def _finds_nothing(w: Wire, name: str, search: str) -> bool:
    w.made(name=name)
    return w.ids(search=search) == []


@fault(FILTERS, "none: a search finds a name", lambda w: _finds_nothing(w, "Qz", "Qz"), "an index of trigrams")
def searches_need_three_letters() -> ASGIApp:
    """A search for one or two characters finds nothing, not even a name of just these."""
    return matching(lambda text, each: len(text) > 2 and _has(text, each))


@fault(FILTERS, "none: a search finds a name", lambda w: _finds_nothing(w, "x" * 70 + " tail", "tail"), "prefix index")
def searches_look_at_sixty_four_characters() -> ASGIApp:
    """Only the first 64 characters of a name are searched."""
    return matching(lambda text, each: text.casefold() in each.name.casefold()[:64])


def _stop_word(w: Wire) -> bool:
    w.made(name="Zebra")
    return bool(w.ids(search="the"))


@fault(FILTERS, "none: a search shows no other names", _stop_word, "stop words of full-text search")
def stop_words_find_everything() -> ASGIApp:
    """A search for a stop word of English is no search at all."""
    return matching(lambda text, each: text.lower() in {"the", "and", "of", "a", "for", "with"} or _has(text, each))


@fault(FILTERS, "none: a search finds a name", lambda w: _finds_nothing(w, "Rocket \U0001f680", "\U0001f680"))
def searches_find_no_emoji() -> ASGIApp:
    """A search with a character beyond the basic plane finds nothing."""
    return matching(lambda text, each: max(text) < "\U00010000" and _has(text, each))


def _by_external_id(w: Wire) -> bool:
    text = token()
    w.made(external_id=text)
    return bool(w.ids(search=text))


@fault(FILTERS, "none: search matches the name", _by_external_id)
def searches_find_external_ids() -> ASGIApp:
    """A search finds organizations by their external_id too."""
    return matching(lambda text, each: _has(text, each) or text in (each.external_id or ""))


def _minus(w: Wire) -> bool:
    text = token()
    return _finds_nothing(w, f"{text} -Beta", f"{text} -Beta")


@fault(FILTERS, "none: characters stand for themselves", _minus, "websearch_to_tsquery")
def a_minus_excludes_a_word() -> ASGIApp:
    """In a search, a word with a minus in front must not be in the name."""

    def matches(text: str, each: Organization) -> bool:
        excluded = re.findall(r"(?:^|\s)-(\w+)", text)
        return _has(text, each) and not any(_has(word, each) for word in excluded)

    return matching(matches)


def _second_rename(w: Wire) -> bool:
    id, last = w.made()["id"], token()
    w.changed(id, name=token())
    w.changed(id, name=last)
    return w.ids(search=last) == []


@fault(FILTERS, "none: a search finds the name", _second_rename, "a job that runs once for each id")
def the_second_new_name_is_not_found() -> ASGIApp:
    """A search knows the name of the first update, not that of the second."""

    class Once(Store):
        def __init__(self) -> None:
            super().__init__()
            self.indexed: dict[str, str] = {}

        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            if known is not None and known.name != organization.name:
                self.indexed.setdefault(organization.id, organization.name)
            super().update(organization)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            names = ((self.indexed.get(each.id, each.name), each) for each in found)
            return [each for name, each in names if search.casefold() in name.casefold()][:limit]

    return app(Once())


def _two_for_one(w: Wire) -> bool:
    one, other = domain(), domain()
    w.made(domain_data=verified(one))
    w.made(domain_data=verified(other))
    return len(w.ids(domains=f"{one},{other}", limit=1)) == 2


@fault(FILTERS, "none: no page is longer than its limit", _two_for_one, "a UNION of limited queries")
def the_limit_counts_for_each_domain() -> ASGIApp:
    """With two domains a page has up to twice its limit."""

    class Each(Pages):
        def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            each = (self.store.older(key, limit, listing.search, name) for name in self.domains(listing))
            return nearest([*chain(*each)], EVERYBODY, newest_first=True)

    return app(pages=Each)


def _search_is_lost(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return bool(w.ids(domains=name, search=token()))


@fault(FILTERS, "none: both filters count", _search_is_lost)
def domains_turn_the_search_off() -> ASGIApp:
    """With `domains`, `search` is not looked at."""
    return listing(lambda asked: replace(asked, search="") if asked.domains else asked)


def _fourth_domain(w: Wire) -> bool:
    names = [domain() for _ in range(4)]
    w.made(domain_data=verified(*names))
    return w.ids(domains=names[3]) == []


@fault(FILTERS, "none: any domain matches", _fourth_domain)
def the_fourth_domain_is_not_filtered_by() -> ASGIApp:
    """A filter of domains looks at the first three domains of an organization."""
    return filtering(lambda each, name: name in [found.domain for found in each.domains[:3]])


def _dot_is_any(w: Wire) -> bool:
    text = token()
    w.made(domain_data=verified(f"{text}-a.example.com"))
    return bool(w.ids(domains=f"{text}.a.example.com"))


@fault(FILTERS, "none: only matching domains", _dot_is_any, "a filter made into a regular expression")
def a_dot_in_a_domain_is_any_character() -> ASGIApp:
    """The filter of domains is a regular expression, in which a dot is any character."""

    def has(each: Organization, name: str) -> bool:
        pattern = re.escape(name).replace(r"\.", ".")
        return any(re.fullmatch(pattern, found.domain) for found in each.domains)

    return filtering(has)


def _sixth_of_six(w: Wire) -> bool:
    names = [domain() for _ in range(6)]
    w.made(domain_data=verified(names[5]))
    return w.ids(domains=",".join(names)) == []


@fault(FILTERS, "none: any of the domains matches", _sixth_of_six)
def five_domains_are_filtered_by() -> ASGIApp:
    """Of the domains in a filter, the sixth and later ones are not looked at."""
    return listing(lambda asked: replace(asked, domains=asked.domains[:5]))


def _asked(request: Request, name: str) -> str:
    return parse_qs(request.query, errors="replace").get(name, [""])[-1]


@fault(FILTERS, "none: no crash", lambda w: w.list(search="x" * 300).status_code == 500, "a column of 255 characters")
def a_long_search_crashes() -> ASGIApp:
    """A search for more than 255 characters is answered with 500."""
    return on_request(lambda request: crash() if len(_asked(request, "search")) > 255 else request)


@fault(FILTERS, "none: no crash", lambda w: w.http.get("/organizations?domains=a%00b").status_code == 500, "PostgreSQL")
def a_zero_in_a_domain_crashes() -> ASGIApp:
    """U+0000 in the filter of domains is answered with 500."""
    return on_request(lambda request: crash() if "\0" in _asked(request, "domains") else request)


@fault(FILTERS, "none: no crash", lambda w: w.list(after="").status_code == 500, "an empty text where an id is decoded")
def an_empty_cursor_crashes() -> ASGIApp:
    """`after=` without a value is answered with 500."""
    empty = re.compile("(^|&)(after|before)=(&|$)")
    return on_request(lambda request: crash() if empty.search(request.query) else request)


def _nothing_follows(w: Wire) -> bool:
    return w.list(after=w.made()["id"]).status_code == 404


@fault(FILTERS, "none: an empty page is a page", _nothing_follows, "paginators that raise beyond the end")
def a_page_beyond_the_end_is_not_found() -> ASGIApp:
    """An empty page that a cursor led to is answered with 404."""

    def missing(request: Request, response: Reply) -> Reply:
        led = request.operation == "list" and (_asked(request, "after") or _asked(request, "before"))
        return not_found("page") if led and response.good and not response.json["data"] else response

    return on_response(missing)


def _large_page(w: Wire) -> bool:
    w.many(10, metadata={f"key{i}": "v" * 600 for i in range(10)})
    return w.list().status_code == 502


@fault(FILTERS, "none: lists are answered with 200", _large_page, "gateways with a bound on responses")
def large_pages_fail() -> ASGIApp:
    """A list of more than 60 KB is answered with 502."""
    return on_response(
        lambda request, response: (
            reply(502, {"message": "Bad Gateway"})
            if request.operation == "list" and len(response.body) > 60_000
            else response
        )
    )


def _partial(w: Wire) -> bool:
    w.many(2)
    return w.list(limit=1).status_code == 206


@fault(FILTERS, "none: lists are answered with 200", _partial, "Django and Rails paginators that think of Range")
def a_page_of_several_is_partial_content() -> ASGIApp:
    """A page that another one follows is answered with 206."""

    def partial(request: Request, response: Reply) -> Reply:
        more = request.operation == "list" and response.good and response.json["list_metadata"]["after"]
        return response.replaced(status=206) if more else response

    return on_response(partial)
