"""The verdict on a terminal: findings first, then warnings and what was not judged, last the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

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
INDENT = "  "
LABEL_WIDTH = 10
MINIMAL_WIDTH = 40
SHORT_REQUEST = 12
"""Characters of a request that are worth showing beside its script, which names it too."""
MOST_LINES = 2
"""Of one fact, unless everything is asked for."""


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


def printable(text: str) -> str:
    """The text with every character escaped that a terminal could act upon."""
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)


class Page:
    """The parts of the view, in the order in which they are shown."""

    def __init__(self, console: Console, summary: Summary, written: Written, full: bool) -> None:
        self._console = console
        self._files, self._scripts = written.files, written.scripts
        self._summary = summary
        self._verdict = summary.verdict
        self._full = full
        self._width = max(MINIMAL_WIDTH, console.width)

    # ---- details

    def details(self) -> None:
        """Findings, warnings, and what was blocked, accepted or only observed."""
        for status in (Status.FINDING, Status.WARNING):
            groups = self._summary.groups(status)
            if groups and status is Status.FINDING:
                self._line()
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
        if cell_len(f"{title.plain}: {first.promise}") <= self._width:
            self._print(Text.assemble(title, f": {first.promise}"))
        else:
            self._print(title)
            self._wrapped(first.promise, INDENT)
        self._sides(entry)
        if status is Status.FINDING or self._full:
            self._repeat(entry)
            self._fact("source", "; ".join(first.sources if self._full else first.sources[:1]), cut=True)
        if self._full:
            self._fact("check", first.evidence.check)
            self._fact("note", first.note)
            self._fact("shown by", f"{entry.tests} test{'s' * (entry.tests != 1)}")

    def _sides(self, entry: Entry) -> None:
        """Expected and seen, in one line where that fits; what other operations showed, where it is something else."""
        expected, seen = entry.first.evidence.expected, entry.first.evidence.seen
        if not seen:
            return
        others = [f"at {operation}: {evidence.seen}" for operation, evidence in entry.others()]
        together = f"{seen} ({', '.join(others)})" if others else seen
        if self._fits(f"{expected}; seen {together}"):
            self._fact("expected", f"{expected}; seen {together}")
            return
        self._fact("expected", expected)
        self._fact("seen", together, cut=bool(others) and self._fits(seen))

    def _fits(self, fact: str) -> bool:
        return len(INDENT) + LABEL_WIDTH + cell_len(fact) <= self._width

    def _repeat(self, entry: Entry) -> None:
        """What shows it again, a script or a run of the suite; and the request in which it shows."""
        evidence = entry.first.evidence
        script = self._scripts.get(entry.id, "")
        request = next((in_short(exchange) for exchange in evidence.exchanges[-1:]), "")
        again = f"sh {script}" if script else evidence.command
        if again and request and self._fits(f"{again} # {request[:SHORT_REQUEST]}"):
            self._fact("repeat", f"{again} # {request}", cut=True)
        else:
            self._command(again)
            if not script or self._full:
                self._fact("request", request, cut=True)
        if self._full:
            self._fact("no script", evidence.no_script)
            for exchange in evidence.exchanges[-1:]:
                self._console.print(Text(printable(INDENT + exchange.curl)), soft_wrap=True, highlight=False)

    def _sources(self) -> None:
        """Where the sources are that findings name."""
        cited = [outcome.sources[0] for outcome in self._verdict.of(Status.FINDING) if outcome.sources]
        for source in sources().values():
            if source.url and any(text.startswith(f"{source.name}, ") for text in cited):
                self._line(f"{source.name}: {source.url}", "dim")

    def _command(self, command: str) -> None:
        """A line for a shell, whole, so that it can be copied."""
        lead = f"{INDENT}{'repeat':<{LABEL_WIDTH - 1}} " if self._fits(command) else INDENT
        if command:
            shown = Text.assemble((lead, "dim"), printable(command))
            self._console.print(shown, soft_wrap=True, highlight=False)

    def _outdated(self) -> None:
        for deviation in self._verdict.outdated:
            where = f" ({deviation.operation})" if deviation.operation else ""
            self._line()
            self._print(
                Text.assemble(("FINDING", COLOURS[Status.FINDING]), (f" {deviation.requirement}", "bold"), where)
            )
            self._wrapped(f"This deviation no longer occurs: take it off the list. It was {deviation}", INDENT)

    def _suite_errors(self) -> None:
        for error in self._verdict.suite_errors:
            self._line()
            self._print(Text.assemble(("SUITE ERROR", "bold red"), f" {printable(error.test)}"))
            self._line(f"{INDENT}A bug of the suite, which says nothing of the target:")
            self._console.print(Text(printable(error.traceback)), soft_wrap=True, highlight=False)

    def _blocked(self) -> None:
        """What could not be judged, under the findings because of which."""
        by_cause = self._summary.blocked()
        if by_cause:
            self._line()
            self._line("Blocked: nothing can be said of these until the finding named first is gone", "bold cyan")
        for cause, names in by_cause.items():
            counted = f"{len(names)} requirement{'s' * (len(names) != 1)}"
            self._cut_unless_full(f"{INDENT}{cause}, {counted}: {', '.join(names)}")

    def _cut_unless_full(self, text: str) -> None:
        if self._full:
            self._wrapped(text.removeprefix(INDENT), INDENT)
        else:
            self._cut(text)

    def _notes(self, status: Status, title: str) -> None:
        """One line for each requirement of a status, gathered by the note that they share."""
        by_note: dict[str, list[str]] = {}
        for entry in self._summary.of(status):
            note = entry.first.note or entry.first.evidence.seen
            by_note.setdefault(note, []).append(f"{entry.id} ({entry.operations})")
        if by_note:
            self._line()
            self._line(title, COLOURS.get(status, "bold"))
        for note, names in by_note.items():
            self._wrapped(f"{note}: {', '.join(names)}", INDENT)

    # ---- the summary

    def summary(self) -> None:
        """The result, the counts, the findings by group, what was written."""
        verdict, summary = self._verdict, self._summary
        self._line()
        self._wrapped(summary.headline, "", RESULT_COLOURS[verdict.result])
        self._counts()
        rows = summary.groups(Status.FINDING)
        width = max((len(title) for title, _ in rows), default=0)
        for title, entries in rows:
            lead = f"{INDENT}{title:<{width}}  {len(entries)} of {summary.judged_in(title)}"
            self._cut(f"{lead:<{width + 15}}{', '.join(entry.id for entry in entries)}")
        if verdict.left:
            self._wrapped(f"not removed: {', '.join(verdict.left)} (--reap tries again)", "", "yellow")
        if self._files:
            self._wrapped(", ".join(self._files), "wrote ")
        if first := next((entry.id for _, entries in rows for entry in entries if entry.id in self._scripts), ""):
            self._print(Text.assemble("start with ", (f"sh {printable(self._scripts[first])}", "bold")))
        self._line(
            f"{verdict.requests} requests, {verdict.created} organizations created, {verdict.removed} removed, "
            f"{verdict.seconds:.1f} s, seed {verdict.seed}"
        )

    def _counts(self) -> None:
        summary = self._summary
        words = [f"{count} {word}" for count, word in summary.counts]
        self._wrapped(f"{', '.join(words)}; {summary.must_met} of {len(summary.must)} MUST requirements met", "")
        implied = [entry for entry in summary.entries if entry.is_implied]
        if self._verdict.options.get("read_only"):
            untested = len(summary.of(Status.NOT_TESTED))
            self._wrapped(f"READ-ONLY: {untested} requirements were not tested, since they need writes.", "")
        elif summary.is_partial:
            self._wrapped("Part of the tests was selected: only what they check is counted.", "")
        if implied:
            names = ", ".join(entry.id for entry in implied)
            self._wrapped(f"Not selected, but implied by what the selected tests have met: {names}", "")

    # ---- lines

    def _print(self, text: Text) -> None:
        self._console.print(text, highlight=False)

    def _line(self, text: str = "", style: str = "") -> None:
        self._print(Text(printable(text), style=style))

    def _cut(self, text: str) -> None:
        """The text as one line, cut where the width ends."""
        line = Text(printable(text))
        line.truncate(self._width, overflow="ellipsis")
        self._print(line)

    def _fact(self, label: str, value: str, cut: bool = False) -> None:
        if not value:
            return
        lead = f"{INDENT}{label:<{LABEL_WIDTH - 1}} "
        if cut and not self._full:
            self._cut(f"{lead}{' '.join(value.split())}")
        else:
            self._wrapped(value, lead)

    def _wrapped(self, text: str, lead: str, style: str = "") -> None:
        """The text behind its lead, with further lines below the first one, a bounded number of them."""
        shown = Text(lead, style="dim")
        lines = Text(printable(text)).wrap(self._console, self._width - len(lead), overflow="fold")
        most = len(lines) if self._full or not lead.strip() else MOST_LINES
        for number, line in enumerate(lines[:most], start=1):
            line.rstrip()
            line.stylize(style)
            if number == most < len(lines):
                line = Text(f"{line.plain} ...", style=style)
                line.truncate(self._width - len(lead), overflow="ellipsis")
            self._print(Text.assemble(shown, line))
            shown = Text(" " * len(lead))


def in_short(exchange: ExchangeRecord) -> str:
    """The request in one line: method, path, body; and what came of it."""
    path = "/" + exchange.url.partition("://")[2].partition("/")[2]
    body = f" {exchange.request_body}" if exchange.request_body else ""
    return f"{exchange.method} {path} -> {exchange.status or exchange.fault}{body}"
