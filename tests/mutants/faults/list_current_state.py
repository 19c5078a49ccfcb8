"""Lists that show an organization as it is not."""

from __future__ import annotations

from tests.mutants.parts.objects import convert, mixed_up, organizations, put, stale
from tests.mutants.planting import plant

# fmt: off
plant("name-stale-in-list", "list.current-state", "list goes on showing name as it first did.",
      organizations(stale("name"), ("list",)))
plant("external-id-stale-in-list", "list.current-state", "list goes on showing external_id as it first did.",
      organizations(stale("external_id"), ("list",)))
plant("metadata-stale-in-list", "list.current-state", "list goes on showing metadata as it first did.",
      organizations(stale("metadata"), ("list",)))
plant("domains-stale-in-list", "list.current-state", "list goes on showing domains as it first did.",
      organizations(stale("domains"), ("list",)))
plant("stripe-customer-id-stale-in-list", "list.current-state",
      "list goes on showing stripe_customer_id as it first did.",
      organizations(stale("stripe_customer_id"), ("list",)))
plant("allow-profiles-outside-organization-stale-in-list", "list.current-state",
      "list goes on showing allow_profiles_outside_organization as it first did.",
      organizations(stale("allow_profiles_outside_organization"), ("list",)))
plant("updated-at-stale-in-list", "list.current-state", "list goes on showing updated_at as it first did.",
      organizations(stale("updated_at"), ("list",)))
plant("id-mixed-up-in-list", "list.current-state", "A list shows id of the organization above.",
      organizations(mixed_up("id"), ("list",)))
plant("name-mixed-up-in-list", "list.current-state", "A list shows name of the organization above.",
      organizations(mixed_up("name"), ("list",)))
plant("external-id-mixed-up-in-list", "list.current-state", "A list shows external_id of the organization above.",
      organizations(mixed_up("external_id"), ("list",)))
plant("metadata-mixed-up-in-list", "list.current-state", "A list shows metadata of the organization above.",
      organizations(mixed_up("metadata"), ("list",)))
plant("stripe-customer-id-mixed-up-in-list", "list.current-state",
      "A list shows stripe_customer_id of the organization above.",
      organizations(mixed_up("stripe_customer_id"), ("list",)))
plant("allow-profiles-outside-organization-mixed-up-in-list", "list.current-state",
      "A list shows allow_profiles_outside_organization of the organization above.",
      organizations(mixed_up("allow_profiles_outside_organization"), ("list",)))
plant("created-at-mixed-up-in-list", "list.current-state", "A list shows created_at of the organization above.",
      organizations(mixed_up("created_at"), ("list",)))
plant("updated-at-mixed-up-in-list", "list.current-state", "A list shows updated_at of the organization above.",
      organizations(mixed_up("updated_at"), ("list",)))
plant("domains-empty-in-list", "list.current-state", "A list shows no domains.",
      organizations(put("domains", []), ("list",)))
plant("metadata-empty-in-list", "list.current-state", "A list shows no metadata.",
      organizations(put("metadata", {}), ("list",)))
plant("external-id-null-in-list", "list.current-state", "A list shows no external_id.",
      organizations(put("external_id", None), ("list",)))
plant("names-cut-in-list", "list.current-state", "A list shows the first 20 characters of a name.",
      organizations(convert("name", lambda name: name[:20]), ("list",)))
plant("times-without-fraction-in-list", "list.current-state", "A list shows times to the second.",
      organizations(convert("created_at", lambda value: value[:19] + "Z"), ("list",)))
# fmt: on
