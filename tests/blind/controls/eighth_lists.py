"""Lists that make use of what their sources leave open."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.paging import Page
from emulator.records import Key, Organization
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Object, Request
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import control
from tests.blind.wire import Wire, token


def _after_counts(w: Wire) -> object:
    ids = w.many(3)
    found = w.list(order="desc", before=ids[1], after=ids[1], limit=1)
    return found.status_code == 200 and [each["id"] for each in found.json()["data"]] == [ids[0]]


@control("paging", "list.both-cursors is INFO", _after_counts)
def eighth_after_goes_before_before() -> ASGIApp:
    """Where a list has both cursors, before is ignored."""

    def read(request: Request) -> Request:
        both = request.operation == "list" and all(re.search(f"(^|&){c}=", request.query) for c in ("before", "after"))
        return request.replaced(query=re.sub("(^|&)before=[^&]*", "", request.query).lstrip("&")) if both else request

    return on_request(read)


def _recorded(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, limit=2) == (ids[1], None)


@control("paging", "list.cursors-without-order is INFO: the recorded API had them turned round", _recorded)
def eighth_no_order_is_normal() -> ASGIApp:
    """Without an order the cursors lead as under normal."""

    class Recorded(Rules):
        def default(self, name: str) -> Any:
            return "normal" if name == "order" else super().default(name)

    return app(rules=Recorded())


def _other_case(w: Wire) -> object:
    name = token()
    w.made(name=name)
    return w.ids(search=name.upper()) == []


@control("search", "list.search-other-case is INFO", _other_case)
def eighth_search_minds_case() -> ASGIApp:
    """A search finds its text in names in the same case alone."""
    return matching(lambda text, found: text in found.name)


def _not_found_yet(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    return w.ids(search=name) == [] and id in w.ids()


REFRESH = 250
"""Milliseconds."""


@control("staleness", "list.shows-created: within the moment that lists may lag", _not_found_yet, lag=1.0)
def eighth_search_index_lags() -> ASGIApp:
    """A search finds an organization a quarter of a second after its creation; lists without a search at once."""

    class Refreshing(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if not search:
                return super()._walk(direction, than, limit, search, domain)
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [each for each in found if each.created_at <= now() - REFRESH][:limit]

    return app(Refreshing())


def _hexadecimal(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, limit=1, order="desc")[1] == ids[2].encode().hex()


@control(
    "paging",
    "list.cursors: each a string or null; that it is an id is a SHOULD",
    _hexadecimal,
    may_warn=True,
)
def eighth_cursors_are_hexadecimal() -> ASGIApp:
    """Cursors are the ids in hexadecimal digits; ids are taken as cursors too."""

    class Reading(Rules):
        def listing(self, query: Query) -> Listing:
            given = super().listing(query)
            return dataclasses.replace(given, before=_id(given.before), after=_id(given.after))

    class Writing(Responses):
        def page(self, page: Page) -> Object:
            before, after = (cursor and cursor.encode().hex() for cursor in (page.before, page.after))
            return super().page(dataclasses.replace(page, before=before, after=after))

    return app(rules=Reading(), responses=Writing())


def _id(cursor: str | None) -> str | None:
    """The id that a cursor stands for; what is none is left as it is."""
    try:
        return cursor and bytes.fromhex(cursor).decode()
    except ValueError:
        return cursor
