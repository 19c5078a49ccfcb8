"""The suite as a pytest plugin: requirements on items, outcomes by requirement, the verdict."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable
from dataclasses import asdict
from typing import Any

import pytest

from conformance.harness.client import OperationMissingError
from conformance.harness.evidence import Comparison, evidence_of, record
from conformance.harness.ledger import Finding
from conformance.harness.run import Run
from reports.verdict import Evidence, ExchangeRecord, Outcome, Status, Verdict, outcomes_of
from specs.requirements import Level, Requirement, catalogue

RESULT = "conformance"
"""Name of the attribute by which a test report carries its result to the controller."""


class Judge:
    """Collects what every test and every exchange says, and makes the verdict of it."""

    def __init__(self, config: pytest.Config, verdict: Verdict) -> None:
        self._config = config
        self._started = time.monotonic()
        self.verdict = verdict
        self._outcomes = outcomes_of(catalogue().values())
        verdict.outcomes = list(self._outcomes.values())
        self.run: Run | None = None
        self._comparison: Comparison | None = None

    # ---- items

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Puts the requirement's id into the name of the item."""
        marker = metafunc.definition.get_closest_marker("requirement")
        if marker is not None and "requirement" in metafunc.fixturenames:
            metafunc.parametrize("requirement", [catalogue()[marker.args[0]]], ids=[marker.args[0]])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuses items without a requirement; whatever sums up the exchanges goes last."""
        for item in items:
            requirement, operation = promise_of(item)
            item.extra_keyword_matches.update({requirement.id, operation})
            item.user_properties.append(("requirement", requirement.id))
        items.sort(key=lambda item: item.get_closest_marker("sums_up") is not None)

    # ---- results

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Forgets what an earlier test compared."""
        self._comparison = None

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Keeps the values of the comparison that failed, for the finding."""
        self._comparison = Comparison(op, left, right)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turns what a test raised into the status of its requirement."""
        report = yield
        if call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
            return report
        requirement, operation = promise_of(item)
        status = self._status(requirement, call)
        result = {
            "requirement": requirement.id,
            "operation": operation,
            "status": str(status),
            "note": (note := _note(item, call)),
            "evidence": asdict(self._evidence(call)),
        }
        setattr(report, RESULT, result)
        if status is not Status.FINDING:
            report.outcome = "skipped" if status is Status.BLOCKED else "passed"
            report.longrepr = _reason(item, note) if status is Status.BLOCKED else None
        return report

    def _status(self, requirement: Requirement, call: pytest.CallInfo[None]) -> Status:
        info = requirement.level is Level.INFO
        if call.excinfo is None:
            return Status.OBSERVED if info else Status.MET
        error = call.excinfo.value
        if isinstance(error, OperationMissingError):
            return Status.BLOCKED
        if call.when == "setup" and self._blame(error):
            return Status.BLOCKED
        return self.weight(requirement)

    def weight(self, requirement: Requirement) -> Status:
        """What a requirement that is not met amounts to."""
        if requirement.level is Level.INFO:
            return Status.OBSERVED
        if requirement.level is Level.SHOULD and not self._config.option.strict:
            return Status.WARNING
        return Status.FINDING

    def _blame(self, error: BaseException) -> bool:
        """A preparation that failed is a finding of the operation that failed, not of the test."""
        exchange = getattr(error, "exchange", None)
        if exchange is None or self.run is None:
            return False
        expected = "success, with a body that the contract allows"
        blamed = Finding(f"{exchange.operation}.answers", exchange.operation, expected, str(error), (exchange,))
        self.run.ledger.add([blamed])
        return True

    def _evidence(self, call: pytest.CallInfo[None]) -> Evidence:
        recent = self.run.ledger.take_recent() if self.run is not None else []
        if call.excinfo is None:
            return Evidence()
        return evidence_of(call.excinfo.value, self._comparison, recent)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Gives each status its own letter and word."""
        result = getattr(report, RESULT, None)
        if result is None or result["status"] in (Status.MET, Status.FINDING):
            return None
        status = result["status"]
        letters = {Status.WARNING: "w", Status.BLOCKED: "b", Status.DEVIATION: "d", Status.OBSERVED: "i"}
        return status, letters[Status(status)], status.upper()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Weighs the result of a test; with xdist this runs in the controller."""
        result = getattr(report, RESULT, None)
        if result is not None:
            self._weigh(result, report.nodeid)

    # ---- the end

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Takes in what the exchanges showed, removes what was created, decides the exit code."""
        if self.run is not None:
            totals = self._close(self.run)
            if hasattr(self._config, "workeroutput"):
                self._config.workeroutput[RESULT] = totals
            else:
                self.take(totals)
        self.verdict.seconds = time.monotonic() - self._started
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            failed = self.verdict.of(Status.FINDING) or exitstatus == pytest.ExitCode.TESTS_FAILED
            session.exitstatus = pytest.ExitCode.TESTS_FAILED if failed else pytest.ExitCode.OK
        self.verdict.complete = exitstatus != pytest.ExitCode.INTERRUPTED
        if not hasattr(self._config, "workerinput"):
            self.verdict.write(self._config.option.output / "verdict.json")

    def _close(self, run: Run) -> dict[str, Any]:
        findings = [_result_of(finding) for finding in run.ledger.all_findings()]
        left = run.remove_everything()
        return {
            "findings": findings,
            "requests": run.ledger.requests,
            "created": run.journal.created,
            "removed": run.journal.removed,
            "left": left,
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker of xdist is done: its totals join those of the others."""
        totals = getattr(node, "workeroutput", {}).get(RESULT)
        if totals is not None:
            self.take(totals)

    def take(self, totals: dict[str, Any]) -> None:
        """Adds what one process did and what its exchanges showed."""
        self.verdict.requests += totals["requests"]
        self.verdict.created += totals["created"]
        self.verdict.removed += totals["removed"]
        self.verdict.left += totals["left"]
        for result in totals["findings"]:
            result["status"] = self.weight(catalogue()[result["requirement"]])
            self._weigh(result, "")

    def _weigh(self, result: dict[str, Any], test: str) -> None:
        outcome = self._outcomes[result["requirement"], result["operation"]]
        outcome.weigh(Status(result["status"]), test, _evidence_from(result["evidence"]), result["note"])


