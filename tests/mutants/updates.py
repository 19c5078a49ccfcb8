"""Updates that reset, ignore, append, leak into a neighbour, or are half applied."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import InvalidMetadata, InvalidParameters, Taken
from emulator.store import Store
from emulator.validation import Rules
from tests.mutants.planting import mutant, plant

FIELDS = {
    "name": "name",
    "domains": "domain_data",
    "metadata": "metadata",
    "external_id": "external_id",
    "stripe_customer_id": "stripe_customer_id",
    "allow_profiles": "allow_profiles_outside_organization",
}
"""What is kept, and what a body calls it."""

EMPTY: dict[str, Any] = {
    "name": "",
    "domains": (),
    "metadata": {},
    "external_id": None,
    "stripe_customer_id": None,
    "allow_profiles": False,
}

IGNORED = {
    "name": "update.sets-what-was-sent",
    "domains": "update.replaces-domains",
    "metadata": "update.metadata-merges",
    "external_id": "update.sets-what-was-sent",
    "stripe_customer_id": "update.stripe-customer-id",
    "allow_profiles": "update.sets-what-was-sent",
}


def resetting(field: str) -> type[Changes]:
    """Changes that empty a field which an update leaves out."""

    class Resetting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            updated = super().updated(known, body)
            given = FIELDS[field] in body or field in body
            return updated if given else dataclasses.replace(updated, **{field: EMPTY[field]})

    return Resetting


def ignoring(field: str) -> type[Changes]:
    """Changes that leave a field as it is."""

    class Ignoring(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return dataclasses.replace(super().updated(known, body), **{field: getattr(known, field)})

    return Ignoring


for field, requirement in IGNORED.items():
    label = field.replace("_", "-")
    fault = f"An update that leaves {field} out empties it."
    plant(f"update-resets-{label}", "update.keeps-the-rest", fault, resetting(field))
    plant(f"update-ignores-{label}", requirement, f"An update does not change {field}.", ignoring(field))


class Updating(Changes):
    """Changes whose updates go wrong."""

    def updated(self, known: Organization, body: Body) -> Organization:
        return self.spoilt(known, body, super().updated(known, body))

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return updated


@mutant("update.identity")
class UpdateMovesCreatedAt(Updating):
    """An update moves created_at in its answer and from then on."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, created_at=updated.updated_at)


@mutant("update.moves-updated-at")
class UpdatedAtStays(Updating):
    """An update leaves updated_at."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, updated_at=known.updated_at)


@mutant("update.moves-updated-at")
class UpdatedAtGoesBack(Updating):
    """An update moves updated_at an hour back."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, updated_at=known.updated_at - 3_600_000)


def moving_only(field: str) -> type[Updating]:
    """Changes that move updated_at only with a field."""

    class Moving(Updating):
        def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
            moves = FIELDS[field] in body
            return updated if moves else dataclasses.replace(updated, updated_at=known.updated_at)

    return Moving


def not_moving(field: str) -> type[Updating]:
    """Changes that do not move updated_at with a field alone."""

    class Staying(Updating):
        def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
            stays = set(body) == {FIELDS[field]}
            return dataclasses.replace(updated, updated_at=known.updated_at) if stays else updated

    return Staying


plant("updated-at-moves-with-name-only", "update.moves-updated-at", "updated_at moves only with the name.",
      moving_only("name"))  # fmt: skip
plant("updated-at-moves-with-metadata-only", "update.moves-updated-at", "updated_at moves only with metadata.",
      moving_only("metadata"))  # fmt: skip
for field in FIELDS:
    plant(f"updated-at-ignores-{field.replace('_', '-')}", "update.moves-updated-at",
          f"A change of {field} alone does not move updated_at.", not_moving(field))  # fmt: skip

# ---- Metadata -------------------------------------------------------------------------------------


@mutant("update.metadata-merges")
class MetadataReplaced(Changes):
    """Metadata of an update replace those that were there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, given)


@mutant("update.metadata-merges")
class MetadataOnlyAdded(Changes):
    """An update adds metadata, and changes none that are there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, {**given, **known})


