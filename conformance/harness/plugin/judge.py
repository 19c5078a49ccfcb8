"""The suite as a pytest plugin: what tests and exchanges show becomes the verdict."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import asdict
from typing import Any

import pytest

from conformance.harness.api.http import OperationMissingError
from conformance.harness.evidence.evidence import Comparison, evidence_of, records, told_by
from conformance.harness.evidence.failure import cause_of, is_of_the_suite
from conformance.harness.evidence.scene import scene_of
from conformance.harness.judges.finding import Finding
from conformance.harness.plugin import preflight
from conformance.harness.plugin.items import requirement_of
from conformance.harness.plugin.options import target_of
from conformance.harness.plugin.run import Run
from reports.verdict import gate
from reports.verdict.deviations import Deviation
from reports.verdict.verdict import Evidence, Status, SuiteError, Verdict, outcomes_of
from specs.requirements import Level, Requirement, Subject, catalogue

RESULT = "conformance"
"""Name of the attribute by which a test report carries its result to the controller."""

JUDGED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Judge:
    """Collects what every test and every exchange says, and makes the verdict of it."""

    def __init__(self, config: pytest.Config, verdict: Verdict, deviations: Iterable[Deviation] = ()) -> None:
        self._config = config
        self._deviations = list(deviations)
        self._outcomes = outcomes_of(catalogue(Subject.SERVER).values())
        self.verdict = verdict
        verdict.outcomes = list(self._outcomes.values())
        self.run: Run | None = None
        self._comparison: Comparison | None = None
        self._requests_told = 0
        self._deselected: set[tuple[str, str]] = set()

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        """Notes what will not be tested in full."""
        for item in items:
            requirement, operation = requirement_of(item)
            self._deselected.add((requirement.id, operation))

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
        """Turns what a test raised into the status of its requirement.

        A report without a result is of a phase that says nothing, or of a bug of the suite.
        """
        report = yield
        error = cause_of(call.excinfo.value) if call.excinfo else None
        if call.excinfo is not None and is_of_the_suite(error):
            report.longrepr = pytest.Item.repr_failure(item, call.excinfo, style="short")
            return report
        if call.when == "teardown" or (call.when == "setup" and error is None):
            return report
        requirement, operation = requirement_of(item)
        status = self._status(requirement, operation, call.when, error)
        evidence = self._evidence(error)
        note = str(error) if isinstance(error, OperationMissingError) else _observed(item)
        result = {
            "requirement": requirement.id,
            "operation": operation,
            "status": str(status),
            "note": note,
            "evidence": asdict(evidence),
            "requests": self._new_requests(),
        }
        setattr(report, RESULT, result)
        self._settle(report, item, status, evidence, note)
        return report

    def _status(self, requirement: Requirement, operation: str, when: str, error: BaseException | None) -> Status:
        if error is None:
            return Status.OBSERVED if requirement.level is Level.INFO else Status.MET
        if isinstance(error, OperationMissingError) or (when == "setup" and self._blame(error)):
            return Status.BLOCKED
        return self.weight(requirement, operation)

    def weight(self, requirement: Requirement, operation: str) -> Status:
        """What a requirement that is not met at an operation amounts to."""
        if requirement.level is Level.INFO:
            return Status.OBSERVED
        if any(deviation.covers(requirement.id, operation) for deviation in self._deviations):
            return Status.DEVIATION
        if requirement.level is Level.SHOULD and not self._config.option.strict:
            return Status.WARNING
        return Status.FINDING

    def _blame(self, error: BaseException) -> bool:
        """A preparation that failed is a finding of the operation that failed, not of the test."""
        exchange = getattr(error, "exchange", None)
        told = told_by(error)
        if exchange is None or told is None or self.run is None or exchange.undocumented:
            return False
        name = f"{exchange.operation}.answers"
        self.run.ledger.add([Finding(name, exchange.operation, told.expected, told.seen, (exchange,))])
        return True

    def _evidence(self, error: BaseException | None) -> Evidence:
        recent = self.run.ledger.take_recent() if self.run is not None else []
        if error is None:
            return Evidence()
        return evidence_of(error, self._comparison, recent, scene_of(error.__traceback__))

    def _new_requests(self) -> int:
        """How many requests this process made since it last told."""
        made = self.run.ledger.requests if self.run is not None else 0
        told, self._requests_told = self._requests_told, made
        return made - told

    def _settle(
        self, report: pytest.TestReport, item: pytest.Item, status: Status, evidence: Evidence, note: str
    ) -> None:
        """Lets only findings fail, and shows them without a traceback unless one was asked for."""
        if status is Status.FINDING and self._config.option.tbstyle == "no":
            curls = [exchange.curl for exchange in evidence.exchanges[-1:]]
            report.longrepr = "\n".join([f"expected {evidence.expected}", f"seen {evidence.seen}", *curls])
        elif status is Status.BLOCKED:
            path, line, _ = item.location
            report.outcome, report.longrepr = "skipped", (path, line or 0, f"blocked: {note or evidence.seen}")
        elif status is not Status.FINDING:
            report.outcome, report.longrepr = "passed", None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Weighs the result of a test; with xdist this runs in the controller too."""
        result = getattr(report, RESULT, None)
        if result is not None:
            self.verdict.requests += result["requests"]
            self._weigh(result, report.nodeid)
        elif report.failed:
            self.verdict.suite_errors.append(SuiteError(report.nodeid, report.longreprtext))

    def _weigh(self, result: dict[str, Any], test: str) -> None:
        outcome = self._outcomes[result["requirement"], result["operation"]]
        outcome.weigh(Status(result["status"]), test, Evidence.from_dict(result["evidence"]), result["note"])

    # ---- the end

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Takes in what the exchanges showed, removes what was created, decides the exit code."""
        totals = self._close()
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[RESULT] = totals
            return
        self.take(totals)
        stopped = bool(session.shouldfail or session.shouldstop)
        self.verdict.complete = exitstatus in (*JUDGED, pytest.ExitCode.NO_TESTS_COLLECTED) and not stopped
        self._conclude()
        if exitstatus in JUDGED:
            session.exitstatus = gate.exit_code(self.verdict)

    def _close(self) -> dict[str, Any]:
        """What this process did, found and left, after it removed what it created."""
        totals: dict[str, Any] = {"deselected": sorted(self._deselected)}
        run = self.run
        if run is None:
            return totals | {"findings": [], "requests": 0, "created": 0, "removed": 0, "left": []}
        totals["left"] = run.remove_everything()  # which may show a fault, too
        totals["findings"] = [_result_of(finding) for finding in run.ledger.all_findings()]
        return totals | {
            "requests": self._new_requests(),
            "created": run.journal.created,
            "removed": run.journal.removed,
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
        self._deselected.update((name, operation) for name, operation in totals["deselected"])
        for result in totals["findings"]:
            result["status"] = self.weight(catalogue()[result["requirement"]], result["operation"])
            self._weigh(result, "")

    def _conclude(self) -> None:
        """Says why requirements were not tested, and what has become of the deviations."""
        for outcome in self.verdict.of(Status.NOT_TESTED):
            outcome.note = outcome.note or self._why_not_tested((outcome.requirement, outcome.operation))
        for outcome in self.verdict.of(Status.DEVIATION):
            covering = (d for d in self._deviations if d.covers(outcome.requirement, outcome.operation))
            outcome.note = str(next(covering))
        in_full = [d for d in self._deviations if not any(d.covers(*pair) for pair in self._deselected)]
        self.verdict.outdated = gate.outdated(in_full, self.verdict)
        if self.verdict.of(Status.DEVIATION) and gate.exit_code(self.verdict) == gate.MET:
            self.verdict.no_judgement = self._obstacle()

    def _why_not_tested(self, pair: tuple[str, str]) -> str:
        if self.verdict.suite_errors:
            return "not selected, or the suite failed"
        if pair in self._deselected:
            return "deselected"
        return "not selected" if self.verdict.complete else "the run ended before"

    def _obstacle(self) -> str:
        """Why the target can no longer be judged: accepted deviations excuse no target that is gone."""
        try:
            preflight.check(target_of(self._config))
        except preflight.NoJudgementError as error:
            return str(error)
        return ""


def _observed(item: pytest.Item) -> str:
    return "; ".join(str(value) for name, value in item.user_properties if name == "observed")


def _result_of(finding: Finding) -> dict[str, Any]:
    evidence = Evidence(finding.expected, finding.seen, records(finding.exchanges))
    return {
        "requirement": finding.requirement,
        "operation": finding.operation,
        "note": "",
        "evidence": asdict(evidence),
    }
