"""Each way in which a value can betray the bytes that were served is found, under the requirement that it breaks."""

import copy
import json
from typing import Any

import pytest

from conformance.harness.judges.fidelity.discrepancy import no_error_but
from conformance.harness.judges.fidelity.value import judge_value
from tests.conformance.judges.fidelity.making import DOMAIN, GIVEN, SERVED, broken

GONE = object()
"""Takes a value away."""


def found(served: object, given: object, operation: str = "get") -> list[str]:
    body = served if isinstance(served, bytes) else json.dumps(served).encode()
    return broken(judge_value(operation, body, given))


def changed(given: dict[str, Any], place: str, value: object) -> dict[str, Any]:
    """A copy with another value at this place; a dot leads into the first of the domains."""
    copied = copy.deepcopy(given)
    holder = copied["domains"][0] if place.startswith("domains.") else copied
    name = place.removeprefix("domains.")
    if value is GONE:
        del holder[name]
    else:
        holder[name] = value
    return copied


@pytest.mark.parametrize("given", [GIVEN, SERVED], ids=["with types", "with plain values"])
def test_a_faithful_value_is_beyond_reproach(given: object) -> None:
    assert found(SERVED, given) == []


@pytest.mark.parametrize(
    ("place", "value", "requirement"),
    [
        ("name", "acme", "fields"),
        ("name", None, "fields"),
        ("id", {"$other": "Id(org_1)"}, "fields"),
        ("name", GONE, "fields"),
        ("object", GONE, "object-word"),
        ("external_id", "", "null"),
        ("external_id", "null", "null"),
        ("external_id", GONE, "null"),
        ("created_at", {"$date": "2026-01-15T12:00:00.123+01:00"}, "timestamps"),
        ("created_at", {"$date": "2026-01-15T12:00:00Z"}, "timestamps"),
        ("created_at", {"$date": "2026-01-15T12:00:00.122999Z"}, "timestamps"),
        ("created_at", 1768478400, "timestamps"),
        ("created_at", None, "timestamps"),
        ("metadata", {"$map": {"tier": "250", "__proto__": ""}}, "metadata"),
        ("metadata", {"$map": {"tier": "0250"}}, "metadata"),
        ("metadata", {"$map": {"tier": 250, "__proto__": ""}}, "metadata"),
        ("metadata", {"$map": {**SERVED["metadata"], "more": "x"}}, "metadata"),
        ("metadata", None, "metadata"),
        ("domains", [], "fields"),
        ("domains", [DOMAIN, DOMAIN], "fields"),
        ("domains.domain", "FOO-CORP.COM", "fields"),
        ("domains.state", {"$enum": "verified"}, "enums"),
        ("domains.state", {"$enum": None}, "enums"),
        ("domains.verification_strategy", GONE, "enums"),
        ("domains.updated_at", "2026-01-15", "timestamps"),
        ("stripe_customer_id", "cus_1", "nothing-invented"),
        ("domains.verification_token", "x", "nothing-invented"),
    ],
)
def test_a_wrong_value_is_found(place: str, value: object, requirement: str) -> None:
    assert found(SERVED, changed(GIVEN, place, value)) == [f"sdk.value.{requirement}"]


@pytest.mark.parametrize("empty", [None, False, "", {"$map": {}}, {"$enum": None}])
def test_what_was_not_served_may_be_empty(empty: object) -> None:
    assert found(SERVED, {**GIVEN, "stripe_customer_id": empty}) == []


def test_what_no_schema_knows_is_left_out_of_account() -> None:
    assert found({**SERVED, "future": 1}, {**GIVEN, "raw": {"$other": "<...>"}}) == []


def test_an_unknown_member_of_an_enumeration_has_a_requirement_of_its_own() -> None:
    served = {**SERVED, "domains": [{**DOMAIN, "state": "dormant"}]}
    kept = {**GIVEN, "domains": [{**DOMAIN, "state": {"$enum": "dormant"}}]}
    lost = {**GIVEN, "domains": [{**DOMAIN, "state": {"$enum": None}}]}
    assert found(served, kept) == []
    assert found(served, lost) == ["sdk.value.unknown-enum"]


def test_a_value_of_nothing_is_found() -> None:
    assert found(SERVED, None) == ["sdk.value.fields"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"id": "org', b"\xff"], ids=["empty", "HTML", "cut off", "no UTF-8"]
)
def test_a_value_made_of_no_json_is_found(body: bytes) -> None:
    assert found(body, GIVEN) == ["sdk.value.broken-body"]


@pytest.mark.parametrize(
    ("served", "requirement"),
    [
        ({name: value for name, value in SERVED.items() if name != "name"}, "missing-field"),
        ({**SERVED, "domains": [{"object": "organization_domain"}]}, "missing-field"),
        ({}, "missing-field"),
        ({**SERVED, "name": 1}, "wrong-type"),
        ({**SERVED, "name": None}, "wrong-type"),
        ([], "wrong-type"),
    ],
)
def test_a_value_made_of_what_the_contract_forbids_is_found(served: object, requirement: str) -> None:
    assert found(served, GIVEN) == [f"sdk.value.{requirement}"]


def test_what_a_delete_gives_back_is_nobody_s_concern() -> None:
    assert found(b"Accepted", True, "delete") == []


OTHER_SERVED, OTHER_GIVEN = {**SERVED, "id": "org_2"}, {**GIVEN, "id": "org_2"}
PAGE = {
    "object": "list",
    "data": [SERVED, OTHER_SERVED],
    "list_metadata": {"before": None, "after": "org_2"},
}
GIVEN_PAGE: dict[str, Any] = {"data": [GIVEN, OTHER_GIVEN], "list_metadata": {"before": None, "after": "org_2"}}


@pytest.mark.parametrize(
    ("place", "value", "requirement"),
    [
        ("data", [OTHER_GIVEN, GIVEN], "page"),
        ("data", [GIVEN], "page"),
        ("data", [GIVEN, GIVEN], "page"),
        ("data", [], "page"),
        ("data", None, "page"),
        ("data", [GIVEN, {**OTHER_GIVEN, "name": "x"}], "fields"),
        ("list_metadata", {"before": None, "after": None}, "cursors"),
        ("list_metadata", {"before": "", "after": "org_2"}, "null"),
        ("list_metadata", {"before": None}, "cursors"),
    ],
)
def test_a_wrong_page_is_found(place: str, value: object, requirement: str) -> None:
    assert found(PAGE, GIVEN_PAGE, "list") == []
    assert found(PAGE, changed(GIVEN_PAGE, place, value), "list") == [f"sdk.value.{requirement}"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"id": "org_1", "name": "x" * 500}, 'no error, but organization "org_1"'),
        ({"data": [{}, {}]}, "no error, but a page of 2"),
        (None, "no error, but the value null"),
    ],
)
def test_a_value_in_the_place_of_an_error_is_said_in_short(value: object, said: str) -> None:
    assert no_error_but(value) == said
