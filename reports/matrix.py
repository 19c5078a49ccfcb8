"""Several verdicts side by side: requirements by subject, each cell a status that leads to its evidence."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.lines import printable
from reports.summary import Entry, Summary
from reports.terminal import COLOURS, in_short
from reports.verdict.verdict import Status, Verdict

PLAIN = (Status.MET, Status.OBSERVED, Status.NOT_TESTED)
"""Statuses that need no evidence."""
SIGNS = {
    Status.MET: "✓",
    Status.OBSERVED: "·",
    Status.NOT_TESTED: "",
    Status.NOT_EXPRESSIBLE: "n/a",
    Status.UNSUPPORTED: "unsupported",
}
"""What stands in a cell for a status that is no remark; the others say their name."""
TITLE = "Conformance by requirement and subject"

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1c2024; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #d8dce0; padding: .25rem .6rem; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: #fff; }
tr.group th { padding-top: 1.2rem; }
.promise { color: #5c6670; font-size: 13px; }
.met { color: #1a7f37; } .finding { color: #c4141c; font-weight: 600; } .warning { color: #8a5a00; }
.blocked { color: #0a6c8f; } .deviation { color: #8e3a9d; }
pre { background: #f4f6f8; padding: .6rem; overflow-x: auto; white-space: pre-wrap; }
section { border-top: 1px solid #d8dce0; margin-top: 1.5rem; } section:target { background: #fffbe6; }
"""


@dataclass(frozen=True)
class Cell:
    """What became of a requirement with one subject."""

    subject: str
    entry: Entry | None
    """None where the requirement says nothing of such a subject."""
    number: int = 0
    """Of its evidence; 0 where there is none to show."""

    @property
    def word(self) -> str:
        """The status, in a word or a sign."""
        if self.entry is None:
            return ""
        return SIGNS.get(self.entry.status, str(self.entry.status))


@dataclass(frozen=True)
class Row:
    """One requirement."""

    id: str
    group: str
    level: str
    promise: str
    cells: list[Cell]

    @property
    def is_plain(self) -> bool:
        """Whether no subject gives cause for a remark."""
        return all(cell.entry is None or cell.entry.status in PLAIN for cell in self.cells)


class Matrix:
    """Requirements by subject."""

    def __init__(self, verdicts: Sequence[Verdict]) -> None:
        self.summaries = [Summary(verdict) for verdict in verdicts]
        self.subjects = _distinct([str(verdict.subject) for verdict in verdicts])
        self.rows = list(self._rows())

    def _rows(self) -> Iterator[Row]:
        by_subject = [{entry.id: entry for entry in summary.entries} for summary in self.summaries]
        number = 0
        for id in dict.fromkeys(id for entries in by_subject for id in entries):
            cells = []
            for subject, entries in zip(self.subjects, by_subject, strict=True):
                entry = entries.get(id)
                shown = entry is not None and bool(entry.first.evidence.seen or entry.first.note)
                has_evidence = shown and entry is not None and entry.status not in PLAIN
                number += has_evidence
                cells.append(Cell(subject, entry, number if has_evidence else 0))
            first = next(entries[id] for entries in by_subject if id in entries)
            yield Row(id, first.group, first.first.level, first.first.promise, cells)

    @property
    def evidence(self) -> list[tuple[Row, Cell]]:
        """Every cell that leads to its evidence, in order of their numbers."""
        return [(row, cell) for row in self.rows for cell in row.cells if cell.number]


def _distinct(names: list[str]) -> list[str]:
    """The names, those that are there more than once with a number."""
    times = Counter(names)
    met: Counter[str] = Counter()
    made = []
    for name in names:
        met[name] += 1
        made.append(f"{name} ({met[name]})" if times[name] > 1 else name)
    return made


# ---- on a terminal


