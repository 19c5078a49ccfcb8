from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.harness.judges import shape
from conformance.harness.wire.exchange import Exchange

from .client import exchange_of
from .samples import ID, MOMENT, a_domain, a_list, an_organization


def got(body: object, status: int = 200, content_type: str = "application/json") -> Exchange:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return exchange_of("get", "GET", f"/organizations/{ID}", status, content, content_type=content_type)


def listed(body: object) -> Exchange:
    return exchange_of("list", "GET", "/organizations", 200, json.dumps(body).encode())


def found(exchange: Exchange) -> set[str]:
    return {finding.requirement for finding in shape.judge(exchange)}


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in names}


@pytest.mark.parametrize(
    "exchange",
    [
        got(an_organization()),
        got(an_organization(external_id=None, domains=[], metadata={}, stripe_customer_id="cus_1")),
        got(an_organization(colour="blue", domains=[{**a_domain(), "colour": "blue"}])),
        got(without(an_organization(), "allow_profiles_outside_organization")),
        got({"message": "no", "code": "entity_not_found", "entity_id": "x"}, 404),
        listed(a_list()),
        listed(a_list(an_organization(domains=[]), after=ID)),
        exchange_of("delete", "DELETE", f"/organizations/{ID}", 202, b"Accepted", content_type="text/plain"),
    ],
)
def test_a_perfect_answer_breaks_nothing(exchange: Exchange) -> None:
    assert found(exchange) == set()


@pytest.mark.parametrize(
    ("exchange", "requirement"),
    [
        (got(an_organization(), 201), "answer.status"),
        (got({"message": "broken"}, 500), "answer.status"),
        (got(an_organization(), content_type="text/html"), "answer.content-type"),
        (got(b"<html>"), "answer.json"),
        (got(b'{"name": "\xff"}'), "answer.json"),
        (got(b'{"name": NaN}'), "answer.json"),
        (got(b""), "answer.json"),
        (got({}, 404), "error.message"),
        (got([], 401), "error.message"),
        (got({"message": "no"}, 404), "error.not-found-code"),
        (listed({**a_list(), "object": "page"}), "list.object"),
        (listed(without(a_list(), "data")), "list.data"),
        (listed({**a_list(), "list_metadata": {"before": None}}), "list.cursors"),
        (listed({**a_list(), "list_metadata": {"before": None, "after": 7}}), "list.cursors"),
    ],
)
def test_a_fault_is_found_under_its_requirement(exchange: Exchange, requirement: str) -> None:
    assert requirement in found(exchange)


WRONG: list[tuple[str, object, str]] = [
    ("object", "company", "organization.object"),
    ("id", "", "organization.id"),
    ("id", 7, "organization.id"),
    ("name", None, "organization.name"),
    ("domains", None, "organization.domains"),
    ("metadata", None, "organization.metadata"),
    ("metadata", {"a": 1}, "organization.metadata"),
    ("external_id", 7, "organization.external-id"),
    ("stripe_customer_id", None, "organization.stripe-customer-id"),
    ("allow_profiles_outside_organization", "no", "organization.allow-profiles"),
    ("created_at", "yesterday", "organization.created-at"),
    ("updated_at", None, "organization.updated-at"),
]


@pytest.mark.parametrize(("field", "value", "requirement"), WRONG)
def test_a_wrong_field_is_found_wherever_an_organization_is(field: str, value: object, requirement: str) -> None:
    wrong = an_organization(**{field: value})
    assert requirement in found(got(wrong))
    assert requirement in found(listed(a_list(an_organization(domains=[]), wrong)))


REQUIRED = {
    field: requirement
    for field, _, requirement in WRONG
    if field not in ("stripe_customer_id", "allow_profiles_outside_organization")
}


@pytest.mark.parametrize(("field", "requirement"), REQUIRED.items())
def test_a_missing_field_is_found_and_nothing_else(field: str, requirement: str) -> None:
    assert requirement in found(got(without(an_organization(domains=[]), field)))


@pytest.mark.parametrize(
    ("field", "value", "requirement"),
    [
        ("object", "domain", "domain.object"),
        ("id", None, "domain.id"),
        ("organization_id", 7, "domain.organization-id"),
        ("organization_id", "org_other", "domain.organization-id"),
        ("domain", None, "domain.domain"),
        ("state", "great", "domain.state"),
    ],
)
def test_a_wrong_domain_is_found(field: str, value: object, requirement: str) -> None:
    wrong = an_organization(domains=[{**a_domain(), field: value}])
    assert requirement in found(got(wrong))
    assert requirement in found(listed(a_list(wrong)))


def test_domains_that_share_an_id_are_found() -> None:
    assert "domain.ids-differ" in found(got(an_organization(domains=[a_domain(), a_domain()])))


def test_an_unusual_id_breaks_its_form_only() -> None:
    assert found(got(an_organization(id="org_1", domains=[]))) == {"organization.id-form"}


def test_a_missing_request_id_is_found() -> None:
    response = got(an_organization()).response
    assert response is not None
    bare = Exchange("get", "GET", "http://target/organizations/x", {}, b"", type(response)(200, JSON, response.body))
    assert found(bare) == {"answer.request-id"}


JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(("updated", "is_found"), [("2026-01-01T00:00:00.000Z", True), (MOMENT, False)])
def test_time_goes_forward(updated: str, is_found: bool) -> None:
    assert ("organization.updated-at" in found(got(an_organization(updated_at=updated)))) is is_found


@pytest.mark.parametrize("offset", ["Z", "+14:00"])
@pytest.mark.parametrize("extreme", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_time_may_be_at_its_ends(extreme: str, offset: str) -> None:
    """Such as the first moment that Go knows, which it shows where none was set."""
    organization = an_organization(created_at=f"{extreme}{offset}", updated_at=f"{extreme}{offset}")
    assert "organization.updated-at" not in found(got(organization))


def test_a_fault_in_the_place_of_an_answer_is_found() -> None:
    exchange = Exchange("list", "GET", "http://target/organizations", {}, b"", None, "it hung")
    assert found(exchange) == {"answer.complete"}
