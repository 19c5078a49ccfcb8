"""What a run comes to: its result and exit code, and the deviations that it accepts or proposes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from reports.verdict.deviations import Deviation
from reports.verdict.subject import SDK
from reports.verdict.verdict import NOT_ENDED, NOT_JUDGED, Outcome, Result, Status, Verdict
from specs.requirements import catalogue

EXIT_CODES = {Result.MET: 0, Result.FINDINGS: 1, Result.NO_JUDGEMENT: 3}
PROPOSED_DAYS = 90
TESTED = (Status.MET, Status.OBSERVED)
REASON_SHOWN = 3


def exit_code(verdict: Verdict) -> int:
    """What the process ends with."""
    return EXIT_CODES[verdict.result]


def conclude(verdict: Verdict, obstacle: str = "") -> None:
    """Settles result and reason; `obstacle` says why the target cannot be judged after all, if so.

    An obstacle makes what was found before it doubtful. A bug of the suite does not: what other
    tests found is there.
    """
    if obstacle:
        verdict.result, verdict.reason = Result.NO_JUDGEMENT, obstacle
    elif verdict.of(Status.FINDING) or verdict.outdated:
        verdict.result, verdict.reason = Result.FINDINGS, ""
    elif blocked := unexcused(verdict):
        verdict.result, verdict.reason = Result.FINDINGS, _blocked_reason(blocked)
    else:
        verdict.reason = _doubt(verdict)
        verdict.result = Result.NO_JUDGEMENT if verdict.reason else Result.MET


def unexcused(verdict: Verdict) -> list[Outcome]:
    """The MUST that are blocked by something that no deviation accepts."""
    return [outcome for outcome in verdict.of(Status.BLOCKED) if outcome.level == "MUST" and not outcome.accepted]


def _blocked_reason(blocked: list[Outcome]) -> str:
    names = list(dict.fromkeys(outcome.requirement for outcome in blocked))
    causes = list(dict.fromkeys(str(c) for outcome in blocked for c in outcome.blocked_by if not c.accepted))
    more = f" and {len(names) - REASON_SHOWN} more" if len(names) > REASON_SHOWN else ""
    by = f" by {', '.join(causes[:REASON_SHOWN])}" if causes else ""
    return f"{', '.join(names[:REASON_SHOWN])}{more} could not be judged: blocked{by}"


def _doubt(verdict: Verdict) -> str:
    """Why a run without findings says nothing, empty when it does."""
    if verdict.suite_errors:
        count = len(verdict.suite_errors)
        return f"the suite itself failed in {count} test{'s' * (count != 1)}"
    if not verdict.complete:
        return NOT_ENDED
    judged = [o for o in verdict.outcomes if o.status not in NOT_JUDGED and not o.implied]
    return "" if judged else "no requirement was tested"


def excuse(
    outcome: Outcome,
    outcomes: Mapping[tuple[str, str], Outcome],
    deviation: Callable[[str, str], Deviation | None],
) -> None:
    """A deviation that accepts what blocks a requirement covers that requirement as well, by name."""
    outcome.blocked_by = [
        replace(cause, accepted=outcomes[cause.requirement, cause.operation].status is Status.DEVIATION)
        for cause in outcome.blocked_by
    ]
    if outcome.accepted:
        covering = [f"{cause}, {deviation(cause.requirement, cause.operation)}" for cause in outcome.blocked_by]
        outcome.note = f"blocked by {'; '.join(covering)}"


def why_not_tested(verdict: Verdict, deselected: bool) -> str:
    """Why nothing is said of a requirement; `deselected` tells whether options left tests of it out."""
    if verdict.options.get("read_only"):
        return "read-only"
    if verdict.suite_errors:
        return "not selected, or the suite failed"
    if deselected:
        return "deselected"
    return "not selected" if verdict.complete else "the run ended before"


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

    The new ones have no reason yet. Those of an SDK are for that SDK alone: another one may be fine.
    """
    subject = verdict.subject.name if verdict.subject.kind == SDK else None
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
            yield Deviation(name, "", expires, operation, subject=subject), outcome.promise