def show(console: Console, matrix: Matrix, full: bool = False) -> None:
    """Prints the matrix; without `full` only requirements that give cause for a remark at some subject."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("requirement", no_wrap=True)
    for subject in matrix.subjects:
        table.add_column(printable(subject), overflow="fold")
    shown = [row for row in matrix.rows if full or not row.is_plain]
    for group, rows in groupby(shown, key=lambda row: row.group):
        table.add_row(Text(group, style="bold"))
        for row in rows:
            table.add_row(f"  {row.id}", *map(_text, row.cells))
    table.add_row(Text("MUST met", style="bold"), *map(_met, matrix.summaries))
    console.print(table)
    console.print()
    for row, cell in matrix.evidence:
        line = Text(printable(f"[{cell.number}] {row.id}, {cell.subject}: {' | '.join(_reason(cell))}"))
        line.truncate(console.width, overflow="ellipsis")
        console.print(line, highlight=False)


def _text(cell: Cell) -> Text:
    number = f" [{cell.number}]" if cell.number else ""
    style = COLOURS.get(cell.entry.status, "") if cell.entry else ""
    return Text(cell.word + number, style=style)


def _met(summary: Summary) -> str:
    return f"{summary.must_met} of {len(summary.must)}"


def _reason(cell: Cell) -> list[str]:
    """What the evidence of a cell says, in lines."""
    assert cell.entry is not None
    evidence, note = cell.entry.first.evidence, cell.entry.first.note
    sides = [f"expected {evidence.expected}", f"seen {evidence.seen}"] if evidence.seen else []
    requests = [in_short(exchange) for exchange in evidence.exchanges[-1:]]
    return [*([note] if note else []), *sides, *requests]


# ---- in files


def as_markdown(matrix: Matrix) -> str:
    """The matrix as Markdown, the evidence below it."""
    lines = [f"# {TITLE}", "", f"| requirement | {' | '.join(map(_plain, matrix.subjects))} |"]
    lines += [f"|---|{'---|' * len(matrix.subjects)}"]
    for group, rows in groupby(matrix.rows, key=lambda row: row.group):
        lines.append(f"| **{group}** |{' |' * len(matrix.subjects)}")
        lines += [f"| `{row.id}` | {' | '.join(map(_link, row.cells))} |" for row in rows]
    lines.append(f"| **MUST met** | {' | '.join(map(_met, matrix.summaries))} |")
    for row, cell in matrix.evidence:
        lines += ["", f"### {cell.number}. `{row.id}`: {_plain(cell.subject)}", "", _plain(row.promise), ""]
        lines += [f"    {printable(line)}" for line in _reason(cell)]
    return "\n".join(lines) + "\n"


def _link(cell: Cell) -> str:
    if not cell.number or cell.entry is None:
        return cell.word
    return f"[{cell.word}](#{_anchor(cell.number, cell.entry.id, cell.subject)})"


def _anchor(number: int, id: str, subject: str) -> str:
    """The address that Markdown's readers give to a heading."""
    heading = f"{number}. {id}: {subject}".lower()
    return "".join("-" if sign == " " else sign for sign in heading if sign.isalnum() or sign in " -_")


def _plain(text: str) -> str:
    marked = "".join(f"\\{sign}" if sign in "\\`*_[]|#" else sign for sign in html.escape(text, quote=False))
    return " ".join(marked.split())


def as_html(matrix: Matrix) -> str:
    """The matrix as one page that opens from disk, the evidence below it."""
    head = "".join(f"<th>{html.escape(subject)}</th>" for subject in matrix.subjects)
    body = "\n".join(_group(group, list(rows)) for group, rows in groupby(matrix.rows, key=lambda row: row.group))
    totals = "".join(f"<td>{_met(summary)}</td>" for summary in matrix.summaries)
    evidence = "\n".join(_section(row, cell) for row, cell in matrix.evidence)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n'
        f"<body><h1>{TITLE}</h1>\n<table><thead><tr><th>requirement</th>{head}</tr></thead>\n"
        f"<tbody><tr><th>MUST met</th>{totals}</tr>\n{body}</tbody></table>\n<h2>Evidence</h2>\n"
        f"{evidence}</body></html>\n"
    )


def _group(title: str, rows: list[Row]) -> str:
    lines = [f'<tr class="group"><th colspan="{1 + len(rows[0].cells)}">{html.escape(title)}</th></tr>']
    for row in rows:
        name = f'<code>{row.id}</code> {row.level}<div class="promise">{html.escape(row.promise)}</div>'
        lines.append(f"<tr><td>{name}</td>{''.join(map(_cell, row.cells))}</tr>")
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    if cell.entry is None:
        return "<td></td>"
    word = f'<a class="{cell.entry.status}" href="#e{cell.number}">{cell.word}</a>' if cell.number else cell.word
    return f'<td class="{cell.entry.status}">{word}</td>'


def _section(row: Row, cell: Cell) -> str:
    assert cell.entry is not None
    reason = html.escape("\n".join(map(printable, _reason(cell))))
    curls = "".join(f"<pre>{html.escape(line)}</pre>" for line in cell.entry.first.evidence.again)
    return (
        f'<section id="e{cell.number}"><h3><code>{row.id}</code>: {html.escape(cell.subject)}</h3>'
        f"<p>{html.escape(row.promise)}</p><pre>{reason}</pre>{curls}</section>"
    )
