"""Values that are stale, or belong to another organization."""

from __future__ import annotations

from tests.mutants.altering import domains, mixed_up, organizations, put, stale, through
from tests.mutants.planting import plant

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
            plant(f"{label}-stale-in-{operation}", f"{operation}.current-state", fault, part,
                  beside="update.keeps-the-rest")  # fmt: skip

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
    requirement = {"domain": "create.returns-what-was-sent", "state": "create.domain-state"}.get(
        field, "get.current-state"
    )
    plant(f"domain-{field.replace('_', '-')}-mixed-up", requirement, fault, domains(mixed_up(field)))
plant("domain-owner-mixed-up", "domain.organization-id", "A domain names the organization that was shown before.",
      domains(mixed_up("organization_id")))  # fmt: skip

for name, requirement, fault, part in (
    ("created-at-is-now", "update.identity", "created_at is the last change.",
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
