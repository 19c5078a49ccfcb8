"""Updates and creates that reach too far, and refusals that leave half of what was asked."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import InvalidMetadata, InvalidParameters, Taken
from emulator.store import Store
from emulator.validation import Rules
from tests.mutants.planting import mutant, plant

LEAKS = ("name", "metadata", "allow_profiles", "updated_at")


def leaking(column: str, neighbours: str) -> type[Store]:
    """A store whose updates write a column of neighbours too."""
    values = f"SET {column} = updated.{column} FROM organization AS updated"
    statement = f"UPDATE organization AS other {values} WHERE updated.id = :id AND {neighbours}"

    class Leaking(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            self._connection.execute(statement, {"id": organization.id})

    return Leaking


NEIGHBOURS = {
    "the-oldest": ("list.current-state", "other.rowid = (SELECT min(rowid) FROM organization)"),
    "the-next": ("get.current-state", "other.rowid = updated.rowid + 1"),
    "the-one-before": ("list.current-state", "other.rowid = updated.rowid - 1"),
    "all": ("update.leaves-others-alone", "true"),
}
"""Whom an update reaches, the requirement that must notice, and how to find them."""

for column in LEAKS:
    label = column.replace("_", "-")
    for neighbour, (requirement, condition) in NEIGHBOURS.items():
        fault = f"An update writes {column} of {neighbour.replace('-', ' ')} too."
        plant(f"update-leaks-{label}-to-{neighbour}", requirement, fault, leaking(column, condition))


@mutant("update.refusal-changes-nothing")
class HalfApplied(Api):
    """An update that is refused has changed the name before."""

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        try:
            return super().update(call)
        except (InvalidParameters, InvalidMetadata) as refusal:
            try:
                name = self.rules.parsed(call.content)["name"]
                self.store.update(dataclasses.replace(known, name=str(name)))
            except (InvalidParameters, KeyError, TypeError):
                raise refusal from None
            return self.responses.refused(refusal)


@mutant("update.external-id-taken")
class TakenHalfApplied(Api):
    """An update to an external_id that is taken has changed the rest."""

    def update(self, call: Call) -> Response:
        try:
            return super().update(call)
        except Taken as taken:
            body = {name: value for name, value in self.rules.update(call.content).items() if name == "metadata"}
            self.store.update(self.changes.updated(self.known(call.path["id"]), body))
            return self.responses.refused(taken)


@mutant("update.stripe-customer-id-taken")
class StripeTakenHalfApplied(Api):
    """An update to a stripe_customer_id that is taken has changed the name."""

    def update(self, call: Call) -> Response:
        try:
            return super().update(call)
        except Taken as taken:
            body = {name: value for name, value in self.rules.update(call.content).items() if name == "name"}
            self.store.update(self.changes.updated(self.known(call.path["id"]), body))
            return self.responses.refused(taken)


@mutant("update.refusal-changes-nothing")
class RefusalTouches(Api):
    """An update that is refused moves updated_at."""

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        try:
            return super().update(call)
        except (InvalidParameters, InvalidMetadata) as refusal:
            self.store.update(dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at)))
            return self.responses.refused(refusal)


@mutant("create.refusal-leaves-nothing")
class RefusedCreateStays(Api):
    """A create that is refused leaves an organization of its name."""

    def create(self, call: Call) -> Response:
        try:
            return super().create(call)
        except (InvalidParameters, InvalidMetadata) as refusal:
            try:
                name = self.rules.parsed(call.content)["name"]
            except (InvalidParameters, KeyError, TypeError):
                raise refusal from None
            self.store.insert(self.changes.created({"name": str(name)}))
            return self.responses.refused(refusal)


@mutant("create.refusal-leaves-nothing")
class BadMetadataDropped(Api):
    """A create with bad metadata is refused, but leaves an organization without them."""

    def create(self, call: Call) -> Response:
        try:
            return super().create(call)
        except InvalidMetadata as refusal:
            self.store.insert(self.changes.created({"name": self.rules.parsed(call.content)["name"]}))
            return self.responses.refused(refusal)


@mutant("update.unknown")
class UpdateCreates(Api):
    """An update of an id that nobody has makes an organization."""

    def update(self, call: Call) -> Response:
        body = self.rules.update(call.content)
        if self.store.by_id(call.path["id"]) is None and "name" in body:
            self.store.insert(dataclasses.replace(self.changes.created(body), id=call.path["id"]))
        return super().update(call)


@mutant("update.sets-what-was-sent")
class UpdateAnswersTheOld(Api):
    """An update answers with the organization as it was."""

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        super().update(call)
        return self.responses.found(known)


@mutant("update.sets-what-was-sent")
class UpdateOnlyAnswers(Store):
    """An update answers as if it had changed something."""

    def update(self, organization: Organization) -> None:
        pass


@mutant("update.empty")
class EmptyUpdateEmpties(Api):
    """An update without fields removes metadata and external_id."""

    def update(self, call: Call) -> Response:
        if self.rules.update(call.content):
            return super().update(call)
        emptied = dataclasses.replace(self.known(call.path["id"]), metadata={}, external_id=None)
        self.store.update(emptied)
        return self.responses.found(emptied)


@mutant("update.empty")
class EmptyUpdateRefused(Rules):
    """An update without fields is refused."""

    def update(self, content: bytes) -> dict[str, Any]:
        return super().update(content) or super().update(b"[]")


@mutant("get.current-state")
class CreateTouchesTheNewest(Store):
    """A create moves updated_at of the organization before."""

    def insert(self, organization: Organization) -> None:
        statement = "UPDATE organization SET updated_at = ? WHERE rowid = (SELECT max(rowid) FROM organization)"
        self._connection.execute(statement, (organization.created_at + 1,))
        super().insert(organization)


@mutant("get.current-state")
class CreateEmptiesTheNewest(Store):
    """A create empties metadata of the organization before."""

    def insert(self, organization: Organization) -> None:
        statement = "UPDATE organization SET metadata = '{}' WHERE rowid = (SELECT max(rowid) FROM organization)"
        self._connection.execute(statement)
        super().insert(organization)
