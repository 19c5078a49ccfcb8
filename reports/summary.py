"""What a verdict comes to, counted in requirements: the numbers that every report shows.

A requirement has one status: the heaviest that it has at any operation. Of it counts what was
judged; what was left out by options, or shown by exchanges of other tests alone, is counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from reports.verdict.subject import EMBEDDED
from reports.verdict.verdict import NOT_JUDGED, WEIGHT, Evidence, Outcome, Result, Status, Verdict
from specs.requirements import catalogue

OTHER = "Other"
"""The group of requirements that the catalogue does not know."""


@dataclass(frozen=True)
class Entry:
    """A requirement with its heaviest status, and the operations at which it has it."""

    outcomes: tuple[Outcome, ...]
    elsewhere: tuple[Outcome, ...] = ()
    """Its outcomes at the other operations."""

    @property
    def first(self) -> Outcome:
        """The outcome that stands for the others."""
        return self.outcomes[0]

    @property
    def id(self) -> str:
        """The id of the requirement."""
        return self.first.requirement

    @property
    def status(self) -> Status:
        """The status of the requirement."""
        return self.first.status

    @property
    def group(self) -> str:
        """The title of the group of the catalogue that it belongs to."""
        known = catalogue().get(self.id)
        return known.group.title if known else OTHER

    @property
    def operations(self) -> str:
        """The names of the operations."""
        return ", ".join(outcome.operation for outcome in self.outcomes)

    @property
    def tests(self) -> int:
        """How many tests showed it."""
        return len({test for outcome in self.outcomes for test in outcome.tests})

    @property
    def is_implied(self) -> bool:
        """Whether none of its tests was selected: exchanges of other tests show it."""
        return all(outcome.implied for outcome in self.outcomes)

    def others(self) -> Iterator[tuple[str, Evidence]]:
        """The evidence at further operations, where something else was seen there.

        A success is the same at all of them, though it is 201 where it creates and 200 elsewhere.
        """
        known = [_seen_anywhere(self.first)]
        for outcome in self.outcomes[1:]:
            if _seen_anywhere(outcome) not in known:
                known.append(_seen_anywhere(outcome))
                yield outcome.operation, outcome.evidence


@dataclass(frozen=True)
class Summary:
    """A verdict by requirement."""

    verdict: Verdict

    @cached_property
    def entries(self) -> list[Entry]:
        """Every requirement, in the order of the catalogue."""
        by_requirement: dict[str, list[Outcome]] = {}
        for outcome in self.verdict.outcomes:
            by_requirement.setdefault(outcome.requirement, []).append(outcome)
        return [_entry(outcomes) for outcomes in by_requirement.values()]

    def of(self, status: Status) -> list[Entry]:
        """The requirements that have this status."""
        return [entry for entry in self.entries if entry.status is status]

    @property
    def findings(self) -> int:
        """How many findings there are, with the deviations that no longer occur."""
        return len(self.of(Status.FINDING)) + len(self.verdict.outdated)

    @property
    def must(self) -> list[Entry]:
        """The MUST that were judged, or would have been if nothing had blocked them."""
        return [e for e in self.entries if e.first.level == "MUST" and e.status not in NOT_JUDGED and not e.is_implied]

    @property
    def must_met(self) -> int:
        """How many of them are met."""
        return sum(entry.status is Status.MET for entry in self.must)

    @property
    def is_partial(self) -> bool:
        """Whether options left tests out."""
        return any(outcome.deselected for outcome in self.verdict.outcomes)

    def groups(self, status: Status) -> list[tuple[str, list[Entry]]]:
        """The requirements of a status by group: first the group that has most MUST among them."""
        found: dict[str, list[Entry]] = {}
        for entry in self.of(status):
            found.setdefault(entry.group, []).append(entry)
        return sorted(found.items(), key=lambda item: (-_must_in(item[1]), -len(item[1])))

    def judged_in(self, group: str) -> int:
        """How many requirements of a group were judged."""
        return sum(entry.group == group and entry.status not in NOT_JUDGED for entry in self.entries)

    def blocked(self) -> dict[str, list[str]]:
        """The ids of what could not be judged, by the finding because of which."""
        found: dict[str, list[str]] = {}
        for entry in self.of(Status.BLOCKED):
            causes = [str(cause) for outcome in entry.outcomes for cause in outcome.blocked_by]
            found.setdefault(causes[0] if causes else entry.first.note, []).append(entry.id)
        return found

    @property
    def blocking(self) -> Counter[str]:
        """How many requirements could not be judged because of a finding, by the id of that."""
        causes = (outcome.blocked_by[:1] for entry in self.of(Status.BLOCKED) for outcome in entry.outcomes[:1])
        return Counter(cause.requirement for first in causes for cause in first)

    @property
    def counts(self) -> list[tuple[int, str]]:
        """How many requirements there are of each status that asks for attention, with what to call them."""
        named = Counter(entry.status for entry in self.entries)
        counts = [
            (self.findings, "finding"),
            (named[Status.WARNING], "warning"),
            (named[Status.BLOCKED], "blocked"),
            (named[Status.DEVIATION], "accepted deviation"),
            (len(self.verdict.suite_errors), "suite error"),
        ]
        return [(count, _plural(count, word)) for count, word in counts if count or word == "finding"]

    @property
    def line(self) -> str:
        """What the run came to, in one line."""
        incomplete = "" if self.verdict.complete else "INCOMPLETE: "
        counts = ", ".join(f"{count} {word}" for count, word in self.counts)
        embedded = f" by {EMBEDDED}" if self.verdict.subject.embedded else ""
        return f"{incomplete}{counts}; {self.must_met} of {len(self.must)} MUST met{embedded}"

    @property
    def headline(self) -> str:
        """The result in words."""
        verdict = self.verdict
        if verdict.result is Result.MET:
            but = ", but for accepted deviations" if self.of(Status.DEVIATION) else ""
            return f"{verdict.subject.title} keeps every MUST that was checked{but}"
        if verdict.result is Result.NO_JUDGEMENT:
            return f"no judgement of {verdict.subject.title}: {verdict.reason}"
        reason = f": {verdict.reason}" if verdict.reason else ""
        return f"{verdict.subject.title} does not conform{reason}"


def _seen_anywhere(outcome: Outcome) -> str:
    """What was seen, whatever the operation calls its success."""
    return outcome.evidence.seen.replace("status 201", "status 200")


def _entry(outcomes: list[Outcome]) -> Entry:
    status = max((outcome.status for outcome in outcomes), key=WEIGHT.__getitem__)
    having = tuple(outcome for outcome in outcomes if outcome.status is status)
    return Entry(having, tuple(outcome for outcome in outcomes if outcome.status is not status))


def _must_in(entries: list[Entry]) -> int:
    return sum(entry.first.level == "MUST" for entry in entries)


def _plural(count: int, word: str) -> str:
    return word if count == 1 or word == "blocked" else f"{word}s"
