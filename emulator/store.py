"""The organizations in SQLite: rows in, rows out, uniqueness kept by the database.

Every method but `fill` and `close` is called inside `with store.transaction():`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from emulator.identifiers import Ulids, now
from emulator.records import Domain, Key, Organization
from emulator.refusals import Taken

Values: TypeAlias = dict[str, str | int | None]

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS organization (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    metadata TEXT NOT NULL,
    external_id TEXT UNIQUE,
    stripe_customer_id TEXT UNIQUE,
    allow_profiles INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS organization_by_age ON organization (created_at, id);
CREATE TABLE IF NOT EXISTS organization_domain (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organization ON DELETE CASCADE,
    organization_created_at INTEGER NOT NULL,
    domain TEXT NOT NULL,
    state TEXT NOT NULL,
    strategy TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS domain_by_organization ON organization_domain (organization_id, id);
CREATE INDEX IF NOT EXISTS domain_by_age
    ON organization_domain (domain, organization_created_at, organization_id);
"""

INSERT = """
INSERT INTO organization VALUES (
    :id, :name, :name_folded, :metadata, :external_id, :stripe_customer_id, :allow_profiles,
    :created_at, :updated_at
)
"""

UPDATE = """
UPDATE organization SET
    name = :name, name_folded = :name_folded, metadata = :metadata, external_id = :external_id,
    stripe_customer_id = :stripe_customer_id, allow_profiles = :allow_profiles, updated_at = :updated_at
WHERE id = :id
"""

INSERT_DOMAIN = """
INSERT INTO organization_domain VALUES (
    :id, :organization_id, :organization_created_at, :domain, :state, :strategy, :created_at, :updated_at
)
"""

# The empty text is found in every name: a list without search needs no statement of its own.
NEWER = """
SELECT * FROM organization
WHERE (created_at, id) > (:moment, :id) AND instr(name_folded, :search)
ORDER BY created_at, id LIMIT :limit
"""

OLDER = """
SELECT * FROM organization
WHERE (created_at, id) < (:moment, :id) AND instr(name_folded, :search)
ORDER BY created_at DESC, id DESC LIMIT :limit
"""

# CROSS JOIN keeps SQLite on the index of the domain, which has the order of the list.
NEWER_WITH_DOMAIN = """
SELECT organization.*
FROM organization_domain CROSS JOIN organization ON organization.id = organization_id
WHERE domain = :domain AND (organization_created_at, organization_id) > (:moment, :id)
  AND instr(name_folded, :search)
ORDER BY organization_created_at, organization_id LIMIT :limit
"""

OLDER_WITH_DOMAIN = """
SELECT organization.*
FROM organization_domain CROSS JOIN organization ON organization.id = organization_id
WHERE domain = :domain AND (organization_created_at, organization_id) < (:moment, :id)
  AND instr(name_folded, :search)
ORDER BY organization_created_at DESC, organization_id DESC LIMIT :limit
"""

DOMAINS_OF = """
SELECT * FROM organization_domain
WHERE organization_id IN (SELECT value FROM json_each(?)) ORDER BY organization_id, id
"""


