"""Draws the picture of a run for the README: `python -m tests.docs.picture` writes docs/run.svg."""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console

from reports import terminal
from reports.verdict.subject import server
from reports.verdict.verdict import Evidence, ExchangeRecord, Outcome, Result, Status, Verdict, outcomes_of
from specs.requirements import catalogue

PICTURE = Path(__file__).parents[2] / "docs" / "run.svg"
WIDTH = 100
FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
BASE_URL = "https://api.example.com"
UPDATE = ExchangeRecord(
    operation="update",
    method="PUT",
    url=f"{BASE_URL}/organizations/org_01M8A0MRAYWYYG7PQZE4SRJYYK",
    seconds=0.01,
    request_headers={},
    request_body='{"metadata":{"tier":"gold"}}',
    status=200,
    response_headers={},
    response_body="{}",
)
LIST = ExchangeRecord(
    operation="list",
    method="GET",
    url=f"{BASE_URL}/organizations?limit=0",
    seconds=0.01,
    request_headers={},
    request_body="",
    status=200,
    response_headers={},
    response_body="{}",
)
FINDINGS = {
    ("update.metadata-merges", "update"): Evidence(
        'metadata key "seats": "25"', 'metadata key "seats": missing', (UPDATE,)
    ),
    ("list.limit-out-of-bounds", "list"): Evidence("status 422, for a request with limit of 0", "status 200", (LIST,)),
}


def draw() -> str:
    """The picture as SVG. It asks nobody for a font."""
    console = Console(width=WIDTH, file=io.StringIO(), record=True, force_terminal=True, color_system="truecolor")
    scripts = {requirement: f"conformance-report/repro/{requirement}.sh" for requirement, _ in FINDINGS}
    files = ["conformance-report/verdict.json", "conformance-report/repro (2 scripts to see findings again)"]
    terminal.show(console, verdict(), written=terminal.Written(files, scripts))
    title = f"organizations-conformance --base-url {BASE_URL}"
    return FONTS.sub("", console.export_svg(title=title, unique_id="run"))


def verdict() -> Verdict:
    """A run that found two faults."""
    outcomes = outcomes_of(catalogue("server").values())
    for pair, outcome in outcomes.items():
        _settle(outcome, FINDINGS.get(pair))
    made = Verdict(server(BASE_URL), BASE_URL, "default", 20260801, list(outcomes.values()))
    made.result, made.reason = Result.FINDINGS, ""
    made.requests, made.created, made.removed, made.seconds = 640, 44, 44, 9.7
    return made


def _settle(outcome: Outcome, evidence: Evidence | None) -> None:
    if evidence is not None:
        outcome.weigh(Status.FINDING, "a test", evidence)
    else:
        outcome.weigh(Status.MET if outcome.level != "INFO" else Status.OBSERVED, "a test", Evidence())


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
