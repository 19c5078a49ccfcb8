"""Values that are unique where they need not be, or not unique where they must be."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Refusal, Taken
from emulator.store import Store
from tests.mutants.planting import mutant, plant
from tests.mutants.wire_tap import Reply, Request, Wire


@mutant("update.clears-external-id")
class NullExternalIdIgnored(Changes):
    """An external_id of null changes nothing."""

    def updated(self, known: Organization, body: Body) -> Organization:
        given = {name: value for name, value in body.items() if name != "external_id" or value is not None}
        return super().updated(known, given)


@mutant("update.clears-external-id")
class SecondNullRefused(Store):
    """null counts as a value: only one organization may clear its external_id."""

    def __init__(self) -> None:
        super().__init__()
        self._cleared: set[str] = set()

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        if known and known.external_id and organization.external_id is None:
            self._cleared.add(organization.id)
            if len(self._cleared) > 1:
                raise Taken("external_id")
        super().update(organization)


@mutant("create.answers")
class OneNullOnly(Store):
    """null counts as a value: only one organization may be without external_id."""

    def insert(self, organization: Organization) -> None:
        if organization.external_id is None and self._one("SELECT * FROM organization WHERE external_id IS ?", None):  # type: ignore[arg-type]
            raise Taken("external_id")
        super().insert(organization)


class NameTaken(Refusal):
    """Another organization has this name."""

    status = 409


@mutant("create.same-name")
class NamesUnique(Store):
    """No two organizations may have the same name."""

    def insert(self, organization: Organization) -> None:
        if self._one("SELECT * FROM organization WHERE name = ?", organization.name):
            raise NameTaken("Another organization has this name.")
        super().insert(organization)


@mutant("create.same-name")
class NamesakesMerged(Api):
    """A create with a name that is known answers with the organization that has it."""

    def create(self, call: Call) -> Response:
        name = self.rules.create(call.content)["name"]
        known = self.store._one("SELECT * FROM organization WHERE name = ?", name)
        return self.responses.created(known) if known else super().create(call)


@mutant("create.ids-differ")
class IdsRepeated(Wire):
    """Every fifth new organization is shown with the id of the one before."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._ids: list[str] = []

    def alter(self, request: Request, reply: Reply) -> None:
        if request.operation != "create" or not reply.succeeds:
            return
        self._ids.append(reply.json["id"])
        if len(self._ids) % 5 == 0:
            reply.json = {**reply.json, "id": self._ids[-2]}


@mutant("update.own-external-id")
class OwnExternalIdTaken(Api):
    """An update to the external_id that the organization has is refused."""

    def update(self, call: Call) -> Response:
        body = self.rules.update(call.content)
        known = self.store.by_id(call.path["id"])
        if known and known.external_id and body.get("external_id") == known.external_id:
            raise Taken("external_id")
        return super().update(call)


MARK = "²"
"""Nothing that the contract allows in a unique value."""


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


@mutant("create.external-id-taken")
class ExternalIdNotUnique(Loose):
    """Several organizations may have one external_id."""

    loose = ("external_id",)


@mutant("create.external-id-taken")
class ExternalIdNotUniqueOnCreate(Loose):
    """A create may take an external_id that is taken."""

    loose = ("external_id",)
    on = ("INSERT",)


@mutant("update.external-id-taken")
class ExternalIdNotUniqueOnUpdate(Loose):
    """An update may take an external_id that is taken."""

    loose = ("external_id",)
    on = ("UPDATE",)


@mutant("update.stripe-customer-id-taken")
class StripeCustomerNotUnique(Loose):
    """Several organizations may have one stripe_customer_id."""

    loose = ("stripe_customer_id",)


@mutant("create.external-id-taken")
class TakenAnswersTheOwner(Api):
    """A create with an external_id that is taken answers with the organization that has it."""

    def create(self, call: Call) -> Response:
        body = self.rules.create(call.content)
        owner = self.store.by_external_id(body.get("external_id") or "")
        return self.responses.created(owner) if owner else super().create(call)


@mutant("create.external-id-taken")
class TakenIsTakenAway(Store):
    """A create takes an external_id away from the organization that has it."""

    def insert(self, organization: Organization) -> None:
        statement = "UPDATE organization SET external_id = NULL WHERE external_id = ?"
        self._connection.execute(statement, (organization.external_id,))
        super().insert(organization)


@mutant("update.external-id-taken")
class TakenIsTakenAwayOnUpdate(Store):
    """An update takes an external_id away from the organization that has it."""

    def update(self, organization: Organization) -> None:
        statement = "UPDATE organization SET external_id = NULL WHERE external_id = ? AND id <> ?"
        self._connection.execute(statement, (organization.external_id, organization.id))
        super().update(organization)


@mutant("create.accepts-valid-bodies")
class UniqueIgnoringCase(Store):
    """An external_id is taken when another one differs in case only."""

    def insert(self, organization: Organization) -> None:
        others = "SELECT * FROM organization WHERE external_id = ? COLLATE NOCASE"
        if organization.external_id and self._one(others, organization.external_id):
            raise Taken("external_id")
        super().insert(organization)


def sticking(field: str) -> type[Store]:
    """A store that does not change a value once there is one."""

    class Sticking(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            old, new = getattr(known, field, None), getattr(organization, field)
            kept: dict[str, Any] = {field: old if old and new else new}
            super().update(dataclasses.replace(organization, **kept))

    return Sticking


for field, requirement in (
    ("external_id", "lookup.after-change"),
    ("stripe_customer_id", "update.stripe-customer-id"),
    ("name", "update.sets-what-was-sent"),
):
    plant(
        f"{field.replace('_', '-')}-sticks",
        requirement,
        f"{field} cannot be changed once it is there.",
        sticking(field),
    )
