"""One row of the table: the suite against a hostile target, with its outcome, seconds and peak memory."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest

from reports.verdict.verdict import read
from tests.hostile.servers import FOREIGNERS, KEY, Misbehave, hostile

ROOT = Path(__file__).parents[2]
PATIENCE = 240


@dataclass(frozen=True)
class Outcome:
    """What came of one row."""

    exit_code: int
    seconds: float
    megabytes: float
    """Peak memory of the largest process."""
    reason: str
    told: list[str]
    """What the run said may be left."""
    left: list[str]
    """Names of the run's organizations that are still there."""
    foreign: int
    text: str = field(repr=False)
    verdict: str = field(repr=False)


@dataclass(frozen=True)
class Ended:
    """How a process of the suite has ended."""

    exit_code: int
    megabytes: float
    printed: str


Start: TypeAlias = Callable[[list[str]], Ended]
"""Runs the suite with these arguments."""


def judge(start: Start, misbehave: Misbehave, sound: int, *arguments: str, certificate: Path | None = None) -> Outcome:
    """A run against a server that misbehaves after some requests."""
    with hostile(misbehave, sound, certificate) as (url, store), tempfile.TemporaryDirectory() as folder:
        target = ["--base-url", url, "--output", folder, "--lag", "0.2", "--profile", "quick"]
        started = time.monotonic()
        ended = start(["conformance", "-q", "-p", "no:cacheprovider", *target, *arguments])
        seconds = time.monotonic() - started
        file = Path(folder, "verdict.json")
        verdict = read(file)
        with store.transaction():
            names = [row[0] for row in store._connection.execute("SELECT name FROM organization")]
        return Outcome(
            ended.exit_code,
            seconds,
            ended.megabytes,
            verdict.reason or str(verdict.result),
            verdict.left,
            [name for name in names if not name.startswith("Foreign ")],
            sum(name.startswith("Foreign ") for name in names),
            ended.printed,
            file.read_text(encoding="utf-8"),
        )


def as_a_program(arguments: list[str]) -> Ended:
    """The suite as its users start it."""
    with tempfile.TemporaryFile() as out, tempfile.NamedTemporaryFile() as peak:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.measured", peak.name, *arguments],
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, "WORKOS_API_KEY": KEY},
            start_new_session=True,
        )
        timer = threading.Timer(PATIENCE, os.killpg, (program.pid, signal.SIGKILL))
        timer.start()
        program.wait()
        timer.cancel()
        out.seek(0)
        return Ended(program.returncode, int(peak.read() or 0) / 1024, out.read().decode("utf-8", "replace"))


def forked(arguments: list[str]) -> Ended:
    """The suite in this process, which was forked from one that has imported it."""
    printed = io.StringIO()
    os.environ["WORKOS_API_KEY"] = KEY
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = pytest.main(arguments)
    return Ended(int(code), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, printed.getvalue())


def faults(outcome: Outcome) -> list[str]:
    """What is wrong with the end of a run, whatever its target was."""
    wrong = {
        "a traceback": "Traceback (most recent call last)" in outcome.text or "INTERNALERROR" in outcome.text,
        "an error of the suite": "SUITE ERROR" in outcome.text,
        "a key": any(KEY[:-3].lower() in text.lower() for text in (outcome.text, outcome.verdict)),
        "an escape sequence": "\x1b" in outcome.text or "\x9b" in outcome.text,
        "killed": outcome.exit_code < 0,
        "others' organizations touched": outcome.foreign != FOREIGNERS,
        "organizations left without a word": len(outcome.left) > len(outcome.told),
    }
    return [what for what, is_so in wrong.items() if is_so]
