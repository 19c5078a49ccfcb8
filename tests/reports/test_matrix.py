"""Verdicts side by side: each cell leads to its evidence."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from reports import matrix
from reports.matrix import Matrix
from reports.verdict.subject import sdk
from reports.verdict.verdict import Evidence, Outcome, Status, Verdict
from tests.reports.conftest import ROOT
from tests.reports.samples import EXCHANGE, a_verdict

EVIL = "<script>alert(1)</script>|`"


def an_outcome(requirement: str, status: Status, seen: str = "") -> Outcome:
    evidence = Evidence("status 422", seen, (EXCHANGE,)) if seen else Evidence()
    return Outcome(requirement, "list", "MUST", f"A promise of {requirement}.", status=status, evidence=evidence)


@pytest.fixture
def verdicts() -> list[Verdict]:
    """Two releases of an SDK and a server."""
    met = [an_outcome("list.limit", Status.MET), an_outcome("list.order", Status.MET)]
    broken = [an_outcome("list.limit", Status.MET), an_outcome("list.order", Status.FINDING, f"status 200 {EVIL}")]
    other = [an_outcome("get.unknown", Status.NOT_EXPRESSIBLE), an_outcome("list.order", Status.WARNING, "status 200")]
    subjects = [sdk("python", "1.0"), sdk("python", "2.0")]
    made = [a_verdict(outcomes, subject=s) for outcomes, s in zip((met, broken), subjects, strict=True)]
    return [*made, a_verdict(other)]


def printed(verdicts: list[Verdict], full: bool = False) -> str:
    console = Console(width=120, file=io.StringIO(), force_terminal=False, no_color=True)
    matrix.show(console, Matrix(verdicts), full)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_terminal_shows_what_gives_cause_for_a_remark(verdicts: list[Verdict]) -> None:
    text = printed(verdicts)
    assert re.search(r"list\.order +✓ +finding \[1\] +warning \[2\]", text)
    assert "list.limit" not in text
    assert "[1] list.order, python==2.0: expected status 422 | seen status 200" in text
    assert re.search(r"list\.limit +✓ +✓", printed(verdicts, full=True))
    assert re.search(r"MUST met +2 of 2 +1 of 2 +0 of 1", text)


def test_each_link_of_a_page_leads_to_evidence(verdicts: list[Verdict]) -> None:
    page = matrix.as_html(Matrix(verdicts))
    targets = re.findall(r'href="#(e\d+)"', page)
    assert targets == ["e1", "e2"] == re.findall(r'<section id="(e\d+)"', page)
    assert "<script>" not in page
    assert "src=" not in page


def test_each_link_of_markdown_leads_to_a_heading(verdicts: list[Verdict]) -> None:
    text = matrix.as_markdown(Matrix(verdicts))
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert links == ["1-listorder-python20", "2-listorder-httpexamplecom"]
    assert "### 1. `list.order`: python==2.0" in text
    assert all(line.startswith("    ") for line in text.splitlines() if "<script>" in line)


def test_two_verdicts_of_one_subject_are_told_apart(verdicts: list[Verdict]) -> None:
    assert Matrix([verdicts[0], verdicts[0]]).subjects == ["python==1.0 (1)", "python==1.0 (2)"]


def test_the_command_writes_both_files(verdicts: list[Verdict], tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.json" for number in range(3)]
    for path, verdict in zip(paths, verdicts, strict=True):
        verdict.write(path)
    files = ["--html", str(tmp_path / "m.html"), "--markdown", str(tmp_path / "m.md")]
    words = [sys.executable, "-m", "reports", "matrix", *map(str, paths), *files]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "m.html").read_text(encoding="utf-8") == matrix.as_html(Matrix(verdicts))
    assert (tmp_path / "m.md").read_text(encoding="utf-8") == matrix.as_markdown(Matrix(verdicts))
