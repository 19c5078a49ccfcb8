"""Deviations: findings that are accepted for now, written down in TOML.

[[deviation]]
requirement = "delete.answers"
operation = "delete"              # left out: at every operation
subject = "python"                # an SDK, with or without ==VERSION, or a base URL; left out: of every one
reason = "answers 204 until release 3"
issue = "https://example.com/issues/12"   # may be left out
expires = 2027-01-31              # accepted up to and including this day
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from reports.verdict.subject import Subject
from specs.requirements import catalogue
from specs.suggestion import did_you_mean

HEADER = re.compile(r"\s*\[\[\s*deviation\s*\]\]")
FIELDS = ("requirement", "operation", "subject", "reason", "issue", "expires")


class DeviationsError(Exception):
    """A file of deviations that cannot be used; the text is one line that names file and line."""


@dataclass(frozen=True)
class Deviation:
    """A finding that is accepted until a day."""

    requirement: str
    reason: str
    expires: str
    """ISO 8601."""
    operation: str | None = None
    """None accepts the finding at every operation."""
    issue: str = ""
    subject: str | None = None
    """None accepts it of every subject."""

    def is_about(self, subject: Subject) -> bool:
        """Whether it may be accepted of this subject."""
        return self.subject is None or subject.answers_to(self.subject)

    def covers(self, requirement: str, operation: str) -> bool:
        """Whether a finding of this requirement at this operation is meant."""
        return requirement == self.requirement and self.operation in (None, operation)

    def __str__(self) -> str:
        issue = f" ({self.issue})" if self.issue else ""
        return f"accepted until {self.expires}: {self.reason}{issue}"


def load(path: Path, today: date) -> list[Deviation]:
    """The deviations of a file. Raises DeviationsError."""
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise DeviationsError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise DeviationsError(f"{path}: not TOML: {' '.join(str(error).split())}") from None
    entries = content.pop("deviation", [])
    if content or not isinstance(entries, list):
        unknown = next(iter(content), "deviation")
        raise DeviationsError(f"{path}:{_line_of(unknown, text.splitlines(), 0)}: only [[deviation]] tables are known")
    found: list[Deviation] = []
    for number, entry in enumerate(entries):
        complaint = _complaint(entry, today) or _doubled(entry, found)
        if complaint:
            field, problem = complaint
            raise DeviationsError(f"{path}:{_place(text, number, field)}: {problem}")
        found.append(Deviation(**{**entry, "expires": entry["expires"].isoformat()}))
    return found


def _complaint(entry: Any, today: date) -> tuple[str, str] | None:
    """The field of an entry that is wrong, and in what way."""
    if not isinstance(entry, dict):
        return "", "a deviation is a table"
    for field in entry:
        if field not in FIELDS:
            return field, f"a deviation has no {field}"
    return _wrong_promise(entry) or _wrong_words(entry) or _wrong_date(entry.get("expires"), today)


def _wrong_promise(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    name = entry.get("requirement")
    if not isinstance(name, str) or name not in catalogue():
        near = did_you_mean(str(name), catalogue())
        return "requirement", f"{name!r} is no requirement{near}" if name else "the requirement is missing"
    operation = entry.get("operation")
    if operation is not None and operation not in catalogue()[name].operations:
        return "operation", f"{name} says nothing of {operation!r}"
    return None


def _wrong_words(entry: Mapping[str, Any]) -> tuple[str, str] | None:
    reason, issue, subject = entry.get("reason"), entry.get("issue", ""), entry.get("subject")
    if subject is not None and (not isinstance(subject, str) or not subject.strip()):
        return "subject", f"{subject!r} names no subject"
    if not isinstance(reason, str) or not reason.strip():
        return "reason", "the reason is missing"
    if not isinstance(issue, str) or (issue and not issue.startswith(("http://", "https://"))):
        return "issue", f"{issue!r} is no address"
    return None


def _wrong_date(expires: object, today: date) -> tuple[str, str] | None:
    if not isinstance(expires, date) or isinstance(expires, datetime):
        return "expires", "expires has to be a date such as 2030-01-31, without quotes"
    if expires < today:
        return "expires", f"expired on {expires.isoformat()}"
    return None


def _doubled(entry: Mapping[str, Any], known: Iterable[Deviation]) -> tuple[str, str] | None:
    name, operation, subject = entry["requirement"], entry.get("operation"), entry.get("subject")
    if any((other.requirement, other.operation, other.subject) == (name, operation, subject) for other in known):
        return "requirement", f"{name} is there twice"
    return None


def _place(text: str, number: int, field: str) -> int:
    """The line of a field of the entry with this number, else of the entry; tomllib tells no lines."""
    lines = text.splitlines()
    headers = [index for index, line in enumerate(lines) if HEADER.match(line)]
    return _line_of(field, lines, headers[number]) if number < len(headers) else 1


def _line_of(field: str, lines: list[str], start: int) -> int:
    for index, line in enumerate(lines[start + 1 :], start + 1):
        if HEADER.match(line):
            break
        if field and line.lstrip(" [").startswith(field):
            return index + 1
    return start + 1


def as_toml(deviations: Iterable[tuple[Deviation, str]]) -> str:
    """A file of deviations, each with a comment; `load` refuses it as long as a reason is empty."""
    return "\n".join(_table(deviation, comment) for deviation, comment in deviations)


def _table(deviation: Deviation, comment: str) -> str:
    fields = {name: getattr(deviation, name) for name in ("requirement", "operation", "subject", "reason")}
    lines = [f"# {comment}", "[[deviation]]"]
    lines += [f"{name} = {_string(value)}" for name, value in fields.items() if value is not None]
    lines += [f"issue = {_string(deviation.issue)}", f"expires = {deviation.expires}", ""]
    return "\n".join(lines)


def _string(text: str) -> str:
    """A basic string of TOML: one of JSON, apart from the one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
