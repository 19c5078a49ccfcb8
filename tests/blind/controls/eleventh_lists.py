"""Lists that answer otherwise where nothing is promised."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, domain, token, verified

LAG = 200
"""Milliseconds."""


def _encoded(w: Wire) -> object:
    first, second = domain(), domain()
    ids = [w.made(domain_data=verified(name))["id"] for name in (first, second)]
    by = [w.http.get(f"{ORGANIZATIONS}?domains={first}{comma}{second}").json()["data"] for comma in ("%2C", ",")]
    return by[0] == [] and len(by[1]) == len(ids)


@control("lists", "list.commas-encoded is INFO", _encoded)
def eleventh_encoded_commas_do_not_separate() -> ASGIApp:
    """An encoded comma belongs to the domain that is looked for."""

    def joined(value: re.Match[str]) -> str:
        return re.sub("%2c", "%20", value[0], flags=re.IGNORECASE)

    def read(request: Request) -> Request | Reply:
        if request.operation != "list":
            return request
        return request.replaced(query=re.sub(r"(?<=domains=)[^&]*", joined, request.query))

    return on_request(read)


def _words(w: Wire) -> object:
    first, second = token(), token()
    id = w.made(name=f"{first} and {second}")["id"]
    return w.ids(search=f"{second} {first}") == [id]


@control("lists", "list.search-several-words is INFO", _words)
def eleventh_all_words_in_any_order() -> ASGIApp:
    """search for several words finds the names that hold all of them, in any order."""

    def matches(text: str, found: Organization) -> bool:
        name = found.name.casefold()
        words = text.casefold().split()
        return text.casefold() in name or (len(words) > 1 and all(word in name for word in words))

    return matching(matches)


class Slow(Store):
    """Lists what was made some time ago."""

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super()._walk(direction, than, EVERYBODY, search, domain)
        return [each for each in found if each.created_at + LAG <= now()][:limit]


def _not_yet(w: Wire) -> object:
    id = w.made()["id"]
    return id not in w.ids() and w.get(id).status_code == 200


@control("lists", "list.shows-created: within the moment that lists may lag", _not_yet, lag=1.0)
def eleventh_lists_show_the_new_later() -> ASGIApp:
    """Lists show a new organization 200 milliseconds after its create."""
    return app(Slow())


def _from_the_start(w: Wire) -> object:
    newest = w.made()["id"]
    data = w.list(order="desc", after=token()).json().get("data", [])
    return [each["id"] for each in data[:1]] == [newest]


class Restarting(Pages):
    """Begins at the start of the list where a cursor is unknown."""

    def page(self, listing: Listing) -> Page:
        """The first page where the cursor is unknown."""
        cursor = listing.after or listing.before
        if cursor and self.store.by_id(cursor) is None:
            first = Listing(listing.limit, listing.order, None, None, listing.domains, listing.search)
            return super().page(first)
        return super().page(listing)


@control("lists", "list.unknown-cursor is INFO", _from_the_start)
def eleventh_unknown_cursors_begin_anew() -> ASGIApp:
    """A cursor that belongs to no organization is answered by the first page."""
    return app(pages=Restarting)


class Remembering(Store):
    """Knows where deleted organizations were."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, Key] = {}

    def delete(self, organization: Organization) -> None:
        """Remembers the place."""
        super().delete(organization)
        self.gone[organization.id] = organization.key


class Places(Pages):
    """Takes cursors of deleted organizations."""

    def key(self, listing: Listing, cursor: str) -> Key:
        """The place of a cursor, also of a deleted organization."""
        assert isinstance(self.store, Remembering)
        return self.store.gone.get(cursor) or super().key(listing, cursor)


def _beside(w: Wire) -> object:
    older = w.made()["id"]
    gone = deleted(w)["id"]
    w.made()
    return w.list(order="desc", after=gone, limit=1).json().get("data", [{}])[0].get("id") == older


@control("lists", "list.unknown-cursor is INFO: a deleted organization's id", _beside)
def eleventh_deleted_cursors_lead_on() -> ASGIApp:
    """The id of a deleted organization still leads to what was beside it."""
    return app(Remembering(), pages=Places)
