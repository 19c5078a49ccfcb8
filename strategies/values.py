"""Values that a JSON schema accepts, as Hypothesis strategies.

Knows the keywords that the request schemas use, and refuses others rather than ignore them.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ANNOTATIONS = {"title", "description", "deprecated", "default"}
KEYWORDS = {
    "type", "enum", "properties", "required", "items", "propertyNames", "additionalProperties", "maxProperties",
    "maxLength", "pattern", "minimum", "maximum",
}  # fmt: skip

LONGEST_ARRAY = 3
FEW_PAIRS = 4
ORDINARY_LENGTH = 40


class UnknownKeywordError(ValueError):
    """A schema constrains its values in a way that no strategy here knows of."""


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema accepts, simplest first. Raises UnknownKeywordError."""
    unknown = schema.keys() - KEYWORDS - ANNOTATIONS
    if unknown:
        raise UnknownKeywordError(f"no strategy for {', '.join(sorted(unknown))}")
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return st.one_of([_of_type(kind, schema) for kind in types_of(schema)])


def types_of(schema: dict[str, Any]) -> list[str]:
    """The JSON types that the schema allows, null last."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return sorted(kinds, key=lambda kind: kind == "null")


def _of_type(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return {
        "null": lambda _: st.none(),
        "boolean": lambda _: st.booleans(),
        "integer": _integers,
        "string": _strings,
        "array": _arrays,
        "object": _objects,
    }[kind](schema)


def _integers(schema: dict[str, Any]) -> st.SearchStrategy[int]:
    return st.integers(schema.get("minimum"), schema.get("maximum"))


def _strings(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    longest = schema.get("maxLength", ORDINARY_LENGTH)
    if "pattern" not in schema:
        return st.text(max_size=longest)
    return st.from_regex(schema["pattern"]).filter(lambda text: len(text) <= longest)


def _arrays(schema: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values(schema["items"]), max_size=LONGEST_ARRAY)


def _objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    if isinstance(schema.get("additionalProperties"), dict):
        keys = values({"type": "string", **schema.get("propertyNames", {})})
        few = min(FEW_PAIRS, schema.get("maxProperties", FEW_PAIRS))
        return st.dictionaries(keys, values(schema["additionalProperties"]), max_size=few)
    fields = {name: values(subschema) for name, subschema in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema.get("required", ())}
    return st.fixed_dictionaries(required, optional=fields)
