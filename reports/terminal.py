"""The verdict on a terminal: findings first, then warnings and what was not judged, last the summary."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from reports.lines import INDENT, Lines, printable
from reports.scripts import FOLDER
from reports.summary import Entry, Summary
from reports.verdict.verdict import ExchangeRecord, Result, Status, Verdict
from specs.sources import sources

COLOURS = {
    Status.FINDING: "bold red",
    Status.WARNING: "yellow",
    Status.DEVIATION: "magenta",
    Status.BLOCKED: "cyan",
}
RESULT_COLOURS = {Result.MET: "bold green", Result.FINDINGS: "bold red", Result.NO_JUDGEMENT: "bold yellow"}
LONG_ID = re.compile(r"(org_\w{5})\w{15,}")
"""An id that would push what came of a request out of its line; a script has other ones anyway."""
SHORT_REQUEST = 12
"""Characters of a request that are worth showing beside its script, which names it too."""


@dataclass(frozen=True)
class Written:
    """What a run has left, as the reader would name it from where the run was started."""

    files: Sequence[str] = ()
    scripts: Mapping[str, str] = field(default_factory=dict)
    """By requirement, the script that shows its finding again."""


NOTHING = Written()


def show(
    console: Console, verdict: Verdict, brief: bool = False, full: bool = False, written: Written = NOTHING
) -> None:
    """Prints the verdict.

    `brief` leaves out all but the summary; `full` cuts nothing off and adds what INFO probes saw.
    """
    page = Page(console, Summary(verdict), written, full)
    if not brief:
        page.details()
    page.summary()


def show_entry(console: Console, verdict: Verdict, written: Written = NOTHING) -> None:
    """Prints everything about the requirements of the verdict, without a summary."""
    summary = Summary(verdict)
    page = Page(console, summary, written, full=True)
    for entry in summary.entries:
        page.entry(entry)


def left_beside(verdict: Path) -> Written:
    """What a run has left in the folder of its verdict."""
    scripts = sorted((verdict.parent / FOLDER).glob("*.sh"))
    count = f"{len(scripts)} script{'s' * (len(scripts) != 1)}"
    several = f"{verdict.parent / FOLDER} ({count} to see findings again)"
    return Written([str(verdict), *[several] * bool(scripts)], {script.stem: str(script) for script in scripts})


class Page:
    """The parts of the view, in the order in which they are shown."""

    def __init__(self, console: Console, summary: Summary, written: Written, full: bool) -> None:
        self._out = Lines(console, full)
        self._files, self._scripts = written.files, written.scripts
        self._summary = summary
        self._verdict = summary.verdict
        self._full = full

    # ---- details

    def details(self) -> None:
        """Findings, warnings, and what was blocked, accepted or only observed."""
        for status in (Status.FINDING, Status.WARNING):
            groups = self._summary.groups(status)
            if groups and status is Status.FINDING:
                self._out.line()
            for _, entries in groups:
                for entry in entries:
                    self.entry(entry)
        self._sources()
        self._outdated()
        self._suite_errors()
        self._blocked()
        self._notes(Status.DEVIATION, "Accepted deviations")
        if self._full:
            self._notes(Status.OBSERVED, "Observed, without judgement")

    def entry(self, entry: Entry) -> None:
        """One requirement: what it says, what differs, how to see it again, where it is written."""
        status, first = entry.status, entry.first
        where = f" ({entry.operations})" + " seen in passing, not selected" * entry.is_implied
        title = Text.assemble((status.upper(), COLOURS.get(status, "bold")), (f" {entry.id}", "bold"), where)
        is_told = status is Status.FINDING or self._full
        source = "; ".join(first.sources if self._full else first.sources[:1]) if is_told else ""
        if self._heading(title, first.promise, source):
            source = ""
        self._sides(entry)
        if is_told:
            self._repeat(entry)
        self._out.fact("source", source, cut=True)
        if self._full:
            self._out.fact("check", first.evidence.check)
            self._out.fact("note", first.note)
            shown = "shown by" if status in COLOURS else "checked by"
            self._out.fact(shown, f"{entry.tests} test{'s' * (entry.tests != 1)}")

    def _heading(self, title: Text, promise: str, source: str) -> bool:
        """The title and the promise, in one line where both fit; whether the source fits beside a title of its own."""
        if cell_len(f"{title.plain}: {promise}") <= self._out.width:
            self._out.text(Text.assemble(title, f": {promise}"))
            return False
        has_room = bool(source) and cell_len(f"{title.plain}  source {source}") <= self._out.width
        self._out.text(Text.assemble(title, ("  source ", "dim"), printable(source)) if has_room else title)
        self._out.wrapped(promise, INDENT)
        return has_room

    def _sides(self, entry: Entry) -> None:
        """Expected and seen, in one line where that fits; what other operations showed, where it is something else."""
        expected, seen = entry.first.evidence.expected, entry.first.evidence.seen
        if not seen:
            return
        others = [f"at {operation}: {evidence.seen}" for operation, evidence in entry.others()]
        together = f"{seen} ({', '.join(others)})" if others else seen
        if self._out.fits(f"{expected}; seen {together}"):
            self._out.fact("expected", f"{expected}; seen {together}")
            return
        self._out.fact("expected", expected)
        self._out.fact("seen", together, cut=bool(others) and self._out.fits(seen))

    def _repeat(self, entry: Entry) -> None:
        """What shows it again, a script or a run of the suite; and the request in which it shows."""
        evidence = entry.first.evidence
        script = self._scripts.get(entry.id, "")
        request = next((in_short(exchange) for exchange in evidence.exchanges[-1:]), "")
        again = f"sh {script}" if script else evidence.command
        if again and request and self._out.fits(f"{again} # {request[:SHORT_REQUEST]}"):
            shown = request if self._full else LONG_ID.sub(r"\1...", request)
            self._out.fact("repeat", f"{again} # {shown}", cut=True)
        else:
            self._out.command(again)
            if not script or self._full:
                self._out.fact("request", request, cut=True)
        if self._full:
            self._out.fact("no script", evidence.no_script)
            for exchange in evidence.exchanges[-1:]:
                self._out.whole(Text(printable(INDENT + exchange.curl)))

    def _sources(self) -> None:
        """Where the sources are that findings name."""
        cited = [outcome.sources[0] for outcome in self._verdict.of(Status.FINDING) if outcome.sources]
        for source in sources().values():
            if source.url and any(text.startswith(f"{source.name}, ") for text in cited):
                self._out.line(f"{source.name}: {source.url}", "dim")

    def _outdated(self) -> None:
        for deviation in self._verdict.outdated:
            where = f" ({deviation.operation})" if deviation.operation else ""
            self._out.line()
            self._out.text(
                Text.assemble(("FINDING", COLOURS[Status.FINDING]), (f" {deviation.requirement}", "bold"), where)
            )
            self._out.wrapped(f"This deviation no longer occurs: take it off the list. It was {deviation}", INDENT)

    def _suite_errors(self) -> None:
        for error in self._verdict.suite_errors:
            self._out.line()
            self._out.text(Text.assemble(("SUITE ERROR", "bold red"), f" {printable(error.test)}"))
            self._out.line(f"{INDENT}A bug of the suite, which says nothing of the target:")
            self._out.whole(Text(printable(error.traceback)))

    def _blocked(self) -> None:
        """What could not be judged, under the findings because of which."""
        by_cause = self._summary.blocked()
        if by_cause:
            self._out.line()
            self._out.line("Blocked: nothing can be said of these until the finding named first is gone", "bold cyan")
        for cause, names in by_cause.items():
            counted = f"{len(names)} requirement{'s' * (len(names) != 1)}"
            text = f"{cause}, {counted}: {', '.join(names)}"
            if self._full:
                self._out.wrapped(text, INDENT)
            else:
                self._out.cut(f"{INDENT}{text}")

    def _notes(self, status: Status, title: str) -> None:
        """One line for each requirement of a status, gathered by the note that they share."""
        by_note: dict[str, list[str]] = {}
        for entry in self._summary.of(status):
            note = entry.first.note or entry.first.evidence.seen
            by_note.setdefault(note, []).append(f"{entry.id} ({entry.operations})")
        if by_note:
            self._out.line()
            self._out.line(title, COLOURS.get(status, "bold"))
        for note, names in by_note.items():
            self._out.wrapped(f"{note}: {', '.join(names)}", INDENT)

    # ---- the summary

    def summary(self) -> None:
        """The result, the counts, the findings by group, what was written."""
        verdict, summary = self._verdict, self._summary
        self._out.line()
        self._out.wrapped(summary.headline, "", RESULT_COLOURS[verdict.result])
        self._counts()
        rows = summary.groups(Status.FINDING)
        width = max((len(title) for title, _ in rows), default=0)
        for title, entries in rows:
            lead = f"{INDENT}{title:<{width}}  {len(entries)} of {summary.judged_in(title)}"
            self._out.cut(f"{lead:<{width + 15}}{', '.join(entry.id for entry in entries)}")
        if verdict.outdated:
            over = ", ".join(deviation.requirement for deviation in verdict.outdated)
            self._out.wrapped(f"deviations that no longer occur, to be taken off the list: {over}", INDENT)
        if verdict.left:
            self._out.wrapped(f"not removed: {', '.join(verdict.left)} (--reap tries again)", "", "yellow")
        if self._files:
            self._out.wrapped(", ".join(self._files), "wrote ")
        if shown := [entry.id for _, entries in rows for entry in entries if entry.id in self._scripts]:
            worst = max(shown, key=summary.blocking.__getitem__)  # of those that block nothing, the first one
            self._start_with(f"sh {printable(self._scripts[worst])}")
        self._out.line(
            f"{verdict.requests} requests, {verdict.created} organizations created, {verdict.removed} removed, "
            f"{verdict.seconds:.1f} s, seed {verdict.seed}"
        )

    def _start_with(self, command: str) -> None:
        """The first script to run, with the address that it needs where the target outlives the run."""
        address = f"BASE_URL={shlex.quote(printable(self._verdict.base_url))}"
        if self._verdict.subject.embedded:
            self._out.text(Text.assemble("start with ", (command, "bold")))
        elif self._out.fits(f"start with {address} {command}"):
            self._out.text(Text.assemble("start with ", (f"{address} {command}", "bold")))
        else:
            self._out.text(Text.assemble("start with ", (f"{address} \\", "bold")))
            self._out.text(Text(f"{INDENT}{command}", "bold"))

    def _counts(self) -> None:
        summary = self._summary
        if self._verdict.result is Result.NO_JUDGEMENT and not summary.must:
            return
        words = [f"{count} {word}" for count, word in summary.counts]
        self._out.wrapped(f"{', '.join(words)}; {summary.must_met} of {len(summary.must)} MUST requirements met", "")
        implied = [entry for entry in summary.entries if entry.is_implied]
        if self._verdict.options.get("read_only"):
            untested = len(summary.of(Status.NOT_TESTED))
            self._out.wrapped(f"READ-ONLY: {untested} requirements were not tested, since they need writes.", "")
        elif summary.is_partial:
            self._out.wrapped("Part of the tests was selected: only what they check is counted.", "")
        if implied:
            names = ", ".join(entry.id for entry in implied)
            self._out.wrapped(f"Not selected, but implied by responses to the selected tests: {names}", "")


def in_short(exchange: ExchangeRecord) -> str:
    """The request in one line: method, path, body; and what came of it."""
    path = "/" + exchange.url.partition("://")[2].partition("/")[2]
    body = f" {exchange.request_body}" if exchange.request_body else ""
    return f"{exchange.method} {path} -> {exchange.status or exchange.fault}{body}"
