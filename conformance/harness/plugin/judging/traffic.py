"""Scenarios of the API beside an SDK under test: they supply ordinary traffic, and are not held against it.

What such a scenario asserts is a promise of the server. It is noted when it does not hold, since it may
lead to what the SDK did; whether it is the server's fault a run without ``--sdk`` says.
"""

from __future__ import annotations

import pytest

from conformance.harness.api.errors import NotExpressibleError
from conformance.harness.evidence.redaction import Redactor
from conformance.harness.plugin.items import requirement_of
from reports.verdict.subject import SDK, SERVER
from reports.verdict.verdict import Verdict

NOTED = "noted"
"""Name of the property of a report that says what became of such a scenario."""
HELD, DID_NOT_HOLD, NOT_SAID = "held", "did not hold", "not expressible"

BEYOND_CLIENTS = "wire"
"""The fixture for requests that no client library could send."""


def deselect(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves what asks the subject of the run, and with an SDK what it could send.

    Items for another kind of subject are no part of the run: without ``--sdk`` those of SDKs are not even
    counted as deselected.
    """
    if not config.option.sdk:
        items[:] = [item for item in items if requirement_of(item)[0].subject == SERVER]
        return
    beyond = [item for item in items if not _is_for_sdks(item)]
    config.hook.pytest_deselected(items=beyond)
    items[:] = [item for item in items if _is_for_sdks(item)]


def _is_for_sdks(item: pytest.Item) -> bool:
    needs: list[str] = getattr(item, "fixturenames", [])
    return requirement_of(item)[0].subject == SDK or BEYOND_CLIENTS not in needs


class Traffic:
    """Counts what became of such scenarios, for the verdict and for the terminal."""

    def __init__(self, verdict: Verdict) -> None:
        self._counts: dict[str, int] = verdict.options.setdefault("scenarios_of_the_api", {})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Takes in the note on a report; with xdist this runs in the controller."""
        for name, value in report.user_properties:
            if name == NOTED:
                became = str(value).partition(":")[0]
                self._counts[became] = self._counts.get(became, 0) + 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport, config: pytest.Config) -> tuple[str, str, str] | None:
        """Gives one that did not hold a word of its own, since it is no failure; shown only with -v."""
        noted = [str(value) for name, value in report.user_properties if name == NOTED]
        if not noted or not noted[0].startswith(DID_NOT_HOLD):
            return None
        return ("noted", "n", "NOTED") if config.option.verbose > 0 else ("noted", "", "")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line."""
        if self._counts:
            told = ", ".join(f"{count} {became}" for became, count in sorted(self._counts.items()))
            terminalreporter.write_line(f"scenarios of the API, as ordinary traffic: {told}")


def note(report: pytest.TestReport, item: pytest.Item, error: BaseException | None, redactor: Redactor) -> None:
    """Lets the report of such a scenario pass, with a note of what became of it."""
    became = DID_NOT_HOLD if error else HELD
    if isinstance(error, NotExpressibleError):
        became = NOT_SAID
    report.user_properties.append((NOTED, f"{became}: {redactor.text(str(error))}" if error else became))
    if report.when == "setup":  # after a setup that passed pytest would go on
        path, line, _ = item.location
        report.outcome, report.longrepr = "skipped", (path, line or 0, became)
    else:
        report.outcome, report.longrepr = "passed", None
