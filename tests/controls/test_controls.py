"""No legal peculiarity is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from specs.requirements import Level, catalogue
from tests.controls import connections, environments, lists, responses, values
from tests.controls.planting import CONTROLS
from tests.mutants.pool import Pool
from tests.mutants.trial import TIMEOUT, Trial, run_suite

MODULES = (connections, environments, lists, responses, values)
"""The modules that add controls, imported for that."""


def run_control(name: str) -> Trial:
    """Runs the whole suite against a control, as a user would."""
    return run_suite(CONTROLS[name].opened, ["--lag", "3"])


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The trials of all selected controls, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    pool = Pool()
    yield {values["name"]: pool.start(run_control, values["name"]) for values in parameters if "name" in values}
    pool.close()


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_is_no_finding(trials: dict[str, Future[Trial]], name: str) -> None:
    trial = trials[name].result(TIMEOUT * len(CONTROLS))
    assert trial.suite_errors == (), trial.output
    assert trial.having("finding") == [], trial.evidence
    assert trial.exit_code == 0, trial.output


def test_a_requirement_that_allows_a_control_is_not_binding() -> None:
    claims = [claim for control in CONTROLS.values() for claim in re.findall(r"([a-z]+\.[\w-]+) is", control.source)]
    assert [claim for claim in claims if catalogue()[claim].level is Level.MUST] == []
