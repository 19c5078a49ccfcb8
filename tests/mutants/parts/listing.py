"""Lists that misread what is asked, or choose, order and link their pages in another way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing, Query, Rules

EVERYBODY = 10_000
"""More organizations than a trial makes."""


def asking(change: Callable[[Listing], Listing]) -> type[Rules]:
    """Rules that make another listing of a query."""

    class Asking(Rules):
        def listing(self, query: Query) -> Listing:
            return change(super().listing(query))

    return Asking


def query(name: str, schema: dict[str, Any]) -> type[Rules]:
    """Rules with another schema for a query parameter."""

    class Asked(Rules):
        def __init__(self) -> None:
            super().__init__()
            self._query[name] = Draft202012Validator(schema)

    return Asked


def is_first(listing: Listing) -> bool:
    """Whether no cursor is given."""
    return listing.before is None and listing.after is None


def without_search(listing: Listing) -> Listing:
    """The listing without its search."""
    return dataclasses.replace(listing, search="")


def without_domains(listing: Listing) -> Listing:
    """The listing without its domains."""
    return dataclasses.replace(listing, domains=())


def ordered(order: str, turned_round: bool, oldest_first: bool) -> type[Pages]:
    """Pages that take one order for another."""

    class Reordered(Pages):
        def oldest_first(self, listing: Listing) -> bool:
            return oldest_first if listing.order == order else super().oldest_first(listing)

        def turned_round(self, listing: Listing) -> bool:
            return turned_round if listing.order == order else super().turned_round(listing)

    return Reordered


def searching(matches: Callable[[str, str], object]) -> type[Pages]:
    """Pages that hold a search against names in a way of their own."""
    return finding(lambda organization, search: matches(organization.name, search))


def also_searching(look: Callable[[Organization], str]) -> type[Pages]:
    """Pages that hold a search against another text too."""
    return finding(lambda each, search: search.casefold() in each.name.casefold() or search in look(each))


def finding(matches: Callable[[Organization, str], object]) -> type[Pages]:
    """Pages that hold a search against organizations in a way of their own."""

    class Searching(Pages):
        def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self._matching(listing, super().newer(without_search(listing), key, EVERYBODY))[:limit]

        def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self._matching(listing, super().older(without_search(listing), key, EVERYBODY))[:limit]

        def _matching(self, listing: Listing, found: list[Organization]) -> list[Organization]:
            return [each for each in found if not listing.search or matches(each, listing.search)]

    return Searching


class Resorted(Pages):
    """Pages whose items are put into another order after they were chosen."""

    def page(self, listing: Listing) -> Page:
        page = super().page(listing)
        return dataclasses.replace(page, organizations=self.resorted(listing, page.organizations))

    def resorted(self, listing: Listing, page: list[Organization]) -> list[Organization]:
        """The organizations of a page in another order."""
        return page


class ExtraCursors(Pages):
    """Pages that give a cursor whether or not something lies behind it."""

    def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
        return page[-1].id if page and self.gives_onwards(listing, page) else super().cursor_onwards(listing, page)

    def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
        return page[0].id if page and self.gives_back(listing, page) else super().cursor_back(listing, page)

    def gives_onwards(self, listing: Listing, page: list[Organization]) -> bool:
        """Whether the page has a cursor onwards in any case."""
        return False

    def gives_back(self, listing: Listing, page: list[Organization]) -> bool:
        """Whether the page has a cursor back in any case."""
        return False


class OtherCursors(Pages):
    """Pages that give other cursors than the right ones."""

    def page(self, listing: Listing) -> Page:
        return self.other(listing, super().page(listing))

    def other(self, listing: Listing, page: Page) -> Page:
        """The page with other cursors."""
        return page


def before_key(key: Key, oldest_first: bool) -> Key:
    """The key just this side of a key, so that the key's own organization comes again."""
    moment, id = key
    return (moment, id[:-1]) if oldest_first else (moment, id + "~")
