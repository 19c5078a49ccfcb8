"""What a response of the wire means, and how it falls short of what the contract requires."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from specs.contract import operations

DELETED = {200: "sdk.value.delete-accepted", 202: "sdk.value.delete-accepted", 204: "sdk.value.delete-no-content"}


class NotJsonError(ValueError):
    """A body is not one JSON value in UTF-8; the text says what it is."""


def json_of(body: bytes) -> Any:
    """The value of a body. Raises NotJsonError."""
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotJsonError("no JSON" if body else "empty") from None


def missing_fields(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """The places of required fields that are not there, outermost first."""
    for error in _errors(value, schema):
        if error.validator == "required":
            names = [name for name in error.schema["required"] if name not in error.instance]  # type: ignore[index,operator]
            yield from (f"{error.json_path}.{name}" for name in names)


def wrong_fields(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """What is of another type than the contract says, in words."""
    for error in _errors(value, schema):
        if error.validator == "type":
            yield f"{error.json_path} is not {error.validator_value}"


def success_schema(operation: str) -> Mapping[str, Any]:
    """The schema of what a success of the operation answers; empty for a delete, which promises none."""
    responses = operations()[operation].responses
    return next(schema for status, schema in responses.items() if status < 300) or {}


def requirement_of_success(operation: str, status: int, body: bytes) -> str | None:
    """Under which requirement an SDK has to accept this success; None where the contract does not allow it."""
    if operation == "delete":
        return DELETED.get(status)
    try:
        value = json_of(body)
    except NotJsonError:
        return None
    schema = success_schema(operation)
    broken = {error.validator for error in _errors(value, schema)}
    if broken == {"enum"}:
        return "sdk.value.unknown-enum"
    if broken:
        return None
    return "sdk.value.unknown-fields" if _has_unknown_fields(value, schema) else "sdk.error.unprovoked"


def _has_unknown_fields(value: Any, schema: Mapping[str, Any]) -> bool:
    if isinstance(value, list):
        return any(_has_unknown_fields(item, schema["items"]) for item in value)
    if not isinstance(value, dict) or "properties" not in schema:
        return False
    known = schema["properties"]
    return not value.keys() <= known.keys() or any(_has_unknown_fields(value[name], known[name]) for name in value)


def _errors(value: Any, schema: Mapping[str, Any]) -> list[ValidationError]:
    return sorted(_validator(json.dumps(schema)).iter_errors(value), key=lambda error: len(error.absolute_path))


@functools.cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema))
