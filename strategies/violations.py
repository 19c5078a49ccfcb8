"""Bodies that break exactly one rule of the contract, enumerated from its schemas.

The widest reading is walked, so that whatever is found here must be refused by every source.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from specs.contract import Bounds, operations
from strategies.values import types_of

Rule: TypeAlias = tuple[str, str]
"""A place in a body, and the keyword that holds there."""

MISSING = object()
"""Stands for a value that is taken away."""

SAMPLES: dict[str, Any] = {
    "string": "text",
    "integer": 12,
    "boolean": False,
    "array": ["text"],
    "object": {"key": "value"},
    "null": None,
}
EMPTY: dict[str, Any] = {"array": [], "string": ""}
"""What metadata are mistaken for: a language in which nothing is like nothing takes them for an empty object."""
MOST_CONFUSABLE = {
    "string": ("integer", "null", "array"),
    "boolean": ("string", "integer", "null"),
    "array": ("string", "object"),
    "object": ("array", "string", "null"),
}
"""What each type is mistaken for most easily; the others make no request of their own."""

CONFUSABLE_WITHIN = {
    "/metadata/key": ("integer", "boolean", "array", "object", "null"),
    "/domain_data/0": ("string", "integer", "null"),
}
"""What the strings in a field are mistaken for; elsewhere below the first level two types will do."""


@dataclass(frozen=True)
class Violation:
    """One broken rule of a request body."""

    label: str
    place: str
    """JSON pointer to the offending value; empty for the body itself."""
    keyword: str
    value: Any

    @property
    def rule(self) -> Rule:
        """The rule that it breaks."""
        return self.place, self.keyword

    @property
    def is_of_a_field(self) -> bool:
        """Whether a field of the body, and no more than that, has another type."""
        return self.keyword == "type" and self.place.count("/") == 1

    def applied_to(self, body: dict[str, Any]) -> Any:
        """A copy of the body with the rule broken; the body must have a value at the place.

        Of several items it is the last that breaks the rule: some look at the first alone. An array or a string
        in place of the body holds the body, since some readers unwrap it. A name that is missing is there in another
        case, since some readers do not mind that.
        """
        if not self.place:
            return _holding(self.value, body)
        broken = copy.deepcopy(body)
        *parents, last = [-1 if step == "0" else step for step in self.place[1:].split("/")]
        holder: Any = broken
        for step in parents:
            holder = holder[step]
        if self.value is MISSING:
            holder[str(last).capitalize()] = holder.pop(last)
        else:
            holder[last] = self.value
        return broken


def _holding(value: Any, body: dict[str, Any]) -> Any:
    """A value of the same type with the body in it, where the type has room for one."""
    if isinstance(value, list):
        return [body] if value else value
    return json.dumps(body) if isinstance(value, str) else value


LENIENT: dict[tuple[str, str], Any] = {("boolean", "string"): "true", ("boolean", "integer"): 1}
"""What a reader that converts types takes for a value of the first one."""
STATE = "/domain_data/0/state"
A_DOMAIN = "/domains/0"
NUMBERED = {"0": {"domain": "numbered.example.com", "state": "pending"}}
INSTEAD = {
    ("update", "metadata/key of 601 characters"): Violation(
        "metadata/key of 600 characters and a space", "/metadata/key", "maxLength", "x" * 600 + " "
    ),
    ("update", "external_id as integer"): Violation("external_id as boolean", "/external_id", "type", False),
    ("create", "external_id as array"): Violation(
        "external_id as an operator of a query", "/external_id", "type", {"$gt": ""}
    ),
    ("create", "domain_data as object"): Violation(
        "domain_data as a numbered object", "/domain_data", "type", NUMBERED
    ),
    ("update", "domain_data as string"): Violation("domain_data as an empty object", "/domain_data", "type", {}),
    ("update", "domains as object"): Violation("domains as an empty object", "/domains", "type", {}),
    ("create", "domains/0 as integer"): Violation(
        "domains/0 as an object with a domain", A_DOMAIN, "type", {"domain": "object.example.com"}
    ),
    ("update", "the body as array"): Violation("the body as an empty array", "", "type", []),
    ("update", "domain_data/0/state empty"): Violation("domain_data/0/state as a position", STATE, "enum", 1),
    ("update", "metadata as string"): Violation(
        "metadata as JSON in a string", "/metadata", "type", '{"key": "value"}'
    ),
}
"""What is more easily taken: what counts as nothing, and what holds what was asked for in another form.

An update clears an external_id by null; the other operation is asked for the plain case.
"""


ASKED_OF_ONE = {
    "the body as null": "update",
    "the body as string": "create",
    "name as array": "create",
    "domain_data/0 as string": "create",
    "domain_data/0 as integer": "create",
    "domain_data/0/domain as null": "create",
    "domain_data/0/domain as integer": "update",
    "domain_data/0/state as only answers have it": "create",
    "domain_data/0/state in capitals": "update",
    "domains as string": "create",
    "domains/0 as integer": "create",
    "domains/0 as null": "update",
    "metadata/key as boolean": "create",
    "metadata/key as array": "update",
    "metadata/key as object": "create",
    "external_id as array": "create",
    "external_id with an accent": "create",
    "external_id with an accent in another line": "update",
    "stripe_customer_id as array": "create",
    "allow_profiles_outside_organization as string": "create",
    "allow_profiles_outside_organization as integer": "update",
}
"""What one operation is asked for alone, since the other one is asked for another type at the same place."""


def body_violations(operation: str) -> list[Violation]:
    """Each keyword of the operation's body, broken once at each place, at its bound."""
    schema = operations(Bounds.WIDE)[operation].body
    assert isinstance(schema, dict)
    found = [each for each in _violations(schema, "") if ASKED_OF_ONE.get(each.label, operation) == operation]
    return [INSTEAD.get((operation, violation.label), violation) for violation in found]


