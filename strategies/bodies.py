"""Request bodies that a target must or should accept."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from specs.contract import Bounds, operations
from strategies.values import values

CONTROL_CHARACTERS = "".join(map(chr, (*range(0x01, 0x20), 0x7F)))
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))

LETTERS_AND_DIGITS = string.ascii_lowercase + string.digits + string.ascii_uppercase

ROOM = "0" * 24
"""Begins a text that must reach the target whole: what makes it the caller's own goes here."""

DOMAINS = ["firstdomain.example.com", "otherdomain.example.com"]

NAMES = {
    "many scripts": f"{ROOM} Zoë 公司 שלום \N{ROCKET}",
    "a letter and a combining mark": f"{ROOM} Zoe\u0308",
    "markup, and spaces in a row": ROOM + "  <b>&amp;\"quoted\" 'name' \\ %s %41 {0}</b>",
    "200 characters": "n" * 200,
}


def valid_bodies(operation: str, bounds: Bounds = Bounds.NARROW) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies of create or update that are valid under this reading of the contract."""
    return values(_schema(operation, bounds))


@dataclass(frozen=True)
class Boundary:
    """One value of one field at the edge of what is allowed."""

    label: str
    field: str
    value: Any
    bounds: Bounds
    """The narrowest reading that accepts the value."""

    def body(self, own: dict[str, Any]) -> dict[str, Any]:
        """The body with the value in it, made the caller's own where it must be unique.

        `own` holds a name and an external_id that nobody else uses, of at most as many characters
        as ROOM: a longer value begins with the caller's, in place of its own first characters.
        """
        value, mine = self.value, own.get(self.field)
        if isinstance(value, str) and isinstance(mine, str) and len(value) > len(mine):
            value = mine + value[len(mine) :]
        return {**own, self.field: value}


def boundaries(operation: str) -> list[Boundary]:
    """Every boundary of the operation's body, one field each, in a fixed order."""
    schema = _schema(operation, Bounds.DOCUMENTED)
    found = [(label, field, value) for label, field, value in _boundaries() if field in schema["properties"]]
    return [Boundary(label, field, value, _narrowest(operation, field, value)) for label, field, value in found]


def _boundaries() -> Iterator[tuple[str, str, Any]]:
    for label, name in NAMES.items():
        yield f"name - {label}", "name", name
    for length in (1, 64, 128):
        yield f"external_id - {length} characters", "external_id", (LETTERS_AND_DIGITS * 3)[-length:]
    yield "external_id - null", "external_id", None
    yield "external_id - space and punctuation", "external_id", f"{ROOM} {string.punctuation}"
    yield "external_id - control characters", "external_id", ROOM + CONTROL_CHARACTERS
    yield "metadata - null", "metadata", None
    yield "metadata - no pairs", "metadata", {}
    for pairs in (10, 50):
        yield f"metadata - {pairs} pairs", "metadata", {f"key{number}": "value" for number in range(pairs)}
    for pairs in (10, 50):
        full = {f"{number:02d}".ljust(40, "k"): "v" * 600 for number in range(pairs)}
        yield f"metadata - {pairs} pairs of 40 and 600 characters", "metadata", full
    yield "metadata - a key of 40 characters", "metadata", {"k" * 40: "value"}
    yield "metadata - a value of 600 characters", "metadata", {"long": "v" * 600}
    yield "metadata - an empty value", "metadata", {"empty": ""}
    yield "metadata - printable ASCII", "metadata", {f"{string.punctuation} aA": PRINTABLE}
    for key, text in (("id", "0250"), ("name", "true"), ("Name", "null"), ("object", "1e3"), ("toString", "[]")):
        yield f"metadata - {key} as {text!r}", "metadata", {key: text}
    yield "metadata - a key of 40 letters with accents", "metadata", {"é" * 40: "value"}
    yield "metadata - a value of 600 characters outside the basic plane", "metadata", {"rockets": "\N{ROCKET}" * 600}
    yield (
        "domain_data - each state",
        "domain_data",
        [
            {"domain": DOMAINS[0], "state": "pending"},
            {"domain": DOMAINS[1], "state": "verified"},
        ],
    )
    yield "domain_data - no domains", "domain_data", []
    ten = [{"domain": f"{letter}.example.com", "state": "verified"} for letter in string.ascii_lowercase[:10]]
    yield "domain_data - ten domains", "domain_data", ten
    yield "domains - two domains", "domains", DOMAINS
    yield "profiles allowed", "allow_profiles_outside_organization", True
    yield "profiles not allowed", "allow_profiles_outside_organization", False


def _narrowest(operation: str, field: str, value: Any) -> Bounds:
    for bounds in (Bounds.NARROW, Bounds.DOCUMENTED):
        if Draft202012Validator(_schema(operation, bounds)["properties"][field]).is_valid(value):
            return bounds
    raise ValueError(f"{operation}: {field} {value!r} is beyond the documented bounds")


def _schema(operation: str, bounds: Bounds) -> dict[str, Any]:
    schema = operations(bounds)[operation].body
    assert isinstance(schema, dict)
    return schema
