"""All mutants, and how one is tried."""

from __future__ import annotations

from functools import partial

import tests.mutants.faults  # noqa: F401 - plants them
from tests.mutants.planting import MUTANTS, Mutant
from tests.mutants.trial import Trial, application, judged, named


def tried(name: str) -> Trial:
    """Runs the tests of the requirement that must notice; when they do not, the whole suite, where others may."""
    mutant = MUTANTS[name]
    if mutant.equivalent or mutant.chance:
        return tried_in_full(name)
    requirements = {mutant.requirement, mutant.beside or mutant.requirement}
    files = {file for requirement in requirements for file in named(requirement)}
    chosen = [*strictness(mutant), "-k", " or ".join(sorted(requirements))]
    first = judged(partial(application, mutant.app), chosen, sorted(files))
    return first if first.is_finding(mutant.requirement, mutant.operation) else tried_in_full(name)


def tried_in_full(name: str) -> Trial:
    """Runs the whole suite against a mutant, as somebody would who does not know it."""
    mutant = MUTANTS[name]
    return judged(partial(application, mutant.app), strictness(mutant))


def strictness(mutant: Mutant) -> list[str]:
    """What makes a finding of a fault that breaks no MUST."""
    return ["--strict"] if mutant.weak else []
