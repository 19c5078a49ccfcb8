"""Reads verdicts.

    python -m reports verdict.json        prints what the terminal showed at the end of the run
    python -m reports diff A.json B.json  says what got better and worse from A to B

Exit codes: 1 when something got worse, 2 when a file holds no verdict of this version, else 0.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from reports import terminal
from reports.verdict.diff import changes
from reports.verdict.verdict import UnreadableVerdictError, read

UNREADABLE = 2


class Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        """Exits with 2."""
        self.exit(UNREADABLE, f"reports: {message}\n")


def main(arguments: Sequence[str]) -> int:
    """Runs one of the two commands; gives the exit code."""
    try:
        return difference(arguments[1:]) if arguments[:1] == ["diff"] else view(arguments)
    except UnreadableVerdictError as error:
        print(f"reports: {error}", file=sys.stderr)
        return UNREADABLE


def view(arguments: Sequence[str]) -> int:
    """Prints one verdict."""
    parser = Parser(prog="python -m reports", description="Prints a verdict. `diff A B` compares two of them.")
    parser.add_argument("verdict", type=Path)
    parser.add_argument("-q", "--quiet", action="store_true", help="only the findings and the result")
    parser.add_argument("-v", "--verbose", action="store_true", help="also what INFO probes saw")
    options = parser.parse_args(arguments)
    verdict = read(options.verdict)
    console = Console()
    if not options.quiet:
        console.print(f"target: {verdict.base_url}, {verdict.started}, profile: {verdict.profile}", highlight=False)
    terminal.show(console, verdict, brief=options.quiet, full=options.verbose)
    return 0


def difference(arguments: Sequence[str]) -> int:
    """Prints what changed from one verdict to the next; gives 1 when something got worse."""
    parser = Parser(prog="python -m reports diff", description="Says what got better and worse from A to B.")
    parser.add_argument("before", type=Path, metavar="A")
    parser.add_argument("after", type=Path, metavar="B")
    options = parser.parse_args(arguments)
    before, after = read(options.before), read(options.after)
    found = sorted(changes(before, after), key=lambda change: change.is_worse)
    worse = [change for change in found if change.is_worse]
    for change in found:
        print(change)
    for path, verdict in ((options.before, before), (options.after, after)):
        if not verdict.complete:
            print(f"{path} is of an interrupted run: what it left out is not compared")
    print(f"{len(worse)} worse, {len(found) - len(worse)} better")
    return bool(worse)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
