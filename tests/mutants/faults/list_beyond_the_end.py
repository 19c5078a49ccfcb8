"""Pages behind the last organization."""

from __future__ import annotations

import dataclasses

from emulator.paging import Page, Pages
from emulator.refusals import NotFound
from emulator.validation import Listing
from tests.mutants.planting import mutant


@mutant("beyond-the-end-is-missing", "list.beyond-the-end")
class BeyondTheEndIsMissing(Pages):
    """A page behind the last organization is answered with 404."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        if not page.organizations and (listing.after or listing.before):
            raise NotFound("page")
        return page


@mutant("beyond-the-end-begins-again", "list.beyond-the-end")
class BeyondTheEndBeginsAgain(Pages):
    """A page behind the last organization is the first one again."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        return page if page.organizations or not listing.after else super().page(first(listing))


def first(listing: Listing) -> Listing:
    """The same list from its beginning."""
    return dataclasses.replace(listing, after=None, before=None)
