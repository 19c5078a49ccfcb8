"""Filters that are lost beside another one, or on the way from page to page."""

from __future__ import annotations

from typing import Any

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.refusals import Fault, InvalidParameters
from emulator.validation import Listing, Rules
from tests.mutants.parts.listing import asking, is_first, without_domains, without_search
from tests.mutants.planting import mutant, plant


def leads_back(listing: Listing) -> bool:
    """Whether a cursor back is given."""
    return (listing.after if listing.order == "normal" else listing.before) is not None


# fmt: off
plant("search-ignored-with-domains", "list.filters-combine", "search is ignored where there are domains.",
      asking(lambda listing: without_search(listing) if listing.domains else listing))
plant("domains-ignored-with-search", "list.filters-combine", "domains is ignored where there is a search.",
      asking(lambda listing: without_domains(listing) if listing.search else listing))

plant("search-lost-behind-a-cursor", "list.filter-survives-paging", "search is ignored where there is a cursor.",
      asking(lambda listing: listing if is_first(listing) else without_search(listing)))
plant("domains-lost-behind-a-cursor", "list.filter-survives-paging", "domains is ignored where there is a cursor.",
      asking(lambda listing: listing if is_first(listing) else without_domains(listing)))
plant("domains-forgotten-backward", "list.filter-survives-paging", "domains is ignored on the way back.",
      asking(lambda listing: without_domains(listing) if leads_back(listing) else listing))
plant("filters-forgotten-under-normal", "list.filter-survives-paging", "Filters are ignored under normal.",
      asking(lambda listing: without_domains(without_search(listing)) if listing.order == "normal" else listing))
# fmt: on


@mutant("either-filter-will-do", "list.filters-combine")
class EitherFilterWillDo(Pages):
    """search and domains together list what matches one of them."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        if not (listing.search and listing.domains):
            return super().older(listing, key, limit)
        either = [
            *super().older(without_search(listing), key, limit),
            *super().older(without_domains(listing), key, limit),
        ]
        each = {organization.id: organization for organization in either}.values()
        return sorted(each, key=lambda organization: organization.key, reverse=True)[:limit]


@mutant("search-and-domains-conflict", "list.filters-combine")
class SearchAndDomainsConflict(Rules):
    """search and domains together are refused."""

    def check_query(self, given: Any) -> None:
        super().check_query(given)
        if "search" in given and "domains" in given:
            raise InvalidParameters([Fault("conflicting", "search", "search cannot be combined with domains")])
