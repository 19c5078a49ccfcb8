"""What an SDK gave back, against the bytes that it was served.

A value comes in the form of the driver protocol: objects with names in snake_case, dates as
``{"$date": ...}``, members of enumerations as ``{"$enum": ...}``, maps as ``{"$map": ...}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.harness.judges.fidelity.differences import first_difference
from conformance.harness.judges.fidelity.discrepancy import MISSING, Discrepancy, no_error_but, shown
from conformance.harness.judges.fidelity.moments import same_moment
from conformance.harness.judges.fidelity.served import (
    NotJsonError,
    json_of,
    missing_fields,
    success_schema,
    wrong_fields,
)

EMPTY: tuple[Any, ...] = (None, False, "", [], {}, {"$map": {}}, {"$enum": None})
"""What a field may be that was not served."""


def judge_value(operation: str, body: bytes, value: Any) -> Iterator[Discrepancy]:
    """What is wrong with a value that a complete success with this body led to.

    The operation is one of the API's; what a delete gives back is nobody's concern.
    """
    if operation == "delete":
        return
    broken = what_breaks(operation, body, value)
    if broken is not None:
        yield broken
    elif operation == "list":
        yield from _judge_page(json_of(body), value)
    else:
        yield from judge_object(json_of(body), value, success_schema(operation), "")


def what_breaks(operation: str, body: bytes, value: Any) -> Discrepancy | None:
    """What is wrong with a value from a body that is no success of the operation; None for a body that is one."""
    try:
        served = json_of(body)
    except NotJsonError as error:
        return Discrepancy("sdk.value.broken-body", f"an error, since the body is {error}", no_error_but(value))
    schema = success_schema(operation)
    for hole in missing_fields(served, schema):
        expected = f"an error, since {hole.removeprefix('$.')} is missing"
        return Discrepancy("sdk.value.missing-field", expected, no_error_but(value))
    for wrong in wrong_fields(served, schema):
        expected = f"an error, since {wrong.removeprefix('$.')}"
        return Discrepancy("sdk.value.wrong-type", expected, no_error_but(value))
    return None


def _judge_page(served: Mapping[str, Any], value: Any) -> Iterator[Discrepancy]:
    items = member(value, "data")
    given = items if isinstance(items, list) else []
    served_ids, given_ids = [item["id"] for item in served["data"]], [member(item, "id") for item in given]
    if given_ids != served_ids:
        yield Discrepancy("sdk.value.page", f"ids {shown(served_ids)}", f"ids {shown(given_ids)}")
        return
    for name in ("before", "after"):
        cursor, seen = served["list_metadata"][name], member(member(value, "list_metadata"), name)
        if seen != cursor:
            requirement = "sdk.value.cursors" if cursor is not None else "sdk.value.null"
            yield Discrepancy(requirement, f"{name} {shown(cursor)}", f"{name} {shown(seen)}")
    for index, (item, seen) in enumerate(zip(served["data"], given, strict=True)):
        yield from judge_object(item, seen, success_schema("get"), f"data[{index}]")


def judge_object(served: Mapping[str, Any], value: Any, schema: Mapping[str, Any], place: str) -> Iterator[Discrepancy]:
    """What is wrong with an object at this place, field by field; fields that the schema does not know do not count."""
    if not isinstance(value, dict):
        yield Discrepancy("sdk.value.fields", f"{place or 'an object'} {shown(served)}", shown(value))
        return
    for name, subschema in schema["properties"].items():
        inner = f"{place}.{name}" if place else name
        if name in served:
            yield from _judge_field(served[name], member(value, name), subschema, inner)
        elif value.get(name) not in EMPTY:
            yield Discrepancy("sdk.value.nothing-invented", f"no {inner}", f"{inner} {shown(value[name])}")


def _judge_field(served: Any, seen: Any, schema: Mapping[str, Any], place: str) -> Iterator[Discrepancy]:
    if isinstance(served, list) and isinstance(seen, list) and len(served) == len(seen):
        for index, (item, given) in enumerate(zip(served, seen, strict=True)):
            yield from judge_object(item, given, schema["items"], f"{place}[{index}]")
    elif served is None or "enum" in schema or schema.get("format") == "date-time":
        yield from _judge_plain(served, seen, schema, place)
    else:
        difference = first_difference(served, _untagged(seen), place)
        if difference is not None:
            yield Discrepancy(_requirement(schema, seen), *difference.texts)


def _judge_plain(served: Any, seen: Any, schema: Mapping[str, Any], place: str) -> Iterator[Discrepancy]:
    """Null, a member of an enumeration or a timestamp: each under a requirement of its own."""
    if served is None:
        same, requirement = seen is None, "sdk.value.null"
    elif "enum" in schema:
        known = served in schema["enum"]
        same, requirement = _untagged(seen) == served, "sdk.value.enums" if known else "sdk.value.unknown-enum"
    else:
        same, requirement = same_moment(served, _untagged(seen)), "sdk.value.timestamps"
    if not same:
        yield Discrepancy(requirement, f"{place} {shown(served)}", f"{place} {shown(seen)}")


def _requirement(schema: Mapping[str, Any], seen: Any) -> str:
    if "additionalProperties" in schema:
        return "sdk.value.metadata"
    return "sdk.value.object-word" if "const" in schema and seen is MISSING else "sdk.value.fields"


def _untagged(value: Any) -> Any:
    """What stands behind the tag of a date, an enumeration or a map."""
    for tag in ("$date", "$enum", "$map"):
        if isinstance(value, dict) and value.keys() == {tag}:
            return value[tag]
    return value


def member(value: Any, name: str) -> Any:
    """The member of an object, MISSING where there is none."""
    return value.get(name, MISSING) if isinstance(value, dict) else MISSING
