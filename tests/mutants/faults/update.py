"""Updates that do nothing, too much, or reach the wrong organization."""

from __future__ import annotations

import dataclasses
import json
from types import NoneType
from typing import Any

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import InvalidMetadata, InvalidParameters, Taken
from emulator.store import Store
from emulator.validation import Rules, invalid_body
from tests.mutants.parts.bodies import converted, keyword, relaxed, when
from tests.mutants.parts.failures import fail
from tests.mutants.parts.objects import organizations, stale
from tests.mutants.parts.replies import always_fails, replies, to_status
from tests.mutants.parts.updates import FIELDS, Replacing, ignoring
from tests.mutants.planting import mutant, plant

EMPTY: dict[str, Any] = {
    "name": "",
    "domains": (),
    "metadata": {},
    "external_id": None,
    "stripe_customer_id": None,
    "allow_profiles": False,
}


def resetting(field: str) -> type[Changes]:
    """Changes that empty a field which an update leaves out."""

    class Resetting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            updated = super().updated(known, body)
            given = FIELDS[field] in body or field in body
            return updated if given else dataclasses.replace(updated, **{field: EMPTY[field]})

    return Resetting


def clearing_with_null_metadata(field: str) -> type[Changes]:
    """Changes that also empty a field where metadata are null."""

    class Clearing(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            updated = super().updated(known, body)
            clears = body.get("metadata", "") is None
            return dataclasses.replace(updated, **{field: EMPTY[field]}) if clears else updated

    return Clearing


# fmt: off
plant("update-fails", "update.answers", "update answers 500, always.", always_fails("update"))
plant("update-answers-404", "update.answers", "update answers 404, always.", replies(to_status(404), 200, "update"))

plant("update-resets-name", "update.keeps-the-rest", "An update that leaves name out empties it.", resetting("name"))
plant("update-resets-domains", "update.keeps-the-rest", "An update that leaves domains out empties it.",
      resetting("domains"))
plant("update-resets-metadata", "update.keeps-the-rest", "An update that leaves metadata out empties it.",
      resetting("metadata"))
plant("update-resets-external-id", "update.keeps-the-rest", "An update that leaves external_id out empties it.",
      resetting("external_id"))
plant("update-resets-stripe-customer-id", "update.keeps-the-rest",
      "An update that leaves stripe_customer_id out empties it.",
      resetting("stripe_customer_id"))
plant("update-resets-allow-profiles", "update.keeps-the-rest", "An update that leaves allow_profiles out empties it.",
      resetting("allow_profiles"))

plant("null-metadata-clears-external-id", "update.keeps-the-rest",
      "Metadata of null in an update clear external_id too.",
      clearing_with_null_metadata("external_id"), occasion="update.metadata-null")
plant("null-metadata-clears-domains", "update.keeps-the-rest", "Metadata of null in an update remove the domains too.",
      clearing_with_null_metadata("domains"), occasion="update.metadata-null")
plant("null-metadata-clears-stripe-customer-id", "update.keeps-the-rest",
      "Metadata of null in an update clear stripe_customer_id too.",
      clearing_with_null_metadata("stripe_customer_id"), occasion="update.metadata-null")

plant("update-needs-a-field", "update.empty", "An update needs at least one field.",
      relaxed(lambda schema: schema.update({"minProperties": 1}), ("update",)), operation="update")

plant("null-metadata-fails", "update.accepts-valid-bodies", "Metadata of null make an update fail.",
      converted(when("metadata", NoneType, lambda _: fail()), ("update",)), operation="update")
plant("update-name-required", "update.accepts-valid-bodies", "An update needs a name.",
      relaxed(lambda schema: schema.update({"required": ["name"]}), ("update",)), operation="update")

plant("external-id-may-not-be-null", "update.clears-external-id", "external_id may not be null.",
      relaxed(keyword("external_id", "type", "string")))

plant("domains-stale", "update.replaces-domains", "domains is always shown as at first.",
      organizations(stale("domains")))
plant("update-ignores-domains", "update.replaces-domains", "An update does not change domains.", ignoring("domains"))

plant("update-200-for-404", "update.unknown", "update answers 200 in the place of 404.",
      replies(to_status(200), 404, "update"), operation="update")
plant("update-400-for-404", "update.unknown", "update answers 400 in the place of 404.",
      replies(to_status(400), 404, "update"), operation="update")
plant("update-403-for-404", "update.unknown", "update answers 403 in the place of 404.",
      replies(to_status(403), 404, "update"), operation="update")
plant("update-410-for-404", "update.unknown", "update answers 410 in the place of 404.",
      replies(to_status(410), 404, "update"), operation="update")
plant("update-422-for-404", "update.unknown", "update answers 422 in the place of 404.",
      replies(to_status(422), 404, "update"), operation="update")
plant("update-500-for-404", "update.unknown", "update answers 500 in the place of 404.",
      replies(to_status(500), 404, "update"), operation="update")
# fmt: on


@mutant("empty-update-empties", "update.empty")
class EmptyUpdateEmpties(Api):
    """An update without fields removes metadata and external_id."""

    def update(self, call: Call) -> Response:
        if self.rules.update(call.content):
            return super().update(call)
        emptied = dataclasses.replace(self.known(call.path["id"]), metadata={}, external_id=None)
        self.store.update(emptied)
        return self.responses.found(emptied)


@mutant("empty-update-refused", "update.empty")
class EmptyUpdateRefused(Rules):
    """An update without fields is refused."""

    def update(self, content: bytes) -> dict[str, Any]:
        return super().update(content) or super().update(b"[]")


@mutant("older-guide-on-update", "update.accepts-documented-bounds")
class OlderGuideOnUpdate(Rules):
    """An update takes no more than ten pairs of metadata."""

    def update(self, content: bytes) -> dict[str, Any]:
        if len(json.loads(content).get("metadata") or ()) > 10:
            raise invalid_body("too_many", "at most ten pairs")
        return super().update(content)


@mutant("null-external-id-ignored", "update.clears-external-id")
class NullExternalIdIgnored(Changes):
    """An external_id of null changes nothing."""

    def updated(self, known: Organization, body: Body) -> Organization:
        given = {name: value for name, value in body.items() if name != "external_id" or value is not None}
        return super().updated(known, given)


@mutant("second-cleared-external-id-refused", "update.clears-external-id")
class SecondClearedExternalIdRefused(Store):
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


@mutant("own-external-id-taken", "update.own-external-id")
class OwnExternalIdTaken(Api):
    """An update to the external_id that the organization has is refused."""

    def update(self, call: Call) -> Response:
        body = self.rules.update(call.content)
        known = self.store.by_id(call.path["id"])
        if known and known.external_id and body.get("external_id") == known.external_id:
            raise Taken("external_id")
        return super().update(call)


@mutant("plain-domains-ignored", "update.deprecated-domains")
class PlainDomainsIgnored(Replacing):
    """An update ignores the deprecated domains."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains if "domain_data" in body else known.domains


@mutant("plain-domains-appended", "update.deprecated-domains")
class PlainDomainsAppended(Replacing):
    """The deprecated domains of an update come beside those that were there."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        new = {domain.domain for domain in domains}
        kept = (dataclasses.replace(old, id=self.domain_id(old.created_at)) for old in known.domains)
        return domains if "domain_data" in body else (*(old for old in kept if old.domain not in new), *domains)


@mutant("domains-appended", "update.replaces-domains")
class DomainsAppended(Replacing):
    """Domains of an update come beside those that were there."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        new = {domain.domain for domain in domains}
        kept = (dataclasses.replace(old, id=self.domain_id(old.created_at)) for old in known.domains)
        return (*(old for old in kept if old.domain not in new), *domains)


@mutant("only-first-of-new-domains", "update.replaces-domains")
class OnlyFirstOfNewDomains(Replacing):
    """Of several domains an update takes the first."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains[:1]


@mutant("no-domains-ignored", "update.no-domains")
class NoDomainsIgnored(Replacing):
    """An empty domain_data changes nothing."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains or known.domains


@mutant("update-creates", "update.unknown")
class UpdateCreates(Api):
    """An update of an id that nobody has makes an organization."""

    def update(self, call: Call) -> Response:
        body = self.rules.update(call.content)
        if self.store.by_id(call.path["id"]) is None and "name" in body:
            self.store.insert(dataclasses.replace(self.changes.created(body), id=call.path["id"]))
        return super().update(call)


@mutant("refused-update-half-applied", "update.refusal-changes-nothing")
class RefusedUpdateHalfApplied(Api):
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


@mutant("update-to-taken-external-id-half-applied", "update.refusal-changes-nothing")
class UpdateToTakenExternalIdHalfApplied(Api):
    """An update to an external_id that is taken has changed the rest."""

    def update(self, call: Call) -> Response:
        try:
            return super().update(call)
        except Taken as taken:
            body = {name: value for name, value in self.rules.update(call.content).items() if name == "metadata"}
            self.store.update(self.changes.updated(self.known(call.path["id"]), body))
            return self.responses.refused(taken)


@mutant("refused-update-touches", "update.refusal-changes-nothing")
class RefusedUpdateTouches(Api):
    """An update that is refused moves updated_at."""

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        try:
            return super().update(call)
        except (InvalidParameters, InvalidMetadata) as refusal:
            self.store.update(dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at)))
            return self.responses.refused(refusal)
