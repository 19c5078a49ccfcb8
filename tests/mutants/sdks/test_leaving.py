"""A run through an SDK that is broken off leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conformance.suite import ROOT
from tests.sdks.waiting import has_ended

PATIENCE = 120.0
"""Seconds for a start on a busy machine."""


def test_ctrl_c_ends_the_driver_and_removes_its_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.mutants.sdks.gate"]
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)}
    program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    driver = driver_of(program)
    program.send_signal(signal.SIGINT)
    program.communicate(timeout=PATIENCE)
    assert has_ended(driver)
    assert list(tmp_path.iterdir()) == []


def driver_of(program: subprocess.Popen[bytes]) -> int:
    """The number of the driver's process, once the program has started it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = subprocess.run(["pgrep", "-P", str(program.pid)], capture_output=True, text=True, check=False)
        if found.stdout.split():
            return int(found.stdout.split()[-1])
        time.sleep(0.1)
    raise AssertionError("no driver was started")
