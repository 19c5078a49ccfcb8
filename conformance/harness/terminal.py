"""What a person sees of a run: pytest's progress, then the verdict in place of tracebacks."""

from __future__ import annotations

import pytest

from reports import terminal
from reports.verdict import Verdict


class Screen:
    """Puts the verdict on pytest's terminal."""

    def __init__(self, config: pytest.Config, verdict: Verdict) -> None:
        self._config = config
        self._verdict = verdict
        config.option.tbstyle = "no"

    def pytest_report_header(self) -> list[str]:
        """What is judged, and what repeats the run."""
        option = self._config.option
        return [f"target: {option.base_url}", f"profile: {option.profile}, seed: {option.seed}"]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The verdict."""
        for line in terminal.lines(self._verdict):
            terminalreporter.write_line(line)
