"""Prints the table: each hostile target from the first request and after good ones, alone and with workers.

python -m tests.hostile [part of a name ...]
"""

from __future__ import annotations

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.hostile.runs import as_a_program, faults, judge
from tests.hostile.targets import TABLE

SOUND = 40
AT_ONCE = 3
"""Runs side by side; most of them only wait."""


def line(name: str, sound: int, workers: str) -> str:
    """One run, as a line of the table."""
    outcome = judge(as_a_program, TABLE[name], sound, "-n", workers)
    wrong = "; ".join(faults(outcome))
    return (
        f"{name:34} {sound:5} {workers:>2} {outcome.exit_code:4} {outcome.seconds:6.1f} "
        f"{outcome.megabytes:5.0f} {len(outcome.left):4} {len(outcome.told):4}  "
        f"{wrong.upper() or outcome.reason[:100]}"
    )


def main(wanted: list[str]) -> None:
    """One line for each row and way to run, as it comes."""
    print(f"{'target':34} {'sound':>5} {'-n':>2} {'exit':>4} {'s':>6} {'MB':>5} {'left':>4} {'told':>4}  outcome")
    names = [name for name in TABLE if not wanted or any(part in name for part in wanted)]
    runs = itertools.product(names, (0, SOUND), ("0", "2"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for printed in pool.map(lambda run: line(*run), runs):
            print(printed, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
