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
OTHERS_SHOWN = 1
"""Further operations whose evidence has a line of its own."""
SHORT = 32
"""Characters of what may stand in the line of something else."""
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
    several = f"{verdict.parent / FOLDER} ({len(scripts)} scripts, each shows one finding again)"
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
            if groups:
                self._line()
            for _, entries in groups:
                for entry in entries:
                    self.entry(entry)
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
        title = Text.assemble((status.upper(), COLOURS[status]), (f" {entry.id}", "bold"), where)
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
        others = [f"at {operation}: {evidence.seen}" for operation, evidence in entry.others()]
        short = [other for other in others if len(other) <= SHORT]
        seen = f"{seen} ({', '.join(short)})" if short else seen
        both = f"{expected}; seen {seen}"
        if not seen:
            return
        if len(INDENT) + LABEL_WIDTH + cell_len(both) <= self._width:
            self._fact("expected", both)
        else:
            self._fact("expected", expected)
            self._fact("seen", seen)
        for other in [other for other in others if other not in short][: None if self._full else OTHERS_SHOWN]:
            self._fact("", other, cut=True)

    def _repeat(self, entry: Entry) -> None:
        """The script that shows it again, and the request in which it shows."""
        script = self._scripts.get(entry.id, "")
        for exchange in entry.first.evidence.exchanges[-1:]:
            request = in_short(exchange)
            if len(INDENT) + LABEL_WIDTH + len(f"sh {script} # ") + SHORT > self._width:
                self._fact("repeat", f"sh {script}" if script else "")
                self._fact("request", request, cut=True)
            else:
                self._fact(
                    "repeat" if script else "request", f"sh {script} # {request}" if script else request, cut=True
                )
            if self._full:
                self._fact("no script", entry.first.evidence.no_script)
                self._console.print(Text(printable(INDENT + exchange.curl)), soft_wrap=True, highlight=False)

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
            self._wrapped(f"{cause}: {', '.join(names)}", INDENT)

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
        for number, line in enumerate(lines):
            line.rstrip()
            line.stylize(style)
            self._print(Text.assemble(shown, line))
            shown = Text(" " * len(lead))
            if number + 1 == MOST_LINES and not self._full and len(lines) > MOST_LINES and lead.strip():
                break


def in_short(exchange: ExchangeRecord) -> str:
    """The request in one line: method, path, body; and what came of it."""
    path = "/" + exchange.url.partition("://")[2].partition("/")[2]
    body = f" {exchange.request_body}" if exchange.request_body else ""
    return f"{exchange.method} {path} -> {exchange.status or exchange.fault}{body}"
