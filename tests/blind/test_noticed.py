"""Every blind fault is noticed, and no blind control is a finding."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.blind.registry import controls, everything, faults
from tests.blind.reported import OTHERWISE
from tests.blind.trials import is_named, run_selected, run_whole
from tests.mutants.pool import Pool
from tests.mutants.trial import TIMEOUT, Trial


@pytest.fixture(scope="session")
def trials(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Trial]]]:
    """The trials of all selected faults and controls, under way."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = [values["blind"] for values in parameters if "blind" in values]
    pool = Pool()
    yield {name: pool.start(run_selected if name in faults() else run_whole, name) for name in names}
    pool.close()


def expected_to_fail(name: str) -> pytest.MarkDecorator:
    """The mark of a fault that is not noticed, or not as it should be."""
    reason = OTHERWISE.get(name, "")
    return pytest.mark.xfail(bool(reason), reason=reason, strict=True)


@pytest.mark.parametrize("blind", [pytest.param(name, marks=expected_to_fail(name)) for name in faults()])
def test_a_blind_fault_is_noticed(trials: dict[str, Future[Trial]], blind: str) -> None:
    planted = faults()[blind]
    trial = trials[blind].result(TIMEOUT * len(everything()))
    assert trial.suite_errors == (), trial.output
    assert trial.exit_code == 1, trial.output
    assert is_named(planted, trial), f"{planted.sentence} Noticed: {trial.evidence}"


@pytest.mark.parametrize("blind", controls())
def test_a_blind_control_is_no_finding(trials: dict[str, Future[Trial]], blind: str) -> None:
    control = controls()[blind]
    trial = trials[blind].result(TIMEOUT * len(everything()))
    assert trial.suite_errors == (), trial.output
    assert trial.having("finding") == [], trial.evidence
    assert trial.exit_code == 0, trial.output
    assert control.may_warn or trial.having("warning") == [], trial.evidence
