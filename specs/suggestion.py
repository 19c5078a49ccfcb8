"""What somebody may have meant who mistyped an id."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """The end of a complaint: the known id that is nearest to what was typed; empty when none is near."""
    near = difflib.get_close_matches(typed, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""