@mutant("update.metadata-merges")
class MetadataOnlyChanged(Changes):
    """An update changes metadata that are there, and adds none unless there are none."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        kept = {key: value for key, value in given.items() if key in known or not known}
        return super().merged(known, kept)


@mutant("update.metadata-merges")
class MetadataAppended(Changes):
    """An update appends to metadata that are there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged(known, {key: known.get(key, "") + (value or "") for key, value in given.items()})


@mutant("update.metadata-merges")
class MetadataReplacedByMany(Changes):
    """Metadata of more than one pair replace those that were there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({} if len(given) > 1 else known, given)


@mutant("update.metadata-empty")
class EmptyMetadataIgnored(Changes):
    """Empty metadata in an update change nothing."""

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        return super().next_metadata(known, body) if body.get("metadata") else known.metadata


@mutant("update.metadata-empty")
class EmptyMetadataLeavesOne(Changes):
    """Empty metadata in an update leave the first pair."""

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        following = super().next_metadata(known, body)
        return following if following or "metadata" not in body else dict(list(known.metadata.items())[:1])


@mutant("update.metadata-null-key", weak="O's schema does not allow null in metadata")
class NullKeyIgnored(Changes):
    """A metadata key of null changes nothing."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return {**known, **super().merged({}, given)}


@mutant("update.metadata-null-key", weak="O's schema does not allow null in metadata")
class NullKeyEmpties(Changes):
    """A metadata key of null makes its value empty."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return {**known, **{key: value or "" for key, value in given.items()}}


@mutant("update.metadata-limit-after-merge", weak="an older guide allows only 10 pairs")
class MergedMetadataUnlimited(Changes):
    """Merged metadata may be more than fifty."""

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        return metadata


@mutant("update.metadata-merges")
class MetadataCountTheOld(Changes):
    """Known and given metadata together may be four at most."""

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        if len(metadata) > 2:
            raise InvalidMetadata("metadata: too many.")
        return metadata


@mutant("create.returns-what-was-sent")
class MetadataOnUpdatesOnly(Changes):
    """A create does not take metadata; an update does."""

    def first_metadata(self, body: Body) -> Mapping[str, str]:
        return {}


# ---- Domains --------------------------------------------------------------------------------------


class Replacing(Changes):
    """Changes that put other domains into an organization."""

    def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
        return self.others(known, body, super().replaced_domains(known, body, moment))

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains


@mutant("update.replaces-domains")
class DomainsAppended(Replacing):
    """Domains of an update come beside those that were there."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        new = {domain.domain for domain in domains}
        kept = (dataclasses.replace(old, id=self.domain_id(old.created_at)) for old in known.domains)
        return (*(old for old in kept if old.domain not in new), *domains)


@mutant("update.replaces-domains")
class PlainDomainsIgnored(Replacing):
    """An update ignores the deprecated domains."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains if "domain_data" in body else known.domains


@mutant("update.replaces-domains")
class OnlyFirstOfNewDomains(Replacing):
    """Of several domains an update takes the first."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains[:1]


@mutant("update.sets-what-was-sent")
class StateOfOldDomainStays(Replacing):
    """A domain that an organization has keeps its state, whatever an update says."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        states = {domain.domain: domain.state for domain in known.domains}
        return tuple(dataclasses.replace(new, state=states.get(new.domain, new.state)) for new in domains)


@mutant("update.no-domains", weak="only R shows that a PUT replaces the domains")
class NoDomainsIgnored(Replacing):
    """An empty domain_data changes nothing."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains or known.domains


# ---- What is unique -------------------------------------------------------------------------------



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


@mutant("update.own-external-id")
class OwnExternalIdTaken(Api):
    """An update to the external_id that the organization has is refused."""

    def update(self, call: Call) -> Response:
        body = self.rules.update(call.content)
        known = self.store.by_id(call.path["id"])
        if known and known.external_id and body.get("external_id") == known.external_id:
            raise Taken("external_id")
        return super().update(call)


class Loose(Store):
    """A store in which some values need not be unique."""

    loose: tuple[str, ...] = ()
    on: tuple[str, ...] = ("INSERT", "UPDATE")

    def _write(self, statement: str, organization: Organization) -> None:
        """Gives a value that is taken to its new owner, and lets the old one go on showing it."""
        try:
            super()._write(statement, organization)
        except Taken as taken:
            if taken.field not in self.loose or statement.split()[0] not in self.on:
                raise
            value = getattr(organization, taken.field)
            lie = dataclasses.replace(organization, **{taken.field: f"{value} "})
            self._write(statement, lie)

    def _organizations(self, rows: Any) -> list[Organization]:
        found = super()._organizations(rows)
        return [
            dataclasses.replace(each, **{field: (getattr(each, field) or "").rstrip() or None for field in self.loose})
            for each in found
        ]


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
        return self.answers.created(owner) if owner else super().create(call)


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


