"""Filters by several domains that find too much or too little."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.validation import Listing, Rules
from tests.mutants.parts.listing import asking, without_domains
from tests.mutants.planting import mutant, plant

# fmt: off
plant("first-domain-only", "list.several-domains", "Only the first of several domains counts.",
      asking(lambda listing: dataclasses.replace(listing, domains=listing.domains[:1])))
plant("last-domain-only", "list.several-domains", "Only the last of several domains counts.",
      asking(lambda listing: dataclasses.replace(listing, domains=listing.domains[-1:])))
plant("two-domains-at-most", "list.several-domains", "Only the first two of several domains count.",
      asking(lambda listing: dataclasses.replace(listing, domains=listing.domains[:2])))
plant("several-domains-ignored", "list.several-domains", "Several domains are ignored.",
      asking(lambda listing: listing if len(listing.domains) < 2 else without_domains(listing)))
plant("five-domains-at-most", "list.several-domains", "Only the first five of several domains count.",
      asking(lambda listing: dataclasses.replace(listing, domains=listing.domains[:5])))
# fmt: on


@mutant("domains-not-split", "list.several-domains")
class DomainsNotSplit(Rules):
    """Several domains with commas between count as one name."""

    def names(self, values: Sequence[str]) -> list[str] | None:
        return [*values] or None


@mutant("all-domains-needed", "list.several-domains")
class AllDomainsNeeded(Pages):
    """Several domains list who has all of them."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        wanted = set(listing.domains)
        return [each for each in found if wanted <= {domain.domain for domain in each.domains}]


@mutant("listed-once-for-each-domain", "list.several-domains")
class ListedOnceForEachDomain(Pages):
    """An organization with two of the domains is listed twice."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        wanted = set(listing.domains)
        return [each for each in found for _ in wanted & {domain.domain for domain in each.domains} or [None]][:limit]
