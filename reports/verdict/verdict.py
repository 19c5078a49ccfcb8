"""The verdict: the outcome of a run, by requirement and operation, as plain data.

`serializable` and `from_dict` are exact inverses; verdict.schema.json describes what lies between.
"""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from reports.verdict.deviations import Deviation
from reports.verdict.subject import Subject
from specs.requirements import Requirement

SCHEMA = Path(__file__).with_name("verdict.schema.json")
SCHEMA_VERSION = 2
NOT_ENDED = "the run did not reach its end"


class UnreadableVerdictError(Exception):
    """A file holds no verdict of this version; the text is one line for the user."""


class Result(enum.StrEnum):
    """What a run came to."""

    MET = "met"
    FINDINGS = "findings"
    NO_JUDGEMENT = "no judgement"


class Status(enum.StrEnum):
    """What became of a requirement; the later ones outweigh the earlier ones."""

    NOT_TESTED = "not tested"
    NOT_EXPRESSIBLE = "not expressible"
    """The subject, an SDK, has no way to ask it."""
    UNSUPPORTED = "unsupported"
    """The subject, an SDK, lacks the operation or field and says so."""
    OBSERVED = "observed"
    MET = "met"
    BLOCKED = "blocked"
    DEVIATION = "deviation"
    WARNING = "warning"
    FINDING = "finding"


WEIGHT = {status: weight for weight, status in enumerate(Status)}
NOT_JUDGED = (Status.NOT_TESTED, Status.NOT_EXPRESSIBLE, Status.UNSUPPORTED)


@dataclass(frozen=True)
class ExchangeRecord:
    """One exchange, redacted, its bodies bounded."""

    operation: str
    method: str
    url: str
    seconds: float
    request_headers: dict[str, str]
    """By lower-case name, as all headers."""
    request_body: str
    status: int | None
    response_headers: dict[str, str]
    response_body: str
    fault: str = ""
    curl: str = ""
    """A shell line that sends the request again, with the key from $WORKOS_API_KEY; empty where an SDK sent it."""


@dataclass(frozen=True)
class Evidence:
    """Why a requirement has its status: what was expected and seen, and the exchanges that show it."""

    expected: str = ""
    seen: str = ""
    exchanges: tuple[ExchangeRecord, ...] = ()
    check: str = ""
    """The line of the scenario that did not hold, with its place."""
    script: str = ""
    """A shell script that shows it again: it exits 1 when the fault shows, 0 when not, 2 when it cannot tell."""
    no_script: str = ""
    """Why there is none."""
    command: str = ""
    """A run of the suite that shows it again where no script can; the key is in $WORKOS_API_KEY."""

    @property
    def again(self) -> list[str]:
        """Lines for a shell that show it again: the request as a curl line, and the run of the suite, if there are."""
        return [line for line in (*(exchange.curl for exchange in self.exchanges[-1:]), self.command) if line]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Evidence:
        """The inverse of dataclasses.asdict."""
        return cls(**{**values, "exchanges": tuple(ExchangeRecord(**item) for item in values["exchanges"])})


@dataclass(frozen=True)
class Cause:
    """The finding by which another requirement is blocked."""

    requirement: str
    operation: str
    accepted: bool = False
    """Whether a deviation accepts the finding, and with it what it blocks."""

    def __str__(self) -> str:
        return f"{self.requirement} ({self.operation})"


