"""How a run comes to its end before it is finished: by a signal, or because its target can no longer be judged."""

from __future__ import annotations

import signal
from collections.abc import Generator
from types import FrameType
from typing import Any

import pytest

from conformance.harness.wire.transports.limits import Limits, RunEndedError

NAME = "conformance-ending"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class Ending:
    """The end of the run in this process."""

    def __init__(self, is_worker: bool) -> None:
        self._is_worker = is_worker
        self._limits: Limits | None = None
        self.interrupted = ""
        """The signal that has ended the run."""
        self.is_closing = False
        """Whether the tests are over and what was created is being removed."""

    @property
    def obstacle(self) -> str:
        """Why the target can no longer be judged, if so."""
        return self._limits.reason if self._limits is not None and not self.interrupted else ""

    def watch(self, limits: Limits) -> None:
        """The run has begun; a signal that came before it ends it all the same."""
        self._limits = limits
        if self.interrupted:
            limits.end(self._reason)

    def interrupt(self, name: str) -> None:
        """A signal ends the run: nothing more is sent but removals. While these go on, a second one ends them."""
        is_first, self.interrupted = not self.interrupted, self.interrupted or name
        if self._limits is None:
            return
        if not self.is_closing:
            self._limits.end(self._reason)
        elif is_first:
            self._limits.shorten_removal()
        else:
            self._limits.end_removal()

    @property
    def _reason(self) -> str:
        return f"interrupted by {self.interrupted}"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """From the end of the last test on no signal may keep the run from removing what it created."""
        try:
            return (yield)
        finally:
            self.is_closing = True

    def pytest_runtest_logreport(self) -> None:
        """Ends a run that has swallowed the interrupt, as code does that is called back from C."""
        if self.interrupted and not (self.is_closing or self._is_worker):
            raise KeyboardInterrupt

    def is_of(self, error: BaseException | None) -> bool:
        """Whether a test that has raised this error, or none, says nothing, since the run has ended within it."""
        is_over = self._limits is not None and bool(self._limits.reason)
        return bool(self.interrupted) or is_over or isinstance(error, RunEndedError)

    def cut_short(self, report: pytest.TestReport, item: pytest.Item) -> None:
        """Makes a test in which the run has ended the last one."""
        reason = self._limits.reason if self._limits is not None else self._reason
        item.session.shouldstop = reason
        path, line, _ = item.location
        report.outcome, report.longrepr = "skipped", (path, line or 0, reason)

    def listen(self, config: pytest.Config) -> None:
        """Lets each of the signals end the run as Ctrl-C does, with everything removed and the truth said.

        A worker of xdist only sends nothing more: the controller ends its workers.
        """
        config.pluginmanager.register(self, NAME)

        def handle(number: int, frame: FrameType | None) -> None:
            if self._is_worker and self.is_closing and self.interrupted:
                return  # it may be told twice: by whoever ends all processes, and by the controller
            self.interrupt(signal.Signals(number).name)
            if not (self.is_closing or self._is_worker):
                raise KeyboardInterrupt

        for number in SIGNALS:
            self._replace(config, number, handle)

    def _replace(self, config: pytest.Config, number: int, handle: Any) -> None:
        before = signal.signal(number, handle)

        def restore() -> None:
            signal.signal(number, before)

        config.add_cleanup(restore)


def was_interrupted(config: pytest.Config) -> bool:
    """Whether a signal has come in the run that these options belong to."""
    ending = config.pluginmanager.get_plugin(NAME)
    return isinstance(ending, Ending) and bool(ending.interrupted)
