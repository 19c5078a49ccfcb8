"""-n changes neither the verdict nor what a run costs."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.suite import Result, judge

MOST_CREATED = 45


def statuses(result: Result) -> dict[tuple[str, str], str]:
    """The verdict, by requirement and operation."""
    return {(outcome["requirement"], outcome["operation"]): outcome["status"] for outcome in result.verdict["outcomes"]}


def test_four_workers_find_and_cost_the_same(tmp_path: Path) -> None:
    alone = judge(tmp_path / "alone", "--seed", "7")
    shared = judge(tmp_path / "shared", "--seed", "7", "-n", "4")
    assert alone.exit_code == shared.exit_code == 0, shared.text
    assert statuses(shared) == statuses(alone)
    assert shared.verdict["created"] == shared.verdict["removed"] <= MOST_CREATED
    assert abs(shared.verdict["requests"] - alone.verdict["requests"]) <= 20  # it looks again where lists may lag