def promise_of(item: pytest.Item) -> tuple[Requirement, str]:
    """The requirement that an item checks, and the operation at which.

    Raises pytest.UsageError for an item that names none: a check without a promise.
    """
    marker = item.get_closest_marker("requirement")
    if marker is None or marker.args[0] not in catalogue():
        raise pytest.UsageError(f"{item.nodeid}: names no requirement of the catalogue")
    requirement = catalogue()[marker.args[0]]
    parameters: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
    operation = parameters.get("operation", requirement.operations[0])
    if operation not in requirement.operations:
        raise pytest.UsageError(f"{item.nodeid}: {requirement.id} says nothing of {operation}")
    return requirement, operation


def _note(item: pytest.Item, call: pytest.CallInfo[None]) -> str:
    if call.excinfo is not None and isinstance(call.excinfo.value, OperationMissingError):
        return str(call.excinfo.value)
    return "; ".join(str(value) for name, value in item.user_properties if name == "observed")


def _reason(item: pytest.Item, note: str) -> tuple[str, int, str]:
    path, line, _ = item.location
    return path, line or 0, f"blocked: {note}"


def _result_of(finding: Finding) -> dict[str, Any]:
    exchanges = tuple(record(exchange) for exchange in finding.exchanges)
    return {
        "requirement": finding.requirement,
        "operation": finding.operation,
        "note": "",
        "evidence": asdict(Evidence(finding.expected, finding.seen, exchanges)),
    }


def _evidence_from(values: dict[str, Any]) -> Evidence:
    exchanges: Iterable[dict[str, Any]] = values["exchanges"]
    return Evidence(values["expected"], values["seen"], tuple(ExchangeRecord(**item) for item in exchanges))


def findings_of(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes that fail a run."""
    return [outcome for outcome in outcomes if outcome.status is Status.FINDING]
