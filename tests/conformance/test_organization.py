from __future__ import annotations

from typing import Any

import pytest

from conformance.harness.api.errors import UnusableResponseError
from conformance.harness.api.organization import Organization

from .client import call_of
from .samples import an_organization

CALL = call_of("get", {"id": "org_1"}, 200, b"{}")


def organization(**changes: Any) -> Organization:
    return Organization(an_organization(**changes), CALL)


def without(field: str) -> Organization:
    return Organization({name: value for name, value in an_organization().items() if name != field}, CALL)


REORDERED = an_organization()["domains"][::-1]
WITHOUT_STATE = [{n: v for n, v in domain.items() if n != "state"} for domain in REORDERED]


@pytest.mark.parametrize(
    "other",
    [
        organization(),
        organization(created_at="2026-01-02T04:04:05.678+01:00"),
        organization(domains=REORDERED),
        organization(domains=WITHOUT_STATE),
        organization(colour="blue"),
        organization(object="something"),
        without("allow_profiles_outside_organization"),
    ],
)
def test_equal_organizations(other: Organization) -> None:
    assert organization() == other
    assert hash(organization()) == hash(other)


@pytest.mark.parametrize(
    "other",
    [
        organization(id="org_2"),
        organization(name="other"),
        organization(external_id=None),
        organization(metadata={"a": "1", "b": "2"}),
        organization(created_at="2026-01-02T03:04:05.679Z"),
        organization(updated_at="yesterday"),
        organization(allow_profiles_outside_organization=True),
        organization(allow_profiles_outside_organization=0),
        organization(domains=[]),
        organization(domains=[*REORDERED, REORDERED[0]]),
        organization(domains=[{**domain, "state": "failed"} for domain in REORDERED]),
        organization(domains=[{**domain, "id": "org_domain_9"} for domain in REORDERED]),
        without("metadata"),
        without("external_id"),
        "org_1",
    ],
)
def test_different_organizations(other: object) -> None:
    assert organization() != other


def test_a_field_that_is_missing_cannot_be_used() -> None:
    with pytest.raises(UnusableResponseError, match="no name") as error:
        _ = without("name")["name"]
    assert error.value.call is CALL
    assert without("name").get("name", "nothing") == "nothing"


@pytest.mark.parametrize(
    ("field", "value", "attribute"),
    [
        ("id", 7, "id"),
        ("metadata", [], "metadata"),
        ("created_at", "yesterday", "created"),
        ("updated_at", "2026-01-02T03:04:05", "updated"),
        ("updated_at", None, "updated"),
    ],
)
def test_a_value_of_the_wrong_kind_cannot_be_used(field: str, value: object, attribute: str) -> None:
    with pytest.raises(UnusableResponseError, match="is "):
        getattr(organization(**{field: value}), attribute)


@pytest.mark.parametrize("domains", [[None, "x"], "x", None])
def test_malformed_domains_cannot_be_used(domains: object) -> None:
    with pytest.raises(UnusableResponseError):
        _ = organization(domains=domains).domains
