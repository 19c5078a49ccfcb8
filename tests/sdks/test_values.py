"""Data of SDKs, out of the protocol's tagged form."""

from __future__ import annotations

from sdks.values import Date, EnumMember, Other, untagged


def test_tags_become_values() -> None:
    organization = {
        "name": "A",
        "external_id": None,
        "domains": [{"state": {"$enum": "pending"}, "strategy": {"$enum": None}}],
        "metadata": {"$map": {"$date": "text", "createdAt": {"$other": "Decimal: 1"}, "__proto__": "x"}},
        "created_at": {"$date": "2026-01-15T12:00:00.000Z"},
    }
    assert untagged(organization) == {
        "name": "A",
        "external_id": None,
        "domains": [{"state": EnumMember("pending"), "strategy": EnumMember(None)}],
        "metadata": {"$date": "text", "createdAt": Other("Decimal: 1"), "__proto__": "x"},
        "created_at": Date("2026-01-15T12:00:00.000Z"),
    }
