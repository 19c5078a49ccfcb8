"""The suite against one fault or control."""

from __future__ import annotations

from specs.requirements import catalogue
from tests.blind.registry import SHOULD, Planted, everything
from tests.blind.reported import REPORTED
from tests.mutants.trial import STRICT_LEVELS, Trial, run_suite


def run_selected(name: str) -> Trial:
    """Runs the tests of the requirements that must notice a fault; where they do not, the whole suite."""
    planted = everything()[name]
    trial = run(planted, ["-k", " or ".join(requirements(planted))])
    return trial if is_named(planted, trial) else run(planted)


def run_whole(name: str) -> Trial:
    """Runs the whole suite against a fault or a control, as somebody would who does not know it."""
    return run(everything()[name])


def run(planted: Planted, options: list[str] | None = None) -> Trial:
    """Runs the suite; a broken SHOULD is a finding of the faults against one."""
    strictness = [STRICT_LEVELS] if planted.group == SHOULD else []
    return run_suite(planted.served, [*strictness, "--lag", str(planted.lag), *(options or [])])


def requirements(planted: Planted) -> list[str]:
    """The requirements whose finding names a fault: the one that its author believed broken, and equals of it."""
    believed = [planted.requirement] if planted.requirement in catalogue() else []
    return [*believed, *REPORTED.get(planted.name, ())]


def is_named(planted: Planted, trial: Trial) -> bool:
    """Whether a finding names the fault."""
    return any(trial.is_finding(requirement) for requirement in requirements(planted))
