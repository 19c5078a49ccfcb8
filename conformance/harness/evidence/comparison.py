"""The two sides of an assertion that failed: in words, and as checks that a script can make."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Any

from conformance.harness.api.organization import OPTIONAL, Organization, differences
from conformance.harness.api.page import Ids
from conformance.harness.evidence.contrast import contrast, short
from conformance.harness.evidence.naming import METADATA_VALUE, ORGANIZATIONS
from conformance.harness.judges.checks import Check, at_most, has, has_key, lacks, later, status, successes
from conformance.harness.judges.holding import of_difference, of_field, of_ids, of_keys, of_members
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
        page = self._page()
        if page is not None:
            return page
        changed = self._first_that_changed()
        if changed is not None:
            return contrast(*changed)
        name = names[0] if len(names) == 1 else ""
        if isinstance(self.right, Organization) and self.left is None:
            return f"organization {in_words(self.right)}", "not there"
        if self.operator in ("==", "is"):
            return self._items(names) or contrast(self.right, self.left, name)
        if self.operator in ("<=", "issubset") and isinstance(self.left, (set, frozenset)):
            assert isinstance(self.right, (set, frozenset))
            return contrast(self.left & self.right, self.left, name)
        expected, seen = f"{WORDS.get(self.operator, self.operator)} {in_words(self.right)}", in_words(self.left)
        if self.operator == "in":
            expected, seen = self._membership()
        return short(said(name, expected) if name else expected), short(said(name, seen) if name else seen)

    def _membership(self) -> tuple[str, str]:
        """Expected and seen where something should be in something else."""
        if isinstance(self.right, str):
            return f"a text with {in_words(self.left)}", in_words(self.right)
        if isinstance(self.right, Mapping):
            keys = ", ".join(map(in_words, self.right))
            return f"the key {in_words(self.left)}", f"the keys {keys}" if keys else "no key"
        if not self.right:
            return f"{in_words(self.left)} among them", "none"
        return self._alternatives(), in_words(self.left)

    def _alternatives(self) -> str:
        if isinstance(self.right, range):
            return f"{self.right.start} to {self.right.stop - 1}"
        values = sorted(self.right, key=str) if isinstance(self.right, (set, frozenset)) else self.right
        return one_of(map(in_words, values)) if isinstance(values, (list, tuple)) else f"one of {in_words(values)}"

    def _page(self) -> tuple[str, str] | None:
        """Of several pages, the first that is not as expected, by its number."""
        pages = self._first_that_differs()
        if pages is None:
            return None
        number, expected, seen = pages
        return contrast(expected, seen, f"page {number + 1}")

    def _first_that_differs(self) -> tuple[int, list[str], Ids] | None:
        """Of the ids of several pages, place and both sides of the first page that is not the same."""
        if not isinstance(self.left, list) or not isinstance(self.right, list) or self.operator != "==":
            return None
        for number, (seen, expected) in enumerate(zip(self.left, self.right, strict=False)):
            if isinstance(seen, Ids) and seen != expected:
                return number, expected, seen
        return None

    def _first_that_changed(self) -> tuple[Organization, Organization] | None:
        """Of organizations that were read one by one, both sides of the first that is not as expected."""
        if not isinstance(self.left, list) or not isinstance(self.right, list) or self.operator != "==":
            return None
        if not all(isinstance(item, Organization) for item in (*self.left, *self.right)):
            return None
        if len(self.left) != len(self.right) or len({id(seen.call) for seen in self.left}) < 2:
            return None
        pairs = zip(self.right, self.left, strict=True)
        return next(((expected, seen) for expected, seen in pairs if expected != seen), None)

    @property
    def values(self) -> list[object]:
        """What was compared; of several pages or organizations the one that differs."""
        pages, changed = self._first_that_differs(), self._first_that_changed()
        if pages is None:
            return [self.left, self.right] if changed is None else [changed[1]]
        return [pages[2]]

    def checks(self, names: Sequence[str]) -> list[Check]:
        """What would hold of the response that shows it; nothing where that cannot be told."""
        pages = self._first_that_differs()
        if pages is not None:
            return list(of_ids(pages[1], pages[2]))
        changed = self._first_that_changed()
        if changed is not None:
            return list(_checks("", *changed))
        if self.operator in ("==", "is"):
            return self._checks_of_equality(names)
        return list(self._checks_of_others(names[0] if len(names) == 1 else ""))

    def _checks_of_equality(self, names: Sequence[str]) -> list[Check]:
        """All of a tuple or none: what one item shows may hold where another one does not."""
        if not isinstance(self.left, tuple) or not isinstance(self.right, tuple) or len(names) < 2:
            return list(_checks(names[0] if names else "", self.right, self.left))
        items = list(zip(names, self.right, self.left, strict=False))
        found = [(ours == theirs, list(_checks(name, ours, theirs))) for name, ours, theirs in items]
        if not all(is_same or checks for is_same, checks in found):
            return []
        return [check for _, checks in found for check in checks]

    def _checks_of_others(self, name: str) -> Iterator[Check]:
        if self.operator in ("in", "not in"):
            yield from self._checks_of_membership(name)
        elif self.operator == "<=" and name == f"number of {ORGANIZATIONS}" and isinstance(self.right, int):
            yield at_most(self.right)
        elif self.operator == ">" and name in MOMENTS and isinstance(self.right, datetime):
            yield later(MOMENTS[name], self.right.isoformat())
        elif self.operator in ("!=", "is not") and name.isidentifier() and isinstance(self.right, (str, NoneType)):
            yield lacks(self.right, name)

    def _checks_of_membership(self, name: str) -> Iterator[Check]:
        """What would hold if a status were one of these, or an id one of those of a page, or none of them."""
        if isinstance(self.right, Ids) and isinstance(self.left, str):
            yield has(self.left, "id") if self.operator == "in" else lacks(self.left, "id")
        elif self.operator == "in" and isinstance(self.right, Mapping) and isinstance(self.left, str):
            yield has_key(self.left)
        elif self.operator == "in" and name == "status" and isinstance(self.right, range):
            yield status(*(f"{hundred}??" for hundred in range(self.right.start // 100, self.right.stop // 100)))
        elif self.operator == "in" and name == "status" and isinstance(self.right, Collection):
            yield status(*self.right)

    def _items(self, names: Sequence[str]) -> tuple[str, str] | None:
        """Of two tuples, the items that differ, each under its name."""
        if not isinstance(self.left, tuple) or not isinstance(self.right, tuple) or len(names) < 2:
            return None
        items = zip(names, self.right, self.left, strict=False)
        sides = [contrast(expected, seen, name) for name, expected, seen in items if expected != seen]
        return ", ".join(ours for ours, _ in sides), ", ".join(theirs for _, theirs in sides)


def _checks(name: str, expected: Any, seen: Any) -> Iterator[Check]:
    """What would hold of a response in which `name` is as expected."""
    if name in BY_NAME:
        yield BY_NAME[name](expected)
    elif isinstance(expected, Organization) and isinstance(seen, Organization):
        for difference in differences(expected, seen):
            yield from of_difference(difference, seen.call.operation)
    elif name == "domains":
        yield from of_members(expected, seen, "domain")
    elif isinstance(expected, Mapping) and isinstance(seen, Mapping):
        yield from of_keys(expected, seen)
    elif isinstance(expected, (list, set)) and isinstance(seen, (list, set)):
        yield from _checks_of_members(name, expected, seen)
    elif name.isidentifier() and isinstance(expected, (str, bool, NoneType)):
        yield from of_field(name, expected)


def _checks_of_members(name: str, expected: Collection[Any], seen: Collection[Any]) -> Iterator[Check]:
    """Of two collections of organizations, ids or other texts: what is missing and what is there besides."""
    items = [*expected, *seen]
    if items and all(isinstance(item, Organization) for item in items):
        wanted, shown = ({str(item.get("id")): item for item in items} for items in (expected, seen))
        changed = [(item, shown[id]) for id, item in wanted.items() if shown.get(id, item) != item]
        yield from (check for pair in changed for check in _checks("", *pair))
        if not changed:
            yield from of_ids(wanted, shown)
    elif all(isinstance(item, str) or item is None for item in items):
        if name in IDS or (items and all(AN_ID.fullmatch(str(item)) for item in items)):
            yield from of_ids(map(str, expected), map(str, seen))
        elif name in MEMBERS:
            yield from of_members(expected, seen)
        elif name == "metadata":
            yield from (has_key(key) for key in expected if key not in seen)
        elif name in OPTIONAL and len(set(expected)) == 1:
            yield from of_field(name, *set(expected))


BY_NAME: dict[str, Callable[[Any], Check]] = {"status": status, "number of successes": successes, METADATA_VALUE: has}
"""What checks a value that no field of an organization is called."""
MOMENTS = {"created": ".created_at", "updated": ".updated_at"}
"""Names of moments, and where an organization shows them."""
AN_ID = re.compile(r"org_[0-9A-Z]{26}")
IDS = ("ids", "ids met twice")
"""Names of what holds ids, of whatever form they are."""
MEMBERS = ("domain names",)
"""Names of what holds texts that stand in the response as they are."""

WORDS = {
    "!=": "anything but",
    "is not": "anything but",
    "not in": "none of",
    "in": "one of",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
}
"""Operators as a reader says them."""
