"""Null, absent and empty are three things: an update that leaves a field out does not clear it."""

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.wire.proxy.replies import Always, json_reply
from conformance.sdk.cases import served
from strategies.organizations import ID

DOMAIN = [{"domain": "acme.example.com", "state": "pending"}]

CASES: list[tuple[str, str, Mapping[str, Any]]] = [
    ("create", "a name alone", {"name": "Acme"}),
    ("create", "an empty name", {"name": ""}),
    ("create", "an external_id that is null", {"name": "Acme", "external_id": None}),
    ("create", "an external_id that is empty", {"name": "Acme", "external_id": ""}),
    ("create", "metadata that is null", {"name": "Acme", "metadata": None}),
    ("create", "metadata that is empty", {"name": "Acme", "metadata": {}}),
    ("create", "metadata with an empty value", {"name": "Acme", "metadata": {"key": ""}}),
    ("create", "no domains", {"name": "Acme", "domain_data": []}),
    ("create", "no plain domains", {"name": "Acme", "domains": []}),
    ("create", "a flag that is false", {"name": "Acme", "allow_profiles_outside_organization": False}),
    ("update", "nothing", {}),
    ("update", "domains alone", {"domain_data": DOMAIN}),
    ("update", "a name that is null", {"name": None}),
    ("update", "an empty name", {"name": ""}),
    ("update", "an external_id that is null", {"external_id": None}),
    ("update", "an external_id that is empty", {"external_id": ""}),
    ("update", "a customer that is null", {"stripe_customer_id": None}),
    ("update", "metadata that is null", {"metadata": None}),
    ("update", "metadata that is empty", {"metadata": {}}),
    ("update", "a pair that is null", {"metadata": {"key": None, "other": "value"}}),
    ("update", "a pair that is empty", {"metadata": {"key": ""}}),
    ("update", "no domains", {"domain_data": []}),
    ("update", "domains that are null", {"domain_data": None}),
    ("update", "a flag that is false", {"allow_profiles_outside_organization": False}),
]


@pytest.mark.requirement("sdk.request.null-and-absent")
@pytest.mark.parametrize(
    ("operation", "fields"), [pytest.param(case[0], case[2], id=f"{case[0]} {case[1]}") for case in CASES]
)
def test_what_is_null_absent_or_empty_stays_so(
    sdk: SdkUnderTest, requirement: object, operation: str, fields: Mapping[str, Any]
) -> None:
    arguments = {"id": ID, **fields} if operation == "update" else fields
    use = sdk.call(operation, arguments, script=Always(json_reply(*served(operation))))
    use.check("sdk.request.null-and-absent")
