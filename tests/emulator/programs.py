"""The emulator as a program of its own: its URL, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
from typing import TypeAlias

Program: TypeAlias = "subprocess.Popen[str]"
LONGEST_WAIT = 30
"""Seconds for a program to end."""


def url(program: Program) -> str:
    assert program.stdout
    line = json.loads(program.stdout.readline())
    assert list(line) == ["url"]
    return str(line["url"])


def stop(program: Program, by: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
    program.send_signal(by)
    out, err = program.communicate(timeout=LONGEST_WAIT)
    return program.returncode, out, err
