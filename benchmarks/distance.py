"""(4) A default run from near and far, alone and with four workers."""

from __future__ import annotations

from benchmarks.result import Cell, Plot, Result
from benchmarks.suite import Run, suite
from benchmarks.targets import emulator

ROUND_TRIPS = (0, 20, 100, 300)
"""Milliseconds. A relay on loopback holds each piece of data for half of it, either way."""
WORKERS = (0, 4)


def measure() -> Result:
    """One run for each: from far most of the time is waiting, and varies little."""
    found = {(trip, workers): far(trip, workers) for trip in ROUND_TRIPS for workers in WORKERS}
    rows: list[list[Cell]] = [
        [f"{trip} ms", f"-n {workers}", run.seconds, run.cpu, int(run.requests), int(run.created), int(run.exit_code)]
        for (trip, workers), run in found.items()
    ]
    columns = ["round trip", "workers", "seconds", "CPU", "requests", "creates", "exit code"]
    series = {f"-n {workers}": [found[trip, workers].seconds for trip in ROUND_TRIPS] for workers in WORKERS}
    plot = Plot("A default run", "seconds", [*map(float, ROUND_TRIPS)], series, "round trip in milliseconds")
    return Result("4-distance", "A default run from afar", columns, rows, [plot])


def far(round_trip: int, workers: int) -> Run:
    """One run from so many milliseconds away."""
    with emulator() as target:
        return suite(target, ["-n", str(workers)], round_trip / 1000)
