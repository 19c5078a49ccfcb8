"""Lists that are asked for, chosen or continued otherwise, as far as the sources leave it open."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Key
from emulator.validation import Listing, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.stores import matching
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, token, verified

KIND = "fifth: lists"
KNOWN = {"limit", "order", "before", "after", "search", "domains", "domains[]", "domains[0]"}


def other_cursors(w: Wire) -> bool:
    w.many(2)
    return str(w.cursors(limit=1, order="desc")[1]).startswith("v1.")


@control(KIND, "list.cursor-is-object-id is SHOULD", other_cursors, may_warn=True)
def fifth_cursors_with_a_version() -> ASGIApp:
    """A cursor is a version and the id in hexadecimal digits; an id may be sent as well."""

    def written(cursor: str | None) -> str | None:
        return f"v1.{cursor.encode().hex()}" if cursor else None

    def read(request: Request) -> Request:
        if request.operation != "list":
            return request
        asked = parse_qsl(request.query, keep_blank_values=True)
        plain = urlencode([(name, id_in(value) if name in ("before", "after") else value) for name, value in asked])
        return request.replaced(query=plain)

    def shown(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        page = response.json
        cursors = {name: written(cursor) for name, cursor in page["list_metadata"].items()}
        return response.with_json({**page, "list_metadata": cursors})

    return on_response(shown, on_request(read))


def id_in(cursor: str) -> str:
    """The id that a cursor stands for."""
    try:
        return bytes.fromhex(cursor.removeprefix("v1.")).decode() if cursor.startswith("v1.") else cursor
    except ValueError:
        return cursor


def both(w: Wire) -> bool:
    ids = w.many(3)
    return w.list(order="desc", before=ids[0], after=ids[2]).status_code == 200


@control(KIND, "list.both-cursors is INFO", both)
def fifth_before_goes_first() -> ASGIApp:
    """Where both cursors are given, after is ignored."""

    def change(request: Request) -> Request:
        asked = parse_qsl(request.query, keep_blank_values=True) if request.operation == "list" else []
        if "before" not in dict(asked) or "after" not in dict(asked):
            return request
        return request.replaced(query=urlencode([(name, value) for name, value in asked if name != "after"], safe=","))

    return on_request(change)


@control(KIND, "list.unknown-cursor is INFO", lambda w: w.list(order="asc", after="org_a").status_code == 200)
def fifth_unknown_cursors_are_ignored() -> ASGIApp:
    """A page from an unknown cursor is the first one of its direction."""

    class Ignoring(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            if self.store.by_id(cursor):
                return super().key(listing, cursor)
            forward = cursor == self.onwards_from(listing)
            return OLDEST if forward == self.oldest_first(listing) else NEWEST

    return app(pages=Ignoring)


@control(KIND, "list.unknown-parameter is INFO", lambda w: w.list(other="a").status_code == 422)
def fifth_unknown_parameters_refused() -> ASGIApp:
    """A list with an unknown query parameter answers 422."""

    def change(request: Request) -> Request | Reply:
        asked = dict(parse_qsl(request.query, keep_blank_values=True)) if request.operation == "list" else {}
        return unprocessable("query", "is unknown") if asked.keys() - KNOWN else request

    return on_request(change)


def repeated(w: Wire) -> bool:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    return not w.ids(domains=[first, second])


@control(KIND, "list.domains-repeated is INFO", repeated)
def fifth_last_of_repeated_domains() -> ASGIApp:
    """Where domains comes several times, the last one counts."""

    class Last(Rules):
        def names(self, values: Sequence[str]) -> list[str] | None:
            return super().names(values[-1:])

    return app(rules=Last())


def exact(w: Wire) -> bool:
    text = token()
    w.made(name=text)
    return bool(w.ids(search=text)) and not w.ids(search=text.upper())


@control(KIND, "list.search-other-case is INFO", exact)
def fifth_search_in_exact_case() -> ASGIApp:
    """A search tells capital from small letters."""
    return matching(lambda text, each: text in each.name)


def any_word_order(w: Wire) -> bool:
    first, second = token(), token()
    w.made(name=f"{first} a {second}")
    return bool(w.ids(search=f"{second} {first}"))


@control(KIND, "list.search-several-words is INFO", any_word_order)
def fifth_search_finds_words_in_any_order() -> ASGIApp:
    """A search finds the names that hold all its words, in any order."""
    return matching(lambda text, each: all(word in each.name.casefold() for word in text.casefold().split()))


@control(KIND, "list.empty-parameters is INFO", lambda w: w.list(limit="", after="", order="").status_code == 200)
def fifth_empty_parameters_are_ignored() -> ASGIApp:
    """An empty query parameter counts as one that is not given."""

    def change(request: Request) -> Request:
        given = [pair for pair in request.query.split("&") if not pair.endswith("=")]
        return request.replaced(query="&".join(given)) if request.operation == "list" else request

    return on_request(change)


def not_yet(w: Wire) -> bool:
    text = token()
    w.made(name=text)
    return not w.ids(search=text)


@control(KIND, "list.shows-created: lists may lag", not_yet)
def fifth_searches_lag() -> ASGIApp:
    """A search finds a new organization a quarter of a second after its create."""
    return matching(lambda text, each: text.casefold() in each.name.casefold() and now() - each.created_at > 250)
