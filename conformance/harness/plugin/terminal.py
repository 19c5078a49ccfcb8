"""What a person sees of a run: a line of progress, then the verdict in place of tracebacks."""

from __future__ import annotations

import time

import pytest
from rich.console import Console

from conformance.harness.plugin.items import requirement_of
from conformance.harness.plugin.judge import RESULT
from reports import terminal
from reports.verdict.verdict import Status, Verdict

STEPS = 10
"""Lines of progress of a whole run where there is no terminal."""
DEFAULT_REPORTS = "fE"
"""What pytest lists below a run unless -r says otherwise: the findings stand there already."""


class Screen:
    """Puts progress and verdict on pytest's terminal."""

    def __init__(self, config: pytest.Config, verdict: Verdict) -> None:
        self._config = config
        self._verdict = verdict
        self._started = time.monotonic()
        self._step = 0
        self._total = len(verdict.outcomes)
        if config.option.tbstyle == "auto":
            config.option.tbstyle = "no"
        if config.option.reportchars == DEFAULT_REPORTS:
            config.option.reportchars = "N"

    @property
    def _reporter(self) -> pytest.TerminalReporter | None:
        found = self._config.pluginmanager.get_plugin("terminalreporter")
        return found if isinstance(found, pytest.TerminalReporter) else None

    def pytest_report_header(self) -> list[str]:
        """What is judged, and what repeats the run."""
        verdict = self._verdict
        return [f"subject: {verdict.subject}", f"profile: {verdict.profile}, seed: {verdict.seed}"]

    def pytest_sessionstart(self) -> None:
        """Below -v, the line of progress stands in the place of pytest's dots."""
        reporter = self._reporter
        if reporter is not None and reporter.verbosity == 0:
            reporter.showfspath = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Counts what was selected; with xdist the controller collects nothing, and all counts."""
        self._total = len({requirement_of(item) for item in session.items}) or self._total

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Gives each status its own word; letters only where pytest prints a line for each test."""
        result = getattr(report, RESULT, None)
        if result is None:
            if not report.failed:
                return None
            return ("error", "", "") if self._is_terse else ("error", "E", "SUITE ERROR")
        category, word = CATEGORIES.get(Status(result["status"]), (result["status"], result["status"].upper()))
        return (category, "", "") if self._is_terse else (category, word[0], word)

    @property
    def _is_terse(self) -> bool:
        return int(self._config.option.verbose) <= 0

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Shows how far the run is."""
        reporter = self._reporter
        if reporter is None or reporter.verbosity != 0 or getattr(report, RESULT, None) is None:
            return
        done = sum(outcome.status is not Status.NOT_TESTED for outcome in self._verdict.outcomes)
        if reporter.isatty:
            width = reporter._tw.fullwidth - 1
            reporter.rewrite(self._progress(done)[:width], erase=True)
        elif done * STEPS // self._total > self._step:
            self._step = done * STEPS // self._total
            reporter.write_line(self._progress(done))

    def _progress(self, done: int) -> str:
        verdict = self._verdict
        findings = len(terminal.groups(verdict, Status.FINDING))
        return (
            f"{done}/{self._total} requirements, {findings} findings, "
            f"{verdict.requests} requests, {time.monotonic() - self._started:.0f} s"
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The verdict."""
        verbosity = terminalreporter.verbosity
        if verbosity == 0 and terminalreporter.isatty:
            terminalreporter.rewrite("", erase=True)
        colours = terminalreporter.hasmarkup
        console = Console(
            width=max(terminal.MINIMAL_WIDTH, terminalreporter._tw.fullwidth),
            force_terminal=colours,
            no_color=not colours,
        )
        with console.capture() as capture:
            terminal.show(console, self._verdict, brief=verbosity < 0, full=verbosity > 0)
        terminalreporter.write(capture.get())


CATEGORIES = {Status.MET: ("passed", "PASSED"), Status.FINDING: ("failed", "FAILED")}
"""Where pytest has a word of its own."""
