"""(3) A default run where there are no, few and many organizations: it must not grow with them."""

from __future__ import annotations

from benchmarks.result import Cell, Plot, Result
from benchmarks.suite import Run, medians, suite
from benchmarks.targets import emulator, filled

SIZES = (0, 1_000, 100_000, 1_000_000)
REPETITIONS = 3


def measure() -> Result:
    """Medians of several runs; all sizes in turn, so that a busy moment of the machine hits each of them."""
    for size in SIZES[1:]:
        filled(size)
    runs: dict[int, list[Run]] = {size: [] for size in SIZES}
    for _ in range(REPETITIONS):
        for size in SIZES:
            with emulator(size) as target:
                runs[size].append(suite(target))
    found = {size: medians(each) for size, each in runs.items()}
    first = found[SIZES[0]].seconds
    rows: list[list[Cell]] = [
        [size, run.seconds, run.seconds / first, run.cpu, int(run.requests), int(run.created), int(run.findings)]
        for size, run in found.items()
    ]
    columns = ["organizations", "seconds", "of the first", "CPU", "requests", "creates", "findings"]
    seconds = {"seconds": [run.seconds for run in found.values()]}
    plot = Plot("A default run", "seconds", [float(size) for size in SIZES], seconds, "organizations that are there")
    return Result("3-crowds", "A default run among many", columns, rows, [plot], [f"Medians of {REPETITIONS} runs."])
