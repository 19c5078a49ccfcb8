"""Data that an SDK gave, out of the protocol's tagged form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from attrs import frozen

Json: TypeAlias = Any


@frozen
class Date:
    """A value of a date type, in RFC 3339 as the driver wrote it."""

    text: str


@frozen
class EnumMember:
    """A member of an enum type; None when it holds no value of the wire."""

    value: str | None


@frozen
class Other:
    """A value of a type that the protocol has no form for, as text."""

    text: str


def untagged(data: Json) -> Json:
    """`data` as Python values: lists, dicts, str, int, float, bool, None, Date, EnumMember and Other.

    An object of the SDK's own types and a map become dicts alike.
    """
    if isinstance(data, list):
        return [untagged(item) for item in data]
    if not isinstance(data, dict):
        return data
    for tag, made in _TAGS.items():
        if tag in data:
            return made(data[tag])
    return _members(data)


def _members(data: Mapping[str, Json]) -> dict[str, Json]:
    return {key: untagged(value) for key, value in data.items()}


_TAGS: Mapping[str, Callable[[Json], Json]] = {
    "$date": Date,
    "$enum": EnumMember,
    "$map": _members,
    "$other": Other,
}
