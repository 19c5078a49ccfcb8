"""Cursors onwards that lead elsewhere, and pages that lose or repeat an organization."""

from __future__ import annotations

import dataclasses

from emulator.paging import Page, Pages, nearest
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.parts.listing import OtherCursors, asking, is_first, ordered, without_search
from tests.mutants.parts.middleware import Reply
from tests.mutants.parts.replies import sometimes
from tests.mutants.planting import mutant, plant


def shorter(reply: Reply) -> None:
    """Loses the last organization of a page."""
    body = reply.json
    reply.json = {**body, "data": body["data"][:-1]}


def doubled(reply: Reply) -> None:
    """Lists the first organization of a page twice."""
    body = reply.json
    reply.json = {**body, "data": [*body["data"][:1], *body["data"]]}


def without_cursors(reply: Reply) -> None:
    """Gives a page no cursors."""
    body = reply.json
    reply.json = {**body, "list_metadata": {"before": None, "after": None}}


class NothingOnPagesOfOne(OtherCursors):
    """Gives an empty page where one organization is asked for."""

    def other(self, listing: Listing, page: Page) -> Page:
        return Page([], None, None) if listing.limit == 1 else page


# fmt: off
plant("page-of-one-is-empty", "list.walk-forward", "A page of one is empty.", NothingOnPagesOfOne)
plant("search-ignored-under-asc", "list.walk-forward", "search is ignored under asc.",
      asking(lambda listing: without_search(listing) if listing.order == "asc" else listing))
plant("every-twentieth-list-loses-the-last", "list.walk-forward", "Every twentieth list loses the last.",
      sometimes("list", 20, shorter), flaky=True)
plant("every-twentieth-list-doubles-the-first", "list.walk-forward", "Every twentieth list doubles the first.",
      sometimes("list", 20, doubled), flaky=True)
plant("every-twentieth-list-has-no-cursors", "list.walk-forward", "Every twentieth list has no cursors.",
      sometimes("list", 20, without_cursors), flaky=True)
plant("desc-has-the-cursors-of-normal", "list.walk-forward", "desc has the cursors of normal.",
      ordered("desc", turned_round=True, oldest_first=False))
plant("asc-has-its-cursors-turned-round", "list.walk-forward", "asc has its cursors turned round.",
      ordered("asc", turned_round=True, oldest_first=True))
# fmt: on


@mutant("cursors-always-null", "list.walk-forward")
class CursorsAlwaysNull(OtherCursors):
    """No page has cursors."""

    def other(self, listing: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=None, after=None)


@mutant("cursors-swapped", "list.walk-forward")
class CursorsSwapped(OtherCursors):
    """Every page has its cursors swapped."""

    def other(self, listing: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=page.after, after=page.before)


@mutant("cursor-is-first-of-page", "list.walk-forward")
class CursorIsFirstOfPage(OtherCursors):
    """The cursor onwards is the id of the page's first organization."""

    def other(self, listing: Listing, page: Page) -> Page:
        first = page.organizations[0].id if page.organizations else None
        if listing.order == "normal":
            return dataclasses.replace(page, before=page.before and first)
        return dataclasses.replace(page, after=page.after and first)


@mutant("cursor-of-the-next-page", "list.walk-forward")
class CursorOfTheNextPage(Pages):
    """The cursor onwards is the id of the next page's first organization, which is then skipped."""

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        following = self.onwards(listing, page[-1].key, 1) if page else []
        return following[0].id if following else None


@mutant("short-page-of-domains", "list.walk-forward")
class ShortPageOfDomains(Pages):
    """A list of several domains is cut to its limit domain by domain, newest domains lost."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return nearest(super().older(listing, key, 1000)[:5], limit, newest_first=True)


@mutant("search-minds-case-behind-a-cursor", "list.walk-forward")
class SearchMindsCaseBehindACursor(Pages):
    """On the second page a search is held against names in capitals."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return found if is_first(listing) else [each for each in found if listing.search in each.name.upper()]


@mutant("cursor-onwards-ignored", "list.walk-forward")
class CursorOnwardsIgnored(Pages):
    """The cursor onwards is ignored: the first page comes again."""

    def onwards_from(self, listing: Listing) -> str | None:
        return None


@mutant("one-lost-between-pages", "list.walk-forward")
class OneLostBetweenPages(Pages):
    """The first organization behind a cursor is skipped."""

    def organizations(self, listing: Listing) -> list[Organization]:
        if self.onwards_from(listing) is None or self.back_from(listing) is not None:
            return super().organizations(listing)
        return self.onwards(listing, self.start(listing), listing.limit + 1)[1:]


@mutant("page-with-one-twice", "list.walk-forward")
class PageWithOneTwice(Pages):
    """The third organization of a page is listed in the place of the second too."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if len(found) < 3 else [found[0], found[2], *found[2:]]


@mutant("changed-ones-lost", "list.walk-forward")
class ChangedOnesLost(Pages):
    """Organizations that were changed after their creation are not listed on full pages."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        if listing.limit > 50:
            return found
        return [organization for organization in found if organization.updated_at == organization.created_at] or found


@mutant("oldest-not-listed", "list.walk-forward")
class OldestNotListed(Pages):
    """The oldest match is not listed when nothing else is left behind it."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return found[:-1] if limit > 10 and len(found) < limit else found


@mutant("stops-after-two-pages", "list.walk-forward")
class StopsAfterTwoPages(Pages):
    """Nothing follows behind the second page."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.firsts: set[str] = set()

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        cursor = super().cursor_onwards(listing, page)
        if self.onwards_from(listing) in self.firsts:
            return None
        if cursor and self.onwards_from(listing) is None and self.back_from(listing) is None:
            self.firsts.add(cursor)
        return cursor


@mutant("without-domains-not-listed", "list.walk-forward")
class WithoutDomainsNotListed(Pages):
    """Organizations without domains are not listed."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return [organization for organization in super().organizations(listing) if organization.domains]
