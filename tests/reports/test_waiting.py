"""A run that waits says so, and for what."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from starlette.responses import JSONResponse

from conformance.harness.fixtures.lag import Eventually
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.reach.delay import far_away
from tests.reach.gateways import Gateway
from tests.reach.proxies import proxy
from tests.reports.conftest import KEY, ROOT, command

FIRST_QUESTIONS = 3
"""Requests before the first test."""
SLOW_DOWN = JSONResponse({"message": "Slow down"}, 429, {"retry-after": "2"})


def on_a_terminal(words: list[str]) -> str:
    """What a program shows to somebody who looks on."""
    leader, follower = os.openpty()
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=follower, stderr=follower):
        os.close(follower)
        shown = b""
        try:
            while read := os.read(leader, 4096):
                shown += read
        except OSError:  # how Linux says that nobody writes any more
            pass
    os.close(leader)
    return shown.decode("utf-8", "replace")


def test_a_wait_that_a_target_asks_for_is_told(tmp_path: Path) -> None:
    gateway = Gateway(Api(Store(), KEY).app(), SLOW_DOWN, lets_through=FIRST_QUESTIONS, reopens_after=1)
    with serving(gateway) as url:
        shown = on_a_terminal(command(url, tmp_path, "-k", "get.unknown"))
    assert "waiting 2 s: the target answers 429, too many requests" in shown
    assert "keeps every MUST" in shown


def test_how_far_tests_are_that_are_called_together_is_told(tmp_path: Path) -> None:
    """One of them asks seven times in a row, which takes two seconds from so far away."""
    with serving(Api(Store(), KEY).app()) as url, proxy(url, far_away(0.3)) as far:
        shown = on_a_terminal(command(far, tmp_path, "-k", "lookup.after-change"))
    assert re.search(r"\d+ of 2 tests that are called together have ended, \d+ s", shown)
    assert "keeps every MUST" in shown


def test_progress_is_gone_when_the_summary_comes(tmp_path: Path) -> None:
    with serving(Api(Store(), KEY).app()) as url:
        shown = on_a_terminal(command(url, tmp_path, "-k", "get.unknown"))
    progress = [line for line in re.split(r"[\r\n]+", shown) if re.match(r"\d+/\d+ requirements", line)]
    assert progress
    last = shown.rindex(progress[-1])
    assert re.match(r"\r *\r", shown[last + len(progress[-1]) :].lstrip(" "))


@pytest.mark.parametrize("options", [["--read-only"], ["--sdk", "python", "-k", "get.answers"]])
def test_progress_is_all_that_a_log_shows_of_tests(options: list[str], tmp_path: Path) -> None:
    with serving(Api(Store(), KEY).app()) as url:
        words = command(url, tmp_path, *options)
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("collected "))
    shown = lines[start + 1 : lines.index("", start)]
    assert not [line for line in shown if not re.match(r"\d+/\d+ requirements, ", line)]


def test_a_target_that_is_still_starting_is_waited_for_aloud(tmp_path: Path) -> None:
    gateway = Gateway(Api(Store(), KEY).app(), JSONResponse({}, 503), lets_through=0, reopens_after=FIRST_QUESTIONS)
    with serving(gateway) as url:
        words = command(url, tmp_path, "-k", "get.unknown", "--wait", "20")
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "note: waiting up to 20 s (--wait): " in done.stderr


def test_a_list_that_lags_is_waited_for_aloud() -> None:
    told: list[str] = []
    looks = iter([[], ["new"]])
    eventually = Eventually(30.0, time.monotonic)
    eventually.on_wait = lambda reason, seconds: told.append(f"{reason}: {seconds:.0f}")
    assert eventually(lambda: next(looks), ["new"]) == ["new"]
    assert told == ["lists may still lag behind the last write: 30"]


def test_a_short_pause_is_not_worth_a_word(tmp_path: Path) -> None:
    pause = JSONResponse({"message": "Slow down"}, 429)
    gateway = Gateway(Api(Store(), KEY).app(), pause, lets_through=FIRST_QUESTIONS, reopens_after=1)
    with serving(gateway) as url:
        assert "waiting" not in on_a_terminal(command(url, tmp_path, "-k", "get.unknown"))
