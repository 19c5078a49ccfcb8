"""What the tests of the strategies know of the request schemas, read without the strategies."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from specs.contract import Bounds, operations

WITH_BODY = ("create", "update")

OWN = {"name": "zyxwvutsrq bound", "external_id": "zyxwvutsrq-bound-123"}
"""A name and an external_id as a run gives them."""

RICH_CREATE = {
    "name": "Acme Ω",
    "external_id": "acme-1",
    "metadata": {"key": "value"},
    "domain_data": [{"domain": "acmeacme.example.com", "state": "pending"}],
    "domains": ["bemabema.example.com"],
    "allow_profiles_outside_organization": True,
}
RICH = {"create": RICH_CREATE, "update": RICH_CREATE | {"stripe_customer_id": "cus_12345678901234"}}
"""A body with a value for every field of the operation."""


def schema(operation: str, bounds: Bounds) -> dict[str, Any]:
    body = operations(bounds)[operation].body
    assert isinstance(body, dict)
    return body


def validator(operation: str, bounds: Bounds) -> Draft202012Validator:
    return Draft202012Validator(schema(operation, bounds), format_checker=Draft202012Validator.FORMAT_CHECKER)
