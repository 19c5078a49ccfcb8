"""What two verdicts have between them: where a target got better, and where worse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.verdict.verdict import Outcome, Status, Verdict

RANK = {Status.MET: 0, Status.DEVIATION: 1, Status.WARNING: 2, Status.BLOCKED: 3, Status.FINDING: 3}
"""How bad it is; what is blocked may hide a finding. Nothing can be said of the statuses that have no rank."""


@dataclass(frozen=True)
class Change:
    """A requirement at an operation that got better or worse."""

    before: Outcome
    after: Outcome
    is_worse: bool

    def __str__(self) -> str:
        word = "worse" if self.is_worse else "better"
        where = f"{self.after.requirement} ({self.after.operation})"
        return f"{word}: {where}: {self.before.status} -> {self.after.status}"


def changes(before: Verdict, after: Verdict) -> Iterator[Change]:
    """What got better or worse, as far as both runs have judged.

    What only the later run judged is worse when it is broken, and no change when it is met.
    """
    known = {(outcome.requirement, outcome.operation): outcome for outcome in before.outcomes}
    for outcome in after.outcomes:
        former = known.get(
            (outcome.requirement, outcome.operation), Outcome(outcome.requirement, outcome.operation, "")
        )
        if outcome.status not in RANK:
            continue
        step = RANK[outcome.status] - RANK.get(former.status, RANK[Status.MET])
        if step:
            yield Change(former, outcome, step > 0)
