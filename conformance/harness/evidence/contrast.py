"""Where two values differ, in two short texts: what was expected and what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import zip_longest
from typing import Any

from conformance.harness.api.organization import ABSENT, Organization, differences

SHORT = 100
"""Characters up to which values are shown whole."""
LONGEST = 300
AROUND = 30
"""Characters shown before and after the place where two long strings part."""
PLACES = 3


def contrast(expected: object, seen: object) -> tuple[str, str]:
    """Expected and seen, shortened to what differs. Both are printable and of bounded length."""
    if isinstance(expected, Organization) and isinstance(seen, Organization):
        return _placed([(d.place, d.expected, d.seen) for d in differences(expected, seen)])
    whole = repr(expected), repr(seen)
    if whole[0] != whole[1] and max(map(len, whole)) <= SHORT:
        return whole
    return _parts(expected, seen) or (short(whole[0]), short(whole[1]))


def short(text: str) -> str:
    """The text, cut off at a bounded length."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _parts(expected: object, seen: object) -> tuple[str, str] | None:
    """What differs inside of two values of one kind, None for others."""
    if isinstance(expected, Mapping) and isinstance(seen, Mapping):
        return _fields(expected, seen)
    if isinstance(expected, str) and isinstance(seen, str):
        return _strings(expected, seen)
    if isinstance(expected, Set) and isinstance(seen, Set):
        return _sets(expected, seen)
    if isinstance(expected, (list, tuple)) and isinstance(seen, (list, tuple)):
        return _sequences(expected, seen)
    return None


def _fields(expected: Mapping[Any, Any], seen: Mapping[Any, Any]) -> tuple[str, str]:
    names = [*expected, *(name for name in seen if name not in expected)]
    pairs = [(repr(name), expected.get(name, ABSENT), seen.get(name, ABSENT)) for name in names]
    return _placed([pair for pair in pairs if pair[1] != pair[2]])


def _sequences(expected: Sequence[Any], seen: Sequence[Any]) -> tuple[str, str]:
    pairs = enumerate(zip_longest(expected, seen, fillvalue=ABSENT))
    parted = [(f"[{index}]", one, other) for index, (one, other) in pairs if one != other]
    if len(expected) == len(seen):
        return _placed(parted)
    ours, theirs = _placed(parted, shown=1)
    return f"{_count(expected)}: {ours}", f"{_count(seen)}: {theirs}"


def _sets(expected: Set[Any], seen: Set[Any]) -> tuple[str, str]:
    missing, extra = _items(expected - seen), _items(seen - expected)
    ours = [f"with {missing}"] * bool(missing) + [f"without {extra}"] * bool(extra)
    theirs = [f"without {missing}"] * bool(missing) + [f"with {extra}"] * bool(extra)
    return f"{_count(expected)}, {', '.join(ours)}", f"{_count(seen)}, {', '.join(theirs)}"


def _strings(expected: str, seen: str) -> tuple[str, str]:
    """Both strings around the first place where they part."""
    parts = (index for index, (one, other) in enumerate(zip(expected, seen, strict=False)) if one != other)
    place = next(parts, min(len(expected), len(seen)))
    return _around(expected, place), _around(seen, place)


def _around(text: str, place: int) -> str:
    start, end = max(0, place - AROUND), place + AROUND
    shown = f"{'...' * (start > 0)}{text[start:end]!r}{'...' * (end < len(text))}"
    return f"{shown} ({len(text)} characters)"


def _placed(pairs: Sequence[tuple[str, object, object]], shown: int = PLACES) -> tuple[str, str]:
    """The differing places by name, the first few of them."""
    rows = [(place, *_nested(expected, seen)) for place, expected, seen in pairs[:shown]]
    more = f" and {len(pairs) - shown} more" if len(pairs) > shown else ""
    ours = ", ".join(f"{place} {expected}" for place, expected, _ in rows)
    return short(ours) + more, short(", ".join(f"{place} {seen}" for place, _, seen in rows)) + more


def _nested(expected: object, seen: object) -> tuple[str, str]:
    if ABSENT in (expected, seen):
        return _present(expected), _present(seen)
    return contrast(expected, seen)


def _present(value: object) -> str:
    return ABSENT if value == ABSENT else short(repr(value))


def _items(items: Set[Any]) -> str:
    shown = sorted(map(repr, items))
    more = f" and {len(shown) - PLACES} more" if len(shown) > PLACES else ""
    return ", ".join(shown[:PLACES]) + more


def _count(items: Sequence[Any] | Set[Any]) -> str:
    return f"{len(items)} item{'s' * (len(items) != 1)}"
