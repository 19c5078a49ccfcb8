"""Lists, where their sources leave a choice."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qsl

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.paging import Page, Pages, nearest
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from emulator.walks import NEWER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.stores import matching
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, token

DOCUMENTED = {"limit", "order", "before", "after", "domains", "search"}


def _refused(w: Wire) -> object:
    queries = ("?page=2", "?search=", "?domains=")
    return [w.http.get(ORGANIZATIONS + query).status_code for query in queries] == [422] * 3


@control("queries", "list.unknown-parameter and list.empty-parameters are INFO", _refused)
def ninth_strict_queries() -> ASGIApp:
    """A list with a parameter that is not documented, or with an empty one, answers 422."""

    def judged(request: Request) -> Request | Reply:
        if request.operation != "list":
            return request
        given = parse_qsl(request.query, keep_blank_values=True)
        wrong = [name for name, value in given if name not in DOCUMENTED or not value]
        return unprocessable("query", "has a parameter that is unknown or empty") if wrong else request

    return on_request(judged)


def _lenient(w: Wire) -> object:
    first, second, third = w.many(3)
    both = w.list(order="desc", after=third, before=first)
    unknown = w.list(after="org_01EHZNVPK3SFK441A1RGBFSHRT")
    answers = [each.json().get("data") for each in (both, unknown)]
    return None not in answers and answers[0][0]["id"] == second and answers[1] == []


class AfterFirst(Rules):
    """Reads one cursor."""

    def listing(self, query: Query) -> Listing:
        """Leaves before out where after is given."""
        after = query.getlist("after")

        class One:
            def getlist(self, name: str, /) -> list[str]:
                return [] if name == "before" and after else query.getlist(name)

        return super().listing(One())


class Lenient(Pages):
    """Takes any cursor."""

    def page(self, listing: Listing) -> Page:
        """An empty page where the cursor is unknown."""
        cursor = listing.after or listing.before
        if cursor and self.store.by_id(cursor) is None:
            return Page([], None, None)
        return super().page(listing)


@control("cursors", "list.both-cursors and list.unknown-cursor are INFO", _lenient)
def ninth_any_cursors_are_taken() -> ASGIApp:
    """Of both cursors after counts, and behind an unknown cursor a list is empty."""
    return app(rules=AfterFirst(), pages=Lenient)


def _case(w: Wire) -> object:
    name = token().upper()
    w.made(name=name)
    return w.ids(search=name.lower()) == [] and len(w.ids(search=name)) == 1


@control("search", "list.search-other-case is INFO", _case)
def ninth_search_minds_case() -> ASGIApp:
    """search tells capital and small letters apart."""
    return matching(lambda text, found: text in found.name)


def _without_order(w: Wire) -> object:
    ids = w.many(3)[::-1]
    return w.cursors(limit=2)[0] == ids[1] and w.cursors(limit=2, order="desc")[1] == ids[1]


@control("cursors", "list.cursors-without-order is INFO; R shows it so", _without_order)
def ninth_no_order_is_normal() -> ASGIApp:
    """Without an order a list has the cursors of normal."""

    class Normal(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return asked if query.getlist("order") else dataclasses.replace(asked, order="normal")

    return app(rules=Normal())


LAG = 200
"""Milliseconds."""


class Lagging(Store):
    """Lists what was deleted a moment ago."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, tuple[int, Organization]] = {}

    def delete(self, organization: Organization) -> None:
        """Remembers it."""
        super().delete(organization)
        self.gone[organization.id] = (now(), organization)

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super()._walk(direction, than, limit, search, domain)
        newer = direction is NEWER
        late = [
            each
            for moment, each in self.gone.values()
            if now() - moment < LAG
            and (each.key > than if newer else each.key < than)
            and search.casefold() in each.name.casefold()
            and (domain is None or domain in {own.domain for own in each.domains})
        ]
        return nearest([*found, *late], limit, newest_first=not newer) if late else found


class LaggingPages(Pages):
    """Knows the places of what was deleted."""

    def key(self, listing: Listing, cursor: str) -> Key:
        """The place of a cursor, also of a deleted organization."""
        assert isinstance(self.store, Lagging)
        _, gone = self.store.gone.get(cursor, (0, None))
        return gone.key if gone else super().key(listing, cursor)


def _still_there(w: Wire) -> object:
    id = w.made()["id"]
    w.delete(id)
    return id in w.ids() and w.get(id).status_code == 404


@control("staleness", "delete.gone-from-lists: within the moment that lists may lag", _still_there, lag=1.0)
def ninth_lists_show_the_deleted_for_a_moment() -> ASGIApp:
    """For 200 milliseconds lists show what was deleted."""
    return app(Lagging(), pages=LaggingPages)
