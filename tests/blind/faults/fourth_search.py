"""Searches that go wrong only with a certain text, or after a certain change."""

from __future__ import annotations

import html
import re
import time
from dataclasses import replace
from urllib.parse import parse_qs, unquote

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token

KIND = "fourth: lists"
SEARCH = "fourth: search"
NONE = "none: not looked up"


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
