"""Pages of another size than was asked for."""

from __future__ import annotations

import dataclasses

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from tests.mutants.planting import mutant

CROWD = 120
"""Organizations that are there before, more than fit one page."""


@mutant("list.limit")
class LimitIgnored(Pages):
    """Every page holds ten, whatever the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=10))


class Capped(Pages):
    """Pages with a limit of their own, in an environment of more organizations than that."""

    most = 100

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        store.fill(CROWD)

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=min(listing.limit, self.most)))


@mutant("list.limit")
class LimitCappedAt50(Capped):
    """A limit above 50 counts as 50."""

    most = 50


@mutant("list.limit")
class LimitCappedAt99(Capped):
    """A limit of 100 counts as 99."""

    most = 99


@mutant("list.limit")
class OneTooMany(Pages):
    """A page holds one more than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=listing.limit + 1))


@mutant("list.limit")
class OneTooFew(Pages):
    """A page of more than one holds one less than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=max(1, listing.limit - 1)))


@mutant("list.limit")
class LimitForgottenBehindACursor(Pages):
    """Pages after the first hold ten, whatever the limit."""

    def page(self, listing: Listing) -> Page:
        limit = 10 if listing.after or listing.before else listing.limit
        return super().page(dataclasses.replace(listing, limit=limit))


@mutant("list.walk-back")
class LimitForgottenOnTheWayBack(Pages):
    """Pages on the way back hold ten, whatever the limit."""

    def backward(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return super().backward(listing, key, limit if limit == 1 else 10)


@mutant("list.default-limit")
class TwentyByDefault(Rules):
    """Without a limit a page holds 20."""

    def default(self, name: str) -> object:
        return 20 if name == "limit" else super().default(name)


@mutant("list.default-limit")
class NineByDefault(Rules):
    """Without a limit a page holds 9."""

    def default(self, name: str) -> object:
        return 9 if name == "limit" else super().default(name)


@mutant("list.default-limit")
class DefaultForgottenWithoutSearch(Rules):
    """Without a limit and without a search a page holds 100."""

    def listing(self, query: Query) -> Listing:
        listing = super().listing(query)
        plain = not (listing.search or listing.domains or query.getlist("limit"))
        return dataclasses.replace(listing, limit=100) if plain else listing


@mutant("list.default-limit")
class DefaultDependsOnOrder(Rules):
    """Without a limit a page under asc holds 25."""

    def listing(self, query: Query) -> Listing:
        listing = super().listing(query)
        return listing if query.getlist("limit") or listing.order != "asc" else dataclasses.replace(listing, limit=25)


@mutant("list.filter-survives-paging")
class TwoAtLeast(Pages):
    """A page holds two at least."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=max(2, listing.limit)))
