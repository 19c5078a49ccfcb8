"""(2) Planted faults that the suite notices a second, beside `st run`, on the same sample and the same cores."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TypeVar

from benchmarks.result import Cell, Plot, Result
from tests.mutants.cases import run_whole
from tests.mutants.peer import complaints
from tests.mutants.planting import MUTANTS
from tests.mutants.pool import CORES, Pool
from tests.mutants.trial import Trial

SAMPLE = 100
PEER_TAKES = 8
"""Every so manieth: st run takes three times as long for each."""
T = TypeVar("T")


def sample() -> list[str]:
    """The same mutants every time, from the whole table."""
    names = sorted(MUTANTS)
    return [names[number * len(names) // SAMPLE] for number in range(min(SAMPLE, len(names)))]


def measure() -> Result:
    """Both with as many at once as there are cores."""
    names = sample()
    share = names[::PEER_TAKES]
    ours, our_seconds = tried(noticed_at_once, names)
    theirs, their_seconds = tried(complaints, ["", *share])
    noticed = {
        "suite": (len(names), sum(trial.exit_code == 1 for trial in ours.values()), our_seconds),
        "st run": (len(share), sum(bool(theirs[name] - theirs[""]) for name in share), their_seconds),
    }
    rows: list[list[Cell]] = [
        [who, tries, count, f"{count / tries:.0%}", seconds, seconds / tries, count / seconds]
        for who, (tries, count, seconds) in noticed.items()
    ]
    notes = [
        f"{CORES} at once. The suite stops at its first finding. st run tries every {PEER_TAKES}th of them, and the"
        " correct emulator, of which it complains too: only what is new counts, so that it cannot stop."
    ]
    columns = ["who", "mutants", "noticed", "share", "seconds", "seconds each", "noticed a second"]
    plots = [
        Plot("Noticed", "%", [*noticed], {"": [100 * count / tries for tries, count, _ in noticed.values()]}),
        Plot("Speed", "noticed a second", [*noticed], {"": [count / took for _, count, took in noticed.values()]}),
    ]
    return Result("2-mutants", "Mutants noticed", columns, rows, plots, notes)


def noticed_at_once(name: str) -> Trial:
    """A run of the suite that ends with the first finding."""
    return run_whole(name, ["-x"])


def tried(trial: Callable[[str], T], names: Sequence[str]) -> tuple[Mapping[str, T], float]:
    """What came of each, and the seconds of all."""
    pool = Pool()
    pool.start(len, names).result()  # what is imported once is no part of the time
    began = time.monotonic()
    pending: dict[str, Future[T]] = {name: pool.start(trial, name) for name in names}
    done = {name: future.result() for name, future in pending.items()}
    seconds = time.monotonic() - began
    pool.close()
    return done, seconds
