"""-n changes neither the verdict nor what a run costs."""

from __future__ import annotations

from pathlib import Path

from emulator.server import serving
from emulator.store import Store
from tests.conformance.altered import Passing, altered
from tests.conformance.suite import Result, judge
from tests.mutants.faults.delete import SecondDeleteSucceeds

KEY = "sk_test_workers"
MOST_CREATED = 45
GATEWAYS = ("-d", "--tx", "2*popen")


def statuses(result: Result) -> dict[tuple[str, str], str]:
    """The verdict, by requirement and operation."""
    return {(outcome["requirement"], outcome["operation"]): outcome["status"] for outcome in result.verdict["outcomes"]}


def test_four_times_the_requests_at_once_find_and_cost_the_same(tmp_path: Path) -> None:
    alone = judge(tmp_path / "alone", "--seed", "7")
    shared = judge(tmp_path / "shared", "--seed", "7", "-n", "4")
    assert alone.exit_code == shared.exit_code == 0, shared.text
    assert statuses(shared) == statuses(alone)
    assert shared.verdict["created"] == shared.verdict["removed"] <= MOST_CREATED
    assert abs(shared.verdict["requests"] - alone.verdict["requests"]) <= 20  # it looks again where lists may lag


def test_workers_behind_gateways_come_to_one_verdict(tmp_path: Path) -> None:
    alone = judge(tmp_path / "alone", "--seed", "7")
    apart = judge(tmp_path / "apart", "--seed", "7", *GATEWAYS)
    assert alone.exit_code == apart.exit_code == 0, apart.text
    assert statuses(apart) == statuses(alone)
    assert (apart.verdict["left"], apart.verdict["removed"]) == ([], apart.verdict["created"])
    assert apart.verdict["created"] > alone.verdict["created"]  # so both were at work


def test_workers_behind_gateways_find_the_same(tmp_path: Path) -> None:
    with serving(SecondDeleteSucceeds(Store(), KEY).app()) as url:
        at = ("--base-url", url, "--api-key", KEY, "--seed", "7", "--strict-levels")
        alone = judge(tmp_path / "alone", *at)
        apart = judge(tmp_path / "apart", *at, *GATEWAYS)
    assert alone.exit_code == apart.exit_code == 1, apart.text
    assert alone.having("finding") == apart.having("finding") == {"delete.twice"}


def test_a_quick_run_finds_the_same_with_workers(tmp_path: Path) -> None:
    """Scenarios share organizations, so that their order is part of what is judged."""
    shared = judge(tmp_path, "--profile", "quick", "-n", "2")
    assert shared.exit_code == 0, shared.text


def test_workers_that_get_whole_files_run_them_in_order(tmp_path: Path) -> None:
    """What has to run last changes an organization that others look up."""
    ordered = judge(tmp_path, "--profile", "quick", "--lag", "0", "-n", "1", "--dist", "loadfile")
    assert ordered.exit_code == 0, ordered.text


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
