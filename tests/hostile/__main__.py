"""Prints the table: each hostile target from the first request and after good ones, alone, with -n 2 and with workers.

python -m tests.hostile [part of a name ...]
"""

from __future__ import annotations

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.hostile.runs import Outcome, as_a_program, faults, judge
from tests.hostile.targets import HARMLESS, TABLE, lowest_exit_code

SOUND = 40
AT_ONCE = 3
"""Runs side by side; most of them only wait."""
WAYS = {"alone": ("-n", "0"), "-n 2": ("-n", "2"), "workers": ("-n", "2", "--dist", "loadfile")}
"""Two workers are two processes; with -n alone one process has twice as many requests under way."""
LONGEST = 60.0
"""Seconds."""
MOST_MEMORY = 220 + 300
"""What the suite takes of a sound target, and what a hostile one may add, in MB."""


def line(name: str, sound: int, way: str) -> str:
    """One run, as a line of the table."""
    outcome = judge(as_a_program, TABLE[name], sound, *WAYS[way])
    wrong = "; ".join([*faults(outcome), *_beyond_bounds(name, sound, outcome)])
    return (
        f"{name:38} {sound:5} {way:>7} {outcome.exit_code:4} {outcome.seconds:6.1f} "
        f"{outcome.megabytes:5.0f} {len(outcome.left):4} {len(outcome.told):4}  "
        f"{wrong.upper() or outcome.reason[:100]}"
    )


def _beyond_bounds(name: str, sound: int, outcome: Outcome) -> list[str]:
    wrong = {
        f"over {LONGEST:g} s": outcome.seconds > LONGEST,
        f"over {MOST_MEMORY} MB": outcome.megabytes > MOST_MEMORY,
        "found without fault": outcome.exit_code < lowest_exit_code(name, sound),
        "found at fault": name in HARMLESS and outcome.exit_code > 0,
    }
    return [what for what, is_so in wrong.items() if is_so]


def main(wanted: list[str]) -> None:
    """One line for each row and way to run, as it comes."""
    print(f"{'target':38} {'sound':>5} {'way':>7} {'exit':>4} {'s':>6} {'MB':>5} {'left':>4} {'told':>4}  outcome")
    names = [name for name in TABLE if not wanted or any(part in name for part in wanted)]
    runs = itertools.product(names, (0, SOUND), WAYS)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for printed in pool.map(lambda run: line(*run), runs):
            print(printed, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
