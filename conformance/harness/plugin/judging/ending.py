"""How a run comes to its end before it is finished: by a signal, or because its target can no longer be judged."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any

import pytest

from conformance.harness.wire.transports.limits import Limits, RunEndedError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Ending:
    """The end of the run in this process."""

    def __init__(self) -> None:
        self.limits: Limits | None = None
        self.interrupted = ""
        """The signal that has ended the run."""
        self.is_closing = False
        """Whether the tests are over and what was created is being removed."""

    @property
    def obstacle(self) -> str:
        """Why the target can no longer be judged, if so."""
        return self.limits.reason if self.limits is not None and not self.interrupted else ""

    def interrupt(self, name: str) -> None:
        """A signal ends the run: nothing more is sent but removals. While these go on, it ends them."""
        if self.is_closing:
            if self.limits is not None:
                self.limits.end_removal()
            return
        self.interrupted = name
        if self.limits is not None:
            self.limits.end(f"interrupted by {name}")

    def is_of(self, error: BaseException | None) -> bool:
        """Whether a test that has raised this error, or none, says nothing, since the run has ended within it."""
        is_over = self.limits is not None and bool(self.limits.reason)
        return bool(self.interrupted) or is_over or isinstance(error, RunEndedError)

    def cut_short(self, report: pytest.TestReport, item: pytest.Item) -> None:
        """Makes a test in which the run has ended the last one."""
        reason = self.limits.reason if self.limits is not None else f"interrupted by {self.interrupted}"
        item.session.shouldstop = reason
        path, line, _ = item.location
        report.outcome, report.longrepr = "skipped", (path, line or 0, reason)

    def listen(self, config: pytest.Config) -> None:
        """Lets each of the signals end the run as Ctrl-C does, with everything removed and the truth said.

        A worker of xdist only sends nothing more: the controller ends its workers.
        """

        is_worker = hasattr(config, "workerinput")

        def handle(number: int, frame: FrameType | None) -> None:
            if is_worker and self.is_closing:
                return  # it may be told twice: by whoever ends all processes, and by the controller
            self.interrupt(signal.Signals(number).name)
            if not (self.is_closing or is_worker):
                raise KeyboardInterrupt

        for number in SIGNALS:
            self._replace(config, number, handle)

    def _replace(self, config: pytest.Config, number: int, handle: Any) -> None:
        before = signal.signal(number, handle)

        def restore() -> None:
            signal.signal(number, before)

        config.add_cleanup(restore)
