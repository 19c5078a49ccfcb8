"""What makes a run pass, fail or say nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from reports.verdict import gate
from reports.verdict.deviations import Deviation, DeviationsError, load
from reports.verdict.verdict import Evidence, Status, SuiteError, Verdict, outcomes_of
from specs.requirements import catalogue
from tests.reports.conftest import judge

TODAY = date(2026, 8, 1)
ACCEPTED = """
[[deviation]]
requirement = "delete.answers"
reason = "answers 204 until release 3"
expires = 2999-01-31
[[deviation]]
requirement = "answer.status"
operation = "delete"
reason = "the same"
issue = "https://example.com/issues/12"
expires = 2999-01-31
"""
OVER = """
[[deviation]]
requirement = "get.unknown"
reason = "it was broken once"
expires = 2999-01-31
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "deviations.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_accepted_deviations_let_a_run_pass(faulty: str, tmp_path: Path) -> None:
    file = written(tmp_path, ACCEPTED)
    outcome = judge(faulty, tmp_path, "-k", "delete.answers or answer.status", "--deviations", str(file))
    assert outcome.code == 0, outcome.out
    assert outcome.statuses("deviation") == {"delete.answers", "answer.status"}
    assert "accepted until 2999-01-31: answers 204 until release 3: delete.answers (delete)" in outcome.out
    assert "0 findings, 2 accepted deviations" in outcome.out


def test_a_deviation_that_no_longer_occurs_is_a_finding(correct: str, tmp_path: Path) -> None:
    file = written(tmp_path, ACCEPTED + OVER)
    outcome = judge(correct, tmp_path, "-k", "get.unknown", "--deviations", str(file))
    assert outcome.code == 1
    assert "FINDING get.unknown" in outcome.out
    assert "no longer occurs" in outcome.out
    assert [entry["requirement"] for entry in outcome.verdict["outdated"]] == ["get.unknown"]


def test_what_was_proposed_is_refused_until_it_has_reasons(faulty: str, tmp_path: Path) -> None:
    file = tmp_path / "proposed.toml"
    outcome = judge(
        faulty, tmp_path, "-k", "list.limit-out-of-bounds or delete.answers", "--write-deviations", str(file)
    )
    assert outcome.code == 1
    refused = judge(faulty, tmp_path, "--deviations", str(file))
    assert (refused.code, refused.err.strip().count("\n")) == (4, 0)
    assert f"{file}:" in refused.err
    assert "the reason is missing" in refused.err
    file.write_text(file.read_text(encoding="utf-8").replace('reason = ""', 'reason = "known"'), encoding="utf-8")
    names = {deviation.requirement for deviation in load(file, date.today())}
    assert names == {"list.limit-out-of-bounds", "delete.answers", "answer.status"}


def test_a_warning_is_a_finding_under_strict() -> None:
    verdict = verdict_with({"create.accepts-valid-bodies": Status.WARNING})
    assert gate.exit_code(verdict) == 0
    assert gate.exit_code(verdict_with({"create.accepts-valid-bodies": Status.FINDING})) == 1


def test_a_bug_of_the_suite_is_no_judgement_but_a_finding_outweighs_it() -> None:
    verdict = verdict_with({})
    verdict.suite_errors.append(SuiteError("a test", "a traceback"))
    assert gate.exit_code(verdict) == 3
    both = verdict_with({"delete.answers": Status.FINDING})
    both.suite_errors.append(SuiteError("a test", "a traceback"))
    assert gate.exit_code(both) == 1


def test_only_what_was_tested_can_be_over() -> None:
    deviation = Deviation("answer.status", "known", "2999-01-01")
    everywhere = {"answer.status": Status.MET}
    assert gate.outdated([deviation], verdict_with(everywhere)) == [deviation]
    assert gate.outdated([deviation], verdict_with({})) == []
    partly = verdict_with(everywhere)
    next(outcome for outcome in partly.outcomes if outcome.requirement == "answer.status").status = Status.BLOCKED
    assert gate.outdated([deviation], partly) == []
    interrupted = verdict_with(everywhere)
    interrupted.complete = False
    assert gate.outdated([deviation], interrupted) == []


def test_proposals_name_an_operation_only_where_others_are_fine() -> None:
    verdict = verdict_with({"answer.status": Status.FINDING})
    (proposal, comment), *others = gate.proposed(verdict, [], TODAY)
    assert (proposal.operation, proposal.reason, others) == (None, "", [])
    assert comment == catalogue()["answer.status"].promise
    assert date.fromisoformat(proposal.expires) - TODAY == timedelta(days=90)
    verdict.outcomes[0].status, fine = Status.FINDING, verdict.of(Status.FINDING)[1:]
    fine[0].status = Status.MET
    assert None not in {proposal.operation for proposal, _ in gate.proposed(verdict, [], TODAY)}


ENTRY = '[[deviation]]\nrequirement = "delete.answers"\nreason = "known"\nexpires = 2026-08-01\n'

MISTAKES = {
    ENTRY.replace("delete.answers", "delete.nothing"): ":2: 'delete.nothing' is no requirement",
    ENTRY.replace("known", " "): ":3: the reason is missing",
    ENTRY.replace('reason = "known"\n', ""): ":1: the reason is missing",
    ENTRY.replace("2026-08-01", "2026-07-31"): ":4: expired on 2026-07-31",
    ENTRY.replace("2026-08-01", '"2026-08-01"'): ":4: expires has to be a date",
    ENTRY + ENTRY: ":6: delete.answers is there twice",
    ENTRY + 'operation = "get"\n': ":5: delete.answers says nothing of 'get'",
    ENTRY + 'issue = "JIRA-1"\n': ":5: 'JIRA-1' is no address",
    ENTRY + 'until = "then"\n': ":5: a deviation has no until",
    "deviation = 3\n": ":1: only [[deviation]] tables are known",
    "\n[[deviations]]\n": ":2: only [[deviation]] tables are known",
    "[[deviation]\n": ": not TOML: ",
}


@pytest.mark.parametrize("text", MISTAKES, ids=MISTAKES.values())
def test_mistakes_are_named_with_their_line(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DeviationsError) as error:
        load(path, TODAY)
    assert str(error.value).startswith(f"{path}{MISTAKES[text]}")
    assert "\n" not in str(error.value)


def test_a_deviation_holds_on_its_last_day(tmp_path: Path) -> None:
    assert load(written(tmp_path, ENTRY), TODAY) == [Deviation("delete.answers", "known", "2026-08-01")]


def verdict_with(statuses: dict[str, Status]) -> Verdict:
    """A verdict in which these requirements have a status at all of their operations."""
    outcomes = outcomes_of(catalogue().values())
    for outcome in outcomes.values():
        if outcome.requirement in statuses:
            outcome.weigh(statuses[outcome.requirement], "a test", Evidence("this", "that"))
    return Verdict("http://example.com", "quick", 1, list(outcomes.values()))
