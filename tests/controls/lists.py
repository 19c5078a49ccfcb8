"""Lists that page, filter and search in another way than the emulator's, within the contract."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Sequence

from starlette.types import Receive, Scope

from emulator.paging import Page, Pages
from emulator.refusals import Fault, InvalidParameters
from emulator.validation import Listing, Query, Rules
from tests.controls.planting import control, legal
from tests.mutants.parts.listing import searching
from tests.mutants.parts.middleware import Middleware, Reply, Request

PARAMETERS = {"limit", "order", "before", "after", "domains", "search"}

# ---- Pages and cursors -------------------------------------------------------------------------------------


@legal("opaque-cursors", "list.cursor-is-object-id is SHOULD")
class OpaqueCursors(Pages):
    """Cursors are no ids, and ids no cursors."""

    def page(self, listing: Listing) -> Page:
        opened = dataclasses.replace(listing, before=self._id(listing.before), after=self._id(listing.after))
        page = super().page(opened)
        return dataclasses.replace(page, before=self._cursor(page.before), after=self._cursor(page.after))

    def _cursor(self, identifier: str | None) -> str | None:
        return base64.urlsafe_b64encode(identifier.encode()).decode() if identifier else None

    def _id(self, cursor: str | None) -> str | None:
        try:
            return base64.b64decode(cursor, altchars=b"-_", validate=True).decode() if cursor else None
        except ValueError:
            raise InvalidParameters([Fault("unknown_cursor", "after", "no cursor")]) from None


@legal("short-pages", "list.full-pages is SHOULD: O calls limit an upper bound")
class ShortPages(Pages):
    """A page of more than one holds one less than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=max(1, listing.limit - 1)))


@legal("pages-of-25-at-most", "list.full-pages is SHOULD: O calls limit an upper bound")
class PagesOf25AtMost(Pages):
    """A limit above 25 counts as 25."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=min(25, listing.limit)))


@legal("unknown-cursor-ends-the-list", "list.unknown-cursor is INFO")
class UnknownCursorEndsTheList(Pages):
    """A cursor that nobody has leads to an empty page."""

    def page(self, listing: Listing) -> Page:
        cursor = listing.after or listing.before
        if cursor is not None and self.store.by_id(cursor) is None:
            return Page([], None, None)
        return super().page(listing)


@legal("unknown-cursor-ignored", "list.unknown-cursor is INFO")
class UnknownCursorIgnored(Pages):
    """A cursor that nobody has counts as none."""

    def page(self, listing: Listing) -> Page:
        cursor = listing.after or listing.before
        if cursor is not None and self.store.by_id(cursor) is None:
            return super().page(dataclasses.replace(listing, after=None, before=None))
        return super().page(listing)


@legal("both-cursors-accepted", "list.both-cursors is INFO")
class BothCursorsAccepted(Rules):
    """before counts for nothing beside after."""

    def listing(self, query: Query) -> Listing:
        if not (query.getlist("before") and query.getlist("after")):
            return super().listing(query)
        return super().listing(Without(query, "before"))


class Without:
    """A query in which a parameter was not given."""

    def __init__(self, query: Query, name: str) -> None:
        self._query = query
        self._name = name

    def getlist(self, key: str, /) -> list[str]:
        """All values of a name."""
        return [] if key == self._name else self._query.getlist(key)


# ---- Filters and searches ------------------------------------------------------------------------------------


@legal("unknown-parameters-refused", "list.unknown-parameter is INFO")
class UnknownParametersRefused(Rules):
    """A query parameter that nobody documents is refused."""

    def listing(self, query: Query) -> Listing:
        unknown = set(getattr(query, "keys", dict)()) - PARAMETERS
        if unknown:
            raise InvalidParameters([Fault("unknown", name, f"{name} is unknown") for name in sorted(unknown)])
        return super().listing(query)


@legal("last-of-repeated-domains", "list.domains-repeated is INFO")
class LastOfRepeatedDomains(Rules):
    """Of domains=a&domains=b the last counts."""

    def names(self, values: Sequence[str]) -> list[str] | None:
        return super().names(values[-1:])


@legal("domains-in-brackets", "list.domains-brackets is INFO")
class DomainsInBrackets(Middleware):
    """domains[]=a and domains[0]=a filter like domains=a."""

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        plain = scope["query_string"].replace(b"%5B", b"[").replace(b"%5D", b"]")
        plain = plain.replace(b"domains[]", b"domains").replace(b"domains[0]", b"domains")
        return await super().response(request, {**scope, "query_string": plain}, receive)


@legal("encoded-comma-not-split", "list.commas-encoded is INFO")
class EncodedCommaNotSplit(Middleware):
    """An encoded comma in domains is part of a name."""

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        kept = re.sub(b"(?<=domains=)[^&]*", self._as_one, scope["query_string"])
        return await super().response(request, {**scope, "query_string": kept}, receive)

    def _as_one(self, domains: re.Match[bytes]) -> bytes:
        return domains[0].replace(b"%2C", b"%EF%BC%8C").replace(b"%2c", b"%EF%BC%8C")


control(
    "search-minds-case",
    "list.search-other-case is INFO",
    "A search minds capital and small letters.",
    searching(lambda name, search: search in name),
)
control(
    "search-by-words",
    "list.search-several-words is INFO",
    "A search finds names that hold all of its words, in any order.",
    searching(lambda name, search: all(word in name.casefold() for word in search.casefold().split())),
)
