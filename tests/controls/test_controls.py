"""No legal peculiarity is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.controls import responses, targets
from tests.controls.peculiarity import CONTROLS
from tests.mutants.trial import LONGEST, Court, Trial, judged

THEMES = (responses, targets)
"""The modules that add controls, imported for that."""


def tried(name: str) -> Trial:
    """Runs the whole suite against a control, as a user would."""
    return judged(CONTROLS[name].opened, ["--lag", "3"])


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The trials of all selected controls, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    court = Court()
    yield {
        values["peculiarity"]: court.begin(tried, values["peculiarity"])
        for values in parameters
        if "peculiarity" in values
    }
    court.close()


@pytest.mark.parametrize("peculiarity", CONTROLS)
def test_a_peculiarity_is_no_finding(trials: dict[str, Future[Trial]], peculiarity: str) -> None:
    trial = trials[peculiarity].result(LONGEST * len(CONTROLS))
    assert trial.having("finding") == [], trial.evidence
    assert trial.exit_code == 0, trial.output
