"""The README and the pages beside it say what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from reports.implementations import main, page
from reports.verdict import subject
from specs.listing import markdown
from tests.docs import picture

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/implementations.md"]


def test_the_picture_shows_what_a_run_shows_today() -> None:
    assert picture.PICTURE.read_text(encoding="utf-8") == picture.draw(), "python -m tests.docs.picture draws it"


def test_the_picture_asks_nobody_for_anything() -> None:
    assert re.findall(r"(?:href|src|url\()[\"'=(]+https?:", picture.draw()) == []


def test_the_table_of_what_is_checked_is_that_of_the_catalogue() -> None:
    assert "\n".join(markdown()) in README, "python -m specs.requirements --markdown prints it"


@pytest.mark.parametrize("name", PAGES)
def test_a_link_within_the_repository_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / name).parent.joinpath(target).exists()] == []


def test_every_option_in_the_readme_is_one() -> None:
    command = [sys.executable, "-m", "pytest", "conformance", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    table = README.partition("## Options")[2].partition("\n## ")[0]
    options = set(re.findall(r"`(--[a-z-]+)", table))
    assert len(options) > 5
    assert [option for option in options if option not in shown] == []


def test_the_page_of_implementations_counts_as_every_report() -> None:
    text = page({"an emulator 1.0": picture.verdict()})
    assert re.search(r"\| an emulator 1\.0 \|.* findings \| \d+ of \d+ \| 2 \| 0 \| 0 \|", text)
    assert "- Update: `update.metadata-merges`" in text


def test_an_implementation_without_a_name_is_called_after_its_subject(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = picture.verdict()
    made.subject = subject.sdk("python", "1.2.3")
    made.started = made.finished = "2026-08-01T12:00:00.000Z"
    made.write(tmp_path / "verdict.json")
    assert main([str(tmp_path / "verdict.json")]) == 0
    assert "| the python SDK 1.2.3 | 2026-08-01 |" in capsys.readouterr().out
