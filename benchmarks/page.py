"""Puts what benchmarks measured into a page that people read."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.result import Result

FROM, TO = "<!-- benchmark {} -->", "<!-- end of benchmark {} -->"


def insert(page: Path, number: int, result: Result, machine: str) -> None:
    """Puts table and plot in the place of those between the marks of the benchmark.

    The plot goes into a folder beside the page, under its name. Raises ValueError where the page has no such marks.
    """
    text = page.read_text(encoding="utf-8")
    start, end = FROM.format(number), TO.format(number)
    if text.count(start) != 1 or text.count(end) != 1:
        raise ValueError(f"{page} does not say where benchmark {number} goes: {start} and {end}")
    folder = page.with_suffix("")
    picture = result.draw(folder)
    shown = f"{result.markdown(machine)}\n![{result.title}]({folder.name}/{picture.name})\n"
    between = re.compile(f"{re.escape(start)}.*{re.escape(end)}", re.DOTALL)
    page.write_text(between.sub(lambda _: f"{start}\n{shown}\n{end}", text), encoding="utf-8")