class Store:
    """Organizations in memory, or in a file that outlives the process.

    Raises sqlite3.Error when the file cannot be opened as a database.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        try:
            self._connection.executescript(TABLES)
        except sqlite3.Error:
            self._connection.close()
            raise

    def close(self) -> None:
        """Lets go of the database."""
        self._connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens at once, or, when an exception leaves it, not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def insert(self, organization: Organization) -> None:
        """Adds a new organization. Raises Taken when a unique value is not free."""
        self._write(INSERT, organization)
        self._insert_domains(organization)

    def update(self, organization: Organization) -> None:
        """Writes all fields of a known organization. Raises Taken when a unique value is not free."""
        self._write(UPDATE, organization)
        self._delete_domains(organization.id)
        self._insert_domains(organization)

    def delete(self, organization: Organization) -> None:
        """Removes an organization with its domains."""
        self._connection.execute("DELETE FROM organization WHERE id = ?", (organization.id,))

    def by_id(self, id: str) -> Organization | None:
        """The organization with this id, if there is one."""
        return self._one("SELECT * FROM organization WHERE id = ?", id)

    def by_external_id(self, external_id: str) -> Organization | None:
        """The organization with exactly this external_id, if there is one."""
        return self._one("SELECT * FROM organization WHERE external_id = ?", external_id)

    def newer(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        """Those made after a key, nearest first, that have the domain and the search text in their name."""
        return self._scan(NEWER_WITH_DOMAIN if domain is not None else NEWER, than, limit, search, domain)

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        """Those made before a key, nearest first, that have the domain and the search text in their name."""
        return self._scan(OLDER_WITH_DOMAIN if domain is not None else OLDER, than, limit, search, domain)

    def fill(self, count: int, name: str = "Organization") -> None:
        """Adds organizations named `name 0`, `name 1`, ... at once: for tests and benchmarks."""
        ulids = Ulids()
        rows = (_row(_plain(f"org_{ulids.new(moment := now())}", f"{name} {i}", moment)) for i in range(count))
        with self.transaction():
            self._connection.executemany(INSERT, rows)

    def _write(self, statement: str, organization: Organization) -> None:
        try:
            self._connection.execute(statement, _row(organization))
        except sqlite3.IntegrityError as error:
            raise Taken(_column(error)) from error

    def _insert_domains(self, organization: Organization) -> None:
        self._connection.executemany(INSERT_DOMAIN, _domain_rows(organization))

    def _delete_domains(self, id: str) -> None:
        self._connection.execute("DELETE FROM organization_domain WHERE organization_id = ?", (id,))

    def _scan(self, statement: str, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        moment, id = than
        values = {"moment": moment, "id": id, "search": fold(search), "domain": domain, "limit": limit}
        return self._organizations(self._connection.execute(statement, values).fetchall())

    def _one(self, statement: str, value: str) -> Organization | None:
        found = self._organizations(self._connection.execute(statement, (value,)).fetchall())
        return found[0] if found else None

    def _organizations(self, rows: list[sqlite3.Row]) -> list[Organization]:
        domains = self._domains([row["id"] for row in rows])
        return [_organization(row, tuple(domains[row["id"]])) for row in rows]

    def _domains(self, ids: list[str]) -> dict[str, list[Domain]]:
        found: dict[str, list[Domain]] = {id: [] for id in ids}
        for row in self._connection.execute(DOMAINS_OF, (json.dumps(ids),)):
            found[row["organization_id"]].append(_domain(row))
        return found


def fold(text: str) -> str:
    """The form of a text in which capital and small letters are the same."""
    return text.casefold()


def _plain(id: str, name: str, moment: int) -> Organization:
    return Organization(id, name, (), {}, None, None, False, moment, moment)


def _column(error: sqlite3.IntegrityError) -> str:
    """The column in `UNIQUE constraint failed: organization.external_id`."""
    return str(error).rpartition(".")[2]


def _row(organization: Organization) -> Values:
    return {
        "id": organization.id,
        "name": organization.name,
        "name_folded": fold(organization.name),
        "metadata": json.dumps(organization.metadata),
        "external_id": organization.external_id,
        "stripe_customer_id": organization.stripe_customer_id,
        "allow_profiles": organization.allow_profiles,
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
    }


def _domain_rows(organization: Organization) -> Iterator[Values]:
    owner: Values = {"organization_id": organization.id, "organization_created_at": organization.created_at}
    return ({**owner, **vars(domain)} for domain in organization.domains)


def _organization(row: sqlite3.Row, domains: tuple[Domain, ...]) -> Organization:
    return Organization(
        id=row["id"],
        name=row["name"],
        domains=domains,
        metadata=json.loads(row["metadata"]),
        external_id=row["external_id"],
        stripe_customer_id=row["stripe_customer_id"],
        allow_profiles=bool(row["allow_profiles"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _domain(row: sqlite3.Row) -> Domain:
    return Domain(
        id=row["id"],
        domain=row["domain"],
        state=row["state"],
        strategy=row["strategy"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
