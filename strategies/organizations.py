"""Organizations as a server may answer with them: the smallest that the schema allows, the largest, lists of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from specs.contract import operations

TIMES = {"created_at": "2026-01-15T12:00:00.000Z", "updated_at": "2026-02-28T23:59:59.999Z"}
MANY_DOMAINS = 12
ID = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"


def minimal(number: int = 0, **changes: Any) -> dict[str, Any]:
    """An organization with required fields alone; each number gives another one."""
    return _required(organization_schema(), number) | changes


def maximal(number: int = 0, **changes: Any) -> dict[str, Any]:
    """An organization with every field, as many pairs as it may have, and domains in every state."""
    schema = organization_schema()
    whole = _whole(schema, number)
    pairs = schema["properties"]["metadata"]["maxProperties"]
    whole["metadata"] = {f"key {index}": f"value {index} é" for index in range(pairs)}
    item = schema["properties"]["domains"]["items"]
    whole["domains"] = [_domain(item, index, whole["id"]) for index in range(MANY_DOMAINS)]
    return whole | changes


def with_domain(**changes: Any) -> dict[str, Any]:
    """An organization with one domain, whose fields are changed."""
    whole = _whole(organization_schema(), 0)
    item = organization_schema()["properties"]["domains"]["items"]
    return whole | {"domains": [_domain(item, 0, whole["id"]) | changes]}


def page(items: Sequence[Mapping[str, Any]], before: str | None = None, after: str | None = None) -> dict[str, Any]:
    """A list with these organizations and cursors."""
    return {"object": "list", "data": list(items), "list_metadata": {"before": before, "after": after}}


def organization_schema() -> dict[str, Any]:
    """What the contract says of an organization."""
    schema: dict[str, Any] = operations()["get"].responses[200] or {}
    return schema


def required_fields() -> list[str]:
    """The fields that every organization has."""
    return list(organization_schema()["required"])


def required_fields_of_domains() -> list[str]:
    """The fields that every domain of an organization has."""
    return list(organization_schema()["properties"]["domains"]["items"]["required"])


def _required(schema: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {name: _value(name, schema["properties"][name], number) for name in schema["required"]}


def _whole(schema: Mapping[str, Any], number: int) -> dict[str, Any]:
    return {name: _value(name, subschema, number, full=True) for name, subschema in schema["properties"].items()}


def _domain(schema: Mapping[str, Any], number: int, owner: str) -> dict[str, Any]:
    states: list[str] = schema["properties"]["state"]["enum"]
    whole = _whole(schema, number) | {"organization_id": owner, "state": states[number % len(states)]}
    return whole | {"domain": f"d{number}.example.com"}


def _value(name: str, schema: Mapping[str, Any], number: int, full: bool = False) -> Any:
    """A value that the schema allows: the emptiest one, or one that says something."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][number % len(schema["enum"])]
    if "null" in kinds and not full:
        return None
    if name in TIMES:
        return TIMES[name]
    if name == "id":
        return f"{ID[:-3]}{number:03d}"
    return {"array": [], "object": {}, "boolean": True, "string": f"{name} {number}"}[kinds[0]]