@dataclass
class Outcome:
    """What became of one requirement at one operation."""

    requirement: str
    operation: str
    level: str
    promise: str = ""
    sources: tuple[str, ...] = ()
    status: Status = Status.NOT_TESTED
    tests: list[str] = field(default_factory=list)
    """Node ids of the tests that had this status."""
    evidence: Evidence = Evidence()
    note: str = ""
    """What an INFO probe saw, why nothing was tested, or why a deviation is accepted."""
    blocked_by: list[Cause] = field(default_factory=list)
    """The findings because of which nothing can be said; of a blocked requirement alone."""
    deselected: int = 0
    """How many of its tests the options left out."""
    implied: bool = False
    """Whether exchanges of other tests alone show it: none of its own tests was selected."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Outcome:
        """The inverse of dataclasses.asdict."""
        typed = {
            "status": Status(values["status"]),
            "sources": tuple(values["sources"]),
            "evidence": Evidence.from_dict(values["evidence"]),
            "blocked_by": [Cause(**item) for item in values["blocked_by"]],
        }
        return cls(**{**values, **typed})

    @property
    def accepted(self) -> bool:
        """Whether deviations accept it: by its name, or by that of everything that blocks it."""
        blocked = self.status is Status.BLOCKED
        return self.status is Status.DEVIATION or (
            blocked and bool(self.blocked_by) and all(cause.accepted for cause in self.blocked_by)
        )

    def weigh(
        self, status: Status, test: str, evidence: Evidence, note: str = "", blocked_by: Iterable[Cause] = ()
    ) -> None:
        """Takes in the result of one test: the heaviest status stays, with its first evidence that has a script."""
        if WEIGHT[status] > WEIGHT[self.status]:
            self.status, self.evidence, self.note, self.tests, self.blocked_by = status, evidence, note, [], []
        if status is self.status and evidence.script and not self.evidence.script:
            self.evidence = evidence
        if status is self.status:
            self.tests += [test] if test and test not in self.tests else []
            self.blocked_by += [cause for cause in blocked_by if cause not in self.blocked_by]


@dataclass(frozen=True)
class SuiteError:
    """A test in which the suite itself broke, so that it says nothing of the target."""

    test: str
    traceback: str


@dataclass
class Verdict:
    """A whole run."""

    subject: Subject
    base_url: str
    """The target that requests went to."""
    profile: str
    seed: int
    outcomes: list[Outcome]
    suite_version: str = ""
    contract_version: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    """What else shaped the run, by the names of the options."""
    started: str = ""
    """RFC 3339, in UTC."""
    finished: str = ""
    seconds: float = 0.0
    requests: int = 0
    created: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)
    """Ids of organizations that could not be removed."""
    outdated: list[Deviation] = field(default_factory=list)
    """Accepted deviations that no longer occur."""
    suite_errors: list[SuiteError] = field(default_factory=list)
    result: Result = Result.NO_JUDGEMENT
    reason: str = NOT_ENDED
    """Why there is no judgement, or what else than findings is against the subject."""
    complete: bool = True
    """Whether the run reached its end; an interrupted one says nothing of the tests that were left."""
    schema_version: int = SCHEMA_VERSION

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Verdict:
        """The inverse of `serializable`."""
        typed = {
            "subject": Subject(**values["subject"]),
            "result": Result(values["result"]),
            "outcomes": [Outcome.from_dict(item) for item in values["outcomes"]],
            "outdated": [Deviation(**item) for item in values["outdated"]],
            "suite_errors": [SuiteError(**item) for item in values["suite_errors"]],
        }
        return cls(**{**values, **typed})

    def serializable(self) -> dict[str, Any]:
        """The verdict as JSON values."""
        values: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return values

    def of(self, *statuses: Status) -> list[Outcome]:
        """The outcomes that have one of these statuses."""
        return [outcome for outcome in self.outcomes if outcome.status in statuses]

    def write(self, path: Path) -> None:
        """Writes the verdict as JSON. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.serializable(), ensure_ascii=False, indent=1) + "\n"
        path.write_bytes(text.encode("utf-8", "backslashreplace"))  # which is how JSON escapes a lone surrogate


def read(path: Path) -> Verdict:
    """The verdict in a file. Raises UnreadableVerdictError."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableVerdictError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise UnreadableVerdictError(f"{path}: not JSON") from None
    version = values.get("schema_version") if isinstance(values, dict) else None
    if version is None:
        raise UnreadableVerdictError(f"{path}: not a verdict")
    if version != SCHEMA_VERSION:
        reads = f"this suite reads version {SCHEMA_VERSION} alone: run it again"
        raise UnreadableVerdictError(f"{path}: a verdict of version {version}; {reads}")
    for fault in validator().iter_errors(values):
        raise UnreadableVerdictError(f"{path}: {fault.json_path}: {fault.message.splitlines()[0][:200]}")
    return Verdict.from_dict(values)


@functools.cache
def validator() -> Draft202012Validator:
    """Validates verdicts as JSON values."""
    return Draft202012Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def outcomes_of(requirements: Iterable[Requirement]) -> dict[tuple[str, str], Outcome]:
    """An outcome for each requirement and operation, none of them tested yet."""
    return {
        (known.id, operation): Outcome(known.id, operation, str(known.level), known.promise, known.sources)
        for known in requirements
        for operation in known.operations
    }
