"""Lists that refuse what the contract allows."""

from __future__ import annotations

from typing import Any

from emulator.refusals import Fault, InvalidParameters
from emulator.validation import Rules
from tests.mutants.parts.listing import query
from tests.mutants.planting import mutant, plant

# fmt: off
plant("limit-99", "list.accepts-valid-queries", "A limit of 100 is refused.",
      query("limit", {"type": "integer", "minimum": 1, "maximum": 99}))
# fmt: on


@mutant("search-too-short", "list.accepts-valid-queries")
class SearchTooShort(Rules):
    """A search of fewer than three characters is refused."""

    def check_query(self, given: Any) -> None:
        super().check_query(given)
        if 0 < len(given.get("search", "")) < 3:
            raise InvalidParameters([Fault("too_short", "search", "search must have three characters")])
