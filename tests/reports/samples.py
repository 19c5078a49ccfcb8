"""Verdicts made by hand, as a run leaves them."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from reports.verdict.subject import server
from reports.verdict.verdict import ExchangeRecord, Outcome, Status, Verdict

BASE_URL = "http://example.com"
CURL = f"curl --include --request GET {BASE_URL}/organizations?{'x' * 200}"
EXCHANGE = ExchangeRecord(
    operation="list",
    method="GET",
    url=f"{BASE_URL}/organizations",
    seconds=0.01,
    request_headers={},
    request_body="",
    status=200,
    response_headers={"content-type": "application/json"},
    response_body="{}",
    curl=CURL,
)


def a_verdict(outcomes: Iterable[Outcome], **fields: Any) -> Verdict:
    """The verdict on a server."""
    made = Verdict(server(BASE_URL), BASE_URL, "quick", 1, list(outcomes))
    made.started = made.finished = "2026-08-01T12:00:00.000Z"
    made.suite_version = made.contract_version = "1"
    return replace(made, **fields)


def changed(verdict: Verdict, status: Status, identifier: str = "get.answers") -> Verdict:
    """A copy in which one requirement has this status."""
    other = copy.deepcopy(verdict)
    next(outcome for outcome in other.outcomes if outcome.requirement == identifier).status = status
    return other
