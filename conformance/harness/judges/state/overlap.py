"""Which calls overlapped writes of the same organization: what such a call shows, nobody can judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

WRITES = ("create", "update", "delete")
CREATED = ""
"""Stands for the id of what a create makes, which nobody knows while the create is under way."""

IsUndisturbed: TypeAlias = Callable[[str], bool]
"""Whether a call was overlapped by no other write of an organization."""


@dataclass(frozen=True)
class Watch:
    """The state of affairs when a call began."""

    writes_begun: int
    being_written: frozenset[str]
    """Ids of the organizations that other calls were writing."""


class Overlap:
    """The writes that are under way. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._writes_begun = 0
        self._being_written: Counter[str] = Counter()
        self._last_begun: dict[str, int] = {}
        """The number of the write of each organization that began last."""

    def begin(self, operation: str, arguments: Mapping[str, Any]) -> Watch:
        """A call begins."""
        being_written = frozenset(+self._being_written)
        if operation in WRITES:
            self._writes_begun += 1
            written = arguments.get("id", CREATED)
            self._being_written[written] += 1
            self._last_begun[written] = self._writes_begun
        return Watch(self._writes_begun, being_written)

    def end(self, operation: str, arguments: Mapping[str, Any]) -> None:
        """A call has come to its end."""
        if operation in WRITES:
            self._being_written[arguments.get("id", CREATED)] -= 1

    def is_undisturbed(self, watch: Watch, identifier: str) -> bool:
        """Whether no other write of the organization has overlapped the call up to now."""
        return identifier not in watch.being_written and self._last_begun.get(identifier, 0) <= watch.writes_begun
