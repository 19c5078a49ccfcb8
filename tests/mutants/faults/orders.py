"""Lists in another order than was asked for."""

from __future__ import annotations

import dataclasses

from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.validation import Listing, Rules
from tests.mutants.planting import mutant, plant


@mutant("list.newest-first")
class OldestFirstByDefault(Rules):
    """Without an order the oldest come first."""

    def default(self, name: str) -> object:
        return "asc" if name == "order" else super().default(name)


def ordered(order: str, turned: bool, oldest_first: bool, around: bool = False) -> type[Pages]:
    """Pages that take one order for another."""

    class Reordered(Pages):
        def oldest_first(self, listing: Listing) -> bool:
            return oldest_first if listing.order == order else super().oldest_first(listing)

        def turned_round(self, listing: Listing) -> bool:
            return turned if listing.order == order else super().turned_round(listing)

    return Reordered


for order, turned, oldest, requirement, fault in (
    ("asc", False, False, "list.order", "asc lists the newest first"),
    ("desc", False, True, "list.order", "desc lists the oldest first"),
    ("normal", True, True, "list.order", "normal lists the oldest first"),
    ("normal", False, False, "list.walk-forward", "normal has the cursors of desc"),
    ("desc", True, False, "list.walk-forward", "desc has the cursors of normal"),
    ("asc", True, True, "list.walk-forward", "asc has its cursors turned round"),
    ("normal", False, True, "list.order", "normal is asc"),
):
    plant(fault.replace(" ", "-"), requirement, fault, ordered(order, turned, oldest))


class Resorted(Pages):
    """Pages whose items are put into another order after they were chosen."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        return dataclasses.replace(page, organizations=self.resorted(listing, page.organizations))

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return page


@mutant("list.order")
class SortedByName(Resorted):
    """The organizations of a page are in the order of their names."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return sorted(page, key=lambda organization: organization.name)


@mutant("list.order")
class SortedByChange(Resorted):
    """The organizations of a page are in the order of their last change."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return sorted(page, key=lambda organization: organization.updated_at, reverse=listing.order != "asc")


@mutant("list.order")
class LastTwoSwapped(Resorted):
    """The last two organizations of a page are swapped."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return [*page[:-2], *page[-2:][::-1]]


@mutant("list.order")
class FirstToTheEnd(Resorted):
    """The first organization of a page stands at its end."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return [*page[1:], *page[:1]]


@mutant("list.newest-first")
class ShuffledWithoutFilter(Resorted):
    """A page without a search is in the order of its names."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return page if listing.search else sorted(page, key=lambda organization: organization.name)
