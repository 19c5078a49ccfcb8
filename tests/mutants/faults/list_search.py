"""Searches that find too much or too little."""

from __future__ import annotations

import dataclasses

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.parts.listing import also_searching, asking, searching, without_search
from tests.mutants.planting import mutant, plant

COMMON = ("the", "and", "of", "a")


def without_vowels(text: str) -> str:
    """A text by its consonants."""
    return "".join(letter for letter in text.casefold() if letter not in "aeiou")


# fmt: off
plant("search-ignored", "list.search", "search is ignored.", asking(without_search))
plant("search-cut-short", "list.search", "Only the first three characters of a search count.",
      asking(lambda listing: dataclasses.replace(listing, search=listing.search[:3])))
plant("search-of-one-or-two-ignored", "list.search", "A search of fewer than three characters is ignored.",
      asking(lambda listing: without_search(listing) if len(listing.search) < 3 else listing))
plant("search-of-one-or-two-finds-nothing", "list.search", "A search of fewer than three characters finds nothing.",
      searching(lambda name, search: len(search) > 2 and search.casefold() in name.casefold()))
plant("search-of-common-words-ignored", "list.search", "A search for a word like the or and is ignored.",
      asking(lambda listing: without_search(listing) if listing.search.lower() in COMMON else listing))
plant("search-in-external-ids-too", "list.search", "A search finds external_ids too.",
      also_searching(lambda organization: organization.external_id or ""))
plant("search-in-domains-too", "list.search", "A search finds domains too.",
      also_searching(lambda organization: " ".join(domain.domain for domain in organization.domains)))
plant("search-in-metadata-too", "list.search", "A search finds values of metadata too.",
      also_searching(lambda organization: " ".join(organization.metadata.values())))
plant("search-in-ids-too", "list.search", "A search finds ids too.", also_searching(lambda each: each.id))
plant("search-by-sound", "list.search", "A search does not mind vowels.",
      searching(lambda name, search: without_vowels(search) in without_vowels(name)))
# fmt: on


@mutant("search-without-match-lists-all", "list.search")
class SearchWithoutMatchListsAll(Pages):
    """A search that finds nothing lists everybody."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return super().organizations(listing) or super().organizations(without_search(listing))


@mutant("search-matches-whole-names", "list.search")
class SearchMatchesWholeNames(Pages):
    """A search finds only names that are the same."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return [each for each in found if listing.search in ("", each.name)]


@mutant("search-in-external-id-only", "list.search")
class SearchInExternalIdOnly(Pages):
    """A search looks at external_id, not at the name."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(without_search(listing), key, 1000)
        return [each for each in found if listing.search in (each.external_id or "")][:limit]


@mutant("search-of-old-names", "list.search")
class SearchOfOldNames(Store):
    """A search finds an organization under its first name only."""

    def update(self, organization: Organization) -> None:
        super().update(organization)
        statement = "UPDATE organization SET name_folded = ? WHERE id = ?"
        first = self._firsts.setdefault(organization.id, organization.name)
        self._connection.execute(statement, (first.casefold(), organization.id))

    def insert(self, organization: Organization) -> None:
        super().insert(organization)
        self._firsts[organization.id] = organization.name

    def __init__(self) -> None:
        super().__init__()
        self._firsts: dict[str, str] = {}


@mutant("search-of-ascii-only", "list.search")
class SearchOfAsciiOnly(Pages):
    """A search with letters that are not ASCII finds nothing."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return super().older(listing, key, limit) if listing.search.isascii() else []


@mutant("search-matches-beginnings", "list.search-later-word")
class SearchMatchesBeginnings(Pages):
    """A search finds only how names begin."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return [each for each in found if each.name.startswith(listing.search)]
