"""What makes a run pass, fail or say nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from emulator.api import Api
from emulator.store import Store
from reports.verdict import gate
from reports.verdict.deviations import Deviation, DeviationsError, load
from reports.verdict.subject import sdk, server
from reports.verdict.verdict import NOT_ENDED, Cause, Evidence, Status, SuiteError, Verdict, outcomes_of
from specs.requirements import catalogue
from tests.reports.conftest import KEY, Serve, judge
from tests.reports.samples import a_verdict

TODAY = date(2026, 8, 1)
ACCEPTED = """
[[deviation]]
requirement = "answer.status"
operation = "delete"
reason = "answers 204 until release 3"
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
    outcome = judge(faulty, tmp_path, "-k", "answer.status", "--deviations", str(file))
    assert outcome.code == 0, outcome.out
    assert outcome.statuses("deviation") == {"answer.status"}
    shown = " ".join(outcome.out.split())
    assert "until 2999-01-31: answers 204 until release 3 (https://example.com/issues/12): answer.status" in shown
    assert "0 findings, 1 accepted deviation;" in outcome.out


class Searchless:
    """A correct implementation but for one fault: it knows no search."""

    def __init__(self) -> None:
        self._correct = Api(Store(), KEY).app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].replace(b"search=", b"other=")
        await self._correct({**scope, "query_string": query}, receive, send)


SEARCH = """
[[deviation]]
requirement = "list.search"
reason = "search comes with release 4"
expires = 2999-01-31
"""


def test_a_deviation_covers_what_it_blocks_by_name(serve: Serve, tmp_path: Path) -> None:
    target = serve(Searchless())
    blocked = judge(target, tmp_path, "-k", "list.filters-combine or get.unknown")
    assert blocked.code == 1
    assert blocked.verdict["reason"] == "" or "list.filters-combine" in blocked.verdict["reason"]
    file = written(tmp_path, SEARCH)
    outcome = judge(target, tmp_path, "-k", "list.search or list.filters-combine", "--deviations", str(file))
    assert outcome.code == 0, outcome.out
    combined = next(o for o in outcome.verdict["outcomes"] if o["requirement"] == "list.filters-combine")
    assert combined["status"] == "blocked"
    assert combined["blocked_by"] == [{"requirement": "list.search", "operation": "list", "accepted": True}]
    assert "accepted until 2999-01-31: search comes with release 4" in combined["note"]


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
        faulty, tmp_path, "-k", "list.limit-out-of-bounds or answer.status", "--write-deviations", str(file)
    )
    assert outcome.code == 1
    refused = judge(faulty, tmp_path, "--deviations", str(file))
    assert refused.code == 4
    [reason] = [line for line in refused.err.splitlines() if line.startswith("ERROR")]
    assert f"{file}:" in reason
    assert "the reason is missing" in refused.err
    file.write_text(file.read_text(encoding="utf-8").replace('reason = ""', 'reason = "known"'), encoding="utf-8")
    names = {deviation.requirement for deviation in load(file, date.today())}
    assert names == {"list.limit-out-of-bounds", "answer.status"}


DELETE = Cause("delete.answers", "delete")
ACCEPTED_DELETE = Cause("delete.answers", "delete", accepted=True)
SLIP = SuiteError("a test", "a traceback")


def came_to(statuses: dict[str, Status], blocked_by: Iterable[Cause] = (), **fields: Any) -> tuple[int, str]:
    """Exit code and reason of a run with these statuses."""
    verdict = replace(verdict_with({"get.answers": Status.MET} | statuses, blocked_by), **fields)
    gate.conclude(verdict)
    return gate.exit_code(verdict), verdict.reason


def test_what_a_run_comes_to() -> None:
    assert came_to({}) == (0, "")
    assert came_to({"create.accepts-valid-bodies": Status.WARNING}) == (0, "")
    assert came_to({"create.accepts-valid-bodies": Status.FINDING}) == (1, "")
    assert came_to({"delete.answers": Status.DEVIATION}) == (0, "")
    assert came_to({}, outdated=[Deviation("delete.answers", "known", "2999-01-01")]) == (1, "")
    assert came_to({"get.answers": Status.NOT_TESTED}) == (3, "no requirement was tested")
    assert came_to({}, complete=False) == (3, NOT_ENDED)


def test_a_must_that_stayed_blocked_fails_the_run_unless_its_cause_is_accepted() -> None:
    blocked = {"delete.gone": Status.BLOCKED}
    reason = "delete.gone could not be judged: blocked by delete.answers (delete)"
    assert came_to(blocked, [DELETE]) == (1, reason)
    assert came_to(blocked, [ACCEPTED_DELETE]) == (0, "")
    assert came_to(blocked, [ACCEPTED_DELETE, Cause("get.answers", "get")])[0] == 1
    assert came_to(blocked)[0] == 1
    assert came_to({"error.not-found-code": Status.BLOCKED}, [DELETE]) == (0, "")  # a SHOULD


def test_a_bug_of_the_suite_is_no_judgement_but_a_finding_outweighs_it() -> None:
    assert came_to({}, suite_errors=[SLIP]) == (3, "the suite itself failed in 1 test")
    assert came_to({"delete.answers": Status.FINDING}, suite_errors=[SLIP]) == (1, "")


def test_an_obstacle_makes_what_was_found_before_it_doubtful() -> None:
    verdict = verdict_with({"delete.answers": Status.FINDING})
    gate.conclude(verdict, "too many requests")
    assert (gate.exit_code(verdict), verdict.reason) == (3, "too many requests")


def test_a_verdict_says_no_judgement_until_there_is_one() -> None:
    assert gate.exit_code(verdict_with({"get.answers": Status.MET})) == 3


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
    ENTRY + "subject = 3\n": ":5: 3 names no subject",
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


def verdict_with(statuses: dict[str, Status], blocked_by: Iterable[Cause] = ()) -> Verdict:
    """A verdict in which these requirements have a status at all of their operations."""
    outcomes = outcomes_of(catalogue().values())
    for outcome in outcomes.values():
        status = statuses.get(outcome.requirement, Status.NOT_TESTED)
        causes = blocked_by if status is Status.BLOCKED else ()
        outcome.weigh(status, "a test", Evidence("this", "that"), blocked_by=causes)
    return a_verdict(outcomes.values())


def test_a_deviation_may_be_of_one_subject(tmp_path: Path) -> None:
    text = ENTRY + 'subject = "python"\n' + ENTRY + 'subject = "python==1.2"\n' + ENTRY
    of_all_releases, of_one, of_everybody = load(written(tmp_path, text), TODAY)
    python, older, node = sdk("python", "1.2"), sdk("python", "1.1"), sdk("node", "1.2")
    assert [of_all_releases.is_about(subject) for subject in (python, older, node)] == [True, True, False]
    assert [of_one.is_about(subject) for subject in (python, older, node)] == [True, False, False]
    assert of_everybody.is_about(node)
    assert of_everybody.is_about(server("http://example.com"))


def test_what_is_proposed_for_an_sdk_is_of_that_sdk() -> None:
    verdict = replace(verdict_with({"delete.answers": Status.FINDING}), subject=sdk("python", "1.2"))
    ((proposal, _),) = gate.proposed(verdict, [], TODAY)
    assert proposal.subject == "python"
