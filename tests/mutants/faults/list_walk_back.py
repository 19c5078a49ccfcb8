"""Cursors back that lead elsewhere."""

from __future__ import annotations

import dataclasses

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.mutants.parts.listing import OtherCursors, before_key
from tests.mutants.planting import mutant


@mutant("no-cursor-back", "list.walk-back")
class NoCursorBack(OtherCursors):
    """No page has a cursor back."""

    def other(self, listing: Listing, page: Page) -> Page:
        return (
            dataclasses.replace(page, after=None)
            if listing.order == "normal"
            else dataclasses.replace(page, before=None)
        )


@mutant("cursor-back-is-last-of-page", "list.walk-back")
class CursorBackIsLastOfPage(OtherCursors):
    """The cursor back is the id of the page's last organization."""

    def other(self, listing: Listing, page: Page) -> Page:
        last = page.organizations[-1].id if page.organizations else None
        if listing.order == "normal":
            return dataclasses.replace(page, after=page.after and last)
        return dataclasses.replace(page, before=page.before and last)


@mutant("limit-forgotten-on-the-way-back", "list.walk-back")
class LimitForgottenOnTheWayBack(Pages):
    """Pages on the way back hold ten, whatever the limit."""

    def backward(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return super().backward(listing, key, limit if limit == 1 else 10)


@mutant("page-back-in-reverse", "list.walk-back")
class PageBackInReverse(Pages):
    """Pages on the way back are in reverse."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if self.back_from(listing) is None else found[::-1]


@mutant("page-back-in-reverse-under-asc", "list.walk-back")
class PageBackInReverseUnderAsc(Pages):
    """Pages on the way back are in reverse, under asc only."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if self.back_from(listing) is None or listing.order != "asc" else found[::-1]


@mutant("cursor-back-leads-to-the-first-page", "list.walk-back")
class CursorBackLeadsToTheFirstPage(Pages):
    """The way back always leads to the first page."""

    def organizations(self, listing: Listing) -> list[Organization]:
        if self.back_from(listing) is None:
            return super().organizations(listing)
        found = self.backward(listing, self.key(listing, self.back_from(listing) or ""), 1000)[::-1]
        return found[: listing.limit]


@mutant("cursor-back-leads-onwards", "list.walk-back")
class CursorBackLeadsOnwards(Pages):
    """The cursor back leads onwards."""

    def organizations(self, listing: Listing) -> list[Organization]:
        cursor = self.back_from(listing)
        if cursor is None:
            return super().organizations(listing)
        return self.onwards(listing, self.key(listing, cursor), listing.limit)


@mutant("cursor-back-ignored", "list.walk-back")
class CursorBackIgnored(Pages):
    """The cursor back is ignored: the first page comes again."""

    def back_from(self, listing: Listing) -> str | None:
        return None


@mutant("cursor-back-inclusive", "list.walk-back")
class CursorBackInclusive(Pages):
    """A page on the way back ends with the organization that the cursor stands for."""

    def organizations(self, listing: Listing) -> list[Organization]:
        cursor = self.back_from(listing)
        if cursor is None:
            return super().organizations(listing)
        key = before_key(self.key(listing, cursor), not self.oldest_first(listing))
        return self.backward(listing, key, listing.limit)[::-1]


@mutant("desc-before-without-filter-gives-newest", "list.walk-back")
class DescBeforeWithoutFilterGivesNewest(Pages):
    """Under desc, without a filter, before is ignored."""

    def page(self, listing: Listing) -> Page:
        is_plain = listing.order == "desc" and not listing.search and not listing.domains
        return super().page(dataclasses.replace(listing, before=None) if is_plain else listing)
