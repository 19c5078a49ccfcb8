"""Reads verdicts.

    python -m reports [VERDICT]              prints what the terminal showed at the end of the run
    python -m reports show ID [VERDICT]      prints all that the verdict holds of one requirement
    python -m reports diff A B               says what got better and worse from A to B
    python -m reports matrix VERDICT...      shows requirements by subject

Without a name it is the verdict of the last run below the folder that it is started in.
Exit codes: 1 when something got worse, 2 when a file holds no verdict of this version, else 0.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from reports import matrix, terminal
from reports.verdict.diff import changes
from reports.verdict.verdict import UnreadableVerdictError, read
from specs.requirements import catalogue
from specs.suggestion import did_you_mean

UNREADABLE = 2
VERDICTS = "conformance-report*/verdict.json"
"""Where runs leave verdicts unless --output says otherwise."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        """Exits with 2."""
        self.exit(UNREADABLE, f"reports: {message}\n")


def main(arguments: Sequence[str]) -> int:
    """Runs one of the commands; gives the exit code."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    try:
        return command(arguments[1:]) if command else view(arguments)
    except UnreadableVerdictError as error:
        print(f"reports: {error}", file=sys.stderr)
        return UNREADABLE


def last_verdict() -> Path:
    """The verdict of the last run here. Raises UnreadableVerdictError when there is none."""
    found = sorted(Path().glob(VERDICTS), key=lambda path: path.stat().st_mtime)
    if not found:
        raise UnreadableVerdictError(
            "no conformance-report/verdict.json in this folder: run the suite, or name a verdict"
        )
    return found[-1]


def view(arguments: Sequence[str]) -> int:
    """Prints one verdict."""
    parser = Parser(prog="python -m reports", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("verdict", type=Path, nargs="?")
    parser.add_argument("-q", "--quiet", action="store_true", help="the summary alone")
    parser.add_argument("-v", "--verbose", action="store_true", help="everything, also what INFO probes saw")
    options = parser.parse_args(arguments)
    path = options.verdict or last_verdict()
    verdict = read(path)
    console = Console()
    if not options.quiet:
        console.print(f"subject: {verdict.subject}, {verdict.started}, profile: {verdict.profile}", highlight=False)
    terminal.show(console, verdict, options.quiet, options.verbose, terminal.left_beside(path))
    return 0


def requirement(arguments: Sequence[str]) -> int:
    """Prints all that a verdict holds of one requirement."""
    parser = Parser(prog="python -m reports show", description="Prints all that a verdict holds of one requirement.")
    parser.add_argument("id")
    parser.add_argument("verdict", type=Path, nargs="?")
    options = parser.parse_args(arguments)
    if options.id not in catalogue():
        parser.error(f"{options.id} is no requirement{did_you_mean(options.id, catalogue())}")
    path = options.verdict or last_verdict()
    verdict = read(path)
    chosen = [outcome for outcome in verdict.outcomes if outcome.requirement == options.id]
    if not chosen:
        print(f"{options.id}: not tested in this run{f' ({verdict.reason})' if verdict.reason else ''}")
        return 0
    one = replace(verdict, outcomes=chosen, outdated=[], suite_errors=[])
    terminal.show_entry(Console(), one, terminal.left_beside(path))
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


def side_by_side(arguments: Sequence[str]) -> int:
    """Shows several verdicts side by side, and writes them to files where asked to."""
    parser = Parser(prog="python -m reports matrix", description="Shows requirements by subject.")
    parser.add_argument("verdicts", type=Path, nargs="+", metavar="VERDICT")
    parser.add_argument("-v", "--verbose", action="store_true", help="also requirements that every subject meets")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one page, each cell a link to its evidence")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="the same in Markdown")
    options = parser.parse_args(arguments)
    made = matrix.Matrix([read(path) for path in options.verdicts])
    matrix.show(Console(), made, options.verbose)
    writers: list[tuple[Path | None, Callable[[matrix.Matrix], str]]]
    writers = [(options.html, matrix.as_html), (options.markdown, matrix.as_markdown)]
    for path, write in writers:
        if path is not None:
            _write(parser, path, write(made))
    return 0


def _write(parser: Parser, path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        parser.error(f"{path} cannot be written: {error.strerror}")


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "show": requirement,
    "diff": difference,
    "matrix": side_by_side,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
