"""Results for Allure: what allure-pytest writes of each test, put into the terms of the promises.

allure-pytest runs the show: it makes a result of every test and writes it. This plugin watches
which exchanges a test made and what became of it, and rewrites each result just before it goes
to disk.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import allure_commons
import pytest
from allure_commons.model2 import Label, TestResult, TestResultContainer, TestStepResult
from allure_commons.model2 import Status as Ending

from conformance.harness.evidence.evidence import record
from conformance.harness.plugin.items import requirement_of
from conformance.harness.plugin.judging.judge import RESULT, Judge
from conformance.harness.plugin.session import redactor_of
from conformance.harness.wire.exchange import Exchange
from reports.allure.environment import environment
from reports.allure.labels import EPIC, Details, case_of, conclude, describe, identify, requirement_link
from reports.allure.merging import merge
from reports.allure.steps import group, lay_end_to_end, step
from reports.verdict.deviations import Deviation
from reports.verdict.verdict import Evidence, ExchangeRecord, Outcome, Status
from specs.requirements import catalogue

PREPARATION = "preparation that this test was the first to need"


def register(config: pytest.Config, judge: Judge) -> None:
    """Rewrites Allure's results, where --alluredir asks for them."""
    if not config.option.allure_report_dir:
        return
    results = AllureResults(config, judge)
    config.pluginmanager.register(results, "conformance-allure")
    allure_commons.plugin_manager.register(results)
    config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(results))


