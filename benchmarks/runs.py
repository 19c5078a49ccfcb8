"""What whole runs of the suite cost against the embedded emulator."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.table import Table

ROOT = Path(__file__).parents[1]
REPETITIONS = 3
BOUNDS = {"quick": ("3 s", "", ""), "default": ("10 s", "600", "45")}
"""Wall time, requests and organizations created: what the design allows a run."""


def table() -> Table:
    """Median wall time with the counts of the same run, by profile."""
    made = Table("profile", "wall time", "bound", "requests", "bound", "created", "bound", title="Runs of the suite")
    for profile, (time_bound, request_bound, creation_bound) in BOUNDS.items():
        runs = [_run(profile) for _ in range(REPETITIONS)]
        seconds = statistics.median(seconds for seconds, _ in runs)
        requests = statistics.median(verdict["requests"] for _, verdict in runs)
        created = statistics.median(verdict["created"] for _, verdict in runs)
        counts = (f"{requests:.0f}", request_bound, f"{created:.0f}", creation_bound)
        made.add_row(profile, f"{seconds:.1f} s", time_bound, *counts)
    return made


def _run(profile: str) -> tuple[float, dict[str, Any]]:
    """Seconds from the command to its end, and the verdict."""
    with tempfile.TemporaryDirectory() as output:
        command = [sys.executable, "-m", "pytest", "conformance", "-q", "--profile", profile, "--output", output]
        started = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - the suite itself
        seconds = time.perf_counter() - started
        verdict: dict[str, Any] = json.loads((Path(output) / "verdict.json").read_text(encoding="utf-8"))
        return seconds, verdict
