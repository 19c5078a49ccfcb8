"""Where two JSON values part, told by one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from conformance.harness.judges.fidelity.discrepancy import MISSING, shown


class Difference(NamedTuple):
    """One place at which what was expected is not what was seen."""

    place: str
    expected: Any
    seen: Any

    @property
    def texts(self) -> tuple[str, str]:
        """Expected and seen, each with the place, for people."""
        return f"{self.place} {shown(self.expected)}", f"{self.place} {shown(self.seen)}"


def first_difference(expected: Any, seen: Any, place: str) -> Difference | None:
    """The first place below `place` where the values differ, None where they are the same JSON value.

    True and 1 differ, and so do 1 and "1"; the order of an object's members does not count.
    """
    return next(_differences(expected, seen, place), None)


def _differences(expected: Any, seen: Any, place: str) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(seen, dict):
        for key in [*expected, *(key for key in seen if key not in expected)]:
            inner = f"{place}[{shown(key)}]"
            yield from _differences(expected.get(key, MISSING), seen.get(key, MISSING), inner)
    elif isinstance(expected, list) and isinstance(seen, list):
        for index in range(max(len(expected), len(seen))):
            yield from _differences(_item(expected, index), _item(seen, index), f"{place}[{index}]")
    elif type(expected) is not type(seen) or expected != seen:
        yield Difference(place, expected, seen)


def _item(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else MISSING
