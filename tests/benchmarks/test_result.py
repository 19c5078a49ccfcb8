from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.page import FROM, TO, insert
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


@pytest.fixture
def small() -> Result:
    return Result("0-nothing", "Nothing", ["what", "s"], [["x", 1.5]], [Plot("Bars", "s", ["x"], {"a": [1.0]})])


def test_a_page_shows_what_was_measured_last(small: Result, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n\n<!-- benchmark 3 -->\nolder\n<!-- end of benchmark 3 -->\n\nThe end.\n", encoding="utf-8"
    )
    for machine in ("yesterday", "today"):
        insert(page, 3, small, machine)
    shown = page.read_text(encoding="utf-8")
    assert shown.startswith("# Page\n\n<!-- benchmark 3 -->\n**Nothing** (today)\n")
    assert shown.endswith("![Nothing](page/0-nothing.png)\n\n<!-- end of benchmark 3 -->\n\nThe end.\n")
    assert shown.count("| x | 1.5 |") == 1
    assert (tmp_path / "page" / "0-nothing.png").is_file()


def test_a_page_without_a_place_for_a_benchmark_is_an_error(small: Result, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n", encoding="utf-8")
    with pytest.raises(ValueError, match="benchmark 3"):
        insert(page, 3, small, "today")


def test_the_page_has_a_place_for_each_benchmark() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "performance.md").read_text(encoding="utf-8")
    for number in BENCHMARKS:
        assert (page.count(FROM.format(number)), page.count(TO.format(number))) == (1, 1)


def test_a_program_is_measured_with_what_it_started() -> None:
    busy = "import subprocess, sys, time\nwhile time.process_time() < 0.2: pass\n"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    parent = f"{start}; print('Error: why'); print('last'); print(); sys.exit(3)"
    ended = run([sys.executable, "-c", parent])
    assert (ended.exit_code, ended.last_line, ended.complaint) == (3, "last", "Error: why")
    assert 0.2 <= ended.cpu <= ended.seconds * 64
