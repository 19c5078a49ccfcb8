"""Walks through the organizations by an index, newest or oldest first, from any place on.

A walk reads an index in the order of the list and stops at its limit, so its cost depends on what it
finds and not on what is there. With several filters one index leads, and what it proposes is looked at
for the others: the leader is the filter whose matches lie farthest apart from here on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.records import Key
from emulator.schema import IS_LONG, Values
from emulator.search import fold, queries

SAMPLE = 64
"""Matches of each filter that are counted off to see how far apart they lie; fewer than this are soon read."""


@dataclass(frozen=True)
class Direction:
    """Which way a walk goes."""

    follows: str
    precedes: str
    order: str
    end: int
    """The position beyond all others."""


OLDER = Direction("<", ">=", "DESC", 2**63 - 1)
NEWER = Direction(">", "<=", "ASC", -(2**63))


@dataclass(frozen=True)
class Index:
    """An index to walk through."""

    source: str
    position: str
    matches: str


EVERYBODY = Index("organization", "organization.position", "TRUE")
BY_DOMAIN = Index(
    "organization_domain CROSS JOIN organization ON organization.position = organization_domain.position",
    "organization_domain.position",
    "organization_domain.domain = :leader",
)
BY_NAME = Index(
    "name_part CROSS JOIN organization ON organization.position = name_part.rowid",
    "name_part.rowid",
    "name_part MATCH :leader",
)

# The empty text is found in every name. CROSS JOIN keeps SQLite on the index, which has the order of the list.
WALK = """
SELECT organization.* FROM {source}
WHERE {matches} AND {position} {follows} :start
  AND instr(organization.name_folded, :search)
  AND (:domain IS NULL OR EXISTS (
    SELECT TRUE FROM organization_domain AS other
    WHERE other.domain = :domain AND other.position = organization.position))
ORDER BY {position} {order} LIMIT :limit
"""

COUNT_OFF = """
SELECT {position} FROM {table}
WHERE {matches} AND {position} {follows} :start
ORDER BY {position} {order} LIMIT 1 OFFSET :sample - 1
"""

ANY_LONG = f"SELECT TRUE FROM organization INDEXED BY organization_with_long_name WHERE {IS_LONG} LIMIT 1"  # noqa: S608

PLACE = """
SELECT position FROM organization WHERE (created_at, id) {precedes} (:moment, :id)
ORDER BY created_at {opposite}, id {opposite} LIMIT 1
"""


@dataclass(frozen=True)
class Walk:
    """What to look for, from where on and how far."""

    direction: Direction
    than: Key
    limit: int
    search: str
    domain: str | None

    def rows(self, connection: sqlite3.Connection) -> list[sqlite3.Row]:
        """The nearest matching organizations."""
        search, start = fold(self.search), self._start(connection)
        index, leader = self._leader(connection, search, start)
        values: Values = {"start": start, "search": search, "domain": self.domain, "limit": self.limit}
        return connection.execute(walk(index, self.direction), {**values, "leader": leader}).fetchall()

    def _start(self, connection: sqlite3.Connection) -> int:
        """The position from which on others follow: that of the key's organization, or of what is next to it."""
        moment, id = self.than
        found = connection.execute(place(self.direction), {"moment": moment, "id": id}).fetchone()
        return self.direction.end if found is None else int(found["position"])

    def _leader(self, connection: sqlite3.Connection, search: str, start: int) -> tuple[Index, str]:
        """The index to walk through, and what to ask of it."""
        leaders = list(self._leaders(connection, search))
        if len(leaders) < 2:
            return leaders[0] if leaders else (EVERYBODY, "")
        best, farthest = leaders[0], 0
        for index, asked in leaders:
            values: Values = {"leader": asked, "start": start, "sample": SAMPLE}
            found = connection.execute(count_off(index, self.direction), values).fetchone()
            if found is None:
                return index, asked
            if abs(found[0] - start) > farthest:
                best, farthest = (index, asked), abs(found[0] - start)
        return best

    def _leaders(self, connection: sqlite3.Connection, search: str) -> Iterator[tuple[Index, str]]:
        if self.domain is not None:
            yield BY_DOMAIN, self.domain
        if search:
            long_names = connection.execute(ANY_LONG).fetchone() is not None
            yield from ((BY_NAME, query) for query in queries(search, long_names=long_names))


def walk(index: Index, direction: Direction) -> str:
    """The statement that walks through an index."""
    return WALK.format(**vars(index), **vars(direction))


def count_off(index: Index, direction: Direction) -> str:
    """The statement that gives the position of the sample's last match; no row where there are fewer."""
    table = index.source.partition(" ")[0]
    return COUNT_OFF.format(table=table, **vars(index), **vars(direction))


def place(direction: Direction) -> str:
    """The statement that gives the position at a key, or else the one next to it on the side that was passed."""
    opposite = "ASC" if direction.order == "DESC" else "DESC"
    return PLACE.format(opposite=opposite, precedes=direction.precedes)
