"""Query parameters that break exactly one rule of the contract, enumerated from its schemas in their widest reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from specs.contract import Bounds, operations


@dataclass(frozen=True)
class QueryViolation:
    """One broken rule of a query parameter."""

    label: str
    parameter: str
    keyword: str
    value: str
    is_alone: bool
    """Whether no other parameter goes with it: lists with filters, an order or a cursor may have rules of their own."""


def query_violations(operation: str = "list") -> list[QueryViolation]:
    """Each keyword of each query parameter, broken once."""
    broken = [
        (f"{name} {label}", name, keyword, value)
        for name, schema in operations(Bounds.WIDE)[operation].query.items()
        for label, keyword, value in _broken_words(schema)
    ]
    return [QueryViolation(*words, is_alone) for words, is_alone in zip(broken, cycle((False, True)), strict=False)]


def _broken_words(schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if "minimum" in schema:
        yield f"of {schema['minimum'] - 1}", "minimum", str(schema["minimum"] - 1)
        yield "below zero", "minimum", "-1"
    if "maximum" in schema:
        yield f"of {schema['maximum'] + 1}", "maximum", str(schema["maximum"] + 1)
        yield "beyond 32 bits", "maximum", str(2**32 + 10)
        yield "beyond 64 bits", "maximum", str(2**64 + 10)
    if schema["type"] == "integer":
        yield "as a word", "type", "many"
        yield "as a fraction", "type", "1.5"
        yield "with an exponent", "type", "1e1"
        yield "in hexadecimal", "type", "0x0A"
        yield "in the digits of another script", "type", "\u0661\u0660"
        yield "between spaces", "type", " 5 "
        yield "with an underscore", "type", "1_0"
    if "enum" in schema:
        yield "in capitals", "enum", schema["default"].upper()
        yield "that only begins as a member", "enum", f"{schema['enum'][0]}ending"
