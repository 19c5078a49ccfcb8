"""The verdict on a terminal: a table by operation, then each finding, then what the run came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.verdict.verdict import Evidence, Outcome, Result, Status, Verdict

COLOURS = {
    Status.FINDING: "bold red",
    Status.WARNING: "yellow",
    Status.DEVIATION: "magenta",
    Status.BLOCKED: "cyan",
}
INDENT = "  "
LABEL_WIDTH = 10
OTHERS_SHOWN = 3
"""Operations whose own evidence is shown beside that of the first."""
MINIMAL_WIDTH = 40


@dataclass(frozen=True)
class Group:
    """One requirement with all operations at which it has the same status: one root cause, one finding."""

    outcomes: list[Outcome]

    @property
    def first(self) -> Outcome:
        """The outcome that stands for the others."""
        return self.outcomes[0]

    @property
    def operations(self) -> str:
        """The names of the operations."""
        return ", ".join(outcome.operation for outcome in self.outcomes)

    @property
    def tests(self) -> int:
        """How many tests showed it."""
        return len({test for outcome in self.outcomes for test in outcome.tests})


def groups(verdict: Verdict, status: Status) -> list[Group]:
    """The outcomes of a status by requirement, in the order of the catalogue."""
    by_requirement = groupby(verdict.of(status), lambda outcome: outcome.requirement)
    return [Group(list(outcomes)) for _, outcomes in by_requirement]


def show(console: Console, verdict: Verdict, brief: bool = False, full: bool = False) -> None:
    """Prints the verdict.

    `brief` leaves out all but the findings and the result; `full` adds what INFO probes saw.
    """
    if not brief:
        _show_table(console, verdict)
        _show_notes(console, verdict, Status.BLOCKED, "Blocked: nothing can be said of")
        _show_notes(console, verdict, Status.DEVIATION, "Accepted deviations")
        if full:
            _show_notes(console, verdict, Status.OBSERVED, "Observed, without judgement")
        _show_groups(console, verdict, Status.WARNING)
    _show_groups(console, verdict, Status.FINDING)
    _show_outdated(console, verdict)
    _show_suite_errors(console, verdict)
    _show_result(console, verdict)


def printable(text: str) -> str:
    """The text with every character escaped that a terminal could act upon."""
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)


def _line(console: Console, text: str = "", style: str = "") -> None:
    console.print(Text(printable(text), style=style), highlight=False)


def _show_table(console: Console, verdict: Verdict) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("operation")
    for column in ("MUST met", "findings", "warnings", "blocked", "deviations"):
        table.add_column(column, justify="right")
    for operation in dict.fromkeys(outcome.operation for outcome in verdict.outcomes):
        table.add_row(operation, *_cells([o for o in verdict.outcomes if o.operation == operation]))
    console.print()
    console.print(table)


def _cells(outcomes: list[Outcome]) -> Iterator[Text]:
    """The numbers of one operation; what was not tested is not among the MUST."""
    must = [o for o in outcomes if o.level == "MUST" and o.status is not Status.NOT_TESTED]
    met = sum(outcome.status is Status.MET for outcome in must)
    yield Text(f"{met} of {len(must)}", style="green" if met == len(must) else "")
    counts = Counter(outcome.status for outcome in outcomes)
    for status in (Status.FINDING, Status.WARNING, Status.BLOCKED, Status.DEVIATION):
        yield Text(str(counts[status]), style=COLOURS[status] if counts[status] else "dim")


def _show_notes(console: Console, verdict: Verdict, status: Status, title: str) -> None:
    """One line for each requirement of a status, gathered by the note that they share."""
    by_note: dict[str, list[str]] = {}
    for group in groups(verdict, status):
        by_note.setdefault(_note(group.first), []).append(f"{group.first.requirement} ({group.operations})")
    if by_note:
        console.print()
        _line(console, title, COLOURS.get(status, "bold"))
    for note, names in by_note.items():
        _show_wrapped(console, f"{note}: {', '.join(names)}", Text(INDENT))


def _note(outcome: Outcome) -> str:
    return outcome.note or outcome.evidence.seen


def _show_groups(console: Console, verdict: Verdict, status: Status) -> None:
    for group in groups(verdict, status):
        console.print()
        title = Text.assemble((status.upper(), COLOURS[status]), (f" {group.first.requirement}", "bold"))
        console.print(title.append(f" ({group.operations})"), highlight=False)
        _show_wrapped(console, group.first.promise, Text(INDENT))
        _show_facts(console, _seen(group))
        for exchange in group.first.evidence.exchanges[-1:]:
            console.print(Text(printable(INDENT + exchange.curl)), soft_wrap=True, highlight=False)
        _show_facts(console, _grounds(group))


def _seen(group: Group) -> Iterator[tuple[str, str]]:
    evidence = group.first.evidence
    yield "expected", evidence.expected
    yield "seen", evidence.seen
    yield from _others(group)
    if evidence.check:
        yield "check", evidence.check


def _grounds(group: Group) -> Iterator[tuple[str, str]]:
    yield "source", "; ".join(group.first.sources)
    if group.tests > 1:
        yield "shown by", f"{group.tests} tests"


def _others(group: Group) -> Iterator[tuple[str, str]]:
    """What the other operations showed, where it is something else."""
    known: list[Evidence] = [group.first.evidence]
    differing = []
    for outcome in group.outcomes[1:]:
        if all(outcome.evidence.seen != evidence.seen for evidence in known):
            differing.append(outcome)
            known.append(outcome.evidence)
    for outcome in differing[:OTHERS_SHOWN]:
        yield "", f"{outcome.operation}: {outcome.evidence.seen}"


def _show_facts(console: Console, facts: Iterable[tuple[str, str]]) -> None:
    for label, value in facts:
        _show_wrapped(console, value, Text(f"{INDENT}{label:<{LABEL_WIDTH}}", style="dim"))


def _show_wrapped(console: Console, text: str, lead: Text) -> None:
    """The text behind its lead, with further lines below the first one."""
    width = max(MINIMAL_WIDTH, console.width) - len(lead)
    for line in Text(printable(text)).wrap(console, width, overflow="fold"):
        line.rstrip()
        console.print(Text.assemble(lead, line), highlight=False)
        lead = Text(" " * len(lead))


def _show_outdated(console: Console, verdict: Verdict) -> None:
    for deviation in verdict.outdated:
        where = f" ({deviation.operation})" if deviation.operation else ""
        console.print()
        title = Text.assemble(("FINDING", COLOURS[Status.FINDING]), (f" {deviation.requirement}", "bold"), where)
        console.print(title, highlight=False)
        _show_wrapped(
            console, f"This deviation no longer occurs: take it off the list. It was {deviation}", Text(INDENT)
        )


def _show_suite_errors(console: Console, verdict: Verdict) -> None:
    for error in verdict.suite_errors:
        console.print()
        console.print(Text.assemble(("SUITE ERROR", "bold red"), f" {printable(error.test)}"), highlight=False)
        _line(console, f"{INDENT}A bug of the suite, which says nothing of the target:")
        console.print(Text(printable(error.traceback)), soft_wrap=True, highlight=False)


def _show_result(console: Console, verdict: Verdict) -> None:
    console.print()
    if verdict.left:
        _line(console, f"not removed: {', '.join(verdict.left)} (--reap tries again)", "yellow")
    if verdict.reason:
        _line(console, f"{verdict.result}: {verdict.reason}", "bold red")
    _line(
        console,
        f"{verdict.requests} requests, {verdict.created} organizations created, {verdict.removed} removed, "
        f"{verdict.seconds:.1f} s, seed {verdict.seed}",
    )
    _line(console, result(verdict), "bold green" if verdict.result is Result.MET else "bold red")


def result(verdict: Verdict) -> str:
    """What the run came to, in one line. Findings are counted by requirement."""
    must = [o for o in verdict.outcomes if o.level == "MUST" and o.status is not Status.NOT_TESTED]
    met = sum(outcome.status is Status.MET for outcome in must)
    counts = {
        "finding": len(groups(verdict, Status.FINDING)) + len(verdict.outdated),
        "warning": len(groups(verdict, Status.WARNING)),
        "blocked requirement": len(groups(verdict, Status.BLOCKED)),
        "accepted deviation": len(groups(verdict, Status.DEVIATION)),
        "suite error": len(verdict.suite_errors),
    }
    said = [f"{count} {word}{'s' * (count != 1)}" for word, count in counts.items() if count or word == "finding"]
    incomplete = "" if verdict.complete else "INCOMPLETE: "
    if verdict.options.get("read_only"):
        incomplete += f"READ-ONLY, {len(groups(verdict, Status.NOT_TESTED))} requirements not tested: "
    embedded = f" by {verdict.subject}" if verdict.subject.embedded else ""
    return f"{incomplete}{', '.join(said)}; {met} of {len(must)} MUST met{embedded}"
