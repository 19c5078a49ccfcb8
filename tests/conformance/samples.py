"""Answers as a correct target gives them."""

from __future__ import annotations

from typing import Any

MOMENT = "2026-01-02T03:04:05.678Z"
ID = "org_01HXYZ0000000000000000000A"


def a_domain(number: int = 1, owner: str = ID) -> dict[str, Any]:
    """A domain of an organization."""
    return {
        "object": "organization_domain",
        "id": f"org_domain_01HXYZ0000000000000000000{number}",
        "organization_id": owner,
        "domain": f"d{number}.example.com",
        "state": "verified",
        "verification_strategy": "manual",
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }


def an_organization(**changes: Any) -> dict[str, Any]:
    """An organization with two domains, with these fields instead of its own."""
    return {
        "object": "organization",
        "id": ID,
        "name": "Acme",
        "domains": [a_domain(1), a_domain(2)],
        "metadata": {"a": "1"},
        "external_id": "ext-1",
        "allow_profiles_outside_organization": False,
        "created_at": MOMENT,
        "updated_at": MOMENT,
        **changes,
    }


def a_list(*organizations: dict[str, Any], **cursors: str | None) -> dict[str, Any]:
    """A page."""
    return {
        "object": "list",
        "data": list(organizations),
        "list_metadata": {"before": None, "after": None, **cursors},
    }
