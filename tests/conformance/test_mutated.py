"""No answer of a target is an error of the suite, whatever types stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.altered import altered
from tests.conformance.mutating import Mutating
from tests.conformance.suite import judge

FOREIGNERS = 3


def check_a_run(folder: Path, seed: int, *arguments: str) -> None:
    """A run at a target that mixes wrong values into what it answers.

    Whether something is left is not asked: such a target may show an empty list of what is there.
    """
    with altered(Mutating(seed), foreigners=FOREIGNERS) as place:
        result = judge(folder, *place.options, "--lag", "0", "--seed", str(seed), *arguments)
        names = list(place.everyone().values())
    assert result.verdict["suite_errors"] == [], result.text
    assert "Traceback" not in result.text
    assert "INTERNALERROR" not in result.text
    assert result.exit_code in (1, 3), result.text
    assert "\n" not in result.verdict["reason"]
    assert sum(name.startswith("Foreign") for name in names) == FOREIGNERS


@pytest.mark.parametrize("seed", range(5))
def test_wrong_values_are_no_errors_of_the_suite(tmp_path: Path, seed: int) -> None:
    check_a_run(tmp_path, seed, "--profile", "quick")
