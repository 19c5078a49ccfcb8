"""The gate finds the fault of each lying release under the requirement that it breaks, and none in the faithful one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.mutants.pool import CORES, Pool
from tests.mutants.sdks.faults import FAULTS
from tests.mutants.sdks.gate import gate, gate_selected
from tests.mutants.trial import TIMEOUT, Trial


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The runs through all selected releases, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = [values["release"] for values in parameters if values.get("release") in FAULTS]
    pool = Pool(2 * CORES)
    yield {name: pool.start(gate_selected, name) for name in names}
    pool.close()


@pytest.mark.parametrize("release", FAULTS)
def test_a_lie_is_found(trials: dict[str, Future[Trial]], release: str) -> None:
    trial = trials[release].result(TIMEOUT * len(FAULTS))
    assert trial.suite_errors == (), trial.output
    assert trial.exit_code == 1, trial.output
    assert trial.is_finding(FAULTS[release].requirement), f"{FAULTS[release].__doc__} Found: {trial.evidence}"


def test_the_faithful_release_passes() -> None:
    pool = Pool(1)
    trial = pool.start(gate, "").result(TIMEOUT)
    pool.close()
    assert (trial.having("finding"), trial.suite_errors) == ([], ()), trial.output
    assert trial.exit_code == 0, trial.output
