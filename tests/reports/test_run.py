"""What a run leaves for people and for pipelines: output, exit code, verdict.json, JUnit XML."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import tests.mutants.faults  # noqa: F401 - plants them
from reports import github
from reports.summary import Summary
from reports.verdict.verdict import Status, Verdict, read, validator
from specs.requirements import catalogue
from tests.mutants.planting import KEY as PLANTED_KEY
from tests.mutants.planting import MUTANTS
from tests.reports.conftest import FEW, KEY, ROOT, Outcome, Serve, judge


def test_findings_fail_the_run(red: Outcome) -> None:
    assert red.code == 1
    assert red.statuses("finding") == {"answer.status", "list.limit-out-of-bounds"}


def test_a_finding_is_shown_in_order_and_once(red: Outcome) -> None:
    shown = red.out[red.out.index("FINDING list.limit-out-of-bounds (list)") :]
    facts = [
        "A limit below 1 or above 100 answers 422.",
        "expected  status 422, for a request with limit of 0; seen status 200",
        f"sh {red.folder}/repro/list.limit-out-of-bounds.sh",
        "source    OpenAPI document, #/",
    ]
    places = [shown.index(fact) for fact in facts]
    assert places == sorted(places)
    assert red.out.count("FINDING list.limit-out-of-bounds") == 1


def test_nothing_of_the_machinery_is_shown(red: Outcome) -> None:
    for noise in ("Traceback", "short test summary", "_pytest", "harness", "AssertionError"):
        assert noise not in red.out
    assert [line for line in red.err.splitlines() if not line.startswith("note: ")] == []


def test_the_result_is_the_last_line(red: Outcome) -> None:
    last = red.out.rstrip().splitlines()[-1]
    assert re.fullmatch(r"=+ 2 findings; \d+ of \d+ MUST met =+", last)
    assert "tests" not in last


def test_the_same_number_stands_everywhere(red: Outcome) -> None:
    summary = Summary(read(red.folder / "verdict.json"))
    assert summary.findings == len(red.statuses("finding")) == red.out.count("\nFINDING ") == 2
    assert github.outputs(summary.verdict)["findings"] == "2"
    assert summary.line in github.summary(summary.verdict)
    assert summary.line in red.out
    assert len(requirements_in_junit(red.folder / "junit.xml")) == 2


def test_the_embedded_emulator_is_named_first_and_last(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest", "conformance", "-k", "get.unknown", "--output", str(tmp_path)]
    done = subprocess.run([*words, "-p", "no:cacheprovider"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    verdict = read(tmp_path / "verdict.json")
    assert verdict.subject.embedded
    first = next(line for line in done.stdout.splitlines() if line.startswith("subject: "))
    last = done.stdout.rstrip().splitlines()[-1]
    assert (f"the embedded emulator at {verdict.base_url}" in first, "by the embedded emulator" in last) == (
        True,
        True,
    )


def test_the_key_is_nowhere(red: Outcome) -> None:
    written = [path.read_text(encoding="utf-8") for path in red.folder.rglob("*") if path.is_file()]
    assert not any(KEY in text for text in [red.out, red.err, *written])


def test_the_verdict_keeps_its_schema(red: Outcome) -> None:
    assert not list(validator().iter_errors(red.verdict))
    verdict = read(red.folder / "verdict.json")
    assert verdict.serializable() == red.verdict
    assert Verdict.from_dict(red.verdict) == verdict
    assert (verdict.complete, verdict.seed, verdict.profile, verdict.suite_errors) == (True, 7, "default", [])
    assert verdict.requests > 10
    assert verdict.created == verdict.removed > 0
    assert verdict.started < verdict.finished


def test_the_verdict_says_why_nothing_is_said(red: Outcome) -> None:
    verdict = read(red.folder / "verdict.json")
    assert {outcome.note for outcome in verdict.of(Status.NOT_TESTED)} <= {"deselected", "not selected"}
    assert [outcome.requirement for outcome in verdict.of(Status.OBSERVED)] == ["list.both-cursors"]


def requirements_in_junit(file: Path) -> set[str]:
    """The requirements whose tests failed, and not by an error, by the properties of their cases."""
    cases = list(ElementTree.parse(file).iter("testcase"))  # noqa: S314 - our own file
    assert not [case for case in cases if case.find("error") is not None]
    found = set()
    for case in cases:
        named = case.find("properties/property[@name='requirement']")
        assert named is not None
        failure = case.find("failure")
        if failure is not None:
            requirement = str(named.get("value"))
            assert str(failure.get("message")).startswith(f"{requirement} (")
            found.add(requirement)
    return found


def test_junit_carries_findings_that_no_test_of_their_own_shows(faulty: str, tmp_path: Path) -> None:
    file, accepted = tmp_path / "junit.xml", tmp_path / "accepted.toml"
    over = '[[deviation]]\nrequirement = "get.unknown"\nreason = "so"\nexpires = 2999-01-01\n'
    accepted.write_text(over, encoding="utf-8")
    selected = ("-k", "list.limit-out-of-bounds or get.unknown", "--deviations", str(accepted))
    outcome = judge(faulty, tmp_path, *selected, "--junitxml", str(file))
    summary = Summary(read(tmp_path / "verdict.json"))
    cases = [case for case in ElementTree.parse(file).iter("testcase") if case.find("failure") is not None]  # noqa: S314
    shown = {str(case.get("name")) for case in cases if case.get("classname") == "conformance.seen_in_passing"}
    assert shown == {"answer.status[delete]", "get.unknown[deviation]"}
    assert outcome.code == 1
    found = {str(case.find("properties/property").get("value")) for case in cases}  # type: ignore[union-attr]
    assert summary.findings == len(found) == 3


def test_junit_calls_no_finding_an_error(serve: Serve, tmp_path: Path) -> None:
    """Of a search that does not work, a fixture tells."""
    file = tmp_path / "junit.xml"
    url = serve(MUTANTS["search-ignored"].app())
    judge(url, tmp_path, "--api-key", PLANTED_KEY, "-k", "list.search", "--lag", "0.2", "--junitxml", str(file))
    assert requirements_in_junit(file) == {"list.search"}


def test_junit_carries_the_requirements(red: Outcome) -> None:
    assert requirements_in_junit(red.folder / "junit.xml") == {"answer.status", "list.limit-out-of-bounds"}


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_junit_says_what_to_do_about_a_finding(faulty: str, tmp_path: Path, workers: tuple[str, ...]) -> None:
    file = tmp_path / "junit.xml"
    judge(faulty, tmp_path, "-k", "list.limit-out-of-bounds", "--junitxml", str(file), *workers)
    failures = list(ElementTree.parse(file).iter("failure"))  # noqa: S314 - our own file
    (failure,) = [failure for failure in failures if "limit of 0" in str(failure.get("message"))]
    assert str(failure.get("message")).splitlines() == [
        f"list.limit-out-of-bounds (list): {catalogue()['list.limit-out-of-bounds'].promise}",
        "expected status 422, for a request with limit of 0",
        "seen status 200",
    ]
    assert str(failure.text).startswith(str(failure.get("message")))
    script = (tmp_path / "repro" / "list.limit-out-of-bounds.sh").read_text(encoding="utf-8")
    assert script.partition("token=")[0] in str(failure.text)
    assert "curl --include" in str(failure.text)


def test_verbose_shows_a_line_for_each_test(faulty: str, tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    selected = "list.limit-out-of-bounds or list.both-cursors"
    outcome = judge(faulty, tmp_path, "-v", "-k", selected, "--junitxml", str(file), "-o", "junit_family=legacy")
    assert re.search(r"\[list.limit-out-of-bounds-list limit of 0\] FAILED", outcome.out)
    assert re.search(r"\[list.both-cursors\] OBSERVED", outcome.out)
    assert "Observed, without judgement" in outcome.out
    assert requirements_in_junit(file) == outcome.statuses("finding") == {"answer.status", "list.limit-out-of-bounds"}


def test_quiet_shows_the_summary_alone_and_narrow_cuts_nothing_off(faulty: str, tmp_path: Path) -> None:
    outcome = judge(faulty, tmp_path, "-q", "-k", "list.limit-out-of-bounds", COLUMNS="60", NO_COLOR="1")
    shown = outcome.out.strip().splitlines()
    assert shown[0].endswith("does not conform")
    assert shown[-1] == "2 findings; 0 of 1 MUST met"
    assert "FINDING" not in outcome.out
    assert "\x1b" not in outcome.out
    assert not [line for line in shown if len(line) > 60]


def test_workers_find_the_same(faulty: str, red: Outcome, tmp_path: Path) -> None:
    outcome = judge(faulty, tmp_path, "-n", "2", "-k", FEW, "--seed", "7")
    assert (outcome.code, outcome.statuses("finding")) == (1, red.statuses("finding"))
    assert outcome.verdict["created"] == outcome.verdict["removed"] > 0
    assert outcome.out.count("FINDING answer.status") == 1
