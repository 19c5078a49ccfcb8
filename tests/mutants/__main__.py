"""Tries mutants, each with a whole run: `python -m tests.mutants NAME [NAME...]`, or `--table` for all of them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import Future
from difflib import get_close_matches

from rich.console import Console
from rich.table import Table

from tests.mutants.peer import complaints
from tests.mutants.planting import MUTANTS, Mutant
from tests.mutants.table import tried_in_full
from tests.mutants.trial import Court, Trial

SCREEN = Console(highlight=False)


def main() -> int:
    """Tries what the command line names: 0 when every mutant was noticed, else 1."""
    given = read_command_line()
    names = given.names or sorted(MUTANTS)
    court = Court()
    trials = {name: court.begin(tried_in_full, name) for name in names}
    known = court.begin(complaints) if given.peer else None
    peers = {name: court.begin(complaints, name) for name in names[:: given.peer]} if given.peer else {}
    noticed = {name: tell(MUTANTS[name], trial, brief=given.table) for name, trial in trials.items()}
    by_peer = {name: bool(peer.result() - known.result()) for name, peer in peers.items()} if known else {}
    court.close()
    if given.table:
        SCREEN.print(table(noticed, by_peer))
    return 0 if all(noticed.values()) else 1


def read_command_line() -> argparse.Namespace:
    """The names, whether the table is wanted, and every how manieth mutant the peer shall try."""
    command = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    command.add_argument("names", nargs="*", metavar="NAME", help="mutants to try")
    command.add_argument("--table", action="store_true", help="try all, and print a table by class of requirement")
    command.add_argument("--peer", type=int, default=0, metavar="N", help="let Schemathesis alone try every Nth, too")
    given = command.parse_args()
    for name in given.names:
        if name not in MUTANTS:
            command.error(f"no mutant {name}; {', '.join(get_close_matches(name, MUTANTS)) or 'none'} is like it")
    if not (given.names or given.table):
        command.error("name a mutant, or --table")
    return given


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


def table(noticed: dict[str, bool], by_peer: dict[str, bool]) -> Table:
    """Mutants noticed and survivors, by class of requirement; beside them what the peer noticed of its share."""
    shown = Table("class", "mutants", "noticed", "rate", "survivors", "peer tried", "noticed", "rate")
    classes = sorted({class_of(name) for name in noticed})
    for label in (*classes, "all"):
        ours, theirs = (
            {name: found for name, found in results.items() if label in (class_of(name), "all")}
            for results in (noticed, by_peer)
        )
        survivors = ", ".join(name for name, found in ours.items() if not found)
        shown.add_row(label, *rate(ours), survivors, *rate(theirs))
    return shown


def class_of(name: str) -> str:
    """The part of the requirement's id before the dot."""
    return "equivalent" if MUTANTS[name].equivalent else MUTANTS[name].requirement.partition(".")[0]


def rate(results: dict[str, bool]) -> tuple[str, str, str]:
    """How many there are, how many were noticed, and the share of these."""
    found = Counter(results.values())[True]
    return str(len(results)), str(found), f"{found / len(results):.1%}" if results else ""


if __name__ == "__main__":
    sys.exit(main())
