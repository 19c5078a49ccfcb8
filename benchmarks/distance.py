"""(4) A default run from near and far, as it is and with four times as many requests under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from benchmarks.result import Cell, Plot, Result
from benchmarks.suite import Run, suite
from benchmarks.targets import emulator

ROUND_TRIPS = (0, 20, 100, 300)
"""Milliseconds. A relay on loopback holds each piece of data for half of it, either way."""
WORKERS = (0, 4)
"""What -n is given."""
FAR = 100
"""Milliseconds from which on the machine mostly waits."""


def measure() -> Result:
    """One run for each: from far most of the time is waiting, and varies little. So those go two at a time."""
    near = [(trip, workers) for trip in ROUND_TRIPS for workers in WORKERS if trip < FAR]
    distant = [(trip, workers) for workers in WORKERS for trip in ROUND_TRIPS if trip >= FAR]
    with ThreadPoolExecutor(2) as pool:
        found = {each: run_from(*each) for each in near}
        found |= dict(zip(distant, pool.map(lambda each: run_from(*each), distant), strict=True))
    rows: list[list[Cell]] = [
        [f"{trip} ms", f"-n {workers}", run.seconds, run.cpu, int(run.requests), int(run.created), int(run.exit_code)]
        for (trip, workers), run in sorted(found.items())
    ]
    columns = ["round trip", "option", "seconds", "CPU", "requests", "creates", "exit code"]
    series = {f"-n {workers}": [found[trip, workers].seconds for trip in ROUND_TRIPS] for workers in WORKERS}
    plot = Plot("A default run", "seconds", [*map(float, ROUND_TRIPS)], series, "round trip in milliseconds")
    return Result("4-distance", "A default run from afar", columns, rows, [plot])


def run_from(round_trip: int, workers: int) -> Run:
    """One run from so many milliseconds away."""
    with emulator() as target:
        return suite(target, ["-n", str(workers)], round_trip / 1000)
