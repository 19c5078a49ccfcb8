"""Faults in the pages of a list: size, order, both cursors, both directions, ends, losses."""

from __future__ import annotations

import dataclasses

from emulator.paging import NEWEST, OLDEST, Page, Pages, nearest
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from tests.mutants.planting import mutant, plant

# ---- Size ---------------------------------------------------------------------------------------


@mutant("list.limit")
class LimitIgnored(Pages):
    """Every page holds ten, whatever the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=10))


@mutant("list.limit")
class LimitCappedAt50(Pages):
    """A limit above 50 counts as 50."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=min(listing.limit, 50)))


@mutant("list.limit")
class LimitCappedAt99(Pages):
    """A limit of 100 counts as 99."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=min(listing.limit, 99)))


@mutant("list.limit")
class OneTooMany(Pages):
    """A page holds one more than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=listing.limit + 1))


@mutant("list.limit")
class OneTooFew(Pages):
    """A page of more than one holds one less than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=max(1, listing.limit - 1)))


@mutant("list.limit")
class LimitForgottenBehindACursor(Pages):
    """Pages after the first hold ten, whatever the limit."""

    def page(self, listing: Listing) -> Page:
        limit = 10 if listing.after or listing.before else listing.limit
        return super().page(dataclasses.replace(listing, limit=limit))


@mutant("list.walk-back")
class LimitForgottenOnTheWayBack(Pages):
    """Pages on the way back hold ten, whatever the limit."""

    def back(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return super().back(listing, key, limit if limit == 1 else 10)


@mutant("list.default-limit")
class TwentyByDefault(Rules):
    """Without a limit a page holds 20."""

    def default(self, name: str) -> object:
        return 20 if name == "limit" else super().default(name)


@mutant("list.default-limit")
class NineByDefault(Rules):
    """Without a limit a page holds 9."""

    def default(self, name: str) -> object:
        return 9 if name == "limit" else super().default(name)


@mutant("list.default-limit")
class DefaultForgottenWithoutSearch(Rules):
    """Without a limit and without a search a page holds 100."""

    def listing(self, query: Query) -> Listing:
        listing = super().listing(query)
        plain = not (listing.search or listing.domains or query.getlist("limit"))
        return dataclasses.replace(listing, limit=100) if plain else listing


@mutant("list.default-limit")
class DefaultDependsOnOrder(Rules):
    """Without a limit a page under asc holds 25."""

    def listing(self, query: Query) -> Listing:
        listing = super().listing(query)
        return listing if query.getlist("limit") or listing.order != "asc" else dataclasses.replace(listing, limit=25)


# ---- Order --------------------------------------------------------------------------------------


@mutant("list.newest-first")
class OldestFirstByDefault(Rules):
    """Without an order the oldest come first."""

    def default(self, name: str) -> object:
        return "asc" if name == "order" else super().default(name)


def ordered(order: str, turned: bool, oldest_first: bool, around: bool = False) -> type[Pages]:
    """Pages that take one order for another."""

    class Reordered(Pages):
        def oldest_first(self, listing: Listing) -> bool:
            return oldest_first if listing.order == order else super().oldest_first(listing)

        def turned_round(self, listing: Listing) -> bool:
            return turned if listing.order == order else super().turned_round(listing)

    return Reordered


for order, turned, oldest, requirement, fault in (
    ("asc", False, False, "list.order", "asc lists the newest first"),
    ("desc", False, True, "list.order", "desc lists the oldest first"),
    ("normal", True, True, "list.order", "normal lists the oldest first"),
    ("normal", False, False, "list.walk-forward", "normal has the cursors of desc"),
    ("desc", True, False, "list.walk-forward", "desc has the cursors of normal"),
    ("asc", True, True, "list.walk-forward", "asc has its cursors turned round"),
    ("normal", False, True, "list.order", "normal is asc"),
):
    plant(fault.replace(" ", "-"), requirement, fault, ordered(order, turned, oldest))


class Resorted(Pages):
    """Pages whose items are put into another order after they were chosen."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        return dataclasses.replace(page, organizations=self.resorted(listing, page.organizations))

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return page


@mutant("list.order")
class SortedByName(Resorted):
    """The organizations of a page are in the order of their names."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return sorted(page, key=lambda organization: organization.name)


@mutant("list.order")
class SortedByChange(Resorted):
    """The organizations of a page are in the order of their last change."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return sorted(page, key=lambda organization: organization.updated_at, reverse=listing.order != "asc")


@mutant("list.order")
class LastTwoSwapped(Resorted):
    """The last two organizations of a page are swapped."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return [*page[:-2], *page[-2:][::-1]]


@mutant("list.order")
class FirstToTheEnd(Resorted):
    """The first organization of a page stands at its end."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return [*page[1:], *page[:1]]


@mutant("list.newest-first")
class ShuffledWithoutFilter(Resorted):
    """A page without a search is in the order of its names."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return page if listing.search else sorted(page, key=lambda organization: organization.name)


@mutant("list.walk-back")
class BackInReverse(Pages):
    """Pages on the way back are in reverse."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if self.back_from(listing) is None else found[::-1]


