"""Pages of organizations: which walk through the store makes a page, and which cursors lead on from it.

A list runs in one direction, newest or oldest first. `asc` and `desc` name the way onwards `after`
and the way back `before`; `normal` names them the other way round (O, R).
"""

from __future__ import annotations

from dataclasses import dataclass

from emulator.records import Key, Organization
from emulator.refusals import Fault, InvalidParameters
from emulator.store import Store
from emulator.validation import Listing

OLDEST: Key = (-1, "")
NEWEST: Key = (2**62, "")


@dataclass(frozen=True)
class Page:
    """Neighbouring organizations, and the cursors to what lies around them."""

    organizations: list[Organization]
    before: str | None
    after: str | None


class Pages:
    """Reads pages from a store, inside a transaction."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def page(self, listing: Listing) -> Page:
        """The page that a listing asks for. Raises InvalidParameters when its cursor is unknown."""
        organizations = self.organizations(listing)
        back = self.cursor_back(listing, organizations)
        onwards = self.cursor_onwards(listing, organizations)
        if self.turned_round(listing):
            return Page(organizations, before=onwards, after=back)
        return Page(organizations, before=back, after=onwards)

    def organizations(self, listing: Listing) -> list[Organization]:
        """The organizations of the page, in the order of the list whichever way it was reached."""
        cursor = self.back_from(listing)
        if cursor is not None:
            return self.backward(listing, self.key(listing, cursor), listing.limit)[::-1]
        return self.onwards(listing, self.start(listing), listing.limit)

    def turned_round(self, listing: Listing) -> bool:
        """Whether `before` leads onwards and `after` back."""
        return listing.order == "normal"

    def oldest_first(self, listing: Listing) -> bool:
        """The direction of the list."""
        return listing.order == "asc"

    def back_from(self, listing: Listing) -> str | None:
        """The cursor whose predecessors are asked for."""
        return listing.after if self.turned_round(listing) else listing.before

    def onwards_from(self, listing: Listing) -> str | None:
        """The cursor whose successors are asked for."""
        return listing.before if self.turned_round(listing) else listing.after

    def start(self, listing: Listing) -> Key:
        """The key behind which a page begins: the cursor's, or the end of time."""
        cursor = self.onwards_from(listing)
        if cursor is not None:
            return self.key(listing, cursor)
        return OLDEST if self.oldest_first(listing) else NEWEST

    def key(self, listing: Listing, cursor: str) -> Key:
        """The place of a cursor. Raises InvalidParameters when no organization has this id."""
        known = self.store.by_id(cursor)
        if known is None:
            field = "before" if listing.before == cursor else "after"
            raise InvalidParameters([Fault("unknown_cursor", field, f"{field} must be the id of an organization")])
        return known.key

    def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
        """The page's first id, when something precedes it."""
        return page[0].id if page and self.backward(listing, page[0].key, 1) else None

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        """The page's last id, when something follows it."""
        return page[-1].id if page and self.onwards(listing, page[-1].key, 1) else None

    def onwards(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """What follows a key in the list, nearest first."""
        return self.newer(listing, key, limit) if self.oldest_first(listing) else self.older(listing, key, limit)

    def backward(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """What precedes a key in the list, nearest first."""
        return self.older(listing, key, limit) if self.oldest_first(listing) else self.newer(listing, key, limit)

    def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """The matching organizations just newer than a key, nearest first."""
        found = [
            organization
            for domain in self.domains(listing)
            for organization in self.store.newer(key, limit, listing.search, domain)
        ]
        return nearest(found, limit, newest_first=False)

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """The matching organizations just older than a key, nearest first."""
        found = [
            organization
            for domain in self.domains(listing)
            for organization in self.store.older(key, limit, listing.search, domain)
        ]
        return nearest(found, limit, newest_first=True)

    def domains(self, listing: Listing) -> tuple[str | None, ...]:
        """The domains to ask for one by one: no index has the order of several; None asks for all."""
        return tuple(dict.fromkeys(listing.domains)) or (None,)


def nearest(found: list[Organization], limit: int, *, newest_first: bool) -> list[Organization]:
    """The first `limit` of some organizations, each once, by age."""
    each = {organization.id: organization for organization in found}.values()
    return sorted(each, key=lambda organization: organization.key, reverse=newest_first)[:limit]
