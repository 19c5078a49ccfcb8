from __future__ import annotations

from typing import Any

import pytest

from conformance.harness.judges.state import model

from .samples import MOMENT, a_domain, an_organization


def broken_by_create(body: dict[str, Any], **seen: Any) -> set[str]:
    empty: dict[str, Any] = {"metadata": {}, "external_id": None, "domains": []}
    return {broken.requirement for broken in model.after_create(body, an_organization(**(empty | seen)))}


def broken_by_update(body: dict[str, Any], **seen: Any) -> set[str]:
    return {broken.requirement for broken in model.after_update(an_organization(), body, an_organization(**seen))}


NEW_DOMAIN = {"domain": "d1.example.com", "state": "verified"}
TEN = [f"d{number}.example.com" for number in range(10)]


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ({"name": "Acme"}, {}),
        ({"name": "Acme", "metadata": None, "external_id": None, "domains": None}, {}),
        ({"name": "Acme", "domain_data": [NEW_DOMAIN]}, {"domains": [a_domain(1)]}),
        ({"name": "Acme", "domains": ["d1.example.com"]}, {"domains": [a_domain(1)]}),
        ({"name": "Acme", "domains": ["x.example.com"], "domain_data": [NEW_DOMAIN]}, {"domains": [a_domain(1)]}),
    ],
)
def test_a_creation_as_asked_for(body: dict[str, Any], seen: dict[str, Any]) -> None:
    assert broken_by_create(body, **seen) == set()


@pytest.mark.parametrize(
    ("body", "seen", "requirement"),
    [
        ({"name": "Other"}, {}, "create.returns-what-was-sent"),
        ({"name": "Acme"}, {"metadata": {"a": "1"}}, "create.name-alone"),
        ({"name": "Acme"}, {"domains": [a_domain(1)]}, "create.name-alone"),
        ({"name": "Acme", "external_id": "x"}, {}, "create.returns-what-was-sent"),
        ({"name": "Acme", "domain_data": [NEW_DOMAIN]}, {}, "create.returns-what-was-sent"),
        ({"name": "Acme", "domains": ["x.example.com"]}, {}, "create.deprecated-domains"),
        ({"name": "Acme", "domains": TEN}, {}, "create.deprecated-domains"),
        ({"name": "Acme", "domains": TEN}, {"domains": [a_domain(1)]}, "body.ten-domains"),
        (
            {"name": "Acme", "domain_data": [{**NEW_DOMAIN, "state": "pending"}]},
            {"domains": [a_domain(1)]},
            "create.domain-state",
        ),
    ],
)
def test_a_creation_that_is_not_what_was_asked_for(
    body: dict[str, Any], seen: dict[str, Any], requirement: str
) -> None:
    assert broken_by_create(body, **seen) == {requirement}


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ({}, {}),
        ({"name": "New"}, {"name": "New", "updated_at": "2027-01-01T00:00:00Z"}),
        ({"metadata": {"b": "2"}}, {"metadata": {"a": "1", "b": "2"}}),
        ({"metadata": {}}, {"metadata": {}}),
        ({"metadata": {"a": None}}, {"metadata": {"anything": "goes"}}),
        ({"metadata": None}, {"metadata": {}}),
        ({"domain_data": [NEW_DOMAIN]}, {"domains": [a_domain(1)]}),
        ({"stripe_customer_id": "cus_1"}, {}),
    ],
)
def test_an_update_as_asked_for(body: dict[str, Any], seen: dict[str, Any]) -> None:
    assert broken_by_update(body, **seen) == set()


@pytest.mark.parametrize(
    ("body", "seen", "requirement"),
    [
        ({"name": "New"}, {}, "update.sets-what-was-sent"),
        ({}, {"name": "Moved"}, "update.keeps-the-rest"),
        ({}, {"domains": []}, "update.keeps-the-rest"),
        ({}, {"id": "org_other"}, "update.identity"),
        ({"metadata": {"b": "2"}}, {"metadata": {"b": "2"}}, "update.metadata-merges"),
        ({"stripe_customer_id": "cus_1"}, {"stripe_customer_id": "cus_2"}, "update.stripe-customer-id"),
        ({"domains": ["x.example.com"]}, {}, "update.deprecated-domains"),
    ],
)
def test_an_update_that_is_not_what_was_asked_for(body: dict[str, Any], seen: dict[str, Any], requirement: str) -> None:
    assert broken_by_update(body, **seen) == {requirement}


@pytest.mark.parametrize(
    ("updated", "back"), [("2025-01-01T00:00:00Z", True), (MOMENT, False), ("nonsense", False), (None, False)]
)
def test_time_moves_back(updated: str | None, back: bool) -> None:
    assert model.moved_back(an_organization(), an_organization(updated_at=updated)) is back


def test_metadata_that_are_no_object_leave_nothing_to_merge_with() -> None:
    before = an_organization(metadata=None)
    for given in ({}, {"one": "1"}):
        assert list(model.after_update(before, {"metadata": given}, an_organization(metadata=given))) == []
