"""The real suite against a faulty or peculiar target: a real pytest run over a real socket."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from starlette.types import ASGIApp

from emulator.server import serving
from tests.mutants.planting import KEY

SUITE = Path(__file__).parents[2] / "conformance"
SEED = "20260801"
LAG = "0.2"
"""Seconds that lists may lag: the emulator's do not, and a fault is looked at until they are over."""
TIMEOUT = 180.0
"""Seconds that a trial may take."""
STRICT_LEVELS = "--strict-levels"
"""The option that makes a finding of a broken SHOULD."""

QUIET = ["-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
"""What is imported before pytest starts cannot be rewritten, and need not be."""

OpenTarget: TypeAlias = Callable[[], contextlib.AbstractContextManager[str]]
"""Opens a target and gives its base URL."""


@dataclass(frozen=True)
class Trial:
    """What came of a run of the suite."""

    exit_code: int
    output: str
    seconds: float
    requests: int = 0
    created: int = 0
    statuses: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each requirement, the status at each operation."""
    evidence: dict[str, str] = field(default_factory=dict)
    """What was seen of each finding and warning."""
    suite_errors: tuple[str, ...] = ()
    """The tests in which the suite itself broke."""

    def having(self, status: str) -> list[str]:
        """The requirements that have this status at some operation."""
        return [requirement for requirement, at in self.statuses.items() if status in at.values()]

    def is_finding(self, requirement: str, operation: str | None = None) -> bool:
        """Whether the requirement is a finding, at this operation or anywhere."""
        found = self.statuses.get(requirement, {})
        return "finding" in (found.values() if operation is None else (found.get(operation),))


@contextlib.contextmanager
def serve(make: Callable[[], ASGIApp]) -> Iterator[str]:
    """Serves an application that is made on the spot, and gives its base URL."""
    with serving(make()) as url:
        yield url


def run_suite(open_target: OpenTarget, options: Iterable[str]) -> Trial:
    """Runs the suite against a target and reads its verdict."""
    started = time.monotonic()
    printed = io.StringIO()
    with open_target() as url, tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = pytest.main([str(SUITE), *arguments(url, folder), *options])
        file = Path(folder, "verdict.json")
        verdict = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    seconds = time.monotonic() - started
    return trial_of(int(code), printed.getvalue(), seconds, verdict or {"outcomes": [], "suite_errors": []})


def trial_of(code: int, output: str, seconds: float, verdict: dict[str, Any]) -> Trial:
    """What a verdict says."""
    statuses: dict[str, dict[str, str]] = {}
    evidence = {}
    for outcome in verdict["outcomes"]:
        statuses.setdefault(outcome["requirement"], {})[outcome["operation"]] = outcome["status"]
        if outcome["status"] in ("finding", "warning"):
            seen = outcome["evidence"]
            evidence[outcome["requirement"]] = f"expected {seen['expected']}; seen {seen['seen']}"
    return Trial(
        code,
        output,
        seconds,
        requests=verdict.get("requests", 0),
        created=verdict.get("created", 0),
        statuses=statuses,
        evidence=evidence,
        suite_errors=tuple(error["test"] for error in verdict["suite_errors"]),
    )


def arguments(url: str, folder: str) -> list[str]:
    """What every trial has on its command line."""
    target = ["--base-url", url, "--api-key", KEY]
    run = ["--output", folder, "--seed", SEED, "--lag", LAG]
    return [*QUIET, *target, *run]
