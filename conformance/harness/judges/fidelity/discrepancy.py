"""What the judges of fidelity find, and how they write values down."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

LONGEST = 200


class Discrepancy(NamedTuple):
    """One requirement that a call did not meet."""

    requirement: str
    expected: str
    seen: str


class Missing:
    """Stands for a value that is not there, which is not the same as null."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = Missing()


def shown(value: Any) -> str:
    """The value as JSON, of bounded length; what has no form in JSON as Python writes it."""
    if value is MISSING:
        return repr(value)
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    return shortened(text)


def shortened(text: str) -> str:
    """The text, cut off at a bounded length."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def no_error_but(value: Any) -> str:
    """What a call gave that should have ended with an error: which organization, or how many of them."""
    if isinstance(value, dict) and isinstance(value.get("id"), str):
        return f"no error, but organization {shown(value['id'])}"
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return f"no error, but a page of {len(value['data'])}"
    return f"no error, but the value {shown(value)}"


def raw(value: bytes) -> str:
    """Bytes as text, of bounded length, with an escape for each byte that is no printable ASCII."""
    text = repr(value[:LONGEST])[2:-1]
    return text if len(value) <= LONGEST else f"{text}... ({len(value)} bytes)"
