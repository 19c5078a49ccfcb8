"""Requirements and outcomes in Allure's terms: what a result is called, where it hangs, and how it ended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

import attrs
from allure_commons.model2 import Label, Link, StatusDetails, TestResult
from allure_commons.model2 import Status as Ending

from reports.scripts import FOLDER
from reports.verdict.verdict import Evidence, Status
from specs.requirements import Level, Requirement

EPIC = "Organizations API"
SEVERITIES = {Level.MUST: "critical", Level.SHOULD: "normal", Level.INFO: "trivial"}

DOCUMENTATION = "https://workos.com/docs/reference/organization"
GUIDES = {
    "reference/errors/index.mdx": ("errors", "https://workos.com/docs/reference/errors"),
    "reference/pagination/index.mdx": ("pagination", "https://workos.com/docs/reference/pagination"),
}
"""Title and page of a guide by the file that it is written in."""

ENDINGS = {
    Status.MET: Ending.PASSED,
    Status.OBSERVED: Ending.PASSED,
    Status.WARNING: Ending.UNKNOWN,
    Status.FINDING: Ending.FAILED,
    Status.DEVIATION: Ending.SKIPPED,
    Status.BLOCKED: Ending.SKIPPED,
}
"""Red is what fails the run, and nothing else. A warning is not passed; Allure calls what is neither unknown.

A deviation is set aside, as an expected failure of pytest is.
"""
MARKED = (Status.WARNING, Status.DEVIATION, Status.BLOCKED)
"""What a title begins with where the colour of the result does not tell."""


@attrs.define(slots=False, kw_only=True)
class Details(StatusDetails):
    """Why a result ended as it did, with the two sides that Allure shows as a comparison."""

    message: str | None = None
    trace: str | None = None
    expected: str | None = None
    actual: str | None = None


def describe(result: TestResult, requirement: Requirement, operation: str, status: Status, case: str) -> None:
    """Says in a result which promise it is about; `case` tells it from others of the same promise."""
    promise = requirement.promise.rstrip(".")
    title = f"{promise} — {case}" if case else promise
    result.name = f"{status.capitalize()}: {title}" if status in MARKED else title
    result.description = _description(requirement, operation)
    result.descriptionHtml = None
    result.parameters = []
    result.links = [*result.links, *links(requirement)]
    result.labels = [
        Label("epic", EPIC),
        Label("feature", requirement.group.title),
        Label("story", f"{requirement.id}: {requirement.promise}"),
        Label("severity", SEVERITIES[requirement.level]),
        *(Label("tag", tag) for tag in (str(requirement.level), str(requirement.kind), str(status))),
        Label("framework", "pytest"),
    ]


def identify(result: TestResult, name: str) -> None:
    """Makes `name` what tells the result from others and finds it again in later runs."""
    result.fullName = name
    result.testCaseId = result.historyId = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def conclude(result: TestResult, requirement: str, status: Status, evidence: Evidence, note: str) -> None:
    """Says in a result how it ended and why, and what shows it again."""
    result.status = ENDINGS[status]
    lines = [note] if note else []
    compared = evidence.seen and not (status is Status.BLOCKED and note)
    if compared:
        lines += [f"expected {evidence.expected}", f"seen {evidence.seen}"]
    script = [f"sh {FOLDER}/{requirement}.sh # in the folder of verdict.json"] if evidence.script else []
    again = [f"{line}\n" for line in (*script, *evidence.again)]
    result.statusDetails = Details(
        message="\n".join(lines),
        trace="\n".join([*again, evidence.check]).strip() or None,
        expected=evidence.expected if compared else None,
        actual=evidence.seen if compared else None,
    )
    if result.status == Ending.PASSED and lines:  # of these Allure shows no details
        result.description = f"{_quoted(lines)}\n\n{result.description}"


def links(requirement: Requirement) -> Iterator[Link]:
    """The pages that the promise comes from, as far as they are public."""
    if any(citation.mark == "S" for citation in requirement.citations):
        yield Link("source", DOCUMENTATION, "reference: organizations")
    guides = {citation.place for citation in requirement.citations if citation.mark == "D"}
    for place, (title, page) in GUIDES.items():
        if place in guides:
            yield Link("source", page, f"guide: {title}")


def requirement_link(pattern: str, requirement: Requirement) -> Link:
    """The requirement's entry in the catalogue; `pattern` has {} where its id goes."""
    return Link("tms", pattern.format(quote(requirement.id)), requirement.id)


def case_of(test: str, parameters: Iterable[str], requirement: str) -> str:
    """What tells a test from others of its requirement: the ids of its parameters, else its own name in words."""
    ids = (parameter.replace(requirement, "").strip("- ") for parameter in parameters)
    return ", ".join(known for known in ids if known) or test.removeprefix("test_").replace("_", " ")


def _description(requirement: Requirement, operation: str) -> str:
    sources = "\n".join(f"- {source}" for source in requirement.sources)
    return (
        f"**{requirement.level}** `{requirement.id}`, at {operation}: {requirement.promise}\n\n"
        f"Where it comes from, strongest first:\n\n{sources}\n"
    )


def _quoted(lines: list[str]) -> str:
    return "\n".join(["```", *(line.replace("```", "` ` `") for line in lines), "```"])
