"""Places in the body of a response, as checks and scripts name them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from conformance.harness.api.organization import moment

ITEMS = ".data[]"
"""The place of the organizations of a list."""


def values_in(value: Any, place: str) -> Iterator[Any]:
    """The values in a place of a body, such as ``.data[].id``: the ids of all items of data; "" is the body itself."""
    step, _, rest = place.removeprefix(".").partition(".")
    field, is_array = step.removesuffix("[]"), step.endswith("[]")
    if not place:
        yield value
    elif isinstance(value, dict) and field in value:
        inner = value[field]
        for each in (inner if isinstance(inner, list) else []) if is_array else [inner]:
            yield from values_in(each, rest and f".{rest}")


def is_later(one: object, other: object) -> bool:
    """Whether one time in RFC 3339 is later than another one."""
    one, other = moment(one), moment(other)
    return isinstance(one, datetime) and isinstance(other, datetime) and one > other
