"""One result for each requirement, in place of one for each test: the report counts what the verdict counts.

A page of every test is also several times as large as one that opens at once.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, TypeAlias

from reports.verdict.verdict import WEIGHT, Status

MOST_STEPS = 10
"""Of one result, or of one step."""

Result: TypeAlias = dict[str, Any]


def merge(folder: Path) -> None:
    """Keeps of each requirement the result of its heaviest status; of suite errors and the like, everything."""
    for container in folder.glob("*-container.json"):
        container.unlink()
    by_requirement: dict[str, list[tuple[Path, Result]]] = {}
    for path in sorted(folder.glob("*-result.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        by_requirement.setdefault(requirement_of(result) or path.name, []).append((path, result))
    kept = []
    for requirement, found in by_requirement.items():
        path, result = max(found, key=lambda item: _weight(item[1]))
        for other, _ in found:
            if other != path:
                other.unlink()
        if requirement != path.name:
            _speak_for_all(result, requirement, len(found))
            path.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        kept.append(result)
    _remove_attachments(folder, {source for result in kept for source in _sources(result)})


def requirement_of(result: Result) -> str:
    """The id of the requirement; empty for what stands for none."""
    return next((label["value"].partition(": ")[0] for label in result["labels"] if label["name"] == "story"), "")


def _weight(result: Result) -> tuple[int, bool, int]:
    """The heaviest status first, then what shows a request, then what came first."""
    tags = [label["value"] for label in result["labels"] if label["name"] == "tag"]
    status = next((tag for tag in reversed(tags) if tag in list(Status)), Status.NOT_TESTED)
    return WEIGHT[Status(status)], any(_sources(result)), -int(result["start"])


def _speak_for_all(result: Result, requirement: str, tests: int) -> None:
    """Names the result after its requirement, also in the history of later runs."""
    subject = result["fullName"].partition(": ")[0]
    result["fullName"] = f"{subject}: {requirement}"
    identity = hashlib.md5(result["fullName"].encode(), usedforsecurity=False).hexdigest()
    result["historyId"] = result["testCaseId"] = identity
    story = next(label["value"] for label in result["labels"] if label["name"] == "story")
    mark, separator, _ = result["name"].partition(": ")
    result["name"] = f"{mark}: {story}" if separator and mark.lower() in list(Status) else story
    result["steps"] = _last(result.get("steps", []))
    result["description"] = f"{result['description']}\n\nTests of it in this run: {tests}.\n"


def _last(steps: list[Result]) -> list[Result]:
    """The last of the steps, and of those within each: what shows a fault is at the end."""
    return [{**step, "steps": _last(step.get("steps", []))} for step in steps[-MOST_STEPS:]]


def _sources(result: Result) -> list[str]:
    """The files of the attachments of a result or step, and of the steps in it."""
    own = [attachment["source"] for attachment in result.get("attachments", ())]
    return own + [source for step in result.get("steps", ()) for source in _sources(step)]


def _remove_attachments(folder: Path, used: set[str]) -> None:
    for attachment in folder.glob("*-attachment.*"):
        if attachment.name not in used:
            attachment.unlink()
