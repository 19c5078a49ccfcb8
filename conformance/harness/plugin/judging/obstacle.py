"""What a run may meet on its way that leaves nothing to judge: the run stops, and says so."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import replace
from typing import Protocol

import pytest

from conformance.harness.plugin import preflight
from conformance.harness.plugin.run import Run
from conformance.harness.plugin.session import redactor_of
from conformance.harness.plugin.settings.options import target_of
from conformance.harness.wire.transports.walls import WALLS
from reports.verdict.verdict import Evidence, Outcome, Status, Verdict

JUDGED_AGAINST = (Status.FINDING, Status.WARNING, Status.DEVIATION)


class HasRun(Protocol):
    """Who knows the run."""

    run: Run | None
    verdict: Verdict


class Obstacles:
    """Looks after each test that was refused a lot whether the target refuses everything."""

    def __init__(self, config: pytest.Config, judge: HasRun) -> None:
        self._config = config
        self._judge = judge

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Stops the session once nothing but refusals can be expected."""
        result = yield
        run = self._judge.run
        if run is not None and run.walls.is_suspected:
            run.walls.is_unfounded()
            if wall := wall_before(self._config, self._judge.verdict.left):
                run.limits.end(wall)
                item.session.shouldstop = wall
        return result


def wall_before(config: pytest.Config, left: list[str]) -> str:
    """Why the target can no longer be judged, empty where it can; what it takes to know may add to what is `left`."""
    try:
        preflight.check(replace(target_of(config), max_retry_wait=0.0), config.option.output, left)
    except preflight.NoJudgementError as error:
        return redactor_of(config).text(str(error))
    return ""


def withdraw(outcomes: Iterable[Outcome], obstacle: str) -> None:
    """Takes back what rests on refusals that the obstacle explains, and what was blocked."""
    for outcome in outcomes:
        refused = [exchange.status in WALLS for exchange in outcome.evidence.exchanges[-1:]]
        if outcome.status is Status.BLOCKED or (outcome.status in JUDGED_AGAINST and any(refused)):
            outcome.status, outcome.evidence, outcome.tests, outcome.blocked_by = Status.NOT_TESTED, Evidence(), [], []
            outcome.note = obstacle
