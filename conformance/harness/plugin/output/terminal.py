"""What a person sees of a run: a line of progress, then the verdict in place of tracebacks."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path

import pytest
from rich.console import Console

from conformance.harness.plugin.items import requirement_of
from conformance.harness.plugin.judging.judge import RESULT
from conformance.harness.plugin.session import VERDICT
from reports import terminal
from reports.lines import MINIMAL_WIDTH
from reports.summary import Summary
from reports.verdict.verdict import NOT_JUDGED, Status, Verdict

STEPS = 10
"""Lines of progress of a whole run where there is no terminal."""
SHORT_WAIT, LONG_WAIT = 1.0, 5.0
"""Seconds of a wait that is told on a terminal, and in a log."""
DEFAULT_REPORTS = "fE"
"""What pytest lists below a run unless -r says otherwise: the findings stand there already."""


class Screen:
    """Puts progress and verdict on pytest's terminal."""

    def __init__(self, config: pytest.Config, verdict: Verdict) -> None:
        self._config = config
        self._verdict = verdict
        self._started = time.monotonic()
        self._shown = self._started
        """When it was last said how many tests have ended."""
        self._step = 0
        self._total = 0
        self._lock = threading.Lock()
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
        """The line of progress stands in the place of pytest's dots, the summary in that of its last line.

        pytest counts tests there, and a run has more of them than requirements.
        """
        reporter = self._reporter
        if reporter is None:
            return
        if reporter.verbosity == 0:
            reporter.showfspath = False
        reporter.summary_stats = self._show_last_line  # type: ignore[method-assign]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Counts what was selected; with xdist the controller collects nothing, and knows no number."""
        self._total = len({requirement_of(item)[0].id for item in session.items})

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Gives each status its own word; letters only where pytest prints a line for each test."""
        result = getattr(report, RESULT, None)
        if result is None:
            return self._unjudged(report)
        category, word = CATEGORIES.get(Status(result["status"]), (result["status"], result["status"].upper()))
        return (category, "", "") if self._is_terse else (category, word[0], word)

    def _unjudged(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """What pytest says of a test that judges nothing; its letter would stand between the lines of progress."""
        if report.failed:
            return ("error", "", "") if self._is_terse else ("error", "E", "SUITE ERROR")
        return (report.outcome, "", "") if self._is_terse and (report.skipped or report.when == "call") else None

    @property
    def _is_terse(self) -> bool:
        return int(self._config.option.verbose) <= 0

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Shows how far the run is."""
        reporter = self._reporter
        if reporter is None or reporter.verbosity != 0 or getattr(report, RESULT, None) is None:
            return
        summary = Summary(self._verdict)
        done = sum(entry.status not in NOT_JUDGED for entry in summary.entries)
        if reporter.isatty:
            width = reporter._tw.fullwidth - 1
            reporter.rewrite(self._progress(summary, done)[:width], erase=True)
        elif self._total and done * STEPS // self._total > self._step:
            self._step = done * STEPS // self._total
            reporter.write_line(self._progress(summary, done))

    def show_wait(self, reason: str, seconds: float) -> None:
        """Says why nothing goes on, for those who look on; in a log only where it takes long.

        A test is under way, in one of its threads, and what it prints is captured.
        """
        reporter = self._reporter
        if reporter is not None and seconds >= (SHORT_WAIT if reporter.isatty else LONG_WAIT):
            self._show(reporter, f"waiting {seconds:.0f} s: {reason}")

    def show_together(self, done: int, total: int) -> None:
        """Says how many of the tests that are called at the same time have ended; in a log once in a while."""
        reporter, now = self._reporter, time.monotonic()
        if reporter is not None and (reporter.isatty or now - self._shown >= LONG_WAIT):
            self._shown = now
            seconds = now - self._started
            self._show(reporter, f"{done} of {total} tests that are called together have ended, {seconds:.0f} s")

    def _show(self, reporter: pytest.TerminalReporter, line: str) -> None:
        """Puts a line where the line of progress is; in a log, below the others."""
        capture = self._config.pluginmanager.get_plugin("capturemanager")
        if reporter.verbosity < 0:
            return
        with self._lock, capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            if reporter.isatty and reporter.verbosity == 0:
                reporter.rewrite(line[: reporter._tw.fullwidth - 1], erase=True)
            else:
                reporter.ensure_newline()
                reporter.write_line(line)

    def _progress(self, summary: Summary, done: int) -> str:
        of = f"/{self._total}" if self._total else ""
        return (
            f"{done}{of} requirements, {summary.findings} finding{'s' * (summary.findings != 1)}, "
            f"{self._verdict.requests} requests, {time.monotonic() - self._started:.0f} s"
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """The line of progress goes, before pytest begins a new one: what the end adds would contradict it."""
        reporter = self._reporter
        if reporter is not None and reporter.verbosity == 0 and reporter.isatty:
            reporter.rewrite("", erase=True)
            reporter.rewrite("")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The verdict."""
        verbosity = terminalreporter.verbosity
        colours = terminalreporter.hasmarkup
        console = Console(
            width=max(MINIMAL_WIDTH, terminalreporter._tw.fullwidth),
            force_terminal=colours,
            no_color=not colours,
        )
        with console.capture() as capture:
            terminal.show(
                console, self._verdict, brief=verbosity < 0, full=verbosity > 0, written=written(self._config)
            )
        terminalreporter.write(capture.get())

    def _show_last_line(self) -> None:
        """The result once more, in the place where pytest has its own."""
        reporter = self._reporter
        if reporter is None:
            return
        colour = {0: "green", 1: "red"}.get(int(reporter._session.exitstatus) if reporter._session else 1, "yellow")
        line = Summary(self._verdict).line
        if reporter.verbosity < 0:
            reporter.write_line(line, **{colour: True})
        else:
            reporter.write_sep("=", line, **{colour: True})


def written(config: pytest.Config) -> terminal.Written:
    """What the run has left in its folder, as the reader would name it from where the run was started."""
    folder: Path = config.option.output
    here = config.invocation_params.dir
    shown = folder.absolute().relative_to(here) if folder.absolute().is_relative_to(here) else folder
    return terminal.left_beside(shown / VERDICT)


CATEGORIES = {Status.MET: ("passed", "PASSED"), Status.FINDING: ("failed", "FAILED")}
"""Where pytest has a word of its own."""
