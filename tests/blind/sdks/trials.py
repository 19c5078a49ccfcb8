"""The gate on one planted release."""

from __future__ import annotations

from tests.blind.sdks import FAULTS
from tests.blind.sdks.reported import REPORTED
from tests.mutants.sdks.gate import gate
from tests.mutants.trial import Trial


def gate_named(name: str) -> Trial:
    """The tests of the requirements that must notice a fault; where they do not, the whole gate."""
    trial = gate(name, "-k", " or ".join(requirements(name)))
    return trial if is_named(name, trial) else gate(name)


def requirements(name: str) -> list[str]:
    """The requirements whose finding names a fault: the one that its author expected, and equals of it."""
    return [FAULTS[name].requirement, *REPORTED.get(name, ())]


def is_named(name: str, trial: Trial) -> bool:
    """Whether a finding names the fault."""
    return any(trial.is_finding(requirement) for requirement in requirements(name))
