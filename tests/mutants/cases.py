"""The suite against one mutant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import tests.mutants.faults  # noqa: F401 - plants them
from specs.requirements import Level
from tests.mutants.planting import MUTANTS, Mutant
from tests.mutants.trial import STRICT_LEVELS, Trial, run_suite, serve


def run_selected(name: str) -> Trial:
    """Runs the tests of the requirement that must notice; where they do not, the whole suite, as others may."""
    mutant = MUTANTS[name]
    if mutant.flaky:
        return run_whole(name)
    requirements = sorted({mutant.requirement, mutant.occasion or mutant.requirement})
    trial = run_suite(partial(serve, mutant.app), [*strictness(mutant), "-k", " or ".join(requirements)])
    return trial if trial.is_finding(mutant.requirement, mutant.operation) else run_whole(name)


def run_whole(name: str, options: Iterable[str] = ()) -> Trial:
    """Runs the whole suite against a mutant, as somebody would who does not know it."""
    mutant = MUTANTS[name]
    return run_suite(partial(serve, mutant.app), [*strictness(mutant), *options])


def strictness(mutant: Mutant) -> list[str]:
    """What makes a finding of a fault that breaks no MUST."""
    return [] if mutant.level is Level.MUST else [STRICT_LEVELS]
