"""No answer of a target is an error of the suite, whatever types stand in it."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.altered import Passing, altered
from tests.conformance.suite import judge

SOUND = 14
"""Requests that are answered as they should be, so that a run gets somewhere."""
SHARE = 0.2
"""Of the responses after these that are altered."""

JUNK: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, 1e308, "", "x", "\ud800", "\0", "x" * 5000, [], {}, [[]], {"a": {}}, [None, 1, "x"],
    "10000-01-01T00:00:00.000Z", "0000-00-00T00:00:00Z", "2026-02-30T00:00:00.000Z", "-2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.000+99:99", {"id": 5}, ["x"] * 50, "org_\ud800", {"object": "organization"},
]  # fmt: skip


class Mutating:
    """Alters some responses at random places, the same for one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._numbers = itertools.count()

    def __call__(self, passing: Passing) -> None:
        if next(self._numbers) < SOUND or self._random.random() > SHARE or not passing.body.startswith(b"{"):
            return
        value = passing.json
        for _ in range(self._random.choice((1, 1, 2, 5))):
            self._alter(value)
        if self._random.random() < 0.1:
            value = copy.deepcopy(self._random.choice(JUNK))
        passing.json = value
        if self._random.random() < 0.05:
            passing.status = self._random.choice((200, 204, 301, 404, 418, 500, 599))

    def _alter(self, value: Any) -> None:
        holder, key = self._random.choice(list(places(value)) or [({"x": 1}, "x")])
        if isinstance(holder, dict) and self._random.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(self._random.choice(JUNK))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place within a JSON value that holds another one."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


@pytest.mark.parametrize("seed", range(4))
def test_wrong_types_are_no_errors_of_the_suite(tmp_path: Path, seed: int) -> None:
    with altered(Mutating(seed), foreigners=3) as place:
        result = judge(tmp_path, *place.options, "--profile", "quick", "--lag", "0", "--seed", "1")
        names = list(place.everyone().values())
    assert result.verdict["suite_errors"] == [], result.text
    assert "Traceback" not in result.text
    assert result.exit_code in (1, 3), result.text
    assert sum(name.startswith("Foreign") for name in names) == 3
    assert len(names) - 3 <= len(result.verdict["left"])
