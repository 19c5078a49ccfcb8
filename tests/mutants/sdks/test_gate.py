"""The gate finds the fault of each lying release under the requirement that it breaks, and none in the faithful one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

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


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Room for one run at a time."""
    pool = Pool(1)
    yield pool
    pool.close()


def test_the_faithful_release_passes(pool: Pool) -> None:
    trial = pool.start(gate, "").result(TIMEOUT)
    assert (trial.having("finding"), trial.suite_errors) == ([], ()), trial.output
    assert trial.exit_code == 0, trial.output


@pytest.mark.parametrize("release", ["gives-empty-pages", "gives-little"])
def test_what_is_wrong_nearly_everywhere_is_judged(pool: Pool, release: str) -> None:
    """No scenario breaks by what the release gives back."""
    scenarios = "sdk.value or sdk.isolation or sdk.redirect or sdk.options"
    trial = pool.start(gate, release, "-k", scenarios).result(TIMEOUT)
    assert trial.suite_errors == (), trial.output
    assert trial.exit_code == 1, trial.output
    assert trial.is_finding(FAULTS[release].requirement)


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        ("names-another-release", "its User-Agent says 'workos-stand-in/0.9.0'"),
        ("sends-nothing", "sent nothing to the address of its client"),
        ("dies-at-once", "its driver did not start"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_one_line(pool: Pool, release: str, reason: str) -> None:
    trial = pool.start(gate, release).result(TIMEOUT)
    assert trial.exit_code >= 2
    [line] = [line for line in trial.output.splitlines() if "no judgement: " in line]
    assert reason in line
    assert trial.having("finding") == []


def test_a_run_without_calls_is_no_pass(pool: Pool) -> None:
    trial = pool.start(gate, "", "-k", "no_such_scenario").result(TIMEOUT)
    assert trial.exit_code >= 2


def test_a_deviation_of_the_sdk_is_accepted(pool: Pool, tmp_path: Path) -> None:
    path = deviation(tmp_path, "stand-in")
    trial = pool.start(gate, "trims-names", "-k", ACCEPTED, "--deviations", str(path)).result(TIMEOUT)
    assert trial.having("deviation") == [ACCEPTED], trial.output
    assert trial.exit_code == 0, trial.output


def test_a_deviation_of_another_sdk_is_none(pool: Pool, tmp_path: Path) -> None:
    path = deviation(tmp_path, "ruby")
    trial = pool.start(gate, "trims-names", "-k", ACCEPTED, "--deviations", str(path)).result(TIMEOUT)
    assert trial.having("finding") == [ACCEPTED], trial.output
    assert trial.exit_code == 1


def test_a_deviation_that_has_gone_is_a_finding(pool: Pool, tmp_path: Path) -> None:
    path = deviation(tmp_path, "stand-in")
    trial = pool.start(gate, "", "-k", ACCEPTED, "--deviations", str(path)).result(TIMEOUT)
    assert trial.having("finding") == []
    assert trial.exit_code == 1, trial.output


ACCEPTED = "sdk.request.body-values"


def deviation(folder: Path, subject: str) -> Path:
    """A file that accepts one finding of an SDK."""
    path = folder / "deviations.toml"
    fields = {"requirement": ACCEPTED, "subject": subject, "reason": "names are trimmed until the next release"}
    lines = [f'{name} = "{text}"' for name, text in fields.items()]
    path.write_text("\n".join(["[[deviation]]", *lines, "expires = 2099-12-31"]) + "\n", encoding="utf-8")
    return path
