"""Pages back that hold more than what stands before their cursor."""

from __future__ import annotations

import dataclasses

from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.mutants.planting import mutant


@mutant("short-page-back-filled", "list.short-page-back")
class ShortPageBackFilled(Pages):
    """Where fewer than limit come before the cursor, the page is the first one of the list."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        if self.back_from(listing) is None or len(found) == listing.limit:
            return found
        return self.onwards(listing, self.start(dataclasses.replace(listing, before=None, after=None)), listing.limit)


@mutant("short-page-back-empty", "list.short-page-back")
class ShortPageBackEmpty(Pages):
    """Where fewer than limit come before the cursor, the page is empty."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if self.back_from(listing) is None or len(found) == listing.limit else []
