"""The gate notices the faults of planted releases, and passes the peculiar ones."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.blind.sdks import FAULTS, PECULIARITIES
from tests.blind.sdks.reported import OTHERWISE
from tests.blind.sdks.sets import entered
from tests.blind.sdks.trials import gate_named, is_named
from tests.mutants.pool import Pool
from tests.mutants.sdks.gate import gate
from tests.mutants.trial import TIMEOUT, Trial

MEASURED = entered()
AT_ONCE = 2
"""Runs at once: they mostly sleep."""


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The runs through all selected releases, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = [values["planted"] for values in parameters if "planted" in values]
    pool = Pool(AT_ONCE)
    yield {name: pool.start(gate_named if name in FAULTS else gate, name) for name in names}
    pool.close()


def expected_to_fail(name: str) -> pytest.MarkDecorator:
    """The mark of a fault that is not noticed, or not as it should be."""
    reason = OTHERWISE.get(name, "")
    return pytest.mark.xfail(bool(reason), reason=reason, strict=True)


@pytest.mark.parametrize(
    "planted", [pytest.param(name, marks=expected_to_fail(name)) for name in MEASURED if name in FAULTS]
)
def test_a_planted_release_is_noticed(trials: dict[str, Future[Trial]], planted: str) -> None:
    trial = trials[planted].result(TIMEOUT * len(MEASURED))
    assert trial.suite_errors == (), trial.output
    assert trial.exit_code == 1, trial.output
    assert is_named(planted, trial), f"{FAULTS[planted].__doc__} Noticed: {trial.evidence}"


@pytest.mark.parametrize("planted", [name for name in MEASURED if name in PECULIARITIES])
def test_a_peculiar_release_passes(trials: dict[str, Future[Trial]], planted: str) -> None:
    trial = trials[planted].result(TIMEOUT * len(MEASURED))
    assert trial.suite_errors == (), trial.output
    assert trial.having("finding") == [], trial.evidence
    assert trial.exit_code == 0, trial.output
