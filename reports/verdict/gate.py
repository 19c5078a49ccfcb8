"""What a run comes to for a pipeline: its exit code, and the deviations that it accepts or proposes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from reports.verdict.deviations import Deviation
from reports.verdict.verdict import Outcome, Status, Verdict
from specs.requirements import catalogue

MET, FINDINGS, NO_JUDGEMENT = 0, 1, 3
PROPOSED_DAYS = 90
TESTED = (Status.MET, Status.OBSERVED)


def exit_code(verdict: Verdict) -> int:
    """0 when every MUST is met or accepted, 1 with findings, 3 when nothing can be said."""
    if verdict.of(Status.FINDING) or verdict.outdated:
        return FINDINGS
    return NO_JUDGEMENT if verdict.suite_errors or verdict.no_judgement else MET


def outdated(deviations: Iterable[Deviation], verdict: Verdict) -> list[Deviation]:
    """The deviations that no longer occur, as far as everything that they cover was tested to the end."""
    if not verdict.complete or verdict.suite_errors:
        return []
    return [deviation for deviation in deviations if _is_over(deviation, verdict.outcomes)]


def _is_over(deviation: Deviation, outcomes: Iterable[Outcome]) -> bool:
    covered = [outcome for outcome in outcomes if deviation.covers(outcome.requirement, outcome.operation)]
    return all(outcome.status in TESTED for outcome in covered)


def proposed(verdict: Verdict, accepted: Iterable[Deviation], today: date) -> Iterator[tuple[Deviation, str]]:
    """Deviations that would let this run pass, each with a comment: those in force, then the new ones.

    The new ones have no reason yet.
    """
    expires = (today + timedelta(days=PROPOSED_DAYS)).isoformat()
    over = verdict.outdated
    for deviation in accepted:
        if deviation not in over:
            yield deviation, catalogue()[deviation.requirement].promise
    for name, found in groupby(verdict.of(Status.FINDING), lambda outcome: outcome.requirement):
        outcomes = list(found)
        everywhere = len(outcomes) == len(catalogue()[name].operations)
        for outcome in outcomes[:1] if everywhere else outcomes:
            operation = None if everywhere else outcome.operation
            yield Deviation(name, "", expires, operation), outcome.promise
