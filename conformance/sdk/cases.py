"""How scenarios of SDKs name what they check, and for which operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from specs.requirements import catalogue
from strategies.organizations import ID, minimal, page

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


def each_operation(identifier: str) -> pytest.MarkDecorator:
    """One item for each operation of which the requirement speaks."""
    operations = catalogue()[identifier].operations
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


def served(operation: str, organization: Mapping[str, Any] | None = None) -> tuple[int, Any]:
    """Status and body of a success of the operation that gives back this organization."""
    given = minimal() if organization is None else organization
    if operation == "list":
        return 200, page([given])
    return {"create": 201, "delete": 202}.get(operation, 200), given


def of_operation(uses: Iterable[Any], operation: str) -> list[Any]:
    """Those of the uses that were of this operation."""
    return [use for use in uses if use.use.operation == operation]
