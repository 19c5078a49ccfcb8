"""Measures the suite: `python -m tests.blind [NAME...]`, or `--set reserve` for a whole set.

Runs the whole suite against each fault and each control and says which faults were noticed, under which names, and
which controls were reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.blind.registry import CONTROL, Planted, everything
from tests.blind.sets import sets
from tests.blind.trials import is_named, run_whole
from tests.mutants.pool import Pool
from tests.mutants.trial import Trial

SCREEN = Console(highlight=False)


@dataclass(frozen=True)
class Row:
    """What the suite said of one fault or control."""

    planted: Planted
    trial: Trial

    @property
    def noticed(self) -> bool:
        """Of a fault: whether the run failed for it."""
        return self.trial.exit_code == 1 and bool(self.trial.having("finding"))

    @property
    def named(self) -> bool:
        """Of a fault: whether a finding names it."""
        return self.noticed and is_named(self.planted, self.trial)

    @property
    def wrong(self) -> bool:
        """Of a control: whether it was reported, or warned of although it touches no SHOULD."""
        return self.trial.exit_code != 0 or bool(self.trial.having("warning") and not self.planted.may_warn)

    @property
    def said(self) -> str:
        """The result in a word or two."""
        if self.trial.exit_code > 1 or self.trial.suite_errors:
            return "NO JUDGEMENT"
        if self.planted.group == CONTROL:
            return "WRONGLY REPORTED" if self.wrong else "passed"
        return "noticed" if self.named else "noticed under another name" if self.noticed else "MISSED"

    def line(self) -> dict[str, object]:
        """The row as an object of JSON."""
        return {
            "name": self.planted.name,
            "group": self.planted.group,
            "kind": self.planted.kind,
            "requirement": self.planted.requirement,
            "said": self.said,
            "exit_code": self.trial.exit_code,
            "findings": self.trial.having("finding"),
            "warnings": self.trial.having("warning"),
            "seconds": round(self.trial.seconds, 1),
        }


def main() -> int:
    """Measures what the command line names: 0 when every fault was noticed and no control reported, else 1."""
    given = read_command_line()
    chosen = [everything()[name] for name in given.names] or sets()[given.set]
    pool = Pool(given.jobs)
    trials = [(planted, pool.start(run_whole, planted.name)) for planted in chosen]
    rows = [finished(planted, trial, given.output) for planted, trial in trials]
    pool.close()
    SCREEN.print(table(rows))
    return 0 if all(row.said in {"noticed", "passed"} for row in rows) else 1


def read_command_line() -> argparse.Namespace:
    """The names or the set, how many trials run at once, and the file for the rows."""
    command = argparse.ArgumentParser(prog="python -m tests.blind", description=__doc__)
    command.add_argument("names", nargs="*", metavar="NAME", help="faults and controls")
    command.add_argument("--set", choices=[*sets()], default="all", help="what to measure when no name is given")
    command.add_argument("--jobs", type=int, default=2, metavar="N", help="trials at once")
    command.add_argument("--output", type=Path, metavar="FILE", help="where each row goes as a line of JSON")
    given = command.parse_args()
    for name in given.names:
        if name not in everything():
            like = ", ".join(get_close_matches(name, everything())) or "none"
            command.error(f"nothing is called {name}; {like} is like it")
    return given


def finished(planted: Planted, trial: Future[Trial], output: Path | None) -> Row:
    """Waits for a trial, and shows and writes what came of it."""
    row = Row(planted, trial.result())
    SCREEN.print(f"{planted.name}: {row.said}", *row.trial.having("finding"), markup=False, soft_wrap=True)
    if output:
        with output.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row.line()) + "\n")
    return row


def table(rows: Sequence[Row]) -> Table:
    """Faults noticed by level and kind, and controls reported."""
    shown = Table("level", "kind", "planted", "noticed", "named", "missed, or wrongly reported")
    for group in dict.fromkeys(row.planted.group for row in rows):
        of_group = [row for row in rows if row.planted.group == group]
        for kind in [*dict.fromkeys(row.planted.kind for row in of_group), "all"]:
            some = [row for row in of_group if kind in (row.planted.kind, "all")]
            failed = [row.planted.name for row in some if row.wrong] if group == CONTROL else missed(some)
            noticed = "" if group == CONTROL else str(sum(row.noticed for row in some))
            named = "" if group == CONTROL else str(sum(row.named for row in some))
            shown.add_row(group, kind, str(len(some)), noticed, named, ", ".join(failed))
    return shown


def missed(rows: Sequence[Row]) -> list[str]:
    """The names of faults that were not noticed."""
    return [row.planted.name for row in rows if not row.noticed]


if __name__ == "__main__":
    sys.exit(main())
