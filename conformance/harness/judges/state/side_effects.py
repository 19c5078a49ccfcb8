"""What a write of one organization may have done to others, told by what it wrote and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.harness.api.organization import Difference

UPDATED = "update.leaves-others-alone"
DELETED = "delete.leaves-others-alone"


@dataclass
class Remembered:
    """What is known of one organization."""

    id: str
    fields: Mapping[str, Any] | None
    """Its state; None when a write is in doubt."""
    since: float
    """When it was last written, on the monotonic clock."""
    deleted: bool = False
    former: tuple[Mapping[str, Any], ...] = ()
    """The states that it had before."""
    seen: float = 0.0
    """When a call last showed it."""

    def is_named(self, word: str) -> bool:
        """Whether it is there, under a name that begins with the word."""
        return not self.deleted and self.fields is not None and str(self.fields.get("name")).startswith(word)


class SideEffects:
    """The writes of a run, for the question whether one of them changed another organization than its own."""

    def __init__(self) -> None:
        self._updates: list[tuple[float, str, Mapping[str, Any]]] = []
        self._last_delete = 0.0

    def note_update(self, identifier: str, fields: Mapping[str, Any], at: float) -> None:
        """An update has succeeded, with this organization as its result."""
        self._updates.append((at, identifier, fields))

    def note_delete(self, at: float) -> None:
        """A delete has succeeded."""
        self._last_delete = at

    def of_change(self, known: Remembered, difference: Difference) -> str | None:
        """The requirement that is broken where an organization shows what an update gave to another one.

        None where nothing says so; a state that it had before may just be out of date.
        """
        place, seen = difference.place, difference.seen
        if any(fields.get(place) == seen for fields in known.former):
            return None
        spread = any(
            at >= known.since and identifier != known.id and place in fields and fields[place] == seen
            for at, identifier, fields in self._updates
        )
        return UPDATED if spread else None

    def of_absence(self, known: Remembered) -> str | None:
        """The requirement that is broken where an organization is gone; None unless others were deleted since."""
        return DELETED if self._last_delete > known.seen else None