def broken_rules(operation: str, body: object) -> set[Rule]:
    """Which rules a body breaks, as `body_violations` names them."""
    schema = operations(Bounds.WIDE)[operation].body
    assert isinstance(schema, dict)
    errors = Draft202012Validator(schema).iter_errors(body)
    return {rule for error in errors for rule in _rules_of(error)}


def _rules_of(error: ValidationError) -> Iterator[Rule]:
    steps = ["0" if isinstance(step, int) else str(step) for step in error.absolute_path]
    if steps[1:] and steps[0] == "metadata":
        steps[1:] = ["key"]
    place = "".join(f"/{step}" for step in steps)
    if error.validator == "type" and "enum" in cast("dict[str, Any]", error.schema):
        return  # the enumeration says it, too
    if error.validator == "required":
        required, there = cast("list[str]", error.validator_value), cast("dict[str, Any]", error.instance)
        yield from ((f"{place}/{name}", "required") for name in required if name not in there)
    elif "propertyNames" in error.absolute_schema_path:
        yield place, f"{error.validator} of key"
    else:
        yield place, str(error.validator)


def _violations(schema: dict[str, Any], place: str) -> Iterator[Violation]:
    if "enum" in schema:
        yield from _wrong_members(schema, place)
    else:
        yield from _wrong_types(schema, place)
    yield from _wrong_strings(schema, place)
    yield from _wrong_objects(schema, place)
    for name in schema.get("required", ()):
        yield Violation(f"{_name(place)} without {name}", f"{place}/{name}", "required", MISSING)
    for name, subschema in schema.get("properties", {}).items():
        yield from _violations(subschema, f"{place}/{name}")
    if "items" in schema:
        yield from _violations(schema["items"], f"{place}/0")


def _wrong_types(schema: dict[str, Any], place: str) -> Iterator[Violation]:
    allowed = types_of(schema)
    tried = MOST_CONFUSABLE[allowed[0]]
    if place.count("/") > 1:
        tried = CONFUSABLE_WITHIN.get(place, tried[:2])
    for kind in tried:
        if kind not in allowed:
            items = schema.get("items", {})
            value = _sample(items) if kind == items.get("type") == "object" else SAMPLES[kind]
            value = EMPTY.get(kind, value) if place == "/metadata" else LENIENT.get((allowed[0], kind), value)
            yield Violation(f"{_name(place)} as {kind}", place, "type", value)


def _sample(schema: dict[str, Any]) -> Any:
    """A value of the schema: one item is what an array of them is mistaken for."""
    if "enum" in schema:
        return schema["enum"][0]
    fields = {name: _sample(schema["properties"][name]) for name in schema.get("required", ())}
    return fields or SAMPLES[types_of(schema)[0]]


def _wrong_members(schema: dict[str, Any], place: str) -> Iterator[Violation]:
    """No member at all, one in capitals, nothing, and one that only answers may have."""
    members = {
        "outside the enumeration": "sideways",
        "in capitals": schema["enum"][0].upper(),
        "empty": "",
        "as only answers have it": _shown_alone(schema["enum"], place),
    }
    for label, member in members.items():
        yield Violation(f"{_name(place)} {label}", place, "enum", member)


def _shown_alone(allowed: list[str], place: str) -> str:
    """A member that only answers may have: one that holds the name of another, and may be taken for it."""
    alone = [member for member in _shown_members(place) if member not in allowed]
    return next((member for member in alone if any(known in member for known in allowed)), "sideways")


def _shown_members(place: str) -> list[str]:
    """The enumeration of the same field of a domain in answers."""
    organization = operations()["create"].responses[201]
    assert organization is not None
    domain = organization["properties"]["domains"]["items"]["properties"]
    members: list[str] = domain.get(place.rpartition("/")[2], {}).get("enum", [])
    return members


def _wrong_strings(schema: dict[str, Any], place: str) -> Iterator[Violation]:
    if "maxLength" in schema:
        longest = schema["maxLength"]
        yield Violation(f"{_name(place)} of {longest + 1} characters", place, "maxLength", "x" * (longest + 1))
    if "pattern" in schema:
        yield Violation(f"{_name(place)} empty", place, "pattern", "")
        yield Violation(f"{_name(place)} with an accent", place, "pattern", "Zoë")
        yield Violation(f"{_name(place)} with an accent in another line", place, "pattern", "Zo\nZoë")


def _wrong_objects(schema: dict[str, Any], place: str) -> Iterator[Violation]:
    if "maxProperties" in schema:
        most = schema["maxProperties"]
        pairs = {f"key{number}": "value" for number in range(most + 1)}
        yield Violation(f"{_name(place)} of {most + 1} pairs", place, "maxProperties", pairs)
    if "maxLength" in schema.get("propertyNames", {}):
        length = schema["propertyNames"]["maxLength"] + 1
        label = f"{_name(place)} with a key of {length} characters"
        yield Violation(label, place, "maxLength of key", {"key": "value", "k" * length: "value"})
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _violations(schema["additionalProperties"], f"{place}/key")


def _name(place: str) -> str:
    return place.removeprefix("/") or "the body"
