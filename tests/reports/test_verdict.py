"""A verdict: what weighs most, what is read again from its file, and what is worse than before."""

from __future__ import annotations

import pytest

from reports.verdict.deviations import Deviation
from reports.verdict.diff import changes
from reports.verdict.verdict import Evidence, Outcome, Status, SuiteError, Verdict, validator
from tests.reports.samples import changed


def test_serializable_and_from_dict_are_inverses(verdict: Verdict) -> None:
    verdict.suite_errors.append(SuiteError("a_test", "KeyError"))
    verdict.outdated.append(Deviation("get.unknown", "so", "2999-01-01", "get", "https://example.com/1"))
    values = verdict.serializable()
    assert not list(validator().iter_errors(values))
    assert Verdict.from_dict(values) == verdict
    assert Verdict.from_dict(values).serializable() == values


def test_the_heaviest_status_stays_with_its_first_evidence() -> None:
    outcome = Outcome("get.answers", "get", "MUST")
    for status, test in ((Status.MET, "a"), (Status.FINDING, "b"), (Status.MET, "c"), (Status.FINDING, "d")):
        outcome.weigh(status, test, Evidence(seen=test))
    assert (outcome.status, outcome.tests, outcome.evidence.seen) == (Status.FINDING, ["b", "d"], "b")


def test_evidence_with_a_script_is_better_than_the_first() -> None:
    outcome = Outcome("get.answers", "get", "MUST")
    for seen, script in (("a", ""), ("b", "#!/bin/sh"), ("c", "#!/bin/sh")):
        outcome.weigh(Status.FINDING, seen, Evidence(seen=seen, script=script))
    assert (outcome.evidence.seen, outcome.tests) == ("b", ["a", "b", "c"])


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        (Status.MET, Status.FINDING, [True]),
        (Status.FINDING, Status.MET, [False]),
        (Status.MET, Status.BLOCKED, [True]),
        (Status.FINDING, Status.DEVIATION, [False]),
        (Status.NOT_TESTED, Status.FINDING, [True]),
        (Status.NOT_TESTED, Status.MET, []),
        (Status.FINDING, Status.BLOCKED, []),
        (Status.FINDING, Status.NOT_TESTED, []),
        (Status.MET, Status.MET, []),
    ],
)
def test_what_is_better_and_what_is_worse(
    verdict: Verdict, before: Status, after: Status, is_worse: list[bool]
) -> None:
    found = changes(changed(verdict, before), changed(verdict, after))
    assert [change.is_worse for change in found] == is_worse
