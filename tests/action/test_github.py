"""The verdict in GitHub's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reports import github
from reports.verdict.deviations import Deviation
from reports.verdict.verdict import Cause, Evidence, Outcome, Result, Status, Verdict
from tests.reports.samples import EXCHANGE, a_verdict

FINDING = Outcome(
    "list.limit",
    "list",
    "MUST",
    "A promise.",
    ("O limit",),
    Status.FINDING,
    ["a test"],
    Evidence("422", "200", (EXCHANGE,)),
)
MET = replace(FINDING, status=Status.MET, evidence=Evidence())


def verdict(*outcomes: Outcome, **fields: Any) -> Verdict:
    return a_verdict(outcomes, **{"reason": "", **fields})


def test_a_command_escapes_what_would_end_it() -> None:
    found = replace(FINDING, requirement="a:b,c", promise="100%\r\n::error::injected")
    assert list(github.annotations(verdict(found))) == [
        "::error title=a%3Ab%2Cc (list)::100%25%0D%0A::error::injected%0Aexpected 422%0Aseen 200"
    ]


def test_annotations_are_as_many_as_the_runner_takes() -> None:
    many = verdict(*[replace(FINDING, requirement=f"list.{number}") for number in range(20)])
    shown = list(github.annotations(many))
    assert len(shown) == github.MOST_ANNOTATIONS
    assert shown[-1] == "::error title=More than the runner shows::11 more errors are in the job summary."


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({}, Result.MET),
        ({"reason": "the target is gone"}, Result.NO_JUDGEMENT),
        ({"outdated": [Deviation("list.limit", "a reason", "2999-01-01")]}, Result.FINDINGS),
    ],
)
def test_the_result_in_a_word_and_its_reason(fields: dict[str, Any], result: Result) -> None:
    of_run = verdict(MET, result=result, **fields)
    assert github.outputs(of_run)["result"] == result
    assert f"{github.TITLE}: {result}\n" in github.summary(of_run)
    assert of_run.reason in github.summary(of_run)


def test_the_table_has_the_findings_by_group() -> None:
    summary = github.summary(verdict(FINDING, MET, replace(MET, requirement="list.order")))
    assert "| Pages of lists | 1 | 2 | `list.limit` |" in summary


def test_what_was_blocked_or_accepted_is_named() -> None:
    blocked = replace(MET, requirement="list.order", status=Status.BLOCKED, blocked_by=[Cause("list.limit", "list")])
    accepted = replace(MET, requirement="get.unknown", status=Status.DEVIATION, note="until 2999-01-31: so")
    summary = github.summary(verdict(FINDING, blocked, accepted))
    assert "- list.limit (list): `list.order`" in summary
    assert "- `get.unknown` (list): until 2999-01-31: so" in summary


def test_one_requirement_is_one_finding() -> None:
    both = verdict(FINDING, replace(FINDING, operation="get"))
    assert github.outputs(both)["findings"] == "1"
    assert [line.partition("::A")[0] for line in github.annotations(both)] == ["::error title=list.limit (list%2C get)"]
    assert github.summary(both).count("<details>") == 1


def test_a_target_cannot_write_markdown() -> None:
    evil = replace(FINDING, evidence=Evidence("422", "```\n</details><h1>fine</h1>", (EXCHANGE,)))
    assert "````diff" in github.summary(verdict(evil))
    assert "<b>" not in github.summary(verdict(replace(FINDING, promise="<b>bold</b>")))


def test_a_summary_stays_within_what_the_runner_takes() -> None:
    many = [replace(FINDING, requirement=f"list.{number}", promise="x" * 10_000) for number in range(200)]
    summary = github.summary(verdict(*many))
    assert len(summary.encode()) < 1024 * 1024
    assert "more are in verdict.json." in summary
