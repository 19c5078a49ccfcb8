"""Pages that are shorter than their limit although more follows."""

from __future__ import annotations

import dataclasses

from emulator.paging import Page, Pages
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.planting import mutant

CROWD = 120
"""Organizations that are there before, more than fit one page."""


class Capped(Pages):
    """Pages with a limit of their own, in an environment of more organizations than that."""

    most = 100

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        store.fill(CROWD)

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=min(listing.limit, self.most)))


@mutant("limit-capped-at-50", "list.full-pages")
class LimitCappedAt50(Capped):
    """A limit above 50 counts as 50."""

    most = 50


@mutant("limit-capped-at-99", "list.full-pages")
class LimitCappedAt99(Capped):
    """A limit of 100 counts as 99."""

    most = 99


@mutant("page-one-too-few", "list.full-pages")
class PageOneTooFew(Pages):
    """A page of more than one holds one less than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=max(1, listing.limit - 1)))
