"""Pages that give other cursors than the right ones: first, last, empty and single pages."""

from __future__ import annotations

import dataclasses

from emulator.paging import NEWEST, Page, Pages, nearest
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.mutants.planting import mutant


class Uncertain(Pages):
    """Pages that give a cursor whether or not something lies behind it."""

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        return page[-1].id if page and self.gives_onwards(listing, page) else super().cursor_onwards(listing, page)

    def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
        return page[0].id if page and self.gives_back(listing, page) else super().cursor_back(listing, page)

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return False

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        return False


@mutant("list.last-page")
class EndlessCursor(Uncertain):
    """The last page has a cursor onwards too."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return True


@mutant("list.last-page")
class CursorAfterAFullLastPage(Uncertain):
    """A last page that is exactly full has a cursor onwards."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return len(page) == listing.limit


@mutant("list.last-page")
class CursorAfterAFullLastPageUnderNormal(Uncertain):
    """Under normal a last page that is exactly full has a cursor onwards."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return len(page) == listing.limit and listing.order == "normal"


@mutant("list.first-page")
class CursorBeforeTheFirstPage(Uncertain):
    """The first page has a cursor back."""

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        return True


@mutant("list.walk-back")
class CursorBeforeTheFirstPageOnTheWayBack(Uncertain):
    """A first page that was reached from behind has a cursor back."""

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        return self.back_from(listing) is not None


@mutant("list.middle-page")
class NoWayOnFromThePageBefore(Uncertain):
    """A page that was reached from behind has no cursor back to where one came from."""

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        return None if self.back_from(listing) else super().cursor_onwards(listing, page)


@mutant("list.single-page")
class CursorsOnASinglePage(Uncertain):
    """A page that holds everything has a cursor onwards."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return len(page) < listing.limit and not self.onwards_from(listing)


class Given(Pages):
    """Pages that give other cursors than the right ones."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        return self.given(listing, page)

    def given(self, listing: Listing, page: Page) -> Page:
        return page


@mutant("list.empty-page")
class CursorsOnAnEmptyPage(Given):
    """An empty page has a cursor back, the last one known."""

    def given(self, listing: Listing, page: Page) -> Page:
        newest = self.store.older(NEWEST, 1, "", None)
        return page if page.organizations or not newest else dataclasses.replace(page, before=newest[0].id)


@mutant("list.walk-forward")
class CursorsAlwaysNull(Given):
    """No page has cursors."""

    def given(self, listing: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=None, after=None)


@mutant("list.walk-back")
class NoCursorBack(Given):
    """No page has a cursor back."""

    def given(self, listing: Listing, page: Page) -> Page:
        return (
            dataclasses.replace(page, after=None)
            if listing.order == "normal"
            else dataclasses.replace(page, before=None)
        )


@mutant("list.walk-forward")
class CursorsSwapped(Given):
    """Every page has its cursors swapped."""

    def given(self, listing: Listing, page: Page) -> Page:
        return dataclasses.replace(page, before=page.after, after=page.before)


@mutant("list.walk-forward")
class CursorIsFirstOfPage(Given):
    """The cursor onwards is the id of the page's first organization."""

    def given(self, listing: Listing, page: Page) -> Page:
        first = page.organizations[0].id if page.organizations else None
        if listing.order == "normal":
            return dataclasses.replace(page, before=page.before and first)
        return dataclasses.replace(page, after=page.after and first)


@mutant("list.walk-back")
class CursorBackIsLastOfPage(Given):
    """The cursor back is the id of the page's last organization."""

    def given(self, listing: Listing, page: Page) -> Page:
        last = page.organizations[-1].id if page.organizations else None
        if listing.order == "normal":
            return dataclasses.replace(page, after=page.after and last)
        return dataclasses.replace(page, before=page.before and last)


@mutant("list.walk-forward")
class CursorOfTheNextPage(Pages):
    """The cursor onwards is the id of the next page's first organization, which is then skipped."""

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        following = self.onwards(listing, page[-1].key, 1) if page else []
        return following[0].id if following else None


@mutant("list.walk-forward")
class ShortPageOfDomains(Pages):
    """A list of several domains is cut to its limit domain by domain, newest domains lost."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return nearest(super().older(listing, key, 1000)[:5], limit, newest_first=True)
