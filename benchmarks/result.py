"""What a benchmark measured, as a table and as a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from rich.table import Table

Cell: TypeAlias = str | int | float | None
"""None where there was nothing to measure."""


@dataclass(frozen=True)
class Plot:
    """Lines over a scale, or bars over words where `x` holds words."""

    title: str
    unit: str
    x: Sequence[str] | Sequence[float]
    series: Mapping[str, Sequence[float | None]]
    """Values by what they are of, one for each x."""
    x_label: str = ""
    stacked: bool = False


@dataclass(frozen=True)
class Result:
    """A table, its plots, and what has to be said of them."""

    name: str
    """The stem of the files."""
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    plots: Sequence[Plot]
    notes: Sequence[str] = field(default=())

    def table(self) -> Table:
        """The table for a terminal."""
        shown = Table(*self.columns, title=self.title)
        for row in self.rows:
            shown.add_row(*map(text, row))
        return shown

    def markdown(self, machine: str) -> str:
        """The table for a document."""
        lines = [f"**{self.title}** ({machine})", ""]
        lines += [f"| {' | '.join(self.columns)} |", f"|{'---|' * len(self.columns)}"]
        lines += [f"| {' | '.join(map(text, row))} |" for row in self.rows]
        return "\n".join([*lines, "", *self.notes, ""])

    def write(self, folder: Path, machine: str) -> list[Path]:
        """Writes the table and the plots; the files that were written."""
        picture = self.draw(folder)
        table = folder / f"{self.name}.md"
        table.write_text(self.markdown(machine), encoding="utf-8")
        return [table, picture]

    def draw(self, folder: Path) -> Path:
        """Writes the plots into a folder, which is made where it is missing."""
        from benchmarks.plots import draw  # matplotlib takes a second to import, and numbers are printed without it

        folder.mkdir(parents=True, exist_ok=True)
        picture = folder / f"{self.name}.png"
        draw(self.plots, self.title, picture)
        return picture


def text(cell: Cell) -> str:
    """A cell as it is read: three digits that matter, thousands apart."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
