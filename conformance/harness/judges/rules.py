"""A rule of a JSON Schema that a response breaks, in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jsonschema import ValidationError

from conformance.harness.api.organization import ABSENT
from conformance.harness.judges.wording import LONGEST, in_words

ARTICLES = {"array": "an array", "integer": "an integer", "object": "an object", "null": "null"}

RULES: dict[str, Callable[[Any], str]] = {
    "type": lambda types: " or ".join(map(_with_article, types if isinstance(types, list) else [types])),
    "enum": lambda values: f"one of {', '.join(map(in_words, values))}",
    "const": in_words,
    "maxLength": lambda bound: f"at most {bound} characters",
    "minLength": lambda bound: f"at least {bound} character{'s' * (bound != 1)}",
    "maxProperties": lambda bound: f"at most {bound} pairs",
    "maxItems": lambda bound: f"at most {bound} items",
    "minItems": lambda bound: f"at least {bound} items",
    "format": lambda name: f"a {name}",
    "pattern": lambda pattern: f"a text that matches {pattern}",
    "additionalProperties": lambda _: "no other fields",
}
"""By keyword, what its value asks for."""


def expected_of(error: ValidationError) -> str:
    """What the broken rule asks for, and where."""
    if error.validator == "required":
        return f"{_missing(error)}: a value"
    value: Any = error.validator_value
    rule = RULES.get(str(error.validator), lambda value: f"{error.validator} {in_words(value)}")
    return f"{place_of(error)}: {rule(value)}"


def seen_of(error: ValidationError) -> str:
    """What stands there."""
    if error.validator == "required":
        return f"{_missing(error)}: {in_words(ABSENT)}"
    text = in_words(error.instance)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}... ({len(text)} characters)"
    return f"{place_of(error)}: {text}"


def place_of(error: ValidationError) -> str:
    """Where the value stands in the response, such as ``data[3].domains[0].state``."""
    return error.json_path.removeprefix("$.") if error.json_path != "$" else "the body"


def _missing(error: ValidationError) -> str:
    """The field that is not there, by its place."""
    name = re.sub(r"^'(.*)' is a required property$", r"\1", str(error.message))
    return name if error.json_path == "$" else f"{place_of(error)}.{name}"


def _with_article(name: str) -> str:
    return ARTICLES.get(name, f"a {name}")
