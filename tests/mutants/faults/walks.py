"""Cursors that lead elsewhere: inclusive, skipping, doubling, back to the beginning."""

from __future__ import annotations

from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.planting import mutant


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
        found = self.backward(listing, self.key(listing, self.back_from(listing) or ""), 1000)[::-1]
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
        return self.backward(listing, key, listing.limit)[::-1]


@mutant("list.walk-forward")
class OneLostBetweenPages(Pages):
    """The first organization behind a cursor is skipped."""

    def organizations(self, listing: Listing) -> list[Organization]:
        if self.onwards_from(listing) is None or self.back_from(listing) is not None:
            return super().organizations(listing)
        return self.onwards(listing, self.start(listing), listing.limit + 1)[1:]


@mutant("create.same-name")
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


@mutant("list.newest-first")
class NewestNotListed(Pages):
    """The newest organization of all is not listed until there is a newer one."""

    def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return [found for found in super().newer(listing, key, limit) if not self.is_newest(found)]

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return [found for found in super().older(listing, key, limit + 1) if not self.is_newest(found)][:limit]

    def is_newest(self, organization: Organization) -> bool:
        return not self.store.newer(organization.key, 1, "", None)


@mutant("list.walk-forward")
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


@mutant("list.walk-forward")
class WithoutDomainsNotListed(Pages):
    """Organizations without domains are not listed."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return [organization for organization in super().organizations(listing) if organization.domains]


@mutant("list.shows-created")
class WithoutExternalIdNotListed(Pages):
    """Organizations without external_id are not listed."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return [organization for organization in super().organizations(listing) if organization.external_id]
