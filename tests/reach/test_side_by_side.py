"""Tests that do not depend on each other run at the same time, and are told one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SCENARIOS = """
import threading
import time
import pytest

meeting = threading.Barrier(2, timeout=20)
lane = threading.Lock()
done = []

@pytest.fixture
def word(request):
    return "shared"

@pytest.mark.independent
@pytest.mark.parametrize("who", ["one", "other"])
def test_meets_its_neighbour(who, word):
    meeting.wait()
    done.append(who)
    assert word == "shared"

@pytest.mark.independent
def test_fails_alone():
    assert "seen" == "wanted"

@pytest.mark.independent("lane")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_has_its_lane_for_itself(number):
    assert lane.acquire(blocking=False)
    lane.release()
    done.append(number)

@pytest.mark.independent
def test_skips():
    pytest.skip("nothing there")

@pytest.fixture
def missing():
    raise ValueError("no ground")

@pytest.mark.independent
def test_cannot_be_prepared(missing):
    pass

def test_comes_after_all_of_them():
    assert sorted(map(str, done)) == ["1", "2", "3", "one", "other"]
    assert [each for each in done if isinstance(each, int)] == [1, 2, 3]

@pytest.mark.independent
def test_is_no_neighbour():
    time.sleep(0.2)
    done.append("late")

@pytest.mark.independent(turn=2)
def test_has_another_turn():
    assert "late" in done
"""

EXPECTED = [
    "test_meets_its_neighbour[one] PASSED",
    "test_meets_its_neighbour[other] PASSED",
    "test_fails_alone FAILED",
    "test_has_its_lane_for_itself[1] PASSED",
    "test_has_its_lane_for_itself[2] PASSED",
    "test_has_its_lane_for_itself[3] PASSED",
    "test_skips SKIPPED (nothing there)",
    "test_cannot_be_prepared ERROR",
    "test_comes_after_all_of_them PASSED",
    "test_is_no_neighbour PASSED",
    "test_has_another_turn PASSED",
]


def test_neighbours_run_together_and_are_told_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "test_scenarios.py").write_text(SCENARIOS)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "tests.reach.neighbours", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "COLUMNS": "200"}
    ended = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "."], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    told = [line.partition("::")[2] for line in ended.stdout.splitlines() if line.startswith("test_scenarios.py::")]
    assert [" ".join(line.partition("  ")[0].split()) for line in told] == EXPECTED, ended.stdout
    assert "assert 'seen' == 'wanted'" in ended.stdout
