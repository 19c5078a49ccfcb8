"""The two sides of an assertion that failed: in words, and as checks that a script can make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

from conformance.harness.api.organization import Organization, differences
from conformance.harness.evidence.contrast import contrast, short
from conformance.harness.judges.checks import Check, of_difference, of_field, of_keys, of_members, status
from conformance.harness.judges.wording import in_words, one_of, said


@dataclass(frozen=True)
class Comparison:
    """The two sides of an assertion that failed."""

    operator: str
    left: object
    right: object

    def sides(self, names: Sequence[str] = ()) -> tuple[str, str]:
        """Expected and seen: scenarios compare what was seen, on the left, with what was expected.

        `names` say what is compared: one name, or one for each item of a tuple.
        """
        name = names[0] if len(names) == 1 else ""
        if self.operator in ("==", "is"):
            return self._items(names) or contrast(self.right, self.left, name)
        if self.operator in ("<=", "issubset") and isinstance(self.left, (set, frozenset)):
            assert isinstance(self.right, (set, frozenset))
            return contrast(self.left & self.right, self.left, name)
        expected, seen = f"{WORDS.get(self.operator, self.operator)} {in_words(self.right)}", in_words(self.left)
        if self.operator == "in" and isinstance(self.right, (list, tuple)):
            expected = one_of(map(in_words, self.right))
        return short(said(name, expected) if name else expected), short(said(name, seen) if name else seen)

    def checks(self, names: Sequence[str]) -> list[Check]:
        """What would hold of the response that shows it; nothing where that cannot be told."""
        if self.operator == "in" and names == ("status",) and isinstance(self.right, (list, tuple)):
            return [status(*self.right)]
        if self.operator not in ("==", "is"):
            return []
        if isinstance(self.left, tuple) and isinstance(self.right, tuple) and len(names) > 1:
            items = zip(names, self.right, self.left, strict=False)
            return [check for name, ours, theirs in items for check in _checks(name, ours, theirs)]
        return list(_checks(names[0] if names else "", self.right, self.left))

    def _items(self, names: Sequence[str]) -> tuple[str, str] | None:
        """Of two tuples, the items that differ, each under its name."""
        if not isinstance(self.left, tuple) or not isinstance(self.right, tuple) or len(names) < 2:
            return None
        items = zip(names, self.right, self.left, strict=False)
        sides = [contrast(expected, seen, name) for name, expected, seen in items if expected != seen]
        return ", ".join(ours for ours, _ in sides), ", ".join(theirs for _, theirs in sides)


def _checks(name: str, expected: Any, seen: Any) -> Iterator[Check]:
    """What would hold of a response in which `name` is as expected."""
    if name == "status":
        yield status(expected)
    elif isinstance(expected, Organization) and isinstance(seen, Organization):
        for difference in differences(expected, seen):
            yield from of_difference(difference)
    elif name == "domains":
        yield from of_members(expected, seen, "domain")
    elif isinstance(expected, Mapping) and isinstance(seen, Mapping):
        yield from of_keys(expected, seen)
    elif name in MEMBERS:
        yield from _members(expected, seen)
    elif name.isidentifier() and isinstance(expected, (str, bool, NoneType)):
        yield from of_field(name, expected)


def _members(expected: Any, seen: Any) -> Iterator[Check]:
    """Of two collections of texts, what is missing and what is there besides."""
    are_collections = isinstance(expected, (list, set)) and isinstance(seen, (list, set))
    if are_collections and all(isinstance(item, str) for item in (*expected, *seen)):
        yield from of_members(expected, seen)


MEMBERS = ("ids", "domain names")
"""Names of what holds texts that stand in the response as they are."""

WORDS = {"!=": "anything but", "is not": "anything but", "not in": "none of", "in": "one of"}
"""Operators as a reader says them."""
