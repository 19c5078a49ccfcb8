"""The verdict: the outcome of a run, by requirement and operation, as plain data."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1


class Status(enum.StrEnum):
    """What became of a requirement; the later ones outweigh the earlier ones."""

    NOT_TESTED = "not tested"
    OBSERVED = "observed"
    MET = "met"
    BLOCKED = "blocked"
    DEVIATION = "deviation"
    WARNING = "warning"
    FINDING = "finding"


WEIGHT = {status: weight for weight, status in enumerate(Status)}


@dataclass(frozen=True)
class ExchangeRecord:
    """One exchange, redacted, its bodies bounded."""

    summary: str
    curl: str
    request_headers: dict[str, str]
    request_body: str
    status: int | None
    answer_headers: dict[str, str]
    answer_body: str
    fault: str = ""


@dataclass(frozen=True)
class Evidence:
    """Why a requirement has its status: what was expected and seen, and the exchanges that show it."""

    expected: str = ""
    seen: str = ""
    exchanges: tuple[ExchangeRecord, ...] = ()


@dataclass
class Outcome:
    """What became of one requirement at one operation."""

    requirement: str
    operation: str
    level: str
    status: Status = Status.NOT_TESTED
    tests: list[str] = field(default_factory=list)
    """Node ids of the tests that had this status."""
    evidence: Evidence = Evidence()
    note: str = ""
    """What an INFO probe saw, or why nothing was tested."""

    def weigh(self, status: Status, test: str, evidence: Evidence, note: str = "") -> None:
        """Takes in the result of one test: the heaviest status stays, with its first evidence."""
        if WEIGHT[status] > WEIGHT[self.status]:
            self.status, self.evidence, self.note, self.tests = status, evidence, note, []
        if status is self.status and test and test not in self.tests:
            self.tests.append(test)


@dataclass
class Verdict:
    """A whole run."""

    base_url: str
    profile: str
    seed: int
    outcomes: list[Outcome]
    requests: int = 0
    created: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)
    """Ids of organizations that could not be removed."""
    seconds: float = 0.0
    complete: bool = True
    schema_version: int = SCHEMA_VERSION

    def of(self, *statuses: Status) -> list[Outcome]:
        """The outcomes that have one of these statuses."""
        return [outcome for outcome in self.outcomes if outcome.status in statuses]

    def write(self, path: Path) -> None:
        """Writes the verdict as JSON. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.serializable(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def serializable(self) -> dict[str, Any]:
        """The verdict as JSON values."""
        return asdict(self)


def outcomes_of(requirements: Iterable[Any]) -> dict[tuple[str, str], Outcome]:
    """An outcome for each requirement and operation, none of them tested yet."""
    return {
        (requirement.id, operation): Outcome(requirement.id, operation, str(requirement.level))
        for requirement in requirements
        for operation in requirement.operations
    }
