"""Lists that are out of shape, or begin and end in the wrong place."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

from emulator.paging import NEWEST, OLDEST, Page, Pages
from emulator.records import Key, Organization
from emulator.refusals import NotFound
from emulator.validation import Listing, Query, Rules
from tests.mutants.parts.listing import ExtraCursors, OtherCursors, Resorted, before_key
from tests.mutants.parts.middleware import Reply, Request
from tests.mutants.parts.objects import Change, Object, convert, pages, put, without
from tests.mutants.planting import mutant, plant


def sealed(cursor: str | None) -> str | None:
    """An id as a cursor."""
    return cursor and base64.b16encode(cursor.encode()).decode()


def opened_id(cursor: str | None) -> str | None:
    """The id in a cursor; what is none stays as it is."""
    try:
        return cursor and base64.b16decode(cursor).decode()
    except ValueError:
        return cursor


def cursors(change: Change) -> Change:
    """Changes list_metadata."""
    return lambda page: change(page["list_metadata"])


def lifted(page: Object) -> None:
    """Puts the cursors beside the data."""
    page.update(page.pop("list_metadata"))


class Inclusive(Pages):
    """Pages that begin with the cursor's own organization, where `applies`."""

    def start(self, listing: Listing) -> Key:
        key = super().start(listing)
        if key in (OLDEST, NEWEST) or not self.applies(listing):
            return key
        return before_key(key, self.oldest_first(listing))

    def applies(self, listing: Listing) -> bool:
        return True


def data_renamed(page: Object) -> None:
    """Gives data another name."""
    page["organizations"] = page.pop("data")


# fmt: off
plant("list-object-missing", "list.object", "A list has no object.", pages(without("object")))
plant("list-object-null", "list.object", "object of a list is null.", pages(put("object", None)))
plant("list-object-plural", "list.object", "A list calls itself organizations.", pages(put("object", "organizations")))

plant("list-data-missing", "list.data", "A list has no data.", pages(without("data")))
plant("list-data-null", "list.data", "data is null.", pages(put("data", None)))
plant("list-data-renamed", "list.data", "data is called organizations.", pages(data_renamed))
plant("list-data-object", "list.data", "data is an object.", pages(convert("data", lambda data: dict(enumerate(data)))))
plant("list-data-null-when-empty", "list.data", "data is null when it is empty.",
      pages(convert("data", lambda data: data or None)))

plant("list-metadata-missing", "list.cursors", "A list has no list_metadata.", pages(without("list_metadata")))
plant("list-metadata-null", "list.cursors", "list_metadata is null.", pages(put("list_metadata", None)))
plant("list-cursors-lifted", "list.cursors", "The cursors stand beside the data.", pages(lifted))
plant("list-before-missing", "list.cursors", "There is no cursor before.", pages(cursors(without("before"))))
plant("list-after-missing", "list.cursors", "There is no cursor after.", pages(cursors(without("after"))))
plant("list-before-false", "list.cursors", "The cursor before is false.", pages(cursors(put("before", False))))
plant("list-after-number", "list.cursors", "The cursor after is 0.", pages(cursors(put("after", 0))))
plant("list-null-left-out", "list.cursors", "Cursors that are null are left out.",
      pages(cursors(lambda value: [value.pop(side) for side in list(value) if value[side] is None])))

plant("list-empty-for-null", "list.last-page", "Cursors that are null are empty texts.",
      pages(cursors(lambda value: value.update({side: value[side] or "" for side in value}))))
# fmt: on


@mutant("opaque-cursors", "list.cursor-is-object-id")
class OpaqueCursors(Pages):
    """Cursors are ids in another alphabet."""

    def page(self, listing: Listing) -> Page:
        opened = dataclasses.replace(listing, before=opened_id(listing.before), after=opened_id(listing.after))
        page = super().page(opened)
        return dataclasses.replace(page, before=sealed(page.before), after=sealed(page.after))


@mutant("list-refuses", "list.answers")
def list_refuses(request: Request, reply: Reply) -> None:
    """list answers 403, always."""
    if request.operation == "list":
        reply.status, reply.json = 403, {"message": "Forbidden"}


