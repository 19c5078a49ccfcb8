"""The catalogue of requirements: requirements.yaml, checked and typed."""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from specs.contract import SPECS, InvalidSpecificationError, operations, read_yaml

E = TypeVar("E", bound=enum.StrEnum)

SOURCES = "SODRK"
BINDING_SOURCES = "SOD"
FIELDS = {"id", "level", "kind", "operations", "promise", "violations", "sources"}


class Level(enum.StrEnum):
    """How binding a requirement is."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    INFO = "INFO"


class Kind(enum.StrEnum):
    """What sort of promise it is."""

    SHAPE = "shape"
    BEHAVIOUR = "behaviour"
    REFUSAL = "refusal"
    PAGING = "paging"
    AUTHENTICATION = "authentication"
    TRANSPORT = "transport"


@dataclass(frozen=True)
class Requirement:
    """One testable promise of the API."""

    id: str
    level: Level
    kind: Kind
    operations: tuple[str, ...]
    promise: str
    sources: tuple[str, ...]
    violations: tuple[str, ...] = ()

    def covers(self, operation: str, place: str, keyword: str) -> bool:
        """Whether breaking `keyword` at `place` of the operation's request breaks this promise."""
        rule = f"{place} {keyword}"
        return operation in self.operations and any(fnmatchcase(rule, known) for known in self.violations)


@functools.cache
def catalogue(path: Path = SPECS / "requirements.yaml") -> dict[str, Requirement]:
    """Every requirement by its id, in the order of the file.

    Raises InvalidSpecificationError that names the entry and what is wrong with it.
    """
    entries = read_yaml(path)
    if not isinstance(entries, list):
        raise InvalidSpecificationError(f"{path.name}: not a list of requirements")
    found: dict[str, Requirement] = {}
    for number, entry in enumerate(entries, 1):
        requirement = _requirement(entry, f"{path.name}: entry {number}")
        if requirement.id in found:
            raise InvalidSpecificationError(f"{path.name}: {requirement.id} is there twice")
        found[requirement.id] = requirement
    return found


def for_violation(operation: str, place: str, keyword: str) -> Requirement:
    """The requirement that asks for the refusal of this violation.

    Raises LookupError when none does, or more than one.
    """
    found = [r for r in catalogue().values() if r.covers(operation, place, keyword)]
    if len(found) != 1:
        raise LookupError(f"{operation} {place} {keyword}: {[r.id for r in found] or 'no requirement'}")
    return found[0]


def _requirement(entry: Any, where: str) -> Requirement:
    _expect(isinstance(entry, dict) and "id" in entry, f"{where}: has no id")
    where = f"{where} ({entry['id']})"
    unknown = entry.keys() - FIELDS
    _expect(not unknown, f"{where}: unknown field {', '.join(sorted(unknown))}")
    for field in ("level", "kind", "promise", "sources"):
        _expect(bool(entry.get(field)), f"{where}: has no {field}")
    requirement = Requirement(
        id=entry["id"],
        level=_member(Level, entry["level"], where),
        kind=_member(Kind, entry["kind"], where),
        operations=tuple(entry.get("operations", [entry["id"].partition(".")[0]])),
        promise=entry["promise"],
        sources=tuple(entry["sources"]),
        violations=tuple(entry.get("violations", ())),
    )
    _check_operations(requirement.operations, where)
    _check_sources(requirement, where)
    return requirement


def _check_operations(names: Iterable[str], where: str) -> None:
    for name in names:
        _expect(name in operations(), f"{where}: {name} is no operation")


def _check_sources(requirement: Requirement, where: str) -> None:
    marks = {source.partition(" ")[0] for source in requirement.sources}
    _expect(
        all(len(mark) == 1 and mark in SOURCES for mark in marks),
        f"{where}: a source begins with none of {SOURCES}",
    )
    binding = marks & set(BINDING_SOURCES)
    _expect(
        requirement.level is not Level.MUST or bool(binding),
        f"{where}: MUST needs S, O or D among its sources",
    )


def _member(kind: type[E], value: Any, where: str) -> E:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(kind)
        raise InvalidSpecificationError(f"{where}: {value} is none of {allowed}") from None


def _expect(condition: bool, complaint: str) -> None:
    if not condition:
        raise InvalidSpecificationError(complaint)
