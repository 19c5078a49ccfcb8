"""No legal peculiarity is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.controls import responses, targets
from tests.controls.peculiarity import CONTROLS
from tests.mutants.pool import Pool
from tests.mutants.trial import TIMEOUT, Trial, run_suite

MODULES = (responses, targets)
"""The modules that add controls, imported for that."""


def run_control(name: str) -> Trial:
    """Runs the whole suite against a control, as a user would."""
    return run_suite(CONTROLS[name].opened, ["--lag", "3"])


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The trials of all selected controls, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    pool = Pool()
    yield {
        values["peculiarity"]: pool.start(run_control, values["peculiarity"])
        for values in parameters
        if "peculiarity" in values
    }
    pool.close()


@pytest.mark.parametrize("peculiarity", CONTROLS)
def test_a_peculiarity_is_no_finding(trials: dict[str, Future[Trial]], peculiarity: str) -> None:
    trial = trials[peculiarity].result(TIMEOUT * len(CONTROLS))
    assert trial.having("finding") == [], trial.evidence
    assert trial.exit_code == 0, trial.output
