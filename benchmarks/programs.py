"""Programs that are measured from outside: seconds, CPU, memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ended:
    """A program that has ended."""

    exit_code: int
    seconds: float
    cpu: float
    """Seconds of all cores together, with what it started and waited for."""
    last_line: str
    """Of what it wrote."""
    complaint: str
    """The last line that speaks of an error, or else the last one."""


def run(command: Sequence[object], cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a program to its end."""
    with tempfile.TemporaryFile() as output:
        began = time.monotonic()
        program = subprocess.Popen(  # noqa: S603 - the suite and its peer
            [*map(str, command)],
            cwd=cwd,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(environment or {})},
        )
        _, status, usage = os.wait4(program.pid, 0)
        seconds = time.monotonic() - began
        program.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        lines = output.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    complaint = next((line.strip() for line in reversed(lines) if "error" in line.lower()), last)
    return Ended(program.returncode, seconds, usage.ru_utime + usage.ru_stime, last, complaint)


@contextlib.contextmanager
def running(command: Sequence[object], cwd: Path = ROOT) -> Iterator[tuple[str, int]]:
    """A server: the first line that it prints, and its process id; it is stopped when the block is left."""
    with subprocess.Popen([*map(str, command)], cwd=cwd, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603
        try:
            assert program.stdout is not None
            yield program.stdout.readline(), program.pid
        finally:
            program.terminate()


def memory(process: int) -> float:
    """MB that a process has in memory (Linux); 0.0 where the system does not say."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)
