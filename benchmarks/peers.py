"""(1) A default run of the suite beside `st run`, in turn, on this project's emulator and on npm's."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable

from benchmarks.result import Cell, Plot, Result
from benchmarks.suite import Run, medians, schemathesis, suite
from benchmarks.targets import NPM_MISSING, NPM_PROGRAM, Target, emulator, npm_emulator

REPETITIONS = 3
COLUMNS = ["target", "who", "seconds", "CPU", "requests", "creates", "findings", "findings a second", "left behind"]
TARGETS = {"emulator": emulator, "npm emulator": npm_emulator}
RUNS: dict[str, Callable[[Target], Run]] = {"st run": schemathesis, "suite": suite}


def measure() -> Result:
    """Medians of several runs; every run has a fresh target."""
    notes = [
        f"Medians of {REPETITIONS} runs, in turn; what is left behind, of the last one."
        " The emulator is correct: what is found there is a false alarm.",
        "Findings are counted by operation: requirements of the suite, kinds of failure of st run.",
    ]
    found: dict[str, dict[str, Run]] = {}
    for target, start in TARGETS.items():
        if target == "npm emulator" and not NPM_PROGRAM.exists():
            notes.append(NPM_MISSING)
            continue
        runs: dict[str, list[Run]] = {who: [] for who in RUNS}
        for last in (*[False] * (REPETITIONS - 1), True):
            for who, run in RUNS.items():
                runs[who].append(on_fresh(start, run, last))
        found[target] = {who: dataclasses.replace(medians(each), left=each[-1].left) for who, each in runs.items()}
        ratio = found[target]["suite"].seconds / found[target]["st run"].seconds
        notes.append(f"{target}: the suite takes {ratio:.2f} of the time of st run.")
    rows: list[list[Cell]] = [
        [target, who, run.seconds, run.cpu, int(run.requests), int(run.created), int(run.findings),
         run.findings / run.seconds, int(run.left)]
        for target, runs_of in found.items()
        for who, run in runs_of.items()
    ]  # fmt: skip
    return Result("1-peers", "The suite beside Schemathesis alone", COLUMNS, rows, plots(found), notes)


def plots(found: dict[str, dict[str, Run]]) -> list[Plot]:
    """Seconds, and different findings."""
    return [
        Plot(title, unit, [*found], {who: [getattr(found[target][who], field) for target in found] for who in RUNS})
        for title, unit, field in (("A run", "seconds", "seconds"), ("Different findings", "findings", "findings"))
    ]


def on_fresh(
    start: Callable[[], contextlib.AbstractContextManager[Target]], run: Callable[[Target], Run], counted: bool
) -> Run:
    """A run against a target that has just started.

    How many organizations it leaves there is counted where asked for: a target whose limit of requests is used up
    lets one wait for that.
    """
    with start() as target:
        done = run(target)
        return dataclasses.replace(done, left=target.organizations()) if counted else done
