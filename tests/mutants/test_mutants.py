"""Every mutant is noticed, by the requirement that it breaks."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.mutants.planting import MUTANTS
from tests.mutants.table import tried
from tests.mutants.trial import AT_ONCE, LONGEST, Court, Trial


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The trials of all selected mutants, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = [values["name"] for values in parameters if values.get("name") in MUTANTS]
    court = Court(2 * AT_ONCE)  # Half of a short trial is waiting.
    yield {name: court.begin(tried, name) for name in names}
    court.close()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_noticed(trials: dict[str, Future[Trial]], name: str) -> None:
    mutant = MUTANTS[name]
    trial = trials[name].result(LONGEST * len(MUTANTS))
    if mutant.equivalent:
        assert trial.exit_code == 0, trial.evidence
    else:
        assert trial.exit_code == 1, trial.output
        noticed = mutant.chance or trial.is_finding(mutant.requirement, mutant.operation)
        assert noticed, f"{mutant.fault} Noticed: {trial.evidence}"
