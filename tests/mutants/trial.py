"""The real suite against a faulty or peculiar target: a real pytest run over a real socket.

Each trial has a process of its own, forked from a server that has already imported everything.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import pytest
from starlette.types import ASGIApp

from emulator.server import serving
from specs.requirements import Kind, catalogue
from tests.mutants.planting import KEY

T = TypeVar("T")

SUITE = Path(__file__).parents[2] / "conformance"
SEED = "20260801"
LAG = "0.2"
"""Seconds that lists may lag: the emulator's do not, and a fault is looked at until they are over."""
AT_ONCE = os.cpu_count() or 1
LONGEST = 180.0
"""Seconds that a trial may take."""

QUIET = ["-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
"""What is imported before pytest starts cannot be rewritten, and need not be."""

Opening: TypeAlias = Callable[[], contextlib.AbstractContextManager[str]]
"""Opens a target and gives its base URL."""


@dataclass(frozen=True)
class Trial:
    """What came of a run of the suite."""

    exit_code: int
    statuses: dict[str, dict[str, str]]
    """Of each requirement, the status at each operation."""
    evidence: dict[str, str]
    """What was seen of each finding and warning."""
    output: str
    seconds: float
    requests: int
    created: int

    def having(self, status: str) -> list[str]:
        """The requirements that have this status at some operation."""
        return [requirement for requirement, at in self.statuses.items() if status in at.values()]

    def is_finding(self, requirement: str, operation: str | None = None) -> bool:
        """Whether the requirement is a finding, at this operation or anywhere."""
        found = self.statuses.get(requirement, {})
        return "finding" in (found.values() if operation is None else (found.get(operation),))


@contextlib.contextmanager
def application(make: Callable[[], ASGIApp]) -> Any:
    """Serves an application that is made on the spot, and gives its base URL."""
    with serving(make()) as url:
        yield url


def judged(open_target: Opening, options: Iterable[str], tests: Iterable[Path] = (SUITE,)) -> Trial:
    """Runs the suite, or some files of it, against a target and reads its verdict."""
    started = time.monotonic()
    printed = io.StringIO()
    with open_target() as url, tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = pytest.main([*map(str, tests), *arguments(url, folder), *options])
        file = Path(folder, "verdict.json")
        verdict = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {"outcomes": []}
    statuses: dict[str, dict[str, str]] = {}
    evidence = {}
    for outcome in verdict["outcomes"]:
        statuses.setdefault(outcome["requirement"], {})[outcome["operation"]] = outcome["status"]
        if outcome["status"] in ("finding", "warning"):
            seen = outcome["evidence"]
            evidence[outcome["requirement"]] = f"expected {seen['expected']}; seen {seen['seen']}"
    return Trial(
        int(code),
        statuses,
        evidence,
        printed.getvalue(),
        time.monotonic() - started,
        verdict.get("requests", 0),
        verdict.get("created", 0),
    )


def arguments(url: str, folder: str) -> list[str]:
    """What every trial has on its command line."""
    target = ["--base-url", url, "--api-key", KEY]
    run = ["--output", folder, "--seed", SEED, "--lag", LAG]
    return [*QUIET, *target, *run]


def named(requirement: str) -> list[Path]:
    """The files of the suite that name a requirement; the whole suite where it is found by other ways."""
    if catalogue()[requirement].kind in (Kind.SHAPE, Kind.TRANSPORT):
        return [SUITE / "test_answers.py"]
    names = (f'"{requirement}"', f'"{requirement.partition(".")[2]}"')
    texts = {file: file.read_text(encoding="utf-8") for file in SUITE.glob("test_*.py")}
    return [file for file, text in texts.items() if any(name in text for name in names)] or [SUITE]


class Court:
    """Holds several trials at once, each in a process of its own."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.mutants.warm"])
        self._pool = ProcessPoolExecutor(at_once, mp_context=context, max_tasks_per_child=1)

    def begin(self, trial: Callable[..., T], *arguments: object) -> Future[T]:
        """Starts a trial as soon as there is room; `trial` is a function of a module."""
        return self._pool.submit(trial, *arguments)

    def close(self) -> None:
        """Gives up the trials that have not begun."""
        self._pool.shutdown(cancel_futures=True)
