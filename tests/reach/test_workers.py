"""-n changes neither the verdict nor what a run costs."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.altered import Passing, altered
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


def test_a_quick_run_finds_the_same_with_workers(tmp_path: Path) -> None:
    """Scenarios share organizations, so that their order is part of what is judged."""
    shared = judge(tmp_path, "--profile", "quick", "-n", "2")
    assert shared.exit_code == 0, shared.text


def test_what_no_utf_8_has_is_sent_to_the_controller(tmp_path: Path) -> None:
    def spoil(passing: Passing) -> None:
        if passing.method == "GET" and passing.status == 200:
            passing.json = {**passing.json, "updated_at": "\ud800"}

    with altered(spoil) as place:
        alone = judge(tmp_path / "alone", *place.options, "--profile", "quick", "--seed", "7")
        shared = judge(tmp_path / "shared", *place.options, "--profile", "quick", "--seed", "7", "-n", "2")
        assert place.everyone() == {}
    assert (alone.exit_code, shared.exit_code) == (1, 1), shared.text
    assert "INTERNALERROR" not in shared.text
    assert statuses(shared) == statuses(alone)
