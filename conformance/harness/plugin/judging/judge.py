"""The suite as a pytest plugin: what tests and exchanges show becomes the verdict."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import asdict
from typing import Any

import pytest

from conformance.harness.api.errors import (
    NotExpressibleError,
    UnsupportedError,
)
from conformance.harness.evidence.comparison import Comparison
from conformance.harness.evidence.evidence import observation_of, recorded, scripted
from conformance.harness.evidence.failure import cause_of, is_of_the_suite
from conformance.harness.evidence.scene import scene_of
from conformance.harness.evidence.scripts.script import title_of
from conformance.harness.plugin.items import requirement_of, rule_broken_by
from conformance.harness.plugin.judging import obstacle, traffic
from conformance.harness.plugin.judging.blocking import what_blocks
from conformance.harness.plugin.judging.ending import Ending
from conformance.harness.plugin.judging.totals import close, sendable, surroundings_of
from conformance.harness.plugin.output.failure import shown_failure
from conformance.harness.plugin.run import Run
from conformance.harness.plugin.session import is_strict, redactor_of
from conformance.harness.plugin.settings.command import command_of
from reports.verdict import gate
from reports.verdict.deviations import Deviation
from reports.verdict.subject import SDK
from reports.verdict.verdict import Cause, Evidence, Result, Status, SuiteError, Verdict, outcomes_of
from specs.requirements import Level, Requirement, catalogue

RESULT = "conformance"
"""Attribute of a test report that carries its result to the controller."""
NOT_MET = (Status.FINDING, Status.WARNING, Status.DEVIATION)
JUDGED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Compared(threading.local):
    """What the current thread has compared in vain."""

    last: Comparison | None = None


class Judge:
    """Collects what every test and every exchange says, and makes the verdict of it."""

    def __init__(self, config: pytest.Config, verdict: Verdict, deviations: Iterable[Deviation] = ()) -> None:
        self._config = config
        self._deviations = [deviation for deviation in deviations if deviation.is_about(verdict.subject)]
        self._redactor = redactor_of(config)
        self._outcomes = outcomes_of(catalogue(verdict.subject.kind).values())
        self.verdict = verdict
        verdict.outcomes = list(self._outcomes.values())
        self.run: Run | None = None
        self.obstacle = ""
        """Why the target can no longer be judged, when the run has met such a thing."""
        self.told: dict[str, dict[str, Any]] = {}
        """What each process said at its end, by the token of its run."""
        self.ending = Ending(is_worker=hasattr(config, "workerinput"))
        self.compared = Compared()
        self._requests_told = 0
        self._calls = 0
        """How many calls of the SDK under test reached the wire."""
        self._deselected: Counter[tuple[str, str]] = Counter()
        self._looked_at: set[tuple[str, str]] = set()

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        """Notes what will not be looked at."""
        for item in items:
            requirement, operation = requirement_of(item)
            self._deselected[requirement.id, operation] += 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Forgets what an earlier test compared."""
        self.compared.last = None

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Keeps the values of the comparison that failed, for the finding."""
        self.compared.last = Comparison(op, left, right)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turns what a test raised into the status of its requirement.

        A report without a result is of a phase that says nothing, or of a bug of the suite.
        """
        report = yield
        report.user_properties = self._redactor.values(report.user_properties)
        report.sections = self._redactor.values(report.sections)
        if report.skipped:  # nothing of the kind is there: see --read-only
            return report
        error = cause_of(call.excinfo.value) if call.excinfo else None
        if self.ending.is_of(error):
            self.ending.cut_short(report, item)
            return report
        if call.excinfo is not None and is_of_the_suite(error):
            traceback = pytest.Item.repr_failure(item, call.excinfo, style="short")
            report.longrepr = self._redactor.text(str(traceback))
            return report
        if call.when == "teardown" or (call.when == "setup" and error is None):
            return report
        self._report(report, item, error)
        return report

    def _report(self, report: pytest.TestReport, item: pytest.Item, error: BaseException | None) -> None:
        """Puts the result of a test on its report."""
        requirement, operation = requirement_of(item)
        if requirement.subject != self.verdict.subject.kind:
            traffic.note(report, item, error, self._redactor)
            return
        status, cause = self._status(requirement, operation, report.when, error)
        evidence = self._evidence(error, item, status)
        note = self._note(status, requirement, operation, report)
        if cause or isinstance(error, NotExpressibleError):
            note = f"blocked by {cause}" if cause else self._redactor.text(str(error))
        result = {
            "requirement": requirement.id,
            "operation": operation,
            "status": str(status),
            "note": note,
            "evidence": asdict(evidence),
            "blocked_by": [asdict(cause)] if cause else [],
            "requests": self._new_requests(),
        }
        setattr(report, RESULT, result)
        self._settle(report, item, status, evidence, note)

    def _status(
        self, requirement: Requirement, operation: str, when: str | None, error: BaseException | None
    ) -> tuple[Status, Cause | None]:
        """The status, and the finding that blocks, if one does."""
        if error is None:
            return (Status.OBSERVED if requirement.level is Level.INFO else Status.MET), None
        if isinstance(error, NotExpressibleError):
            return Status.UNSUPPORTED if isinstance(error, UnsupportedError) else Status.NOT_EXPRESSIBLE, None
        cause = self._cause(error, when, operation)
        if cause == Cause(requirement.id, operation):
            cause = None  # it is broken itself
        return (Status.BLOCKED if cause else self.weight(requirement, operation)), cause

    def weight(self, requirement: Requirement, operation: str) -> Status:
        """What a requirement that is not met at an operation amounts to."""
        if requirement.level is Level.INFO:
            return Status.OBSERVED
        if self._deviation(requirement.id, operation):
            return Status.DEVIATION
        if requirement.level is Level.SHOULD and not is_strict(self._config):
            return Status.WARNING
        return Status.FINDING

    def _deviation(self, requirement: str, operation: str) -> Deviation | None:
        return next((d for d in self._deviations if d.covers(requirement, operation)), None)

    def _note(self, status: Status, requirement: Requirement, operation: str, report: pytest.TestReport) -> str:
        """What a probe saw, or why a deviation is accepted."""
        if status is Status.DEVIATION:
            return str(self._deviation(requirement.id, operation))
        return "; ".join(str(value) for name, value in report.user_properties if name == "observed")

    def _cause(self, error: BaseException, when: str | None, operation: str) -> Cause | None:
        """The finding because of which a test could not be made, noted by the judges; None for what a test found."""
        ignored = self.run.judges.ignored_update if self.run is not None else None
        finding = what_blocks(error, when == "setup", operation, self.compared.last, ignored)
        if finding is None:
            return None
        if self.run is not None:
            self.run.judges.add(finding)
        return Cause(finding.requirement, finding.operation)

    def _evidence(self, error: BaseException | None, item: pytest.Item, status: Status) -> Evidence:
        recent = self.run.ledger.take_recent() if self.run is not None else []
        if error is None:
            return Evidence()
        scene = scene_of(error.__traceback__)
        shown = observation_of(error, self.compared.last, recent, scene, rule_broken_by(item))
        if self.run is None or status not in NOT_MET:
            return recorded(shown, self._redactor)
        surroundings = surroundings_of(self.run, self._redactor, command_of(self._config))
        return scripted(shown, title_of(*requirement_of(item)), surroundings)

    def _new_requests(self) -> int:
        """How many requests this process made since it last told."""
        made = self.run.ledger.requests if self.run is not None else 0
        told, self._requests_told = self._requests_told, made
        return made - told

    def _settle(
        self, report: pytest.TestReport, item: pytest.Item, status: Status, evidence: Evidence, note: str
    ) -> None:
        """Lets only findings fail, and shows them without a traceback unless one was asked for."""
        if status is Status.FINDING:
            path, line, _ = item.location
            is_asked_for = self._config.option.tbstyle != "no"
            traceback = self._redactor.text(str(report.longrepr)) if is_asked_for else ""
            report.longrepr = shown_failure(title_of(*requirement_of(item)), evidence, (path, line or 0), traceback)
            report.when = "call"  # JUnit calls what fails before an error, which says nothing of the target
        elif status is Status.BLOCKED or report.when == "setup":  # after a setup that passed pytest would go on
            path, line, _ = item.location
            report.outcome, report.longrepr = "skipped", (path, line or 0, note)
        else:
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
        pair = result["requirement"], result["operation"]
        causes = [Cause(**cause) for cause in result["blocked_by"]]
        evidence = Evidence.from_dict(result["evidence"])
        self._outcomes[pair].weigh(Status(result["status"]), test, evidence, result["note"], causes)
        if test:
            self._looked_at.add(pair)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Takes in what the exchanges showed, removes what was created, decides the exit code."""
        self.ending.is_closing = True
        totals = self._close()
        if hasattr(self._config, "workeroutput"):
            self._config.workeroutput[RESULT] = sendable(totals)
            return
        self.take(totals)
        if self.verdict.subject.kind == SDK and not self._calls:
            self.obstacle = self.obstacle or f"no call of {self.verdict.subject} reached the wire"
        stopped = bool(session.shouldfail or session.shouldstop or self.ending.interrupted)
        self.verdict.complete = exitstatus in (*JUDGED, pytest.ExitCode.NO_TESTS_COLLECTED) and not stopped
        self._conclude()
        if exitstatus in JUDGED or self.obstacle:
            session.exitstatus = gate.exit_code(self.verdict)

    def _close(self) -> dict[str, Any]:
        command = command_of(self._config)
        closed = close(self.run, self.ending.obstacle, self._outcomes, self._redactor, command)
        deselected = [[*pair, count] for pair, count in sorted(self._deselected.items())]
        return closed | {"deselected": deselected, "requests": self._new_requests()}

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, Any, Any]:
        """Makes of a report what a worker can send."""
        return sendable((yield))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker of xdist is done: its totals join those of the others."""
        totals = getattr(node, "workeroutput", {}).get(RESULT)
        if totals is not None:
            self.take(totals)

    def take(self, totals: dict[str, Any]) -> None:
        """Adds what one process did and what its exchanges showed."""
        self._calls += totals["calls"]
        self.verdict.requests += totals["requests"]
        self.verdict.created += totals["created"]
        self.verdict.removed += totals["removed"]
        self.verdict.left += totals["left"]
        self.told[totals["token"]] = totals
        self.obstacle = self.obstacle or totals["obstacle"]
        self._deselected |= Counter({(name, operation): count for name, operation, count in totals["deselected"]})
        for result in totals["findings"]:
            result["status"] = self.weight(catalogue()[result["requirement"]], result["operation"])
            self._weigh(result, "")

    def _conclude(self) -> None:
        """Says why requirements were not tested, what deviations cover, and what the run came to."""
        for pair, outcome in self._outcomes.items():
            outcome.deselected = self._deselected[pair]
            if outcome.status is Status.NOT_TESTED:
                outcome.note = outcome.note or gate.why_not_tested(self.verdict, pair in self._deselected)
            elif outcome.status is Status.DEVIATION:
                outcome.note = str(self._deviation(*pair))
            elif outcome.status is Status.BLOCKED:
                gate.excuse(outcome, self._outcomes, self._deviation)
            outcome.implied = outcome.status is not Status.NOT_TESTED and pair not in self._looked_at
        if self.obstacle:
            obstacle.withdraw(self.verdict.outcomes, self.obstacle)
        in_full = [d for d in self._deviations if not any(d.covers(*pair) for pair in self._deselected)]
        self.verdict.outdated = gate.outdated(in_full, self.verdict)
        gate.conclude(self.verdict, self.obstacle)
        against = self.verdict.result is Result.FINDINGS or self.verdict.of(Status.DEVIATION)
        if not self.obstacle and self.verdict.complete and against:
            self.obstacle = obstacle.wall_before(self._config, self.verdict.left)
            gate.conclude(self.verdict, self.obstacle)
