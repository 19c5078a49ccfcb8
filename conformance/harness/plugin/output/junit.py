"""Findings that no test of their own shows, as cases of JUnit XML: who reads it counts what the terminal counts."""

from __future__ import annotations

import pytest
from _pytest._code.code import ReprExceptionInfo
from _pytest.junitxml import LogXML, xml_key

from conformance.harness.evidence.scripts.script import title_of
from conformance.harness.plugin.output.failure import shown_failure
from reports.verdict.verdict import Evidence, Status, Verdict
from specs.requirements import catalogue

PLACE = "conformance/seen_in_passing.py"
"""What stands in the place of the file of a test."""


class JunitCases:
    """Adds cases to the JUnit XML of a session."""

    def __init__(self, config: pytest.Config, verdict: Verdict) -> None:
        self._config = config
        self._verdict = verdict

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Adds them when the verdict is complete, before the file is written."""
        xml = self._config.stash.get(xml_key, None)
        if xml is None:
            return
        for outcome in self._verdict.of(Status.FINDING):
            if not outcome.tests:
                title = title_of(catalogue()[outcome.requirement], outcome.operation)
                _add(xml, outcome.requirement, outcome.operation, shown_failure(title, outcome.evidence, (PLACE, 0)))
        for deviation in self._verdict.outdated:
            evidence = Evidence("a deviation that still occurs", f"it no longer does: {deviation}")
            title = f"{deviation.requirement} is met: take it off the list of deviations"
            _add(xml, deviation.requirement, "deviation", shown_failure(title, evidence, (PLACE, 0)))


def _add(xml: LogXML, requirement: str, case: str, failure: ReprExceptionInfo) -> None:
    place = f"{PLACE}::{requirement}[{case}]"
    properties: list[tuple[str, object]] = [("requirement", requirement)]
    failed = pytest.TestReport(
        place, (PLACE, 0, requirement), {}, "failed", failure, "call", user_properties=properties
    )
    xml.pytest_runtest_logreport(failed)
    over = pytest.TestReport(place, failed.location, {}, "passed", None, "teardown", user_properties=properties)
    xml.pytest_runtest_logreport(over)
