"""The contract: openapi.yaml and the schemas it refers to, as one Python value.

Sources disagree on some bounds (FACTS: a guide allows 64 characters of external_id, the
OpenAPI document 128). The schemas write down the documented bound, and beside it in
``x-narrow`` what no source disputes and in ``x-wide`` what some source has seen accepted.
``Bounds`` picks one of the three readings.
"""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema_rs
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

Json: TypeAlias = Any

SPECS = Path(__file__).parent
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader is ten times as fast, where PyYAML was built with it."""

SHOULD = "x-should"
"""Holds a schema that a value should meet beside the one that this keyword stands in."""
METHODS = ("get", "post", "put", "delete")


class InvalidSpecificationError(Exception):
    """A file of the specification breaks its own rules; the text names the file and the place."""


class Bounds(enum.Enum):
    """Which values a request schema takes."""

    NARROW = "x-narrow"
    """Only what every source accepts: a target must take it."""
    DOCUMENTED = "documented"
    """What the OpenAPI document accepts: a target should take it."""
    WIDE = "x-wide"
    """All that any source accepts: a target must refuse what lies beyond."""


@dataclass(frozen=True)
class Operation:
    """One operation: ``create``, ``get``, ``lookup``, ``list``, ``update`` or ``delete``."""

    name: str
    method: str
    path: str
    parameters: tuple[Mapping[str, Json], ...]
    body: Json | None
    responses: Mapping[int, Json | None]
    """Schema of the body by documented status; None where no JSON is promised."""

    @property
    def query(self) -> dict[str, Json]:
        """Schemas of the query parameters by name."""
        return {p["name"]: p["schema"] for p in self.parameters if p["in"] == "query"}


@functools.cache
def document(bounds: Bounds = Bounds.DOCUMENTED) -> dict[str, Json]:
    """The OpenAPI document with every reference replaced by what it points at.

    Raises InvalidSpecificationError when a reference leads nowhere or a schema is not one.
    """
    root = read_yaml(SPECS / "openapi.yaml")
    resolved = _read(_resolve(root, root, SPECS / "openapi.yaml"), bounds)
    assert isinstance(resolved, dict)
    resolved.pop("components")
    resolved["components"] = {"securitySchemes": root["components"]["securitySchemes"]}
    return resolved


@functools.cache
def operations(bounds: Bounds = Bounds.DOCUMENTED) -> dict[str, Operation]:
    """The six operations by name."""
    found = {}
    for path, item in document(bounds)["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(path, method, item)
                found[operation.name] = operation
    return found


def binding(schema: Json) -> Json:
    """The schema in standard keywords alone: what a value should meet stands beside what it must meet."""
    if isinstance(schema, list):
        return [binding(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    bound = {key: binding(value) for key, value in schema.items() if key != SHOULD}
    if SHOULD in schema:
        bound["allOf"] = [*bound.get("allOf", ()), binding(schema[SHOULD])]
    return bound


def read_yaml(path: Path) -> Json:
    """The value in a YAML file. Raises InvalidSpecificationError when there is none."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - a safe loader
    except FileNotFoundError:
        raise InvalidSpecificationError(f"{path.name}: no such file") from None
    except yaml.YAMLError as error:
        raise InvalidSpecificationError(f"{path.name}: {error}") from error


def _operation(path: str, method: str, item: Mapping[str, Json]) -> Operation:
    described = item[method]
    return Operation(
        name=described["operationId"],
        method=method.upper(),
        path=path,
        parameters=(*item.get("parameters", ()), *described.get("parameters", ())),
        body=_json_schema(described.get("requestBody", {})),
        responses={int(status): _json_schema(response) for status, response in described["responses"].items()},
    )


def _json_schema(holder: Mapping[str, Json]) -> Json | None:
    return holder.get("content", {}).get("application/json", {}).get("schema")


@functools.cache
def _schema_file(path: Path) -> Json:
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        if not jsonschema_rs.meta.is_valid(schema):  # eighty times as fast; what is wrong is for jsonschema to say
            Draft202012Validator.check_schema(schema)
    except FileNotFoundError:
        raise InvalidSpecificationError(f"{path.name}: no such schema") from None
    except json.JSONDecodeError as error:
        raise InvalidSpecificationError(f"{path.name}: line {error.lineno}: {error.msg}") from error
    except SchemaError as error:
        raise InvalidSpecificationError(f"{path.name}: {error.json_path}: {error.message}") from error
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}


def _resolve(node: Json, root: Json, file: Path) -> Json:
    if isinstance(node, list):
        return [_resolve(item, root, file) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target, home, origin = _target(node["$ref"], root, file)
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        return {**_resolve(target, home, origin), **_resolve(siblings, root, file)}
    return {key: _resolve(value, root, file) for key, value in node.items()}


def _target(reference: str, root: Json, file: Path) -> tuple[Json, Json, Path]:
    if not reference.startswith("#/"):
        other = file.parent / reference
        schema = _schema_file(other)
        return schema, schema, other
    target = root
    for step in reference.removeprefix("#/").split("/"):
        if step not in target:
            raise InvalidSpecificationError(f"{file.name}: {reference} leads nowhere")
        target = target[step]
    return target, root, file


def _read(node: Json, bounds: Bounds) -> Json:
    """Folds the overlay that `bounds` names into each schema and drops the other one."""
    if isinstance(node, list):
        return [_read(item, bounds) for item in node]
    if not isinstance(node, dict):
        return node
    overlays = {bounds.NARROW.value, bounds.WIDE.value}
    plain = {key: value for key, value in node.items() if key not in overlays}
    return {key: _read(value, bounds) for key, value in _merged(plain, node.get(bounds.value, {})).items()}


def _merged(schema: dict[str, Json], overlay: dict[str, Json]) -> dict[str, Json]:
    merged = dict(schema)
    for key, value in overlay.items():
        both = isinstance(value, dict) and isinstance(schema.get(key), dict)
        merged[key] = _merged(schema[key], value) if both else value
    return merged
