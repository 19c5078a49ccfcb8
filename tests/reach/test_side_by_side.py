"""Tests that do not depend on each other run at the same time, and are told one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

SHARED = """
import threading

meeting = threading.Barrier(2, timeout=20)
lanes = {name: threading.Lock() for name in ("one", "other")}
done = []

def hold(*names):
    for name in names:
        assert lanes[name].acquire(blocking=False)
    for name in names:
        lanes[name].release()
    done.append(names)
"""

FIRST = """
import pytest
from shared import done, hold, meeting

@pytest.fixture(params=["fixture"])
def word(request):
    return request.param

@pytest.mark.independent
def test_meets_one_of_another_file(word):
    meeting.wait()
    done.append(word)

@pytest.mark.independent
def test_fails_alone():
    assert "seen" == "wanted"

@pytest.mark.independent("one")
def test_has_a_lane_for_itself():
    hold("one")

@pytest.mark.independent("one", "other")
@pytest.mark.parametrize("number", [1, 2])
def test_has_two_lanes_for_itself(number):
    hold("one", "other")

@pytest.mark.independent
def test_skips():
    pytest.skip("nothing there")

@pytest.fixture
def missing():
    raise ValueError("no ground")

@pytest.mark.independent
def test_cannot_be_prepared(missing):
    pass

def test_comes_after_all_of_its_turn():
    assert done.count("fixture") == 2
    assert [names for names in done if "one" in names] == [("one",), ("one", "other"), ("one", "other"), ("one",)]
    assert "late" not in done

@pytest.mark.independent(turn=2)
def test_has_another_turn():
    done.append("late")
"""

SECOND = """
import pytest
from shared import done, hold, meeting

@pytest.fixture
def word():
    return "fixture"

@pytest.mark.independent
def test_meets_one_of_another_file(word):
    meeting.wait()
    done.append(word)

@pytest.mark.independent("other")
def test_waits_for_one_lane_of_two():
    hold("other")

@pytest.mark.independent("one")
def test_has_a_lane_for_itself():
    hold("one")

def test_comes_after_another_turn():
    assert "late" in done
"""

EXPECTED = [
    "test_first.py::test_meets_one_of_another_file[fixture] PASSED",
    "test_first.py::test_fails_alone FAILED",
    "test_first.py::test_has_a_lane_for_itself PASSED",
    "test_first.py::test_has_two_lanes_for_itself[1] PASSED",
    "test_first.py::test_has_two_lanes_for_itself[2] PASSED",
    "test_first.py::test_skips SKIPPED (nothing there)",
    "test_first.py::test_cannot_be_prepared ERROR",
    "test_first.py::test_comes_after_all_of_its_turn PASSED",
    "test_first.py::test_has_another_turn PASSED",
    "test_second.py::test_meets_one_of_another_file PASSED",
    "test_second.py::test_waits_for_one_lane_of_two PASSED",
    "test_second.py::test_has_a_lane_for_itself PASSED",
    "test_second.py::test_comes_after_another_turn PASSED",
]


def test_independent_tests_run_together_and_are_told_in_their_order(tmp_path: Path) -> None:
    for name, text in {"shared": SHARED, "test_first": FIRST, "test_second": SECOND}.items():
        (tmp_path / f"{name}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "tests.reach.neighbours", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "", "COLUMNS": "200"}
    ended = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "."], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    told = [line.partition("  ")[0] for line in ended.stdout.splitlines() if line.startswith("test_") and "%]" in line]
    assert [" ".join(line.split()) for line in told] == EXPECTED, ended.stdout
    assert "assert 'seen' == 'wanted'" in ended.stdout
