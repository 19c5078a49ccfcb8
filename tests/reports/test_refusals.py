"""Runs that say nothing: each with its reason in one line, and nothing left behind."""

from pathlib import Path

import httpx

from conformance.harness.wire.journal import SUFFIX, Journal
from tests.reports.conftest import KEY, Outcome, judge, organizations_at

NOBODY = "http://127.0.0.1:9"
BEARER = {"Authorization": f"Bearer {KEY}"}


def assert_one_line(outcome: Outcome, *words: str) -> None:
    line, *others = outcome.err.strip().splitlines()
    assert outcome.code >= 2
    assert others == []
    assert line.startswith("ERROR: ")
    assert all(word in line for word in words)
    assert "Traceback" not in outcome.out


def test_nobody_answers(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert_one_line(judge(NOBODY, folder, "-q", "-n", "2"), "no judgement", NOBODY, "cannot be reached")
    assert not folder.exists()


def test_the_key_is_wrong(correct: str, tmp_path: Path) -> None:
    outcome = judge(correct, tmp_path, "--api-key", "sk_wrong")
    assert_one_line(outcome, "no judgement", "the key is refused")
    assert list(tmp_path.iterdir()) == []


def test_the_output_cannot_be_written(correct: str, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert_one_line(judge(correct, blocked), "no judgement", str(blocked), "cannot be written")
    assert organizations_at(correct) == []


def test_a_bug_of_the_suite_is_told_apart(correct: str, tmp_path: Path) -> None:
    outcome = judge(correct, tmp_path, "-p", "tests.reports.breakage", "-k", "get.unknown")
    assert outcome.code == 3
    assert "SUITE ERROR conformance/test_get.py::test_an_unknown_id_finds_nothing" in outcome.out
    assert "a slip of the suite" in outcome.out
    assert "breakage.py" in outcome.out
    assert [error["test"].partition("[")[0] for error in outcome.verdict["suite_errors"]] == [
        "conformance/test_get.py::test_an_unknown_id_finds_nothing"
    ]
    assert "get.unknown" in outcome.statuses("not tested")


def test_what_killed_runs_left_is_reaped(correct: str, tmp_path: Path) -> None:
    left = leftover(correct, tmp_path, "abcdefghij", word="abcdefghij")
    foreign = leftover(correct, tmp_path, "somebody", word="jihgfedcba")
    outcome = judge(correct, tmp_path, "--reap")
    assert outcome.code == 1
    assert f"removed: {left}\n" in outcome.out
    assert f"not removed: {foreign}: " in outcome.out
    assert [organization["id"] for organization in organizations_at(correct)] == [foreign]
    assert [path.name for path in tmp_path.iterdir()] == [f"jihgfedcba{SUFFIX}"]
    httpx.delete(f"{correct}/organizations/{foreign}", headers=BEARER)


def leftover(url: str, folder: Path, named: str, word: str) -> str:
    """An organization and the journal of a run with this word that says that it created it; its id."""
    made = httpx.post(f"{url}/organizations", json={"name": f"{named} Acme"}, headers=BEARER)
    identifier = str(made.json()["id"])
    journal = Journal(folder / f"{word}{SUFFIX}", url, word)
    journal.add(identifier)
    journal.close()
    return identifier
