"""The workers of xdist at the end of a run: all of them come to theirs, and what dead ones left is removed."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import time
from typing import Any

import pytest

from conformance.harness.plugin import reaper
from conformance.harness.plugin.judging.judge import Judge
from conformance.harness.plugin.session import redactor_of
from conformance.harness.plugin.settings.options import target_of
from conformance.harness.wire.ownership.journal import processes

PATIENCE = 60.0
"""Seconds that workers get to finish their tests and to remove what they created."""


SESSION = "conformance_session"


def session_of(config: pytest.Config) -> str:
    """What the journals of one session have in common, those of its workers included."""
    inherited: str = getattr(config, "workerinput", {}).get(SESSION) or secrets.token_hex(8)
    return inherited


class Workers:
    """Waits for the workers of an interrupted run; xdist alone would kill them in the middle of removing."""

    def __init__(self, config: pytest.Config, judge: Judge) -> None:
        self._config = config
        self._judge = judge
        self._session = session_of(config)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tells a worker whose session it is of."""
        node.workerinput[SESSION] = self._session

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Ends the workers in order, then removes what killed ones have left, before the judge concludes."""
        self._judge.ending.is_closing = True
        xdist = self._config.pluginmanager.get_plugin("dsession")
        if xdist is None:
            return
        if self._judge.ending.interrupted:
            self._end_in_order(xdist)
        self._reap()

    def _end_in_order(self, xdist: Any) -> None:
        for process in processes(self._config.option.output, self._session):
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGTERM)
        with contextlib.suppress(RuntimeError, AssertionError):  # what xdist says of workers that are gone
            xdist.triggershutdown()
            end = time.monotonic() + PATIENCE
            while xdist._active_nodes and time.monotonic() < end:
                xdist.loop_once()

    def _reap(self) -> None:
        """A worker that was killed, or could not remove everything, has left its journal: this is the last try."""
        obstacle = self._judge.ending.interrupted or self._judge.obstacle
        reaped = reaper.reap(target_of(self._config), self._config.option.output, self._session, obstacle)
        verdict = self._judge.verdict
        for token, (created, removed) in reaped.counts.items():
            told = self._judge.told.get(token, {"created": 0, "removed": 0, "left": []})
            verdict.created += created - told["created"]
            verdict.removed += removed - told["removed"]
            verdict.left = [leftover for leftover in verdict.left if leftover not in told["left"]]
        verdict.left += redactor_of(self._config).values(reaped.left)
