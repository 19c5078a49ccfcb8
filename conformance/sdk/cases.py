"""How scenarios of SDKs name what they check, and for which operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from conformance.harness.wire.proxy.recording import RecordedRequest
from specs.requirements import catalogue
from strategies.organizations import ID, minimal, page

READS = ("get", "lookup", "list")
"""Operations that must be tried again after a failure."""

MARKED = {
    "create": "name",
    "get": "id",
    "lookup": "external_id",
    "list": "after",
    "update": "name",
    "delete": "id",
}
"""Where a call of each operation holds the mark by which its request is known."""
MARKS = [f"mark-{number}" for number in range(6)]

RETURNING = ("create", "get", "lookup", "list", "update")
"""Operations that give something back."""

ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "create": {"name": "Acme & Söhne", "external_id": "acme-1", "metadata": {"Tier": "Gold"}},
    "get": {"id": ID},
    "lookup": {"external_id": "acme-1"},
    "list": {"limit": 2},
    "iterate": {"limit": 2},
    "update": {"id": ID, "name": "Acme", "metadata": {"Tier": "Gold"}},
    "delete": {"id": ID},
}
"""An ordinary use of each operation."""


CURSORS = (
    "a/b?c=d&e",
    "==base64/+==",
    "org_01",
    "50% + é",
    " padded ",
    "0",
    "UPPER_lower-~.",
    "%2F%25",
    "null",
    "a,b;c[]",
    "Y3Vyc29y" * 40 + "+/==",
)
"""Cursors are opaque: whatever they hold goes back as it came."""


def each_operation(identifier: str, *only: str) -> pytest.MarkDecorator:
    """One item for each operation of which the requirement speaks; of those, by default, all."""
    operations = only or catalogue()[identifier].operations
    marks = pytest.mark.requirement(identifier)
    return pytest.mark.parametrize(
        "operation", [pytest.param(name, marks=marks, id=f"{identifier}-{name}") for name in operations]
    )


def each_of(*identifiers: str) -> pytest.MarkDecorator:
    """One item for each of these requirements and each operation of which it speaks."""
    return pytest.mark.parametrize(
        ("identifier", "operation"),
        [
            pytest.param(name, operation, marks=pytest.mark.requirement(name), id=f"{name}-{operation}")
            for name in identifiers
            for operation in catalogue()[name].operations
        ],
    )


def marked(operation: str, mark: str) -> dict[str, Any]:
    """The arguments of a call that holds the mark."""
    return {**ARGUMENTS[operation], MARKED[operation]: mark}


def mark_in(request: RecordedRequest) -> str:
    """The mark that a request was made with; of no call where it has none."""
    _, _, rest = (request.target + request.body).decode("utf-8", "replace").partition("mark-")
    return f"mark-{rest[:1]}"


def served(operation: str, organization: Mapping[str, Any] | None = None) -> tuple[int, Any]:
    """Status and body of a success of the operation that gives back this organization."""
    given = minimal() if organization is None else organization
    if operation == "list":
        return 200, page([given])
    return {"create": 201, "delete": 202}.get(operation, 200), given


def organization_in(value: Any) -> Mapping[str, Any]:
    """The organization that an operation gave back, of a page the first one; an empty one where there is none."""
    found = value
    if isinstance(value, Mapping) and isinstance(value.get("data"), list):
        found = next(iter(value["data"]), None)
    return found if isinstance(found, Mapping) else {}


def of_operation(uses: Iterable[Any], operation: str) -> list[Any]:
    """Those of the uses that were of this operation."""
    return [use for use in uses if use.use.operation == operation]
