"""The verdict as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from reports.verdict import Outcome, Status, Verdict
from specs.requirements import catalogue


def lines(verdict: Verdict) -> Iterator[str]:
    """First each finding, then what the run came to."""
    for outcome in verdict.of(Status.FINDING, Status.WARNING):
        yield from _finding(outcome)
    counts = {status: len(verdict.of(status)) for status in Status}
    yield ""
    yield ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    yield (
        f"{verdict.requests} requests, {verdict.created} organizations created, "
        f"{verdict.removed} removed, {verdict.seconds:.1f} s"
    )
    if verdict.left:
        yield f"not removed: {', '.join(verdict.left)}"


def _finding(outcome: Outcome) -> Iterator[str]:
    requirement = catalogue()[outcome.requirement]
    yield ""
    yield f"{outcome.status.upper()} {outcome.requirement} ({outcome.operation})"
    yield f"  {requirement.promise}"
    yield f"  expected: {outcome.evidence.expected}"
    yield f"  seen:     {outcome.evidence.seen}"
    for exchange in outcome.evidence.exchanges[-1:]:
        yield f"  {exchange.curl}"
    yield f"  source:   {'; '.join(requirement.sources)}"
