"""The verdict on a terminal, and the commands that show it."""

import io
import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from reports import terminal
from reports.summary import Summary
from reports.verdict.deviations import Deviation
from reports.verdict.subject import server
from reports.verdict.verdict import (
    Evidence,
    Outcome,
    Result,
    Status,
    SuiteError,
    UnreadableVerdictError,
    Verdict,
    outcomes_of,
    read,
)
from specs.requirements import catalogue
from tests.reports.conftest import ROOT
from tests.reports.samples import CURL, EXCHANGE, a_verdict, changed

SCRIPT = "out/repro/organization.metadata.sh"
WRITTEN = terminal.Written(["out/verdict.json"], {"organization.metadata": SCRIPT})


def shown(verdict: Verdict, width: int = 100, **options: bool) -> str:
    console = Console(width=width, file=io.StringIO(), force_terminal=False, no_color=True)
    terminal.show(console, verdict, options.get("brief", False), options.get("full", False), WRITTEN)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_one_requirement_is_one_finding(verdict: Verdict) -> None:
    text = shown(verdict)
    assert text.count("FINDING") == 1
    assert "FINDING organization.metadata (get, lookup)" in text
    assert "expected  an object; seen get (at lookup: lookup)" in text
    assert f"repeat    sh {SCRIPT} # GET /organizations -> 200" in shown(verdict, 120)
    assert "shown by  2 tests" in shown(verdict, full=True)
    assert Summary(verdict).line == "1 finding, 1 warning, 1 blocked, 1 accepted deviation; 1 of 4 MUST met"


def test_the_summary_comes_last(verdict: Verdict) -> None:
    text = shown(verdict)
    order = ["FINDING", "WARNING", "Blocked", "Accepted deviations", "does not conform", "1 finding", "wrote out/"]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    assert text.endswith(shown(verdict, brief=True))
    assert f"\nstart with BASE_URL=http://example.com sh {SCRIPT}\n" in shown(verdict, brief=True)
    assert f"\nstart with BASE_URL=http://example.com \\\n  sh {SCRIPT}\n" in shown(verdict, 60, brief=True)
    assert "The organization object  1 of 1" in shown(verdict, brief=True)


def test_one_starts_with_what_blocks_most(verdict: Verdict) -> None:
    for outcome in verdict.outcomes:
        if (outcome.requirement, outcome.operation) == ("lookup.answers", "lookup"):
            outcome.weigh(Status.FINDING, "a test", Evidence("200", "500"))
    scripts = {identifier: f"out/repro/{identifier}.sh" for identifier in ("organization.metadata", "lookup.answers")}
    console = Console(width=100, file=io.StringIO(), no_color=True)
    terminal.show(console, verdict, brief=True, written=terminal.Written([], scripts))
    assert isinstance(console.file, io.StringIO)
    assert "sh out/repro/lookup.answers.sh\n" in console.file.getvalue()


def test_a_source_stands_beside_a_title_of_its_own_where_it_fits(verdict: Verdict) -> None:
    source = "source documentation page, GET /organizations/:id: the sample"
    title = "FINDING organization.metadata (get, lookup)"
    assert f"{title}  {source}\n  An organization carries its metadata," in shown(verdict, 110)
    assert source not in shown(verdict, 110).replace(f"{title}  {source}", "")
    assert f"  {source.replace('source', 'source   ')}\n" in shown(verdict, 90)


def test_a_success_is_the_same_at_every_operation() -> None:
    outcomes = outcomes_of(catalogue().values())
    for operation, seen in (("create", "status 201"), ("update", "status 200")):
        outcomes["body.name-type", operation].weigh(Status.FINDING, "a test", Evidence("status 422", seen))
    text = shown(a_verdict(outcomes.values(), result=Result.FINDINGS, reason=""))
    assert "FINDING body.name-type (create, update)" in text
    assert "expected  status 422; seen status 201\n" in text


def test_an_id_leaves_room_for_what_came_of_the_request(verdict: Verdict) -> None:
    known = f"http://example.com/organizations/org_{'0' * 26}"
    for outcome in verdict.of(Status.FINDING):
        outcome.evidence = Evidence("this", "that", (replace(EXCHANGE, method="PUT", url=known),))
    assert f"repeat    sh {SCRIPT} # PUT /organizations/org_00000... -> 200" in shown(verdict)


def test_without_a_judgement_nothing_is_counted() -> None:
    made = a_verdict([], result=Result.NO_JUDGEMENT, reason="http://example.com cannot be reached")
    assert "no judgement of http://example.com" in shown(made)
    assert "MUST" not in shown(made)


def test_what_blocks_is_named_once_with_what_it_blocks(verdict: Verdict) -> None:
    assert "  lookup.answers (lookup), 1 requirement: lookup.unknown\n" in shown(verdict)


def test_what_was_not_selected_is_said_to_be_implied(verdict: Verdict) -> None:
    for outcome in verdict.of(Status.FINDING):
        outcome.implied = True
    verdict.outcomes[0].deselected = 1
    text = shown(verdict)
    assert "FINDING organization.metadata (get, lookup) seen in passing, not selected" in text
    assert "implied by responses to the selected tests: organization.metadata" in text
    assert "only what they check is counted" in text
    assert Summary(verdict).line.endswith("1 of 3 MUST met")


