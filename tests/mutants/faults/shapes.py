"""Faults in what objects look like: each field missing, null, of another type, out of form."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.mutants.altering import (
    Change,
    Object,
    domains,
    organizations,
    pages,
    put,
    put_if_there,
    through,
    without,
)
from tests.mutants.planting import plant

ORGANIZATION: dict[str, tuple[str, object]] = {
    "object": ("organization.object", "Organization"),
    "id": ("organization.id", 17),
    "name": ("organization.name", ["Acme"]),
    "domains": ("organization.domains", {}),
    "metadata": ("organization.metadata", []),
    "created_at": ("organization.created-at", 1_767_225_600),
    "updated_at": ("organization.updated-at", 1_767_225_600_000),
}
"""Of each required field the requirement that must notice, and a value of another type."""

DOMAIN: dict[str, tuple[str, object]] = {
    "object": ("domain.object", "domain"),
    "id": ("domain.id", 17),
    "organization_id": ("domain.organization-id", 17),
    "domain": ("domain.domain", {"name": "example.com"}),
    "created_at": ("domain.created-at", 1_767_225_600),
    "updated_at": ("domain.updated-at", "just now"),
}

for place, fields, changed in (("organization", ORGANIZATION, organizations), ("domain", DOMAIN, domains)):
    for field, (requirement, other) in fields.items():
        label = f"{place}-{field.replace('_', '-')}"
        plant(f"{label}-missing", requirement, f"No {place} has {field}.", changed(without(field)))
        plant(f"{label}-null", requirement, f"{field} of every {place} is null.", changed(put(field, None)))
        plant(f"{label}-other-type", requirement, f"{field} of every {place} is {other!r}.", changed(put(field, other)))


def local(time: str) -> str:
    """The time two hours east, without its zone."""
    return f"{datetime.fromisoformat(time) + timedelta(hours=2):%FT%T}"


def plant_change(name: str, requirement: str, fault: str, change: Change, *operations: str, **more: Any) -> None:
    """Plants a change of every organization, in the answers of these operations or of all."""
    part = organizations(change, operations) if operations else organizations(change)
    plant(name, requirement, fault, part, **more)


plant_change(
    "external-id-missing", "organization.external-id", "No organization has external_id.", without("external_id")
)
plant_change("external-id-number", "organization.external-id", "external_id is a number.", put("external_id", 5))
plant_change("external-id-empty", "create.name-alone", "No external_id is shown as an empty text.",
             through("external_id", lambda value: value or ""))  # fmt: skip
plant_change("external-id-left-out-when-null", "organization.external-id", "external_id is left out when it is null.",
             lambda value: value["external_id"] is None and value.pop("external_id"))  # fmt: skip
plant_change("metadata-left-out-when-empty", "organization.metadata", "metadata is left out when it is empty.",
             lambda value: not value["metadata"] and value.pop("metadata"))  # fmt: skip
plant_change("domains-null-when-empty", "organization.domains", "domains is null when it is empty.",
             through("domains", lambda value: value or None))  # fmt: skip
plant_change("domains-plain-names", "domain.object", "domains holds plain names.",
             through("domains", lambda value: [domain["domain"] for domain in value]))  # fmt: skip
plant_change("stripe-customer-null", "organization.stripe-customer-id", "stripe_customer_id is null until it is set.",
             lambda value: value.setdefault("stripe_customer_id"))  # fmt: skip
plant_change("stripe-customer-number", "organization.stripe-customer-id", "stripe_customer_id is a number.",
             put_if_there("stripe_customer_id", 5))  # fmt: skip
plant_change("allow-profiles-null", "organization.allow-profiles", "allow_profiles_outside_organization is null.",
             put("allow_profiles_outside_organization", None))  # fmt: skip
plant_change("allow-profiles-text", "organization.allow-profiles", "allow_profiles_outside_organization is a text.",
             through("allow_profiles_outside_organization", str))  # fmt: skip
plant_change("allow-profiles-digit", "organization.allow-profiles", "allow_profiles_outside_organization is 0 or 1.",
             through("allow_profiles_outside_organization", int))  # fmt: skip
plant_change("id-empty", "organization.id", "The id is an empty text.", put("id", ""), "get")
plant_change("created-at-without-zone", "organization.created-at", "created_at has no zone.",
             through("created_at", lambda value: value.removesuffix("Z")))  # fmt: skip
plant_change("created-at-local-time", "organization.created-at", "created_at is local time without a zone.",
             through("created_at", local))  # fmt: skip
plant_change("updated-at-with-space", "organization.updated-at", "updated_at has the form of SQL.",
             through("updated_at", lambda value: value.replace("T", " ").removesuffix("Z")))  # fmt: skip
plant_change("updated-at-date-only", "organization.updated-at", "updated_at is a date.",
             through("updated_at", lambda value: value[:10]))  # fmt: skip
plant_change("created-at-month-13", "organization.created-at", "The month of created_at is 13.",
             through("created_at", lambda value: f"{value[:5]}13{value[7:]}"))  # fmt: skip
plant_change("updated-at-empty", "organization.updated-at", "updated_at is empty until there was an update.",
             lambda value: value["updated_at"] == value["created_at"] and put("updated_at", "")(value))  # fmt: skip

# ---- One operation forgets, while the others know ---------------------------------------------------

for operation, field in (
    ("list", "domains"),
    ("list", "metadata"),
    ("list", "external_id"),
    ("list", "updated_at"),
    ("lookup", "metadata"),
    ("lookup", "domains"),
    ("get", "external_id"),
    ("update", "created_at"),
    ("update", "domains"),
    ("create", "metadata"),
    ("create", "updated_at"),
):
    plant_change(f"{field.replace('_', '-')}-missing-in-{operation}", f"organization.{field.replace('_', '-')}",
                 f"{operation} leaves {field} out.", without(field), operation, operation=operation)  # fmt: skip

# ---- Metadata and domains out of form -----------------------------------------------------------------


def numbers(metadata: dict[str, str]) -> dict[str, object]:
    """Metadata in which what looks like a number is one."""
    return {key: int(value) if value.isdigit() else value for key, value in metadata.items()}


plant_change("metadata-numbers", "organization.metadata", "Metadata that look like numbers are shown as numbers.",
             through("metadata", numbers))  # fmt: skip
plant_change("metadata-pairs", "organization.metadata", "Metadata are shown as an array of pairs.",
             through("metadata", lambda value: [{"key": key, "value": value[key]} for key in value]))  # fmt: skip
plant_change("metadata-nested", "organization.metadata", "Each value of metadata is wrapped in an object.",
             through("metadata", lambda value: {key: {"value": text} for key, text in value.items()}))  # fmt: skip


def plant_domain(name: str, requirement: str, fault: str, change: Change) -> None:
    """Plants a change of every domain."""
    plant(name, requirement, fault, domains(change))


plant_domain(
    "domain-state-unknown", "domain.state", "The state of a domain is none of the five.", put("state", "active")
)
plant_domain("domain-state-null", "domain.state", "The state of a domain is null.", put("state", None))
plant_domain("domain-state-upper-case", "domain.state", "The state of a domain is in capitals.",
             through("state", str.upper))  # fmt: skip
plant_domain("domain-strategy-null", "domain.verification-strategy", "verification_strategy is null.",
             put("verification_strategy", None))  # fmt: skip
plant_domain("domain-strategy-unknown", "domain.verification-strategy", "verification_strategy is email.",
             put("verification_strategy", "email"))  # fmt: skip
plant_domain("domain-token-null", "domain.verification-token", "verification_token is null.",
             put("verification_token", None))  # fmt: skip
plant_domain("domain-prefix-number", "domain.verification-prefix", "verification_prefix is a number.",
             put("verification_prefix", 3))  # fmt: skip
plant_domain("domain-owner-is-itself", "domain.organization-id", "A domain names itself as its organization.",
             lambda value: put("organization_id", value["id"])(value))  # fmt: skip
plant_domain("domain-owner-without-prefix", "domain.organization-id", "organization_id has lost its prefix.",
             through("organization_id", lambda value: value.removeprefix("org_")))  # fmt: skip
plant_domain("domain-created-without-zone", "domain.created-at", "created_at of a domain has no zone.",
             through("created_at", lambda value: value.removesuffix("Z")))  # fmt: skip

# ---- The list envelope --------------------------------------------------------------------------------


def cursors(change: Change) -> Change:
    """Changes list_metadata."""
    return lambda page: change(page["list_metadata"])


def renamed(page: Object) -> None:
    """Gives data another name."""
    page["organizations"] = page.pop("data")


def lifted(page: Object) -> None:
    """Puts the cursors beside the data."""
    page.update(page.pop("list_metadata"))


for name, requirement, fault, change in (
    ("list-object-missing", "list.object", "A list has no object.", without("object")),
    ("list-object-null", "list.object", "object of a list is null.", put("object", None)),
    ("list-object-plural", "list.object", "A list calls itself organizations.", put("object", "organizations")),
    ("list-data-missing", "list.data", "A list has no data.", without("data")),
    ("list-data-null", "list.data", "data is null.", put("data", None)),
    ("list-data-renamed", "list.data", "data is called organizations.", renamed),
    ("list-data-object", "list.data", "data is an object.", through("data", lambda data: dict(enumerate(data)))),
    ("list-data-null-when-empty", "list.data", "data is null when it is empty.",
     through("data", lambda data: data or None)),
    ("list-data-of-ids", "organization.object", "data holds ids.",
     through("data", lambda data: [organization["id"] for organization in data])),
    ("list-metadata-missing", "list.cursors", "A list has no list_metadata.", without("list_metadata")),
    ("list-metadata-null", "list.cursors", "list_metadata is null.", put("list_metadata", None)),
    ("list-cursors-lifted", "list.cursors", "The cursors stand beside the data.", lifted),
    ("list-before-missing", "list.cursors", "There is no cursor before.", cursors(without("before"))),
    ("list-after-missing", "list.cursors", "There is no cursor after.", cursors(without("after"))),
    ("list-before-false", "list.cursors", "The cursor before is false.", cursors(put("before", False))),
    ("list-after-number", "list.cursors", "The cursor after is 0.", cursors(put("after", 0))),
    ("list-null-left-out", "list.cursors", "Cursors that are null are left out.",
     cursors(lambda value: [value.pop(side) for side in list(value) if value[side] is None])),
    ("list-empty-for-null", "list.last-page", "Cursors that are null are empty texts.",
     cursors(lambda value: value.update({side: value[side] or "" for side in value}))),
):  # fmt: skip
    plant(name, requirement, fault, pages(change))
