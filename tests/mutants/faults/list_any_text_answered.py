"""Texts that make a list fail."""

from __future__ import annotations

from collections.abc import Callable

from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.mutants.parts.failures import Failure
from tests.mutants.planting import plant


def failing(fails: Callable[[Listing], bool]) -> type[Pages]:
    """Pages that fail for some listings."""

    class Failing(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            if fails(listing):
                raise Failure("Internal error")
            return super().organizations(listing)

    return Failing


# fmt: off
plant("long-search-fails", "list.any-text-answered", "A search of more than 255 characters makes the server fail.",
      failing(lambda listing: len(listing.search) > 255))
plant("emoji-in-long-search-fails", "list.any-text-answered", "A search of more than 500 bytes makes the server fail.",
      failing(lambda listing: len(listing.search.encode()) > 500))
plant("null-character-in-domains-fails", "list.any-text-answered", "U+0000 in domains makes the server fail.",
      failing(lambda listing: any("\0" in domain for domain in listing.domains)))
# fmt: on
