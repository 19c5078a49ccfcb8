"""(6) Where the time of a default run goes."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.programs import run
from benchmarks.result import Cell, Plot, Result
from benchmarks.sampled import OTHER, PHASES
from benchmarks.targets import emulator

REPETITIONS = 3
NAMES = [*(name for name, _ in PHASES), OTHER]


def measure() -> Result:
    """Medians of several runs, and of as many that only collect."""
    runs = [sampled() for _ in range(REPETITIONS)]
    collecting = statistics.median(seconds_of(["--collect-only"]) for _ in range(REPETITIONS))
    quick = statistics.median(seconds_of(["--profile", "quick"]) for _ in range(REPETITIONS))
    took = statistics.median(seconds for seconds, _ in runs)
    seconds = {name: took * statistics.median(shares.get(name, 0.0) for _, shares in runs) for name in NAMES}
    rows: list[list[Cell]] = [[name, each, f"{each / took:.0%}"] for name, each in seconds.items()]
    rows.append(["together", took, "100%"])
    notes = [
        f"Medians of {REPETITIONS} runs, sampled every 5 ms. Network holds the server's own time as well.",
        f"--collect-only: {collecting:.2f} s. --profile quick: {quick:.2f} s.",
    ]
    plot = Plot("A default run", "seconds", ["default"], {name: [each] for name, each in seconds.items()}, stacked=True)
    columns = ["phase", "seconds", "share"]
    return Result("6-phases", "Where the time of a default run goes", columns, rows, [plot], notes)


def sampled() -> tuple[float, dict[str, float]]:
    """Seconds of a run, and the share of each phase."""
    with emulator() as target, tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "phases.json")
        at = ["--base-url", target.url, "--api-key", target.key, "--output", folder]
        options = ["conformance", "-q", "-p", "no:cacheprovider", *at]
        ended = run([sys.executable, "-m", "benchmarks.sampled", file, *options])
        return ended.seconds, json.loads(file.read_text(encoding="utf-8"))


def seconds_of(options: list[str]) -> float:
    """Seconds of a run on the embedded emulator."""
    with tempfile.TemporaryDirectory() as folder:
        return run([sys.executable, "-m", "pytest", "conformance", "-q", "--output", folder, *options]).seconds
