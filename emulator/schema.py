"""The tables of the emulator's database, and whether a file has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TypeAlias

from emulator.search import LONGEST_INDEXED, terms

Values: TypeAlias = dict[str, str | int | None]

VERSION = 2
"""Of the tables. A file of another version is refused: what an emulator keeps is made again in a minute."""

IS_LONG = f"length(CAST(name_folded AS BLOB)) > {LONGEST_INDEXED}"
"""In bytes, as SQLite's length of a text ends at U+0000: no name that the index does not split is left out."""

# An organization's position is the rowid: its moment of creation and, behind that, its number within this
# millisecond. The index of searches has the same rowids, so that a walk through it has the order of a list.
TABLES = """
CREATE TABLE organization (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    metadata TEXT NOT NULL,
    external_id TEXT UNIQUE,
    stripe_customer_id TEXT UNIQUE,
    allow_profiles INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX organization_by_age ON organization (created_at, id);
CREATE INDEX organization_with_long_name ON organization (position) WHERE {is_long};

CREATE TABLE organization_domain (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    domain TEXT NOT NULL,
    state TEXT NOT NULL,
    strategy TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX domain_by_organization ON organization_domain (organization_id, id);
CREATE INDEX domain_by_position ON organization_domain (domain, position);

CREATE VIRTUAL TABLE name_part USING fts5 (terms, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
"""

INDEX = "INSERT INTO name_part (rowid, terms) SELECT position, terms(name_folded) FROM organization WHERE id = ?"

INDEX_ON_INSERT = """
CREATE TRIGGER index_on_insert AFTER INSERT ON organization BEGIN
    INSERT INTO name_part (rowid, terms) VALUES (new.position, terms(new.name_folded));
END
"""

# A table without content has to be told what it forgets.
INDEX_ON_CHANGE = """
CREATE TRIGGER index_on_delete AFTER DELETE ON organization BEGIN
    INSERT INTO name_part (name_part, rowid, terms) VALUES ('delete', old.position, terms(old.name_folded));
END;
CREATE TRIGGER index_on_update AFTER UPDATE OF name_folded ON organization
WHEN old.name_folded <> new.name_folded BEGIN
    INSERT INTO name_part (name_part, rowid, terms) VALUES ('delete', old.position, terms(old.name_folded));
    INSERT INTO name_part (rowid, terms) VALUES (new.position, terms(new.name_folded));
END;
"""


class OtherTables(sqlite3.DatabaseError):
    """The file was written by another version of the emulator, or by another program."""


def prepare(connection: sqlite3.Connection, *, lasting: bool) -> None:
    """Makes the tables where there are none yet. Raises sqlite3.Error when the file has others.

    A database that is `lasting` has every committed change after the process was killed.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (known,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if version != VERSION and (version or known):
        raise OtherTables("it was made by another version of the emulator, or by another program")
    connection.create_function("terms", 1, terms, deterministic=True)
    journal = "WAL" if lasting else "MEMORY"
    connection.executescript(f"PRAGMA journal_mode = {journal}; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
    if not known:
        tables = TABLES.format(is_long=IS_LONG)
        script = f"BEGIN; {tables} {INDEX_ON_INSERT}; {INDEX_ON_CHANGE} PRAGMA user_version = {VERSION}; COMMIT;"
        connection.executescript(script)


def insert_many(connection: sqlite3.Connection, insert: str, rows: Iterable[Values]) -> None:
    """Inside a transaction: adds organizations, and indexes them when all are there.

    The index writes what it has gathered whenever a trigger ends: for a million, ten times the work.
    """
    connection.execute("DROP TRIGGER index_on_insert")
    ids = []
    for row in rows:
        connection.execute(insert, row)
        ids.append(row["id"])
    connection.executemany(INDEX, ((id,) for id in ids))
    connection.execute("INSERT INTO name_part (name_part) VALUES ('optimize')")
    connection.execute(INDEX_ON_INSERT)
