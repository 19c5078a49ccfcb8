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

from emulator.identifiers import Ulids, now
from emulator.records import Domain, Key, Organization
from emulator.refusals import Taken
from emulator.schema import Values, insert_many, prepare
from emulator.search import fold
from emulator.walks import NEWER, OLDER, Direction, Walk

POSITIONS_A_MILLISECOND = 2**20

INSERT = """
INSERT INTO organization VALUES (
    coalesce(
        (SELECT max(position) + 1 FROM organization WHERE position BETWEEN :first_position AND :last_position),
        :first_position),
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
    :id, :organization_id, (SELECT position FROM organization WHERE id = :organization_id),
    :domain, :state, :strategy, :created_at, :updated_at
)
"""

DOMAINS_OF = """
SELECT * FROM organization_domain
WHERE organization_id IN (SELECT value FROM json_each(?)) ORDER BY organization_id, id
"""


class Store:
    """Organizations in a file that outlives the process, or in a database that ends with it.

    Raises sqlite3.Error when the file cannot be opened, or holds something else.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._lock = threading.RLock()
        # "" is a database of SQLite's page cache, which goes into a temporary file where it outgrows it.
        # ":memory:" would do, but its commits slow down with what is there: 0.1 ms at first, 1 ms at a million.
        self._connection = sqlite3.connect(file or "", isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        try:
            prepare(self._connection, lasting=file is not None)
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
        return self._walk(NEWER, than, limit, search, domain)

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        """Those made before a key, nearest first, that have the domain and the search text in their name."""
        return self._walk(OLDER, than, limit, search, domain)

    def fill(self, count: int, name: str = "Organization") -> None:
        """Adds organizations named `name 0`, `name 1`, ... at once: for tests and benchmarks."""
        ulids = Ulids()
        rows = (_row(_plain(f"org_{ulids.new(moment := now())}", f"{name} {i}", moment)) for i in range(count))
        with self.transaction():
            insert_many(self._connection, INSERT, rows)

    def _write(self, statement: str, organization: Organization) -> None:
        try:
            self._connection.execute(statement, _row(organization))
        except sqlite3.IntegrityError as error:
            raise Taken(_column(error)) from error

    def _insert_domains(self, organization: Organization) -> None:
        self._connection.executemany(INSERT_DOMAIN, _domain_rows(organization))

    def _delete_domains(self, id: str) -> None:
        self._connection.execute("DELETE FROM organization_domain WHERE organization_id = ?", (id,))

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        return self._organizations(Walk(direction, than, limit, search, domain).rows(self._connection))

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
        "first_position": organization.created_at * POSITIONS_A_MILLISECOND,
        "last_position": (organization.created_at + 1) * POSITIONS_A_MILLISECOND - 1,
    }


def _domain_rows(organization: Organization) -> Iterator[Values]:
    return ({"organization_id": organization.id, **vars(domain)} for domain in organization.domains)


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
