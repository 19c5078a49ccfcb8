"""What a call says of an organization."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jsonschema import Draft202012Validator

from conformance.harness.api.call import Call, Value
from conformance.harness.api.organization import OPTIONAL, REQUIRED
from specs.contract import operations

DOCUMENTED = (*REQUIRED, *OPTIONAL, "object", "domains")
"""Fields of an organization that anything is said of."""


def organization_in(call: Call) -> Mapping[str, Any] | None:
    """The organization that a call gave, None when there is none that can be told apart.

    Without the fields that nobody documents: they may be of any size, and what is remembered of a run is not.
    """
    value = call.outcome.json if isinstance(call.outcome, Value) else None
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return None
    return {field: value[field] for field in DOCUMENTED if field in value}


def is_whole(organization: Mapping[str, Any]) -> bool:
    """Whether an organization shows everything that other responses can be held against."""
    domains = organization.get("domains")
    has_domains = isinstance(domains, list) and all(isinstance(item, dict) for item in domains)
    return has_domains and all(field in organization for field in REQUIRED)


def is_valid(call: Call) -> bool:
    """Whether the request kept the rules: what a faulty target makes of others is judged elsewhere."""
    return "body" in call.arguments and _body_validator(call.operation).is_valid(call.arguments["body"])


@functools.cache
def _body_validator(operation: str) -> Draft202012Validator:
    schema = operations()[operation].body
    assert schema is not None
    return Draft202012Validator(schema)


def of_missing(call: Call, requirement: str) -> str:
    """The requirement that is broken where a read finds nothing, `requirement` for an ordinary one.

    An external_id that is not found because of its characters was lost on the way through the path.
    """
    encoded = quote(call.arguments.get("external_id", ""), safe="") != call.arguments.get("external_id", "")
    return "lookup.percent-encoded" if encoded else requirement


def not_found_but(found: Mapping[str, Any]) -> tuple[str, str]:
    """Expected and seen where an organization was found that should not be there."""
    return "status 404", f"status 200 with organization {found['id']}"