@mutant("without-external-id-not-listed", "list.shows-created")
class WithoutExternalIdNotListed(Pages):
    """Organizations without external_id are not listed."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return [organization for organization in super().organizations(listing) if organization.external_id]


@mutant("oldest-first-by-default", "list.newest-first")
class OldestFirstByDefault(Rules):
    """Without an order the oldest come first."""

    def default(self, name: str) -> object:
        return "asc" if name == "order" else super().default(name)


@mutant("shuffled-without-filter", "list.newest-first")
class ShuffledWithoutFilter(Resorted):
    """A page without a search is in the order of its names."""

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        return page if listing.search else sorted(page, key=lambda organization: organization.name)


@mutant("newest-not-listed", "list.shows-created")
class NewestNotListed(Pages):
    """The newest organization of all is not listed until there is a newer one."""

    def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return [found for found in super().newer(listing, key, limit) if not self.is_newest(found)]

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return [found for found in super().older(listing, key, limit + 1) if not self.is_newest(found)][:limit]

    def is_newest(self, organization: Organization) -> bool:
        return not self.store.newer(organization.key, 1, "", None)


@mutant("limit-twenty-by-default", "list.default-limit")
class LimitTwentyByDefault(Rules):
    """Without a limit a page holds 20."""

    def default(self, name: str) -> object:
        return 20 if name == "limit" else super().default(name)


@mutant("limit-nine-by-default", "list.default-limit-full")
class LimitNineByDefault(Rules):
    """Without a limit a page holds 9."""

    def default(self, name: str) -> object:
        return 9 if name == "limit" else super().default(name)


@mutant("default-forgotten-without-search", "list.default-limit")
class DefaultForgottenWithoutSearch(Rules):
    """Without a limit and without a search a page holds 100."""

    def listing(self, query: Query) -> Listing:
        listing = super().listing(query)
        plain = not (listing.search or listing.domains or query.getlist("limit"))
        return dataclasses.replace(listing, limit=100) if plain else listing


@mutant("default-depends-on-order", "list.default-limit")
class DefaultDependsOnOrder(Rules):
    """Without a limit a page under asc holds 25."""

    def listing(self, query: Query) -> Listing:
        listing = super().listing(query)
        return listing if query.getlist("limit") or listing.order != "asc" else dataclasses.replace(listing, limit=25)


@mutant("cursor-inclusive", "list.after-is-exclusive")
class CursorInclusive(Inclusive):
    """A page begins with the organization that the cursor stands for."""


@mutant("cursor-inclusive-under-asc", "list.after-is-exclusive")
class CursorInclusiveUnderAsc(Inclusive):
    """Under asc a page begins with the organization that the cursor stands for."""

    def applies(self, listing: Listing) -> bool:
        return listing.order == "asc"


@mutant("cursor-inclusive-under-normal", "list.after-is-exclusive")
class CursorInclusiveUnderNormal(Inclusive):
    """Under normal a page begins with the organization that the cursor stands for."""

    def applies(self, listing: Listing) -> bool:
        return listing.order == "normal"


@mutant("cursor-inclusive-on-long-pages", "list.after-is-exclusive")
class CursorInclusiveOnLongPages(Inclusive):
    """A page of more than two begins with the organization that the cursor stands for."""

    def applies(self, listing: Listing) -> bool:
        return listing.limit > 2


@mutant("endless-cursor", "list.last-page")
class EndlessCursor(ExtraCursors):
    """The last page has a cursor onwards too."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return True


@mutant("cursor-after-a-full-last-page", "list.last-page")
class CursorAfterAFullLastPage(ExtraCursors):
    """A last page that is exactly full has a cursor onwards."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return len(page) == listing.limit


@mutant("cursor-after-a-full-last-page-under-normal", "list.last-page")
class CursorAfterAFullLastPageUnderNormal(ExtraCursors):
    """Under normal a last page that is exactly full has a cursor onwards."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return len(page) == listing.limit and listing.order == "normal"


@mutant("cursor-before-the-first-page", "list.first-page")
class CursorBeforeTheFirstPage(ExtraCursors):
    """The first page has a cursor back."""

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        return True


@mutant("cursor-before-the-first-page-on-the-way-back", "list.first-page")
class CursorBeforeTheFirstPageOnTheWayBack(ExtraCursors):
    """A first page that was reached from behind has a cursor back."""

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        return self.back_from(listing) is not None


@mutant("no-way-on-from-the-page-before", "list.middle-page")
class NoWayOnFromThePageBefore(ExtraCursors):
    """A page that was reached from behind has no cursor back to where one came from."""

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        return None if self.back_from(listing) else super().cursor_onwards(listing, page)


@mutant("cursors-on-a-single-page", "list.single-page")
class CursorsOnASinglePage(ExtraCursors):
    """A page that holds everything has a cursor onwards."""

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        return len(page) < listing.limit and not self.onwards_from(listing)


@mutant("former-matches-count-as-more", "list.single-page")
class FormerMatchesCountAsMore(ExtraCursors):
    """Under desc a search has a cursor onwards where an older organization once matched it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._matched: dict[str, set[str]] = {}

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        ids = [organization.id for organization in page]
        matched = self._matched.setdefault(listing.search, set())
        matched.update(ids)
        is_searched = bool(listing.search) and listing.order == "desc"
        return is_searched and bool(ids) and min(matched) < ids[-1]


@mutant("cursors-on-an-empty-page", "list.empty-page")
class CursorsOnAnEmptyPage(OtherCursors):
    """An empty page has a cursor back, the last one known."""

    def other(self, listing: Listing, page: Page) -> Page:
        newest = self.store.older(NEWEST, 1, "", None)
        return page if page.organizations or not newest else dataclasses.replace(page, before=newest[0].id)


@mutant("no-match-answers-404", "list.empty-page")
class NoMatchAnswers404(Pages):
    """A list without matches answers 404."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        if not page.organizations:
            raise NotFound(listing.search)
        return page
