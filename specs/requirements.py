"""The catalogue of requirements: requirements.yaml and its like, checked and typed.

    python -m specs.requirements              each requirement, and where it is checked
    python -m specs.requirements --markdown   what is checked, by group, as a table

A file says which subject it is about and holds groups; what a group says of kind, level,
operations and sources holds for each of its requirements that says nothing else (sources are
added, not replaced).
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from specs.contract import SPECS, InvalidSpecificationError, operations, read_yaml
from specs.sources import Citation, citations

E = TypeVar("E", bound=enum.StrEnum)

FILE_FIELDS = {"subject", "groups", "excluded"}
SHARED_FIELDS = {"kind", "level", "operations", "sources"}
GROUP_FIELDS = SHARED_FIELDS | {"group", "about", "requirements"}
ENTRY_FIELDS = SHARED_FIELDS | {"id", "promise", "violations"}


class Subject(enum.StrEnum):
    """Who can keep or break a promise."""

    SERVER = "server"
    SDK = "sdk"


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
    FIDELITY = "fidelity"
    """Of an SDK: what was given is what is sent, and what was sent is what is given back."""


@dataclass(frozen=True)
class Group:
    """Requirements that belong together, as a reader of the documentation would expect them."""

    title: str
    about: str
    """What the group is about, in one sentence."""
    subject: Subject


@dataclass(frozen=True)
class Requirement:
    """One testable promise."""

    id: str
    level: Level
    kind: Kind
    operations: tuple[str, ...]
    promise: str
    citations: tuple[Citation, ...]
    """Where it comes from, strongest first."""
    group: Group
    violations: tuple[str, ...] = ()

    @property
    def subject(self) -> Subject:
        """Who can keep or break it."""
        return self.group.subject

    @property
    def sources(self) -> tuple[str, ...]:
        """Where it comes from, strongest first, for people."""
        return tuple(map(str, self.citations))

    def covers(self, operation: str, place: str, keyword: str) -> bool:
        """Whether breaking `keyword` at `place` of the operation's request breaks this promise."""
        rule = f"{place} {keyword}"
        return operation in self.operations and any(fnmatchcase(rule, known) for known in self.violations)


@dataclass(frozen=True)
class Exclusion:
    """Something that the sources speak of and that is deliberately not tested."""

    what: str
    reason: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Catalogue:
    """What the files hold, in their order."""

    requirements: Mapping[str, Requirement]
    excluded: tuple[Exclusion, ...]


def catalogue(subject: str | None = None) -> Mapping[str, Requirement]:
    """The requirements by their ids, in the order of the files: all, or those of one kind of subject.

    Raises InvalidSpecificationError that names the entry and what is wrong with it, and ValueError
    for a kind that there is not.
    """
    return _of_subject(Subject(subject) if subject else None)


def excluded() -> tuple[Exclusion, ...]:
    """What is deliberately not tested, with reasons."""
    return _read().excluded


def for_violation(operation: str, place: str, keyword: str) -> Requirement:
    """The requirement that asks for the refusal of this violation.

    Raises LookupError when none does, or more than one.
    """
    found = [r for r in catalogue(Subject.SERVER).values() if r.covers(operation, place, keyword)]
    if len(found) != 1:
        raise LookupError(f"{operation} {place} {keyword}: {[r.id for r in found] or 'no requirement'}")
    return found[0]


def load(paths: Iterable[Path]) -> Catalogue:
    """The catalogue in these files.

    Raises InvalidSpecificationError that names the entry and what is wrong with it.
    """
    requirements: dict[str, Requirement] = {}
    exclusions: list[Exclusion] = []
    for path in paths:
        content = read_yaml(path)
        _check_fields(content, FILE_FIELDS, path.name)
        subject = _member(Subject, content.get("subject"), path.name)
        for requirement in _requirements(content.get("groups", ()), subject, path.name):
            _expect(requirement.id not in requirements, f"{path.name}: {requirement.id} is there twice")
            requirements[requirement.id] = requirement
        exclusions += [_exclusion(entry, path.name) for entry in content.get("excluded", ())]
    return Catalogue(requirements, tuple(exclusions))


@functools.cache
def _read() -> Catalogue:
    return load(sorted(SPECS.glob("requirements*.yaml"), key=lambda path: path.stem))


@functools.cache
def _of_subject(subject: Subject | None) -> Mapping[str, Requirement]:
    found = _read().requirements
    return {name: known for name, known in found.items() if subject in (None, known.subject)}


def _requirements(groups: Iterable[Any], subject: Subject, where: str) -> Iterator[Requirement]:
    for described in groups:
        _expect(isinstance(described, dict) and "group" in described, f"{where}: a group has no title")
        place = f"{where}: {described['group']}"
        _check_fields(described, GROUP_FIELDS, place)
        _expect(bool(described.get("about")), f"{place}: does not say what it is about")
        group = Group(described["group"], described["about"], subject)
        shared = {field: described[field] for field in SHARED_FIELDS & described.keys()}
        for number, entry in enumerate(described.get("requirements", ()), 1):
            yield _requirement(entry, shared, group, f"{place}: entry {number}")


def _requirement(entry: Any, shared: Mapping[str, Any], group: Group, where: str) -> Requirement:
    _expect(isinstance(entry, dict) and "id" in entry, f"{where}: has no id")
    where = f"{where} ({entry['id']})"
    _check_fields(entry, ENTRY_FIELDS, where)
    whole = {**shared, **entry, "sources": [*entry.get("sources", ()), *shared.get("sources", ())]}
    for field in ("level", "kind", "promise", "sources"):
        _expect(bool(whole.get(field)), f"{where}: has no {field}")
    requirement = Requirement(
        id=whole["id"],
        level=_member(Level, whole["level"], where),
        kind=_member(Kind, whole["kind"], where),
        operations=tuple(whole.get("operations", [whole["id"].partition(".")[0]])),
        promise=whole["promise"],
        citations=citations(whole["sources"], where),
        group=group,
        violations=tuple(whole.get("violations", ())),
    )
    for name in requirement.operations:
        _expect(name in operations(), f"{where}: {name} is no operation")
    binding = any(citation.source.binding for citation in requirement.citations)
    _expect(requirement.level is not Level.MUST or binding, f"{where}: MUST needs a source that binds")
    return requirement


def _exclusion(entry: Any, where: str) -> Exclusion:
    complete = isinstance(entry, dict) and entry.keys() == {"what", "reason", "sources"}
    _expect(complete, f"{where}: what is excluded has what, reason and sources")
    return Exclusion(entry["what"], entry["reason"], citations(entry["sources"], f"{where}: excluded"))


def _check_fields(value: Any, known: set[str], where: str) -> None:
    _expect(isinstance(value, dict), f"{where}: is no mapping")
    unknown = value.keys() - known
    _expect(not unknown, f"{where}: unknown field {', '.join(sorted(unknown))}")


def _member(kind: type[E], value: Any, where: str) -> E:
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(kind)
        raise InvalidSpecificationError(f"{where}: {value} is none of {allowed}") from None


def _expect(condition: bool, complaint: str) -> None:
    if not condition:
        raise InvalidSpecificationError(complaint)


if __name__ == "__main__":
    from specs.listing import main

    main()