class AllureResults:
    """The results of one process."""

    def __init__(self, config: pytest.Config, judge: Judge) -> None:
        self._config = config
        self._judge = judge
        self._redactor = redactor_of(config)
        self._item: pytest.Item | None = None
        self._result: dict[str, Any] | None = None
        self._before = 0
        self._prepared: Sequence[Exchange] = ()
        self._called: Sequence[Exchange] = ()

    # ---- what a test does

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins."""
        self._item, self._result = item, None
        self._prepared, self._called = (), ()
        self._before = len(self._recent())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Keeps the exchanges of a phase, before the judge takes them, and what became of the test."""
        exchanges = self._recent()[self._before :]
        if call.when == "setup":
            self._prepared = exchanges
        elif call.when == "call":
            self._called = exchanges[len(self._prepared) :]
        report = yield
        self._result = getattr(report, RESULT, self._result)
        return report

    def _recent(self) -> Sequence[Exchange]:
        run = self._judge.run
        return run.ledger.recent if run is not None else ()

    # ---- what Allure writes of it

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: TestResult) -> None:
        """Rewrites the result of a test. One without a verdict is a bug of the suite, and stays broken."""
        if self._item is None:
            return
        requirement, operation = requirement_of(self._item)
        self._identify(result, self._item.nodeid)
        if self._result is None:
            result.name = f"Bug of the suite: {result.name}"
            self._redact(result)
            result.labels = [Label("epic", EPIC), Label("feature", "The suite itself"), Label("framework", "pytest")]
            return
        status = Status(self._result["status"])
        evidence = Evidence.from_dict(self._result["evidence"])
        describe(result, requirement, operation, status, _case(self._item, requirement.id))
        conclude(result, requirement.id, status, evidence, self._result["note"])
        self._link(result, requirement.id)
        result.steps = self._steps(self._item, evidence)
        lay_end_to_end(result.steps, result.start)

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: TestResultContainer) -> None:
        """Fixtures are machinery: what they asked of the target is among the steps."""
        container.children, container.befores, container.afters = [], [], []

    def _steps(self, item: pytest.Item, evidence: Evidence) -> list[TestStepResult]:
        """Every exchange of the test, then those of other tests that show the finding.

        A test that makes up its requests shows only the smallest counterexample: all the others
        agreed, or led to it.
        """
        shown = list(evidence.exchanges)
        steps = []
        if item.get_closest_marker("generated") is None:
            prepared = [self._step(exchange, shown) for exchange in self._prepared]
            steps += [group(PREPARATION, prepared)] if prepared else []
            steps += [self._step(exchange, shown) for exchange in self._called]
        return steps + [decided(exchange) if exchange is shown[-1] else step(exchange) for exchange in shown]

    def _step(self, exchange: Exchange, shown: list[ExchangeRecord]) -> TestStepResult:
        """The step of an exchange; the one that decides comes in full. It leaves the list of those that show it."""
        kept = record(exchange, self._redactor)
        if kept not in shown:
            return step(kept)
        decisive = kept == shown[-1]
        shown.remove(kept)
        return decided(kept) if decisive else step(kept)

    def _identify(self, result: TestResult, name: str) -> None:
        """Runs of other subjects have histories of their own."""
        identify(result, f"{self._judge.verdict.subject.identity}: {name}")

    def _redact(self, result: TestResult) -> None:
        """Of a bug of the suite, allure-pytest shows the traceback as it is."""
        details = result.statusDetails
        if details is not None:
            details.message, details.trace = self._redactor.values([details.message, details.trace])

    def _link(self, result: TestResult, requirement: str) -> None:
        """The requirement's entry, where --allure-link-pattern says how to get there."""
        pattern = dict(self._config.option.allure_link_pattern).get("tms")
        if pattern:
            result.links.append(requirement_link(pattern, catalogue()[requirement]))

    # ---- the end

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Adds what no test showed but the exchanges did, so that the report agrees with the verdict."""
        if hasattr(self._config, "workerinput"):
            return
        verdict = self._judge.verdict
        self._item = None
        for outcome in verdict.of(Status.FINDING, Status.WARNING):
            if not outcome.tests:
                allure_commons.plugin_manager.hook.report_result(result=self._of_exchanges(outcome))
        for deviation in verdict.outdated:
            allure_commons.plugin_manager.hook.report_result(result=self._outdated(deviation))
        folder = Path(self._config.option.allure_report_dir)
        merge(folder)
        (folder / "environment.properties").write_text(environment(verdict), encoding="utf-8")

    def _of_exchanges(self, outcome: Outcome) -> TestResult:
        result = self._untested(f"{outcome.requirement} at {outcome.operation}")
        describe(result, catalogue()[outcome.requirement], outcome.operation, outcome.status, "seen in passing")
        conclude(result, outcome.requirement, outcome.status, outcome.evidence, outcome.note)
        self._link(result, outcome.requirement)
        shown = outcome.evidence.exchanges
        result.steps = [decided(exchange) if exchange is shown[-1] else step(exchange) for exchange in shown]
        lay_end_to_end(result.steps, result.start)
        return result

    def _outdated(self, deviation: Deviation) -> TestResult:
        result = self._untested(f"outdated deviation {deviation.requirement}")
        result.name = f"{deviation.requirement} is met: take it off the list of deviations"
        result.status = Ending.FAILED
        result.statusDetails = Details(message=f"accepted, but no longer there: {deviation}")
        result.labels = [Label("epic", EPIC), Label("feature", "Deviations"), Label("tag", "outdated")]
        return result

    def _untested(self, name: str) -> TestResult:
        now = round(1000 * time.time())
        result = TestResult(uuid=str(uuid.uuid4()), start=now, stop=now)
        self._identify(result, name)
        return result


def _case(item: pytest.Item, requirement: str) -> str:
    assert isinstance(item, pytest.Function)
    # pytest joins these ids with dashes, which ids may hold too.
    parameters = item.callspec._idlist if hasattr(item, "callspec") else ()
    return case_of(item.originalname, parameters, requirement)


def decided(exchange: ExchangeRecord) -> TestStepResult:
    """The step of the request that shows the fault, in full."""
    return step(exchange, write, failed=True)


def write(name: str, text: str) -> None:
    """Writes an attachment beside the results."""
    allure_commons.plugin_manager.hook.report_attached_data(body=text, file_name=name)
