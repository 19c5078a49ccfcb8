"""Where two values differ, in two short texts: what was expected and what was seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from conformance.harness.api.organization import ABSENT, Organization, differences
from conformance.harness.judges.wording import in_words, said

LONG = 60
"""Characters of a text from which only the place is shown where it differs."""
LONGEST = 300
AROUND = 24
"""Characters shown before and after the place where two long strings part."""
PLACES = 3
"""Differences that are shown; the others are counted."""


class Row(NamedTuple):
    """One place in which two values differ, with what stands there on either side."""

    place: str
    expected: str
    seen: str


def contrast(expected: object, seen: object, place: str = "") -> tuple[str, str]:
    """Expected and seen, shortened to what differs, in words without code.

    `place` says what both values are, such as ``status``. Both texts are printable and of bounded length.
    """
    rows = list(_rows(expected, seen, place))
    if not rows:
        return _said(place, short(in_words(expected))), _said(place, short(in_words(seen)))
    more = f" and {len(rows) - PLACES} more" if len(rows) > PLACES else ""
    ours = ", ".join(_said(row.place, row.expected) for row in rows[:PLACES])
    theirs = ", ".join(_said(row.place, row.seen) for row in rows[:PLACES])
    return short(ours) + more, short(theirs) + more


def short(text: str) -> str:
    """The text, cut off at a bounded length."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _said(place: str, text: str) -> str:
    return said(place, text) if place else text


def _rows(expected: object, seen: object, place: str) -> Iterator[Row]:
    """The places in which the two differ."""
    if isinstance(expected, Organization) and isinstance(seen, Organization):
        for difference in differences(expected, seen):
            yield from _rows(difference.expected, difference.seen, f"{place} {difference.place}".strip())
    elif isinstance(expected, Mapping) and isinstance(seen, Mapping):
        yield from _fields(expected, seen, place)
    elif (changed := _changed_item(expected, seen)) is not None:
        index, ours, theirs = changed
        yield from _rows(ours, theirs, f"{place} item {index + 1}".strip())
    elif _is_collection(expected) and _is_collection(seen):
        yield Row(place, *_collections(list(expected), list(seen)))  # type: ignore[call-overload]
    elif expected != seen or type(expected) is not type(seen):
        yield Row(place, *_plain(expected, seen))


def _is_collection(value: object) -> bool:
    return isinstance(value, (list, tuple, Set)) and not isinstance(value, Mapping)


def _changed_item(expected: object, seen: object) -> tuple[int, Any, Any] | None:
    """The first item of two lists that is the same organization on either side, but not with the same fields."""
    if not isinstance(expected, (list, tuple)) or not isinstance(seen, (list, tuple)):
        return None
    for index, (ours, theirs) in enumerate(zip(expected, seen, strict=False)):
        if ours != theirs:
            is_same = isinstance(ours, Organization) and in_words(ours) == in_words(theirs)
            return (index, ours, theirs) if is_same else None
    return None


def _fields(expected: Mapping[Any, Any], seen: Mapping[Any, Any], place: str) -> Iterator[Row]:
    for name in [*expected, *(name for name in seen if name not in expected)]:
        ours, theirs = expected.get(name, ABSENT), seen.get(name, ABSENT)
        if ours != theirs:
            yield from _rows(ours, theirs, f"{place} key {in_words(name)}".strip())


def _plain(expected: object, seen: object) -> tuple[str, str]:
    if isinstance(expected, str) and isinstance(seen, str) and ABSENT not in (expected, seen):
        return _strings(expected, seen)
    return short(in_words(expected)), short(in_words(seen))


def _strings(expected: str, seen: str) -> tuple[str, str]:
    """Both strings, long ones around the first place where they part."""
    if max(len(expected), len(seen)) <= LONG:
        return in_words(expected), in_words(seen)
    parts = (index for index, (one, other) in enumerate(zip(expected, seen, strict=False)) if one != other)
    place = next(parts, min(len(expected), len(seen)))
    return _around(expected, place), _around(seen, place)


def _around(text: str, place: int) -> str:
    start, end = max(0, place - AROUND), place + AROUND
    shown = f"{'...' * (start > 0)}{in_words(text[start:end])}{'...' * (end < len(text))}"
    return f"{shown} ({len(text)} characters)"


def _collections(expected: Sequence[Any], seen: Sequence[Any]) -> tuple[str, str]:
    """What one holds and the other does not; else how often; else the first place where the order differs."""
    ours, theirs = list(map(_item, expected)), list(map(_item, seen))
    missing = list(dict.fromkeys(item for item in ours if item not in theirs))
    extra = list(dict.fromkeys(item for item in theirs if item not in ours))
    if not ours or not theirs:
        return _listed(ours), _listed(theirs)
    if missing or extra:
        return _holding(ours, missing, extra), _holding(theirs, extra, missing)
    if len(ours) != len(theirs):
        return _counted(ours), _counted(theirs)
    place = next((index for index, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one != other), 0)
    return f"{ours[place]} as item {place + 1}", f"{theirs[place]} as item {place + 1}"


def _item(item: Any) -> str:
    """An item of a list; of a list within it, how many there are, and the first."""
    if isinstance(item, (list, tuple)) and len(item) > 1:
        return f"[{in_words(item[0])} and {len(item) - 1} more]"
    return in_words(item)


def _listed(items: Sequence[str]) -> str:
    return f"{_count(items)}: {_few(items)}" if items else "none"


def _holding(items: Sequence[str], only_here: Sequence[str], only_there: Sequence[str]) -> str:
    if len(items) == len(only_here) <= PLACES:
        return _few(items)
    parts = [f"with {_few(only_here)}"] * bool(only_here) + [f"without {_few(only_there)}"] * bool(only_there)
    return f"{_count(items)}, {', '.join(parts)}"


def _counted(items: Sequence[str]) -> str:
    twice = [item for item in dict.fromkeys(items) if items.count(item) > 1]
    return f"{_count(items)}, {_few(twice)} {items.count(twice[0])} times" if twice else _count(items)


def _few(items: Sequence[str]) -> str:
    more = f" and {len(items) - PLACES} more" if len(items) > PLACES else ""
    return ", ".join(item if len(item) <= LONG else f"{item[:LONG]}..." for item in items[:PLACES]) + more


def _count(items: Collection[Any]) -> str:
    return f"{len(items)} item{'s' * (len(items) != 1)}"