@pytest.mark.parametrize("width", [100, 120])
def test_many_findings_are_read_at_one_sitting(width: int) -> None:
    must = [known for known in catalogue("server").values() if known.level == "MUST"][:43]
    outcomes = outcomes_of(must)
    for (_, operation), outcome in outcomes.items():
        outcome.weigh(
            Status.FINDING, "a test", Evidence("status 422, for a request", f"at {operation}" * 9, (EXCHANGE,))
        )
    lines = shown(a_verdict(outcomes.values(), result=Result.FINDINGS, reason=""), width).splitlines()
    assert sum(line.startswith("FINDING") for line in lines) == 43
    starts = [number for number, line in enumerate(lines) if line.startswith("FINDING")]
    assert max(after - before for before, after in itertools.pairwise(starts)) <= 8


def test_a_finding_of_one_line_each_fits_the_page() -> None:
    must = [known for known in catalogue("server").values() if known.level == "MUST"][:43]
    outcomes = outcomes_of(must)
    for outcome in outcomes.values():
        outcome.weigh(Status.FINDING, "a test", Evidence("status 422", "status 200", (EXCHANGE,)))
    lines = shown(a_verdict(outcomes.values(), result=Result.FINDINGS, reason=""), 100).splitlines()
    assert len(lines) <= 250


def test_what_probes_saw_is_shown_on_demand(verdict: Verdict) -> None:
    assert "list.both-cursors" not in shown(verdict)
    assert "422: list.both-cursors (list)" in shown(verdict, full=True)


def test_nothing_acts_upon_the_terminal(verdict: Verdict) -> None:
    assert r"\x1b[31mred\r\x00" in shown(verdict)
    assert "\x1b" not in shown(verdict)


@pytest.mark.parametrize("width", [40, 60, 120])
def test_lines_fit(verdict: Verdict, width: int) -> None:
    assert not [line for line in shown(verdict, width).splitlines() if len(line) > width]


def test_everything_is_shown_on_demand(verdict: Verdict) -> None:
    assert f"  {CURL}" in shown(verdict, full=True).splitlines()


@pytest.mark.parametrize("embedded", [False, True])
def test_the_result_takes_one_line_of_eighty_columns(embedded: bool) -> None:
    many = [Outcome(f"x.{number}", "list", "MUST", status=Status.FINDING) for number in range(150)]
    many += [Outcome(f"y.{number}", "list", "MUST", status=Status.BLOCKED) for number in range(150)]
    made = Summary(a_verdict(many, subject=server("http://localhost:4000", embedded)))
    assert len(made.line) <= 78


def test_suite_errors_and_outdated_deviations_are_shown(verdict: Verdict) -> None:
    verdict.suite_errors.append(SuiteError("a_test", "KeyError: 'name'"))
    verdict.outdated.append(Deviation("get.unknown", "so", "2999-01-01"))
    verdict.complete = False
    text = shown(verdict)
    assert "SUITE ERROR a_test" in text
    assert "KeyError: 'name'" in text
    assert "no longer occurs" in text
    assert Summary(verdict).line.startswith("INCOMPLETE: 2 findings, ")


def reports(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "reports", *map(str, arguments)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_the_last_verdict_is_found_without_its_name(verdict: Verdict, tmp_path: Path) -> None:
    assert reports(cwd=tmp_path).stderr.startswith("reports: no conformance-report/verdict.json in this folder")
    for number, folder in enumerate(("conformance-report", "conformance-report-2")):
        path = tmp_path / folder / "verdict.json"
        verdict.write(path)
        os.utime(path, (number, number))
    assert "conformance-report-2/verdict.json" in reports("-q", cwd=tmp_path).stdout


def test_one_requirement_is_shown_in_full_and_a_slip_in_its_id_is_noticed(verdict: Verdict, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    verdict.write(path)
    shown = reports("show", "organization.metadata", path).stdout
    assert shown.startswith("FINDING organization.metadata (get, lookup)")
    assert CURL in shown
    slip = reports("show", "organisation.metadata", path)
    assert slip.returncode == 2
    assert slip.stderr.endswith("is no requirement; did you mean organization.metadata?\n")


def test_a_requirement_that_a_run_did_not_come_to_is_said_to_be_untested(verdict: Verdict, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    replace(verdict, outcomes=[], reason="the key was refused").write(path)
    shown = reports("show", "list.walk-back", path).stdout
    assert shown == "list.walk-back: not tested in this run (the key was refused)\n"


def test_the_commands(verdict: Verdict, tmp_path: Path) -> None:
    met, broken = tmp_path / "met.json", tmp_path / "broken.json"
    verdict.write(met)
    changed(verdict, Status.FINDING).write(broken)
    again = reports(broken)
    assert (again.returncode, again.stderr) == (0, "")
    assert "FINDING get.answers (get)" in again.stdout
    worse = reports("diff", met, broken)
    assert (worse.returncode, worse.stdout) == (1, "worse: get.answers (get): met -> finding\n1 worse, 0 better\n")
    assert reports("diff", broken, met).returncode == 0
    missing = reports("diff", met, tmp_path / "none.json")
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)


def broken_files(values: dict[str, Any]) -> dict[str, str]:
    return {
        "{": "not JSON",
        "[]": "not a verdict",
        json.dumps({**values, "schema_version": 1}): "a verdict of version 1; this suite reads version 2 alone",
        json.dumps({**values, "seed": "x"}): "$.seed",
    }


def test_other_files_are_refused_in_one_line(verdict: Verdict, tmp_path: Path) -> None:
    path = tmp_path / "verdict.json"
    for text, complaint in broken_files(verdict.serializable()).items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UnreadableVerdictError) as error:
            read(path)
        assert complaint in str(error.value)
        assert "\n" not in str(error.value)