@mutant("create.same-name")
class NamesUnique(Store):
    """Two organizations may not have one name."""

    def insert(self, organization: Organization) -> None:
        if self._one("SELECT * FROM organization WHERE name = ?", organization.name):
            raise Taken("external_id")
        super().insert(organization)


# ---- Leaks and halves -----------------------------------------------------------------------------

LEAKS = {
    "name": "name",
    "metadata": "metadata",
    "allow_profiles": "allow_profiles",
    "updated_at": "updated_at",
}


def leaking(column: str, neighbours: str) -> type[Store]:
    """A store whose updates write a column of neighbours too."""

    class Leaking(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            value = f"(SELECT {column} FROM organization WHERE id = :id)"
            self._connection.execute(f"UPDATE organization SET {column} = {value} WHERE {neighbours}", {  # noqa: S608
                "id": organization.id})  # fmt: skip

    return Leaking


for column in LEAKS:
    label = column.replace("_", "-")
    plant(f"update-leaks-{label}-to-the-oldest", "update.leaves-others-alone",
          f"An update writes {column} of the oldest organization too.",
          leaking(column, "rowid = (SELECT min(rowid) FROM organization)"))  # fmt: skip
    plant(f"update-leaks-{label}-to-the-next", "update.leaves-others-alone",
          f"An update writes {column} of the next organization too.",
          leaking(column, "rowid = 1 + (SELECT rowid FROM organization WHERE id = :id)"))  # fmt: skip
    plant(f"update-leaks-{label}-to-the-one-before", "update.leaves-others-alone",
          f"An update writes {column} of the organization before too.",
          leaking(column, "rowid = (SELECT rowid FROM organization WHERE id = :id) - 1"))  # fmt: skip
    plant(f"update-leaks-{label}-to-all", "update.leaves-others-alone", f"An update writes {column} of all.",
          leaking(column, "1"))  # fmt: skip


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
            return self.answers.refused(refusal)


@mutant("update.external-id-taken")
class TakenHalfApplied(Api):
    """An update to an external_id that is taken has changed the rest."""

    def update(self, call: Call) -> Response:
        try:
            return super().update(call)
        except Taken as taken:
            body = {name: value for name, value in self.rules.update(call.content).items() if name == "metadata"}
            self.store.update(self.changes.updated(self.known(call.path["id"]), body))
            return self.answers.refused(taken)


@mutant("update.stripe-customer-id-taken")
class StripeTakenHalfApplied(Api):
    """An update to a stripe_customer_id that is taken has changed the name."""

    def update(self, call: Call) -> Response:
        try:
            return super().update(call)
        except Taken as taken:
            body = {name: value for name, value in self.rules.update(call.content).items() if name == "name"}
            self.store.update(self.changes.updated(self.known(call.path["id"]), body))
            return self.answers.refused(taken)


@mutant("update.refusal-changes-nothing")
class RefusalTouches(Api):
    """An update that is refused moves updated_at."""

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        try:
            return super().update(call)
        except (InvalidParameters, InvalidMetadata) as refusal:
            self.store.update(dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at)))
            return self.answers.refused(refusal)


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
            return self.answers.refused(refusal)


@mutant("create.refusal-leaves-nothing")
class BadMetadataDropped(Api):
    """A create with bad metadata is refused, but leaves an organization without them."""

    def create(self, call: Call) -> Response:
        try:
            return super().create(call)
        except InvalidMetadata as refusal:
            self.store.insert(self.changes.created({"name": self.rules.parsed(call.content)["name"]}))
            return self.answers.refused(refusal)


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
        return self.answers.found(known)


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
        return self.answers.found(emptied)


@mutant("update.empty")
class EmptyUpdateRefused(Rules):
    """An update without fields is refused."""

    def update(self, content: bytes) -> dict[str, Any]:
        return super().update(content) or super().update(b"[]")
