"""Runs that say nothing: each with its reason in one line, and nothing left behind."""

import json
import signal
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from conformance.harness.plugin.session import VERDICT
from conformance.harness.wire.ownership.journal import SUFFIX, Journal
from emulator.api import Api
from emulator.store import Store
from reports.verdict.verdict import NOT_ENDED, Result, Status, read
from tests.reports.conftest import KEY, Outcome, Serve, judge, organizations_at
from tests.reports.samples import a_verdict

NOBODY = "http://127.0.0.1:9"
BEARER = {"Authorization": f"Bearer {KEY}"}


def assert_one_line(outcome: Outcome, *words: str) -> None:
    line, *others = [told for told in outcome.err.strip().splitlines() if not told.startswith("note: ")]
    assert outcome.code >= 2
    assert others == []
    assert line.startswith("ERROR: ")
    assert all(word in line for word in words)
    assert "Traceback" not in outcome.out


def assert_says_no_judgement(outcome: Outcome, reason: str) -> None:
    """The verdict of an earlier run is not there any more: this one says why it has none."""
    verdict = read(outcome.folder / VERDICT)
    assert verdict.result is Result.NO_JUDGEMENT
    assert reason in verdict.reason
    assert {found.status for found in verdict.outcomes} <= {Status.NOT_TESTED}
    assert [path.name for path in outcome.folder.iterdir()] == [VERDICT]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a verdict of yesterday's."""
    folder = tmp_path / "out"
    met = replace(a_verdict([]), result=Result.MET, reason="")
    met.write(folder / VERDICT)
    return folder


def test_nobody_answers(folder: Path) -> None:
    outcome = judge(NOBODY, folder, "-q", "-n", "2")
    assert_one_line(outcome, "no judgement", NOBODY, "cannot be reached")
    assert_says_no_judgement(outcome, f"{NOBODY} cannot be reached")


def test_the_key_is_wrong(correct: str, folder: Path) -> None:
    outcome = judge(correct, folder, "--api-key", "sk_wrong")
    assert_one_line(outcome, "no judgement", "the key is refused")
    assert_says_no_judgement(outcome, "the key is refused")


def test_the_deviations_cannot_be_read(correct: str, folder: Path) -> None:
    outcome = judge(correct, folder, "--deviations", str(folder / "none.toml"))
    assert_one_line(outcome, "--deviations", "none.toml: No such file or directory")
    assert_says_no_judgement(outcome, "none.toml: No such file or directory")


def test_a_run_that_is_killed_leaves_no_verdict_of_the_run_before(serve: Serve, folder: Path) -> None:
    killed = judge(serve(Api(Store(), KEY).app()), folder, "-p", "tests.reports.sudden_death", "-k", "get.unknown")
    assert killed.code == -signal.SIGKILL
    verdict = read(folder / VERDICT)
    assert (verdict.result, verdict.reason, verdict.complete) == (Result.NO_JUDGEMENT, NOT_ENDED, False)


def test_a_password_in_the_address_is_shown_nowhere(folder: Path) -> None:
    outcome = judge("http://user:pass-word@127.0.0.1:9", folder)
    assert_one_line(outcome, "--base-url: user and password cannot be sent")
    assert "pass-word" not in outcome.out + outcome.err + (folder / VERDICT).read_text(encoding="utf-8")


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
    assert "conformance/test_get.py::test_an_unknown_id_finds_nothing" in [
        error["test"].partition("[")[0] for error in outcome.verdict["suite_errors"]
    ]
    assert "get.unknown" in outcome.statuses("not tested")


def test_what_killed_runs_left_is_reaped(correct: str, tmp_path: Path) -> None:
    left = leftover(correct, tmp_path, "abcdefghij", word="abcdefghij")
    foreign = leftover(correct, tmp_path, "somebody", word="jihgfedcba")
    outcome = judge(correct, tmp_path, "--reap")
    assert outcome.code == 1
    assert f"removed: {left}\n" in outcome.out
    assert f"not removed: {foreign} (reading it does not show what this run created)\n" in outcome.out
    assert "\n1 removed, 1 not removed\n" in outcome.out
    assert [organization["id"] for organization in organizations_at(correct)] == [foreign]
    assert [path.name for path in tmp_path.iterdir()] == [f"jihgfedcba{SUFFIX}"]
    httpx.delete(f"{correct}/organizations/{foreign}", headers=BEARER)


def leftover(url: str, folder: Path, named: str, word: str) -> str:
    """An organization and the journal of a run with this word that says that it created it; its id."""
    made = httpx.post(f"{url}/organizations", json={"name": f"{named} Acme"}, headers=BEARER)
    identifier = str(made.json()["id"])
    journal = Journal(folder / f"{word}{SUFFIX}", url, word)
    journal.begin(0.0)
    journal.claim(journal.intend(json.dumps({"name": f"{word} Acme"}).encode()), identifier)
    journal.close()
    return identifier


def test_a_slip_in_a_selection_is_no_green_run(correct: str, folder: Path) -> None:
    outcome = judge(correct, folder, "-k", "list.walk-bak")
    assert_one_line(outcome, "-k list.walk-bak: matches no requirement; did you mean list.walk-back?")
    assert "did you mean list.walk-back?" in read(folder / VERDICT).reason
    assert read(folder / VERDICT).result is Result.NO_JUDGEMENT
