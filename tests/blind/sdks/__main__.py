"""Measures the gate of SDKs: `python -m tests.blind.sdks [NAME...]`, or `--set reserve` for a whole set.

Runs the whole gate on each planted release and says which faults were noticed, under which requirements, and which
peculiarities were reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from tests.blind.sdks import AREAS, FAULTS, PECULIARITIES, RELEASES
from tests.blind.sdks.sets import sets
from tests.blind.sdks.trials import is_named
from tests.mutants.pool import Pool
from tests.mutants.sdks.gate import gate
from tests.mutants.trial import Trial

AT_ONCE = 2
"""Runs at once: they mostly sleep."""
NOTICED, ELSEWHERE, MISSED = "noticed", "noticed under another requirement", "MISSED"
PASSED, REPORTED = "passed", "WRONGLY REPORTED"
NO_JUDGEMENT = "NO JUDGEMENT"


@dataclass(frozen=True)
class Row:
    """What the gate said of one release."""

    name: str
    trial: Trial

    @property
    def said(self) -> str:
        """The result in a word or a few."""
        found = self.trial.having("finding")
        if self.trial.exit_code > 1 or self.trial.suite_errors:
            return NO_JUDGEMENT
        if self.name in PECULIARITIES:
            return REPORTED if found or self.trial.exit_code else PASSED
        if is_named(self.name, self.trial):
            return NOTICED
        return ELSEWHERE if found else MISSED

    def text(self) -> str:
        """The row as a line for people."""
        of_fault = f" ({FAULTS[self.name].requirement})" if self.name in FAULTS else ""
        return f"{self.name}{of_fault}: {self.said} {', '.join(self.trial.having('finding'))}".rstrip()

    def line(self) -> dict[str, object]:
        """The row as an object of JSON."""
        fault = FAULTS.get(self.name)
        return {
            "name": self.name,
            "area": AREAS.get(self.name),
            "difficulty": fault.difficulty if fault else None,
            "requirement": fault.requirement if fault else None,
            "sentence": RELEASES[self.name].__doc__,
            "said": self.said,
            "findings": self.trial.having("finding"),
            "warnings": self.trial.having("warning"),
            "evidence": self.trial.evidence,
            "exit_code": self.trial.exit_code,
            "seconds": round(self.trial.seconds, 1),
        }


def main() -> int:
    """0 when every fault was noticed under its requirement and no peculiarity reported, else 1."""
    given = read_command_line()
    pool = Pool(AT_ONCE)
    trials = [(name, pool.start(gate, name)) for name in given.names or sets()[given.set]]
    rows = [finished(name, trial, given.output) for name, trial in trials]
    pool.close()
    print(*totals(rows), sep="\n")
    return 0 if all(row.said in (NOTICED, PASSED) for row in rows) else 1


def read_command_line() -> argparse.Namespace:
    """The names, and the file for the rows."""
    command = argparse.ArgumentParser(prog="python -m tests.blind.sdks", description=__doc__)
    command.add_argument("names", nargs="*", metavar="NAME", help="faults and peculiarities")
    command.add_argument("--set", choices=[*sets()], default="first", help="what to measure when no name is given")
    command.add_argument("--output", type=Path, metavar="FILE", help="where each row goes as a line of JSON")
    given = command.parse_args()
    for name in given.names:
        if name not in RELEASES:
            like = ", ".join(get_close_matches(name, RELEASES)) or "none"
            command.error(f"nothing is called {name}; {like} is like it")
    return given


def finished(name: str, trial: Future[Trial], output: Path | None) -> Row:
    """Waits for a run, and shows and writes what came of it."""
    row = Row(name, trial.result())
    print(row.text(), flush=True)
    if output:
        with output.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row.line()) + "\n")
    return row


def totals(rows: list[Row]) -> list[str]:
    """How many of the faults and of the peculiarities had which result; of faults, also by area and difficulty."""
    faults = [row for row in rows if row.name in FAULTS]
    by_area = {
        f"  {AREAS[row.name]}": [each for each in faults if AREAS[each.name] == AREAS[row.name]] for row in faults
    }
    by_difficulty = {
        f"  {level}": [each for each in faults if FAULTS[each.name].difficulty == level]
        for level in ("plain", "medium", "narrow")
    }
    peculiar = {"peculiarities": [row for row in rows if row.name in PECULIARITIES]}
    groups = {"faults": faults, **by_area, **by_difficulty, **peculiar}
    return [f"{name}: {len(some)}, {counted(some)}" for name, some in groups.items() if some]


def counted(rows: list[Row]) -> str:
    """How often each result is there."""
    return ", ".join(f"{count} {said}" for said, count in Counter(row.said for row in rows).most_common())


if __name__ == "__main__":
    sys.exit(main())