@mutant("list.walk-back")
class BackInReverseUnderAsc(Pages):
    """Pages on the way back are in reverse, under asc only."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if self.back_from(listing) is None or listing.order != "asc" else found[::-1]


@mutant("list.walk-back")
class BackFromTheBeginning(Pages):
    """The way back always leads to the first page."""

    def organizations(self, listing: Listing) -> list[Organization]:
        if self.back_from(listing) is None:
            return super().organizations(listing)
        found = self.back(listing, self.key(listing, self.back_from(listing) or ""), 1000)[::-1]
        return found[: listing.limit]


@mutant("list.walk-back")
class BackIsOnwards(Pages):
    """The cursor back leads onwards."""

    def organizations(self, listing: Listing) -> list[Organization]:
        cursor = self.back_from(listing)
        if cursor is None:
            return super().organizations(listing)
        return self.onwards(listing, self.key(listing, cursor), listing.limit)


@mutant("list.walk-back")
class BackIgnored(Pages):
    """The cursor back is ignored: the first page comes again."""

    def back_from(self, listing: Listing) -> str | None:
        return None


@mutant("list.walk-forward")
class OnwardsIgnored(Pages):
    """The cursor onwards is ignored: the first page comes again."""

    def onwards_from(self, listing: Listing) -> str | None:
        return None


# ---- Where a cursor leads -------------------------------------------------------------------------


def before_key(key: Key, oldest_first: bool) -> Key:
    """The key just this side of a key, so that the key's own organization comes again."""
    moment, id = key
    return (moment, id[:-1]) if oldest_first else (moment, id + "~")


class Inclusive(Pages):
    """Pages that begin with the cursor's own organization, where `applies`."""

    def start(self, listing: Listing) -> Key:
        key = super().start(listing)
        if key in (OLDEST, NEWEST) or not self.applies(listing):
            return key
        return before_key(key, self.oldest_first(listing))

    def applies(self, listing: Listing) -> bool:
        return True


@mutant("list.after-is-exclusive")
class CursorInclusive(Inclusive):
    """A page begins with the organization that the cursor stands for."""


@mutant("list.after-is-exclusive")
class CursorInclusiveUnderAsc(Inclusive):
    """Under asc a page begins with the organization that the cursor stands for."""

    def applies(self, listing: Listing) -> bool:
        return listing.order == "asc"


@mutant("list.after-is-exclusive")
class CursorInclusiveUnderNormal(Inclusive):
    """Under normal a page begins with the organization that the cursor stands for."""

    def applies(self, listing: Listing) -> bool:
        return listing.order == "normal"


@mutant("list.after-is-exclusive")
class CursorInclusiveOnLongPages(Inclusive):
    """A page of more than two begins with the organization that the cursor stands for."""

    def applies(self, listing: Listing) -> bool:
        return listing.limit > 2


@mutant("list.walk-back")
class BackInclusive(Pages):
    """A page on the way back ends with the organization that the cursor stands for."""

    def organizations(self, listing: Listing) -> list[Organization]:
        cursor = self.back_from(listing)
        if cursor is None:
            return super().organizations(listing)
        key = before_key(self.key(listing, cursor), not self.oldest_first(listing))
        return self.back(listing, key, listing.limit)[::-1]


@mutant("list.walk-forward")
class OneLostBetweenPages(Pages):
    """The first organization behind a cursor is skipped."""

    def organizations(self, listing: Listing) -> list[Organization]:
        if self.onwards_from(listing) is None or self.back_from(listing) is not None:
            return super().organizations(listing)
        return self.onwards(listing, self.start(listing), listing.limit + 1)[1:]


@mutant("list.walk-forward")
class NamesakesLost(Pages):
    """Of organizations with one name on a page, only the first is listed."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        each = {organization.name: organization for organization in found[::-1]}
        return [organization for organization in found if each[organization.name] is organization]


@mutant("list.walk-forward")
class OneDoubled(Pages):
    """The third organization of a page is listed in the place of the second too."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        return found if len(found) < 3 else [found[0], found[2], *found[2:]]


@mutant("list.walk-forward")
class ChangedOnesLost(Pages):
    """Organizations that were changed after their creation are not listed on full pages."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        if listing.limit > 50:
            return found
        return [organization for organization in found if organization.updated_at == organization.created_at] or found


@mutant("list.shows-created")
class NewestNotListed(Pages):
    """The newest organization of all is not listed until there is a newer one."""

    def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return [found for found in super().newer(listing, key, limit) if not self.is_newest(found)]

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return [found for found in super().older(listing, key, limit + 1) if not self.is_newest(found)][:limit]

    def is_newest(self, organization: Organization) -> bool:
        return not self.store.newer(organization.key, 1, "", None)


@mutant("list.order")
class OldestNotListed(Pages):
    """The oldest match is not listed when nothing else is left behind it."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return found[:-1] if limit > 10 and len(found) < limit else found


@mutant("list.walk-forward")
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


# ---- Which cursors a page gives -------------------------------------------------------------------


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


@mutant("list.first-page")
class CursorBeforeTheFirstPageOnTheWayBack(Uncertain):
    """A first page that was reached from behind has a cursor back."""

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        return self.back_from(listing) is not None


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
            dataclasses.replace(page, after=None) if listing.order == "normal" else dataclasses.replace(page, before=None)
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
