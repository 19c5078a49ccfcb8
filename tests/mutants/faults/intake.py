"""Values that are changed on the way in: cut, trimmed, folded, dropped."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator

from emulator.changes import Body, Changes
from emulator.identifiers import Ulids
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.validation import Rules
from tests.mutants.planting import mutant, plant


def taken_in(field: str, change: Callable[[Any], Any], on: tuple[str, ...] = ("create", "update")) -> type[Changes]:
    """Changes a field of the body before it is looked at."""

    def changed(body: Body, operation: str) -> Body:
        return {**body, field: change(body[field])} if operation in on and body.get(field) is not None else body

    class Altered(Changes):
        def created(self, body: Body) -> Organization:
            return super().created(changed(body, "create"))

        def updated(self, known: Organization, body: Body) -> Organization:
            return super().updated(known, changed(body, "update"))

    return Altered


def each_value(change: Callable[[str], str]) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
    """Changes the values of metadata."""
    return lambda metadata: {key: value if value is None else change(value) for key, value in metadata.items()}


def underscored(metadata: Mapping[str, str]) -> Mapping[str, str]:
    """Metadata without signs in their keys."""
    return {"".join(letter if letter.isalnum() else "_" for letter in key): value for key, value in metadata.items()}


for name, requirement, fault, part in (
    ("name-decomposed", "create.returns-what-was-sent", "The name is stored with its accents apart.",
     taken_in("name", lambda name: unicodedata.normalize("NFD", name))),
    ("name-ascii-only", "create.returns-what-was-sent", "What is not ASCII in a name is lost.",
     taken_in("name", lambda name: name.encode("ascii", "replace").decode())),
    ("name-mojibake", "create.returns-what-was-sent", "The name is read as Latin-1.",
     taken_in("name", lambda name: name.encode().decode("latin-1"))),
    ("name-cut-at-50", "create.returns-what-was-sent", "A name is cut at 50 characters.",
     taken_in("name", lambda name: name[:50])),
    ("name-cut-at-100", "create.returns-what-was-sent", "A name is cut at 100 characters.",
     taken_in("name", lambda name: name[:100])),
    ("name-cut-on-update", "update.sets-what-was-sent", "An update cuts a name at 64 characters.",
     taken_in("name", lambda name: name[:64], ("update",))),
    ("name-titled-on-update", "update.sets-what-was-sent", "An update gives a name capitals.",
     taken_in("name", str.title, ("update",))),
    ("name-ascii-on-update", "update.sets-what-was-sent", "An update loses what is not ASCII in a name.",
     taken_in("name", lambda name: name.encode("ascii", "ignore").decode(), ("update",))),
    ("external-id-trimmed", "lookup.percent-encoded", "external_id loses the spaces at its ends.",
     taken_in("external_id", str.strip)),
    ("external-id-folded", "create.returns-what-was-sent", "external_id is stored in lower case.",
     taken_in("external_id", str.lower)),
    ("external-id-cut-at-64", "create.returns-what-was-sent", "external_id is cut at 64 characters.",
     taken_in("external_id", lambda value: value[:64])),
    ("external-id-cut-at-40", "create.returns-what-was-sent", "external_id is cut at 40 characters.",
     taken_in("external_id", lambda value: value[:40])),
    ("metadata-keys-folded", "create.returns-what-was-sent", "Metadata keys are stored in lower case.",
     taken_in("metadata", lambda pairs: {key.lower(): value for key, value in pairs.items()})),
    ("metadata-keys-underscored", "create.returns-what-was-sent", "Signs in metadata keys become underscores.",
     taken_in("metadata", underscored)),
    ("metadata-empty-dropped", "create.returns-what-was-sent", "Empty values of metadata are dropped.",
     taken_in("metadata", lambda pairs: {key: value for key, value in pairs.items() if value != ""})),
    ("metadata-trimmed", "create.returns-what-was-sent", "Values of metadata lose the spaces at their ends.",
     taken_in("metadata", each_value(str.strip))),
    ("metadata-cut-at-500", "create.returns-what-was-sent", "Values of metadata are cut at 500 characters.",
     taken_in("metadata", each_value(lambda value: value[:500]))),
    ("metadata-numbers-rounded", "create.returns-what-was-sent", "Values that look like numbers lose leading zeros.",
     taken_in("metadata", each_value(lambda value: str(int(value)) if value.isdigit() else value))),
    ("metadata-keys-cut-at-30", "create.returns-what-was-sent", "Metadata keys are cut at 30 characters.",
     taken_in("metadata", lambda pairs: {key[:30]: value for key, value in pairs.items()})),
    ("metadata-kept-to-nine", "create.returns-what-was-sent", "Only nine pairs of metadata are kept.",
     taken_in("metadata", lambda pairs: dict(list(pairs.items())[:9]))),
    ("metadata-dropped-on-create", "create.returns-what-was-sent", "A create drops metadata.",
     taken_in("metadata", lambda pairs: {}, ("create",))),
    ("external-id-dropped-on-create", "create.returns-what-was-sent", "A create drops external_id.",
     taken_in("external_id", lambda value: None, ("create",))),
    ("allow-profiles-dropped-on-create", "create.returns-what-was-sent", "A create drops allow_profiles.",
     taken_in("allow_profiles_outside_organization", lambda value: False, ("create",))),
    ("domains-dropped-on-create", "create.deprecated-domains", "A create ignores the deprecated domains.",
     taken_in("domains", lambda value: [], ("create",))),
    ("domain-data-dropped-on-create", "create.returns-what-was-sent", "A create ignores domain_data.",
     taken_in("domain_data", lambda value: [], ("create",))),
    ("one-domain-only", "create.returns-what-was-sent", "Only the first of domain_data is taken.",
     taken_in("domain_data", lambda value: value[:1])),
    ("one-plain-domain-only", "create.deprecated-domains", "Only the first of domains is taken.",
     taken_in("domains", lambda value: value[:1])),
    ("all-domains-pending", "create.domain-state", "Domains are pending, whatever was sent.",
     taken_in("domain_data", lambda value: [{**item, "state": "pending"} for item in value])),
    ("all-domains-verified-on-update", "update.sets-what-was-sent", "An update verifies every domain.",
     taken_in("domain_data", lambda value: [{**item, "state": "verified"} for item in value], ("update",))),
):  # fmt: skip
    operation = "update" if requirement.startswith("update.") else "create"
    plant(name, requirement, fault, part, beside=f"{operation}.accepts-valid-bodies")


@mutant("create.answers")
class IdsShortened(Changes):
    """Ids made in the same ten seconds are the same."""

    def organization_id(self, moment: int) -> str:
        return f"org_{'0' * 16}{moment // 10_000:010}"


@mutant("create.readable-at-once")
class AnotherIdIsAnswered(Responses):
    """A create answers with an id that it did not store."""

    def created(self, organization: Organization) -> Any:
        return super().created(replace(organization, id=f"org_{Ulids().new(organization.created_at)}"))


@mutant("get.current-state")
class DomainIdsAlwaysNew(Responses):
    """A domain has another id in every answer."""

    def domain(self, organization: Organization, domain: Domain) -> dict[str, Any]:
        return {**super().domain(organization, domain), "id": f"org_domain_{Ulids().new(domain.created_at)}"}


@mutant("body.invalid")
class SeveralFaultsCrash(Rules):
    """A body that breaks several rules makes the server fail."""

    def check_body(self, validator: Draft202012Validator, body: Any) -> None:
        [*faults] = validator.iter_errors(body)
        assert len(faults) < 2
        super().check_body(validator, body)
