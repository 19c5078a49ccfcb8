"""A target that is killed in the middle of a run, and comes back."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.conformance.altered import KEY
from tests.conformance.suite import ROOT, finish, judge, start

CREATED = 20
"""Organizations of the run that are there when the target is killed."""


def emulator(db: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    """The emulator as a program, and its address."""
    command = [sys.executable, "-m", "emulator", "--port", str(port), "--api-key", KEY, "--db", str(db)]
    program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    [url] = re.findall(r"http://[\d.:]+", program.stdout.readline())
    return program, url


def organizations_at(url: str) -> int:
    headers = {"Authorization": f"Bearer {KEY}"}
    return len(httpx.get(f"{url}/organizations?limit=100", headers=headers, timeout=30).json()["data"])


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_emulator_that_is_killed_is_not_judged_and_reaped_when_it_is_back(tmp_path: Path, workers: str) -> None:
    db, output = tmp_path / "data.db", tmp_path / "output"
    target, url = emulator(db)
    options = ["--base-url", url, "--api-key", KEY, "--lag", "0"]
    run = start(output, *options, "-n", workers)
    while organizations_at(url) < CREATED:
        assert run.poll() is None
    os.kill(target.pid, signal.SIGKILL)
    target.communicate()
    result = finish(run, output)
    assert result.exit_code == 3, result.text
    assert "does not answer any more" in result.verdict["reason"]
    assert len(result.verdict["left"]) >= CREATED
    assert "Traceback" not in result.text
    target, url = emulator(db, httpx.URL(url).port or 0)
    reaped = judge(output, *options, "--reap")
    assert reaped.exit_code == 0, reaped.text
    assert organizations_at(url) == 0
    assert list(output.glob("*.journal")) == []
    target.terminate()
    target.communicate()
