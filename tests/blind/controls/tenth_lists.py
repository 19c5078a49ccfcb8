"""Lists, where their sources leave a choice."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qsl, quote

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified


def _words(w: Wire) -> object:
    first, second = token(), token()
    id = w.made(name=f"{first} and {second}")["id"]
    return w.ids(search=f"{second} {first}") == [id]


@control("search", "list.search-several-words is INFO", _words)
def tenth_words_in_any_order() -> ASGIApp:
    """A search for several words finds the names that hold all of them, in any order."""

    def matches(text: str, found: Organization) -> bool:
        name = found.name.casefold()
        return text.casefold() in name or (bool(text.split()) and all(word in name for word in text.casefold().split()))

    return matching(matches)


def _last(w: Wire) -> object:
    one, two = domain(), domain()
    w.made(domain_data=verified(one))
    id = w.made(domain_data=verified(two))["id"]
    return [each["id"] for each in w.http.get(f"{ORGANIZATIONS}?domains={one}&domains={two}").json()["data"]] == [id]


@control("queries", "list.domains-repeated is INFO", _last)
def tenth_last_domains_count() -> ASGIApp:
    """Where domains is given several times, the last one counts."""

    def shortened(request: Request) -> Request:
        parts = request.query.split("&")
        given = [part for part in parts if part.startswith("domains=")]
        kept = [part for part in parts if part not in given[:-1]]
        return request.replaced(query="&".join(kept)) if request.operation == "list" and len(given) > 1 else request

    return on_request(shortened)


def _encoded(w: Wire) -> object:
    one, two = domain(), domain()
    w.made(domain_data=verified(one))
    both = [w.http.get(f"{ORGANIZATIONS}?domains={one}{comma}{two}").json()["data"] for comma in (",", "%2C")]
    return [len(each) for each in both] == [1, 0]


@control("queries", "list.commas-encoded is INFO", _encoded)
def tenth_encoded_commas_are_no_separators() -> ASGIApp:
    """A percent-encoded comma in domains is part of the domain."""

    def hidden(request: Request) -> Request:
        parts = [
            part.replace("%2C", "%FF").replace("%2c", "%FF") if part.startswith("domains=") else part
            for part in request.query.split("&")
        ]
        return request.replaced(query="&".join(parts)) if request.operation == "list" else request

    return on_request(hidden)


def _first_page(w: Wire) -> object:
    ids = w.many(2)[::-1]
    page = w.list(order="desc", limit=2, after="org_01EHZNVPK3SFK441A1RGBFSHRT").json().get("data", [])
    return [each["id"] for each in page] == ids


@control("cursors", "list.unknown-cursor is INFO", _first_page)
def tenth_unknown_cursors_are_ignored() -> ASGIApp:
    """A cursor that no organization has counts as none."""

    class Ignoring(Pages):
        def page(self, listing: Listing) -> Page:
            after, before = self.known(listing.after), self.known(listing.before)
            return super().page(dataclasses.replace(listing, after=after, before=before))

        def known(self, cursor: str | None) -> str | None:
            return cursor if cursor and self.store.by_id(cursor) else None

    return app(pages=Ignoring)


BETWEEN = " and "
"""Stands between two cursors that are handed on as one."""


def _window(w: Wire) -> object:
    ids = w.many(4)[::-1]
    page = w.list(order="desc", after=ids[0], before=ids[3]).json().get("data", [])
    return [each["id"] for each in page] == ids[1:3]


@control("cursors", "list.both-cursors is INFO", _window)
def tenth_two_cursors_are_a_window() -> ASGIApp:
    """With both cursors a list shows what lies between them, on one page without cursors."""

    class Window(Pages):
        def page(self, listing: Listing) -> Page:
            after, _, before = (listing.after or "").partition(BETWEEN)
            if not before:
                return super().page(listing)
            ends = self.key(listing, after), self.key(listing, before)
            start, end = ends[::-1] if listing.order == "normal" else ends
            found = self.onwards(listing, start, listing.limit)
            between = [each for each in found if each.key != end and (each.key < end) == (listing.order == "asc")]
            return Page(between, None, None)

    def joined(request: Request) -> Request:
        given = dict(parse_qsl(request.query))
        if request.operation != "list" or not {"after", "before"} <= given.keys():
            return request
        others = [part for part in request.query.split("&") if part.partition("=")[0] not in ("after", "before")]
        cursor = f"after={quote(given['after'] + BETWEEN + given['before'])}"
        return request.replaced(query="&".join([*others, cursor]))

    return on_request(joined, app(pages=Window))


def _repeated(w: Wire) -> object:
    return w.http.get(f"{ORGANIZATIONS}?limit=1&limit=2").status_code == 422


@control("queries", "no source speaks of a parameter that is given twice", _repeated)
def tenth_repeated_parameters_are_refused() -> ASGIApp:
    """A list with limit, order, search or a cursor given twice answers 422."""

    def judged(request: Request) -> Request | Reply:
        names = [part.partition("=")[0] for part in request.query.split("&")]
        twice = {name for name in names if names.count(name) > 1} - {"domains", "domains[]"}
        known = twice & {"limit", "order", "search", "after", "before"}
        return unprocessable(min(known), "must be given once") if request.operation == "list" and known else request

    return on_request(judged)


LATE = 200
"""Milliseconds."""


class Late(Store):
    """Lists what was created a moment ago a moment later."""

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super()._walk(direction, than, EVERYBODY, search, domain)
        return [each for each in found if now() - each.created_at >= LATE][:limit]


def _not_yet(w: Wire) -> object:
    id = w.made()["id"]
    return id not in w.ids(order="desc") and w.get(id).status_code == 200


@control("staleness", "list.shows-created: within the moment that lists may lag", _not_yet, lag=1.0)
def tenth_lists_show_the_new_a_moment_later() -> ASGIApp:
    """For 200 milliseconds lists do not show what was created."""
    return app(Late())
