"""Faults in values: stale ones, those of another organization, those that were changed on the way in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from emulator.answers import Answers
from emulator.changes import Body, Changes
from emulator.identifiers import Ulids
from emulator.records import Domain, Organization
from tests.mutants.altering import domains, mixed_up, organizations, put, stale, through
from tests.mutants.planting import mutant, plant

STALE = {
    "name": "update.sets-what-was-sent",
    "external_id": "update.sets-what-was-sent",
    "metadata": "update.metadata-merges",
    "domains": "update.replaces-domains",
    "stripe_customer_id": "update.stripe-customer-id",
    "allow_profiles_outside_organization": "update.sets-what-was-sent",
    "updated_at": "update.moves-updated-at",
}
"""Of each field that can change, the requirement that notices when it never does."""

for field, requirement in STALE.items():
    label = field.replace("_", "-")
    plant(f"{label}-stale", requirement, f"{field} is always shown as at first.", organizations(stale(field)))
    for operation in ("get", "lookup", "list"):
        if field in ("name", "metadata", "domains", "updated_at") or operation == "list":
            part = organizations(stale(field), (operation,))
            fault = f"{operation} goes on showing {field} as it first did."
            plant(f"{label}-stale-in-{operation}", f"{operation}.current-state", fault, part)

MIXED_UP = {
    "id": "get.current-state",
    "name": "create.returns-what-was-sent",
    "external_id": "create.returns-what-was-sent",
    "metadata": "create.returns-what-was-sent",
    "domains": "domain.organization-id",
    "stripe_customer_id": "update.stripe-customer-id",
    "allow_profiles_outside_organization": "create.returns-what-was-sent",
    "created_at": "update.identity",
    "updated_at": "get.current-state",
}

for field, requirement in MIXED_UP.items():
    fault = f"{field} is that of the organization that was shown before."
    plant(f"{field.replace('_', '-')}-mixed-up", requirement, fault, organizations(mixed_up(field)))
    fault = f"A list shows {field} of the organization above."
    part = organizations(mixed_up(field), ("list",))
    noticing = "domain.organization-id" if field == "domains" else "list.current-state"
    plant(f"{field.replace('_', '-')}-mixed-up-in-list", noticing, fault, part)

for field in ("id", "domain", "state", "created_at"):
    fault = f"{field} of a domain is that of the domain that was shown before."
    requirement = {"domain": "create.returns-what-was-sent", "state": "create.domain-state"}.get(field, "get.current-state")
    plant(f"domain-{field.replace('_', '-')}-mixed-up", requirement, fault, domains(mixed_up(field)))
plant("domain-owner-mixed-up", "domain.organization-id", "A domain names the organization that was shown before.",
      domains(mixed_up("organization_id")))  # fmt: skip

for name, requirement, fault, part in (
    ("created-at-is-now", "get.current-state", "created_at is the last change.",
     organizations(lambda value: put("created_at", value["updated_at"])(value))),
    ("updated-at-is-created-at", "update.moves-updated-at", "updated_at is created_at.",
     organizations(lambda value: put("updated_at", value["created_at"])(value))),
    ("name-in-capitals", "create.returns-what-was-sent", "The name is shown in capitals.",
     organizations(through("name", str.upper))),
    ("name-escaped", "create.returns-what-was-sent", "The name is shown with HTML entities.",
     organizations(through("name", lambda name: name.replace("&", "&amp;")))),
    ("external-id-lower-case", "create.returns-what-was-sent", "external_id is shown in lower case.",
     organizations(through("external_id", lambda value: value and value.lower()))),
    ("domains-reduced-to-one", "create.returns-what-was-sent", "Only the first domain is shown.",
     organizations(through("domains", lambda value: value[:1]))),
    ("domains-doubled", "create.returns-what-was-sent", "Every domain is shown twice.",
     organizations(through("domains", lambda value: value * 2))),
    ("domains-empty-in-list", "list.current-state", "A list shows no domains.",
     organizations(put("domains", []), ("list",))),
    ("metadata-empty-in-list", "list.current-state", "A list shows no metadata.",
     organizations(put("metadata", {}), ("list",))),
    ("metadata-empty-in-lookup", "lookup.current-state", "A lookup shows no metadata.",
     organizations(put("metadata", {}), ("lookup",))),
    ("external-id-null-in-list", "list.current-state", "A list shows no external_id.",
     organizations(put("external_id", None), ("list",))),
    ("names-cut-in-list", "list.current-state", "A list shows the first 20 characters of a name.",
     organizations(through("name", lambda name: name[:20]), ("list",))),
    ("times-without-fraction-in-list", "list.current-state", "A list shows times to the second.",
     organizations(through("created_at", lambda value: value[:19] + "Z"), ("list",))),
    ("created-at-off-by-zone-in-lookup", "lookup.current-state", "A lookup shows created_at an hour off.",
     organizations(through("created_at", lambda value: value.replace("Z", "+01:00")), ("lookup",))),
):  # fmt: skip
    plant(name, requirement, fault, part)

# ---- Values changed on the way in ---------------------------------------------------------------------


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
    ("external-id-trimmed", "create.returns-what-was-sent", "external_id loses the spaces at its ends.",
     taken_in("external_id", str.strip)),
    ("external-id-folded", "create.returns-what-was-sent", "external_id is stored in lower case.",
     taken_in("external_id", str.lower)),
    ("external-id-cut-at-64", "create.accepts-documented-bounds", "external_id is cut at 64 characters.",
     taken_in("external_id", lambda value: value[:64])),
    ("external-id-cut-at-40", "create.returns-what-was-sent", "external_id is cut at 40 characters.",
     taken_in("external_id", lambda value: value[:40])),
    ("metadata-keys-folded", "create.returns-what-was-sent", "Metadata keys are stored in lower case.",
     taken_in("metadata", lambda pairs: {key.lower(): value for key, value in pairs.items()})),
    ("metadata-keys-underscored", "create.returns-what-was-sent", "Other characters in metadata keys become underscores.",
     taken_in("metadata", lambda pairs: {"".join(c if c.isalnum() else "_" for c in key): v for key, v in pairs.items()})),
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
    plant(name, requirement, fault, part)


@mutant("create.ids-differ")
class IdsShortened(Changes):
    """Ids made in the same ten seconds are the same."""

    def organization_id(self, moment: int) -> str:
        return f"org_{'0' * 16}{moment // 10_000:010}"


@mutant("create.readable-at-once")
class AnotherIdIsAnswered(Answers):
    """A create answers with an id that it did not store."""

    def created(self, organization: Organization) -> Any:
        return super().created(replace(organization, id=f"org_{Ulids().new(organization.created_at)}"))


@mutant("get.current-state")
class DomainIdsAlwaysNew(Answers):
    """A domain has another id in every answer."""

    def domain(self, organization: Organization, domain: Domain) -> dict[str, Any]:
        return {**super().domain(organization, domain), "id": f"org_domain_{Ulids().new(domain.created_at)}"}
