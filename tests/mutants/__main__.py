"""Tries mutants: `python -m tests.mutants NAME [NAME...]`, or `--table` for all of them, each with a whole run."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from concurrent.futures import Future
from difflib import get_close_matches

from rich.console import Console
from rich.table import Table

from tests.mutants.planting import MUTANTS, Mutant
from tests.mutants.table import tried_in_full
from tests.mutants.trial import Court, Trial

SCREEN = Console(highlight=False)


def main() -> int:
    """Tries what the command line names: 0 when every mutant was noticed, else 1."""
    command = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    command.add_argument("names", nargs="*", metavar="NAME", help="mutants to try")
    command.add_argument("--table", action="store_true", help="try all, each with a whole run, and print the table")
    given = command.parse_args()
    for name in given.names:
        if name not in MUTANTS:
            command.error(f"no mutant {name}; {', '.join(get_close_matches(name, MUTANTS)) or 'none'} is like it")
    if not (given.names or given.table):
        command.error("name a mutant, or --table")
    names = given.names or sorted(MUTANTS)
    court = Court()
    trials = {name: court.begin(tried_in_full, name) for name in names}
    noticed = {name: tell(MUTANTS[name], trial, brief=given.table) for name, trial in trials.items()}
    court.close()
    if given.table:
        SCREEN.print(table(noticed))
    return 0 if all(noticed.values()) else 1


def tell(mutant: Mutant, pending: Future[Trial], *, brief: bool) -> bool:
    """Prints what came of a trial; whether the suite was right about the mutant."""
    trial = pending.result()
    right = is_right(mutant, trial)
    named = trial.having("finding")
    SCREEN.print(f"{mutant.name}: {'noticed' if named else 'SURVIVED' if not mutant.equivalent else 'equivalent'}")
    if brief and right:
        return right
    SCREEN.print(
        f"  {mutant.fault} Must be noticed: {mutant.requirement}. Exit code {trial.exit_code}, {trial.seconds:.1f} s."
    )
    for requirement in named:
        SCREEN.print(f"  {requirement}: {trial.evidence[requirement][:200]}", markup=False)
    if trial.exit_code > 1:
        SCREEN.print(trial.output, markup=False)
    return right


def is_right(mutant: Mutant, trial: Trial) -> bool:
    """Whether the whole run judged as it must: exit code 1, but 0 for what no suite can notice."""
    return trial.exit_code == (0 if mutant.equivalent else 1)


def table(noticed: dict[str, bool]) -> Table:
    """Mutants noticed and survivors, by class of requirement: the part of its id before the dot."""
    classes: dict[str, list[str]] = defaultdict(list)
    for name in noticed:
        if not MUTANTS[name].equivalent:
            classes[MUTANTS[name].requirement.partition(".")[0]].append(name)
    shown = Table("class", "mutants", "noticed", "rate", "survivors")
    for label, names in [*sorted(classes.items()), ("all", [name for each in classes.values() for name in each])]:
        survivors = [name for name in names if not noticed[name]]
        killed = len(names) - len(survivors)
        shown.add_row(label, str(len(names)), str(killed), f"{killed / len(names):.0%}", ", ".join(survivors))
    return shown


if __name__ == "__main__":
    sys.exit(main())
