"""A run of the suite, and one of its peer, Schemathesis alone, with what they cost and found."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.programs import ROOT, run
from benchmarks.relay import relayed
from benchmarks.targets import Target

SCHEMATHESIS = Path(sys.executable).with_name("st")
CONTRACT = ROOT / "specs" / "openapi.yaml"


@dataclass(frozen=True)
class Run:
    """What one run cost, or the medians of several."""

    seconds: float
    cpu: float
    requests: float
    created: float
    findings: float
    """Different ones, by operation: requirements of the suite, kinds of failure of the peer."""
    left: float
    """Organizations that are there afterwards."""
    exit_code: float


def suite(target: Target, options: Sequence[str] = (), round_trip: float = 0.0) -> Run:
    """Runs the suite with its defaults against a target."""
    with tempfile.TemporaryDirectory() as folder, relayed(target.url, round_trip) as (url, relay):
        at = ["--base-url", url, "--api-key", target.key, "--output", folder]
        ended = run([sys.executable, "-m", "pytest", "conformance", "-q", "-p", "no:cacheprovider", *at, *options])
        file = Path(folder, "verdict.json")
        outcomes = json.loads(file.read_text(encoding="utf-8"))["outcomes"] if file.exists() else []
    findings = [outcome for outcome in outcomes if outcome["status"] == "finding"]
    cost = (ended.seconds, ended.cpu, relay.requests, relay.created)
    return Run(*cost, len(findings), -1.0, ended.exit_code)


def schemathesis(target: Target) -> Run:
    """Runs `st run` with its defaults against a target. Raises RuntimeError when it sends nothing."""
    with tempfile.TemporaryDirectory() as folder, relayed(target.url) as (url, relay):
        report = Path(folder, "report.json")
        reporting: list[object] = ["--report", "json", "--report-json-path", report]
        header = ["--header", f"Authorization: Bearer {target.key}"]
        ended = run([SCHEMATHESIS, "run", CONTRACT, "--url", url, *header, *reporting], Path(folder))
        failures = json.loads(report.read_text(encoding="utf-8"))["failures"] if report.exists() else []
    if not relay.requests:
        raise RuntimeError(f"st run has sent no request: {ended.complaint}")
    findings = {(failure["type"], operation) for failure in failures for operation in failure["operations"]}
    return Run(ended.seconds, ended.cpu, relay.requests, relay.created, len(findings), -1.0, ended.exit_code)


def medians(runs: Sequence[Run]) -> Run:
    """The median of each figure."""
    return Run(*(statistics.median(getattr(each, field.name) for each in runs) for field in fields(Run)))


def repeated(work: Callable[[], Run], times: int) -> Run:
    """The medians of several runs, one after the other."""
    return medians([work() for _ in range(times)])
