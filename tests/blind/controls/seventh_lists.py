"""Lists, where their sources leave a choice."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified


def _one_name(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    return w.http.get(f"{ORGANIZATIONS}?domains={first}%2C{second}").json()["data"] == []


@control("domain filter", "list.commas-encoded is INFO", _one_name)
def seventh_encoded_comma_separates_nothing() -> ASGIApp:
    """A comma in domains that is percent-encoded is a character of the domain."""

    def read(request: Request) -> Request:
        if request.operation != "list":
            return request
        query = re.sub("domains=[^&]*", lambda found: re.sub("(?i)%2c", "%1F", found.group()), request.query)
        return request.replaced(query=query)

    return on_request(read)


def _bracketed(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.made()
    return w.http.get(f"{ORGANIZATIONS}?domains[]={name}").json()["data"][0]["id"] == id


@control("domain filter", "list.domains-brackets is INFO", _bracketed)
def seventh_brackets_filter_too() -> ASGIApp:
    """domains[] filters like domains."""
    return requery(r"domains(\[\]|%5B%5D|%5b%5d)=", "domains=")


def _other_order(w: Wire) -> object:
    name = token()
    id = w.made(name=f"North {name}")["id"]
    return w.ids(search=f"{name} North") == [id]


@control("search", "list.search-several-words is INFO", _other_order)
def seventh_words_in_any_order() -> ASGIApp:
    """search for several words finds names that have all of them, in any order."""

    def matches(text: str, found: Organization) -> bool:
        name = found.name.casefold()
        return text.casefold() in name or all(word in name for word in text.casefold().split() or [text])

    return matching(matches)


LAG = 250
"""Milliseconds."""


def _not_yet(w: Wire) -> object:
    return w.made()["id"] not in w.ids()


@control("staleness", "list.shows-created: within the moment that lists may lag", _not_yet, lag=1.0)
def seventh_lists_lag_a_quarter_second() -> ASGIApp:
    """Lists show a new organization a quarter of a second after it was created."""

    class Lagging(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [each for each in found if each.created_at <= now() - LAG][:limit]

    return app(Lagging())


EMPTY = {"object": "list", "data": [], "list_metadata": {"before": None, "after": None}}


@control(
    "paging",
    "list.unknown-cursor is INFO; list.any-cursor-answered: any documented answer",
    lambda w: w.list(after="org_01ARZ3NDEKTSV4RRFFQ69G5FAV").json().get("data") == [],
)
def seventh_unknown_cursor_has_nothing_behind() -> ASGIApp:
    """Behind a cursor that no organization has, a list is empty."""

    def altered(request: Request, response: Reply) -> Reply:
        unknown = request.operation == "list" and b"unknown_cursor" in response.body
        return reply(200, EMPTY) if unknown else response

    return on_response(altered)
