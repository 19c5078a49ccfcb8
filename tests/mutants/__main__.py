"""Runs the whole suite against mutants: `python -m tests.mutants NAME [NAME...]`, or `--table` for all of them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import Future
from difflib import get_close_matches

from rich.console import Console
from rich.table import Table

from tests.mutants.cases import run_whole
from tests.mutants.peer import complaints
from tests.mutants.planting import MUTANTS, Mutant
from tests.mutants.pool import Pool
from tests.mutants.trial import Trial

SCREEN = Console(highlight=False)


def main() -> int:
    """Runs against what the command line names: 0 when every mutant was noticed, else 1."""
    given = read_command_line()
    names = given.names or sorted(MUTANTS)
    pool = Pool()
    trials = {name: pool.start(run_whole, name) for name in names}
    known = pool.start(complaints) if given.peer else None
    peers = {name: pool.start(complaints, name) for name in names[:: given.peer]} if given.peer else {}
    noticed = {name: print_trial(MUTANTS[name], trial, brief=given.table) for name, trial in trials.items()}
    by_peer = {name: bool(peer.result() - known.result()) for name, peer in peers.items()} if known else {}
    pool.close()
    if given.table:
        SCREEN.print(table(noticed, by_peer))
    return 0 if all(noticed.values()) else 1


def read_command_line() -> argparse.Namespace:
    """The names, whether the table is wanted, and every how manieth mutant the peer shall see."""
    command = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    command.add_argument("names", nargs="*", metavar="NAME", help="mutants to run against")
    command.add_argument("--table", action="store_true", help="run all, and print a table by class of requirement")
    command.add_argument("--peer", type=int, default=0, metavar="N", help="let Schemathesis alone try every Nth, too")
    given = command.parse_args()
    for name in given.names:
        if name not in MUTANTS:
            command.error(f"no mutant {name}; {', '.join(get_close_matches(name, MUTANTS)) or 'none'} is like it")
    if not (given.names or given.table):
        command.error("name a mutant, or --table")
    return given


def print_trial(mutant: Mutant, pending: Future[Trial], *, brief: bool) -> bool:
    """Prints what came of a trial, in one line when it is brief and all is well; whether the mutant was noticed."""
    trial = pending.result()
    noticed = trial.exit_code == 1
    findings = trial.having("finding")
    named = trial.is_finding(mutant.requirement, mutant.operation) or mutant.flaky
    SCREEN.print(
        f"{mutant.name}: {('noticed' if named else 'noticed under another requirement') if noticed else 'SURVIVED'}"
    )
    if brief and noticed and named:
        return True
    SCREEN.print(f"  {mutant.fault} Breaks {mutant.requirement}.", markup=False)
    SCREEN.print(f"  Exit code {trial.exit_code}, {trial.seconds:.1f} s.")
    for requirement in findings:
        SCREEN.print(f"  {requirement}: {trial.evidence[requirement][:200]}", markup=False)
    if trial.exit_code > 1:
        SCREEN.print(trial.output, markup=False)
    return noticed


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
    return MUTANTS[name].requirement.partition(".")[0]


def rate(results: dict[str, bool]) -> tuple[str, str, str]:
    """How many there are, how many were noticed, and the share of these."""
    found = Counter(results.values())[True]
    return str(len(results)), str(found), f"{found / len(results):.1%}" if results else ""


if __name__ == "__main__":
    sys.exit(main())
