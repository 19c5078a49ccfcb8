"""Prints the table: each hostile target from the first request and after good ones, alone and with workers.

python -m tests.hostile [part of a name ...]
"""

from __future__ import annotations

import sys

from tests.hostile.runs import as_a_program, faults, judge
from tests.hostile.targets import TABLE

SOUND = 40


def main(wanted: list[str]) -> None:
    """One line for each row and way to run, as it comes."""
    print(f"{'target':34} {'sound':>5} {'-n':>2} {'exit':>4} {'s':>6} {'MB':>5} {'left':>4} {'told':>4}  outcome")
    for name, misbehave in TABLE.items():
        if wanted and not any(part in name for part in wanted):
            continue
        for sound in (0, SOUND):
            for workers in ("0", "2"):
                outcome = judge(as_a_program, misbehave, sound, "-n", workers)
                wrong = "; ".join(faults(outcome))
                print(
                    f"{name:34} {sound:5} {workers:>2} {outcome.exit_code:4} {outcome.seconds:6.1f} "
                    f"{outcome.megabytes:5.0f} {len(outcome.left):4} {len(outcome.told):4}  "
                    f"{wrong.upper() or outcome.reason[:100]}",
                    flush=True,
                )


if __name__ == "__main__":
    main(sys.argv[1:])
