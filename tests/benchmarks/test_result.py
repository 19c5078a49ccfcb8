from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.programs import run
from benchmarks.result import Cell, Plot, Result, text


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, "-"),
        (0.0, "0"),
        (0.01234, "0.0123"),
        (12.345, "12.3"),
        (1234.5, "1,234"),
        (1_000_000, "1,000,000"),
        ("x", "x"),
    ],
)
def test_a_cell_shows_three_digits(cell: Cell, shown: str) -> None:
    assert text(cell) == shown


def test_a_result_is_written_as_a_table_and_a_picture(tmp_path: Path) -> None:
    plots = [
        Plot("Lines", "s", [0.0, 10.0, 1e6], {"a": [1.0, None, 2.0], "b": [2.0, 2.0, 2.0]}, "how many"),
        Plot("Bars", "s", ["x", "y"], {"a": [1.0, None], "b": [2.0, 3.0]}),
        Plot("Piles", "s", ["x"], {"a": [1.0], "b": [2.0]}, stacked=True),
    ]
    result = Result("0-nothing", "Nothing", ["what", "s"], [["x", 1.5], ["y", None]], plots, ["A note."])
    table, picture = result.write(tmp_path / "out", "a machine")
    assert table.read_text(encoding="utf-8").split("\n") == [
        "**Nothing** (a machine)",
        "",
        "| what | s |",
        "|---|---|",
        "| x | 1.5 |",
        "| y | - |",
        "",
        "A note.",
        "",
    ]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_program_is_measured_with_what_it_started() -> None:
    busy = "import subprocess, sys, time\nwhile time.process_time() < 0.2: pass\n"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    parent = f"{start}; print('Error: why'); print('last'); print(); sys.exit(3)"
    ended = run([sys.executable, "-c", parent])
    assert (ended.exit_code, ended.last_line, ended.complaint) == (3, "last", "Error: why")
    assert 0.2 <= ended.cpu <= ended.seconds * 64
