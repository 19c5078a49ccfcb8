"""Runs that are ended from outside leave nothing, at once or after --reap, and say so."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.harness.plugin.reaper import reap
from conformance.harness.wire.target import Target
from tests.conformance.altered import KEY, Passing, Place, altered
from tests.conformance.suite import Program, Result, finish, judge, start

FOREIGNERS = 3
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


class Trap:
    """Sends a signal to a process at an exact moment: when a certain write arrives, or when it was made."""

    def __init__(self, moment: int, number: signal.Signals, late: bool = False) -> None:
        self._moment = moment
        self._number = number
        self._late = late
        self._writes = 0
        self._set = threading.Event()
        self._processes: list[int] = []
        self.has_sprung = False

    def set(self, *processes: int) -> None:
        self._processes += processes
        self._set.set()

    def before(self, passing: Passing) -> None:
        self._set.wait(10)
        self._writes += passing.method != "GET"
        if not self._late:
            self._spring()

    def after(self, passing: Passing) -> None:
        if self._late:
            self._spring()

    def _spring(self) -> None:
        if self._writes >= self._moment and not self.has_sprung:
            self.has_sprung = True
            for process in self._processes:
                os.kill(process, self._number)


@contextlib.contextmanager
def trapped(trap: Trap) -> Iterator[Place]:
    with altered(trap.after, trap.before, foreigners=FOREIGNERS) as place:
        yield place


def ended(trap: Trap, place: Place, folder: Path, *arguments: str) -> Result:
    program: Program = start(folder, *place.options, "--lag", "0.2", *arguments)
    trap.set(program.pid)
    return finish(program, folder)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_signal_ends_the_run_and_leaves_nothing(tmp_path: Path, number: signal.Signals, workers: str) -> None:
    trap = Trap(40, number)
    with trapped(trap) as place:
        result = ended(trap, place, tmp_path, "-n", workers)
        assert len(place.everyone()) == FOREIGNERS
    assert trap.has_sprung
    assert result.exit_code == 2, result.text
    assert (result.verdict["complete"], result.verdict["left"]) == (False, [])
    assert result.verdict["created"] == result.verdict["removed"] > 0
    assert list(tmp_path.glob("*.journal")) == []


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_a_run_that_still_looks_whether_there_is_something_to_judge(
    tmp_path: Path, number: signal.Signals
) -> None:
    trap = Trap(0, number)
    with trapped(trap) as place:
        result = ended(trap, place, tmp_path)
        assert {passing.method for passing in place.app.passed} == {"GET"}
    assert result.exit_code == 2, result.text
    assert "Traceback" not in result.text
    assert (result.verdict["complete"], result.verdict["result"]) == (False, "no judgement")


@pytest.mark.parametrize("moment", range(20, 200, 30))
def test_an_interrupt_is_never_swallowed(tmp_path: Path, moment: int) -> None:
    trap = Trap(moment, signal.SIGINT, late=True)
    with trapped(trap) as place:
        result = ended(trap, place, tmp_path)
        assert len(place.everyone()) == FOREIGNERS
    assert trap.has_sprung
    assert result.exit_code == 2, result.text
    assert not result.verdict["complete"]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_the_run_as_such_whatever_it_leaves_open(tmp_path: Path, number: signal.Signals) -> None:
    with altered(foreigners=FOREIGNERS) as place:
        plugin = "-p", "tests.conformance.left_open", "--signal", number.name
        result = judge(tmp_path, *place.options, "--lag", "0", *plugin)
        assert len(place.everyone()) == FOREIGNERS
    assert result.exit_code == 2, result.text
    assert "Traceback" not in result.text
    assert (result.verdict["complete"], result.verdict["left"]) == (False, [])


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_signal_while_the_run_removes_lets_it_remove(tmp_path: Path, number: signal.Signals, workers: str) -> None:
    sent: list[int] = []

    def interrupt(passing: Passing) -> None:
        last = [earlier.method for earlier in place.app.passed[-3:]]
        if last == ["DELETE"] * 3 and not sent:
            sent.append(number)
            os.killpg(program.pid, number)

    with altered(interrupt, foreigners=FOREIGNERS) as place:
        program = start(tmp_path, *place.options, "--lag", "0.2", "-n", workers, "-k", "list.", own_group=True)
        result = finish(program, tmp_path)
        assert len(place.everyone()) == FOREIGNERS
    assert sent
    assert result.exit_code == 2, result.text
    assert (result.verdict["complete"], result.verdict["left"]) == (False, [])


@pytest.mark.parametrize("late", [False, True], ids=["asked", "made"])
@pytest.mark.parametrize("moment", [1, 2, 14, 30, 70])  # at each of them a body with the run token is under way
def test_what_a_killed_run_leaves_is_reaped(tmp_path: Path, moment: int, late: bool) -> None:
    trap = Trap(moment, signal.SIGKILL, late)
    with trapped(trap) as place:
        result = ended(trap, place, tmp_path)
        assert result.exit_code == -signal.SIGKILL
        reaped = reap(Target(place.url, KEY, 0.2), tmp_path)
        assert len(place.everyone()) == FOREIGNERS
    assert reaped.left == []
    assert list(tmp_path.glob("*.journal")) == []


def test_what_a_killed_worker_leaves_is_removed_by_the_others(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_a_worker(passing: Passing) -> None:
        if passing.method == "POST" and not killed and len(place.app.passed) > 60:
            [journal, *_] = sorted(tmp_path.glob("*.journal"))
            killed.append(json.loads(journal.read_text().partition("\n")[0])["process"])
            os.kill(killed[0], signal.SIGKILL)

    with altered(kill_a_worker, foreigners=FOREIGNERS) as place:
        result = finish(start(tmp_path, *place.options, "--lag", "0.2", "-n", "2", "--dist", "loadfile"), tmp_path)
        assert len(place.everyone()) == FOREIGNERS
    assert killed
    assert result.exit_code >= 1
    assert result.verdict["left"] == []
    assert list(tmp_path.glob("*.journal")) == []


def test_what_a_worker_could_not_remove_is_tried_again_and_counted_once(tmp_path: Path) -> None:
    deletes: Counter[str] = Counter()

    def succeed_at_the_third_try(passing: Passing) -> None:
        if passing.method == "DELETE":
            deletes[passing.id] += 1
            if deletes[passing.id] < 3:
                passing.answer(500)

    with altered(before=succeed_at_the_third_try, foreigners=FOREIGNERS) as place:
        result = judge(tmp_path, *place.options, "--lag", "0", "-n", "2", "--dist", "loadfile", "-k", "list.limit")
        assert len(place.everyone()) == FOREIGNERS
    assert result.verdict["left"] == []
    assert result.verdict["created"] == result.verdict["removed"] > 0


def test_a_run_that_lives_is_left_alone_by_reaping(tmp_path: Path) -> None:
    reaped: list[str] = []

    def reap_beside_it(passing: Passing) -> None:
        if passing.method == "POST" and len(place.app.passed) > 60 and not reaped:
            reaped.append("begun")
            thread.start()

    def reap_now() -> None:
        reaped.append(str(reap(Target(place.url, KEY, 0.2), tmp_path)))

    thread = threading.Thread(target=reap_now)
    with altered(reap_beside_it) as place:
        result = finish(start(tmp_path, *place.options), tmp_path)
        thread.join()
    assert "left alone" in reaped[1]
    assert "removed: " not in reaped[1]
    assert result.exit_code == 0, result.text
