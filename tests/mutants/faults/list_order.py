"""Lists in another order than was asked for."""

from __future__ import annotations

import dataclasses
from typing import Any

from emulator.records import Organization
from emulator.validation import Listing, Rules
from tests.mutants.parts.listing import Resorted, asking, ordered, query
from tests.mutants.parts.middleware import Reply
from tests.mutants.parts.replies import sometimes
from tests.mutants.planting import mutant, plant


def shuffled(reply: Reply) -> None:
    """Puts the organizations of a page in reverse."""
    body = reply.json
    reply.json = {**body, "data": body["data"][::-1]}


# fmt: off
plant("every-twentieth-list-is-in-reverse", "list.order", "Every twentieth list is in reverse.",
      sometimes("list", 20, shuffled), flaky=True)
plant("asc-lists-the-newest-first", "list.order", "asc lists the newest first.",
      ordered("asc", turned_round=False, oldest_first=False))
plant("desc-lists-the-oldest-first", "list.order", "desc lists the oldest first.",
      ordered("desc", turned_round=False, oldest_first=True))
plant("normal-lists-the-oldest-first", "list.order", "normal lists the oldest first.",
      ordered("normal", turned_round=True, oldest_first=True))
plant("normal-is-asc", "list.order", "normal is asc.", ordered("normal", turned_round=False, oldest_first=True))
plant("normal-refused", "list.order", "The order normal is refused.", query("order", {"enum": ["asc", "desc"]}))

plant("order-in-capitals", "list.order-unknown", "DESC will do for desc.",
      query("order", {"enum": ["asc", "desc", "normal", "ASC", "DESC", "Asc", "Desc"]}))
plant("order-ignored-with-domains", "list.order", "A list of domains is always the newest first.",
      asking(lambda listing: dataclasses.replace(listing, order="desc") if listing.domains else listing))
# fmt: on


@mutant("sorted-by-name", "list.order")
class SortedByName(Resorted):
    """The organizations of a page are in the order of their names."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return sorted(page, key=lambda organization: organization.name)


@mutant("sorted-by-change", "list.order")
class SortedByChange(Resorted):
    """The organizations of a page are in the order of their last change."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return sorted(page, key=lambda organization: organization.updated_at, reverse=listing.order != "asc")


@mutant("last-two-swapped", "list.order")
class LastTwoSwapped(Resorted):
    """The last two organizations of a page are swapped."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return [*page[:-2], *page[-2:][::-1]]


@mutant("first-to-the-end", "list.order")
class FirstToTheEnd(Resorted):
    """The first organization of a page stands at its end."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return [*page[1:], *page[:1]]


@mutant("order-unchecked", "list.order-unknown")
class OrderUnchecked(Rules):
    """An order that is unknown counts as desc."""

    def check_query(self, given: Any) -> None:
        super().check_query({name: value for name, value in given.items() if name != "order"})
