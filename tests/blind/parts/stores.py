"""Stores that choose other organizations for a list, or do not keep values unique."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from emulator.records import Key, Organization
from emulator.schema import INDEX_ON_CHANGE, INDEX_ON_INSERT, IS_LONG, TABLES
from emulator.store import Store
from emulator.walks import Direction
from tests.blind.parts.apps import app

EVERYBODY = 1_000_000
"""More organizations than a run makes."""


class Loose(Store):
    """A store in which the values of some columns need not be unique."""

    def __init__(self, *columns: str) -> None:
        super().__init__()
        tables = TABLES.format(is_long=IS_LONG)
        for column in columns:
            tables = tables.replace(f"{column} TEXT UNIQUE", f"{column} TEXT")
        drop = "DROP TABLE organization_domain; DROP TABLE organization; DROP TABLE name_part;"
        self._connection.executescript(f"{drop} {tables} {INDEX_ON_INSERT}; {INDEX_ON_CHANGE}")


def matching(matches: Callable[[str, Organization], bool]) -> ASGIApp:
    """An app that searches in its own way: by the text of the search and the organization."""

    class Matching(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if not search or matches(search, each)][:limit]

    return app(Matching())


class DomainStore(Store):
    """A store that filters by domain in its own way."""

    def has(self, organization: Organization, domain: str) -> bool:
        """Whether a list filtered by the domain shows the organization."""
        return domain in {each.domain for each in organization.domains}

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        if domain is None:
            return super()._walk(direction, than, limit, search, None)
        found = super()._walk(direction, than, EVERYBODY, search, None)
        return [each for each in found if self.has(each, domain)][:limit]


def filtering(has: Callable[[Organization, str], bool]) -> ASGIApp:
    """An app that filters by domain in its own way."""

    class Filtering(DomainStore):
        def has(self, organization: Organization, domain: str) -> bool:
            return has(organization, domain)

    return app(Filtering())
