"""What a write of one organization may have done to others, told by what it wrote and when."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.harness.api.organization import Difference
from conformance.harness.judges.state.overlap import WRITES

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
    confirmed: float = 0.0
    """When reading it by its id last showed it as it was written."""

    def is_named(self, word: str) -> bool:
        """Whether it is there, under a name that begins with the word."""
        return not self.deleted and self.fields is not None and str(self.fields.get("name")).startswith(word)

    @property
    def is_unread(self) -> bool:
        """Whether it is there, and nothing has read it by its id, nor changed it, since it was created."""
        return not self.deleted and self.fields is not None and not self.former and not self.confirmed


class SideEffects:
    """The writes of a run, for the question whether one of them changed another organization than its own."""

    def __init__(self) -> None:
        self._updates: list[tuple[float, str, Mapping[str, Any]]] = []
        self._last: dict[str, float] = dict.fromkeys(WRITES, 0.0)
        self._changed_by_deletes: set[str] = set()
        """The fields of others that deletes have been seen to change."""

    def note(self, operation: str) -> None:
        """A write has ended."""
        self._last[operation] = time.monotonic()

    def note_update(self, identifier: str, fields: Mapping[str, Any]) -> None:
        """An update has succeeded, with this organization as its result."""
        self._updates.append((time.monotonic(), identifier, fields))

    def of_change(self, known: Remembered, difference: Difference) -> str | None:
        """The requirement that is broken where an organization shows what a write of another one did to it.

        None where nothing says so; a state that it had before may just be out of date.
        """
        place, seen = difference.place, difference.seen
        if any(fields.get(place) == seen for fields in known.former):
            return None
        if place != "updated_at" and self._only_deletes_since(known.confirmed):  # A read may be what moves it.
            self._changed_by_deletes.add(place)
            return DELETED
        spread = not _is_part(seen, difference.expected) and any(
            at >= known.since and identifier != known.id and place in fields and fields[place] == seen
            for at, identifier, fields in self._updates
        )
        return UPDATED if spread else None

    def of_own_update(self, known: Remembered, difference: Difference) -> str | None:
        """The same where an update of the organization itself shows it.

        An update that empties what it leaves out does so everywhere: empty values are no trace of another one.
        """
        return self.of_change(known, difference) if difference.seen else None

    def is_explained(self, known: Remembered, difference: Difference) -> bool:
        """Whether deletes of others change this field, and there was one since this organization was last read."""
        return difference.place in self._changed_by_deletes and self._last["delete"] > known.since

    def of_absence(self, known: Remembered, operation: str) -> str | None:
        """The requirement that is broken where an organization is gone; None unless others were deleted since.

        What a lookup does not find may also lag behind another write: there must have been none but deletes.
        """
        is_deleted = self._last["delete"] > known.seen if operation == "get" else self._only_deletes_since(known.seen)
        return DELETED if is_deleted else None

    def _only_deletes_since(self, moment: float) -> bool:
        """Whether all that was written since this moment, if there is such a moment, are deletes."""
        others = max(at for operation, at in self._last.items() if operation != "delete")
        return self._last["delete"] > moment > others


def _is_part(seen: object, written: object) -> bool:
    """Whether some of the written pairs are shown, and nothing else: then pairs were lost, not copied."""
    return isinstance(seen, Mapping) and isinstance(written, Mapping) and bool(seen) and seen.items() < written.items()
