"""Stores that write too much, or do not keep values unique."""

from __future__ import annotations

import dataclasses
from typing import Any

from emulator.paging import OLDEST
from emulator.records import Organization
from emulator.refusals import Refusal, Taken
from emulator.store import Store

THE_OLDEST = "other.rowid = (SELECT min(rowid) FROM organization)"
THE_NEXT = "other.rowid = (SELECT min(rowid) FROM organization WHERE rowid > updated.rowid)"
THE_ONE_BEFORE = "other.rowid = (SELECT max(rowid) FROM organization WHERE rowid < updated.rowid)"
ALL = "true"
NAMESAKES = "other.name = updated.name"
SHARING_A_DOMAIN = """other.id IN (
    SELECT theirs.organization_id FROM organization_domain AS theirs JOIN organization_domain AS own USING (domain)
    WHERE own.organization_id = updated.id
)"""
ALIKE_OUTSIDE = "substr(other.external_id, 1, 8) = substr(updated.external_id, 1, 8)"


def leaking(column: str, neighbours: str) -> type[Store]:
    """A store whose updates write a column of neighbours too."""
    values = f"SET {column} = updated.{column} FROM organization AS updated"
    statement = f"UPDATE organization AS other {values} WHERE updated.id = :id AND {neighbours}"

    class Leaking(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            self._connection.execute(statement, {"id": organization.id})

    return Leaking


def sticking(field: str) -> type[Store]:
    """A store that does not change a value once there is one."""

    class Sticking(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            old, new = getattr(known, field, None), getattr(organization, field)
            kept: dict[str, Any] = {field: old if old and new else new}
            super().update(dataclasses.replace(organization, **kept))

    return Sticking


MARK = "²"
"""Nothing that the contract allows in a unique value."""


class DomainTaken(Refusal):
    """Another organization has this domain."""

    status = 409

    def __init__(self) -> None:
        super().__init__("Another organization has this domain.")


def one_owner(state: str) -> type[Store]:
    """A store that refuses a domain of this state that another organization has."""

    class OneOwner(Store):
        def insert(self, organization: Organization) -> None:
            self._check(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            self._check(organization)
            super().update(organization)

        def _check(self, organization: Organization) -> None:
            asked = [domain.domain for domain in organization.domains if domain.state == state]
            owners = {each.id for domain in asked for each in self.newer(OLDEST, 2, "", domain)}
            if owners - {organization.id}:
                raise DomainTaken

    return OneOwner


class Loose(Store):
    """A store in which some values need not be unique."""

    loose: tuple[str, ...] = ()
    on: tuple[str, ...] = ("INSERT", "UPDATE")

    def _write(self, statement: str, organization: Organization) -> None:
        """Writes a value that is taken with a mark, which is not shown."""
        try:
            super()._write(statement, organization)
        except Taken as taken:
            if taken.field not in self.loose or statement.split()[0] not in self.on:
                raise
            marked: dict[str, Any] = {taken.field: getattr(organization, taken.field) + MARK}
            self._write(statement, dataclasses.replace(organization, **marked))

    def _organizations(self, rows: Any) -> list[Organization]:
        return [self._unmarked(organization) for organization in super()._organizations(rows)]

    def _unmarked(self, organization: Organization) -> Organization:
        values = {field: getattr(organization, field) for field in self.loose}
        unmarked: dict[str, Any] = {field: value and value.rstrip(MARK) for field, value in values.items()}
        return dataclasses.replace(organization, **unmarked)
