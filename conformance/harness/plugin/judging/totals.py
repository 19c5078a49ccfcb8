"""What one process did, found and left: xdist's workers send it to the controller as plain data."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import asdict
from typing import Any

from conformance.harness.evidence.evidence import of_finding, scripted
from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.script import Surroundings, title_of
from conformance.harness.judges.finding import Finding
from conformance.harness.plugin.run import Run
from specs.requirements import catalogue


def surroundings_of(run: Run, redactor: Redactor, command: str) -> Surroundings:
    """What scripts have to know of a run; `command` judges one requirement again, whose id is to follow."""
    return Surroundings(run.target.base_url, run.token, run.ledger.history, redactor, command, run.sdk is not None)


def close(
    run: Run | None, obstacle: str, judged: Container[tuple[str, str]], redactor: Redactor, command: str
) -> dict[str, Any]:
    """Removes what the run created, and tells what it did.

    `obstacle` is why the run was cut short; `judged` holds the requirements and operations that this run judges;
    `command` is that of `surroundings_of`.
    """
    if run is None:
        return {"token": "", "findings": [], "created": 0, "removed": 0, "left": [], "obstacle": "", "calls": 0}
    of_the_target = "" if run.sdk else run.ledger.obstacle  # a script may refuse an SDK whatever it asks
    left = redactor.values(run.remove_everything())  # which may show a fault, too
    # With an SDK as the subject, nothing is said of the target.
    findings = [found for found in run.ledger.all_findings() if (found.requirement, found.operation) in judged]
    return {
        "token": run.token,
        "findings": _results_of(findings, surroundings_of(run, redactor, command)),
        "created": run.journal.created,
        "removed": run.journal.removed,
        "left": left,
        "obstacle": redactor.text(obstacle or of_the_target),
        "calls": run.sdk.sent if run.sdk else 0,
    }


def _results_of(findings: Iterable[Finding], surroundings: Surroundings) -> list[dict[str, Any]]:
    """One result by requirement and operation: of the first finding that a script shows again, else of the first."""
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in findings:
        pair = finding.requirement, finding.operation
        if pair in kept and kept[pair]["evidence"]["script"]:
            continue  # nobody would see another one
        result = _result_of(finding, surroundings)
        if pair not in kept or result["evidence"]["script"]:
            kept[pair] = result
    return list(kept.values())


def _result_of(finding: Finding, surroundings: Surroundings) -> dict[str, Any]:
    """A judge's finding, as the result of a test has it."""
    title = title_of(catalogue()[finding.requirement], finding.operation)
    evidence = scripted(of_finding(finding), title, surroundings)
    return {
        "requirement": finding.requirement,
        "operation": finding.operation,
        "note": "",
        "evidence": asdict(evidence),
        "blocked_by": [],
    }


def sendable(value: Any) -> Any:
    """JSON values as a worker can send them to the controller: lone surrogates, which no UTF-8 has, as escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {sendable(name): sendable(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(sendable(inner) for inner in value)
    return value
