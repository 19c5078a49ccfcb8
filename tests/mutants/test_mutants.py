"""Every mutant is noticed, by the requirement that it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.mutants.cases import run_selected
from tests.mutants.planting import MUTANTS
from tests.mutants.pool import CORES, Pool
from tests.mutants.trial import TIMEOUT, Trial


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The trials of all selected mutants, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = [values["name"] for values in parameters if values.get("name") in MUTANTS]
    pool = Pool(2 * CORES)  # Half of a short trial is waiting.
    yield {name: pool.start(run_selected, name) for name in names}
    pool.close()


OTHERWISE = {"short-page-of-domains": "noticed under list.walk-back: pages of the environment show it first"}
"""Mutants that are noticed under another requirement than the one that they break, and why."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(name in OTHERWISE, reason=OTHERWISE.get(name, "")))
        for name in MUTANTS
    ],
)
def test_a_mutant_is_noticed(trials: dict[str, Future[Trial]], name: str) -> None:
    mutant = MUTANTS[name]
    trial = trials[name].result(TIMEOUT * len(MUTANTS))
    assert trial.suite_errors == (), trial.output
    assert trial.exit_code == 1, trial.output
    noticed = mutant.flaky or trial.is_finding(mutant.requirement, mutant.operation)
    assert noticed, f"{mutant.fault} Noticed: {trial.evidence}"
