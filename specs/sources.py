"""Where promises come from: sources.yaml, and the citations that name a place in a source."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from specs.contract import SPECS, InvalidSpecificationError, read_yaml

SAYS = "says"


@dataclass(frozen=True)
class Source:
    """A document, or a body of evidence, that requirements cite."""

    mark: str
    name: str
    where: str
    """How a reader opens it, and what a place in it is."""
    place: str
    """The form of a place, as a regular expression."""
    binding: bool
    """Whether it is enough for a MUST."""
    url: str = ""
    """Its address, where it has one."""


@dataclass(frozen=True)
class Citation:
    """One place in a source, and what it says where that is not plain from the place."""

    source: Source
    place: str
    says: str = ""

    @property
    def mark(self) -> str:
        """The mark of the source: S, O, D, C, R, RFC or K."""
        return self.source.mark

    def __str__(self) -> str:
        place = f"#{self.place}" if self.mark == "O" else self.place
        text = f"{self.source.name}, {place}"
        return f"{text}: {self.says}" if self.says else text


@functools.cache
def sources() -> dict[str, Source]:
    """The sources by mark, strongest first."""
    return {mark: Source(mark, **described) for mark, described in read_yaml(SPECS / "sources.yaml").items()}


def citations(entries: Iterable[Any], where: str) -> tuple[Citation, ...]:
    """The citations of a requirement, strongest first: each entry is ``{mark: place, says: text}``.

    Raises InvalidSpecificationError, which begins with `where`, for an entry of another form.
    """
    found = [citation for entry in entries for citation in _citations(entry, where)]
    strength = list(sources())
    return tuple(sorted(found, key=lambda citation: strength.index(citation.mark)))


def _citations(entry: Any, where: str) -> Iterator[Citation]:
    marks = entry.keys() - {SAYS} if isinstance(entry, dict) else set()
    if len(marks) != 1 or not marks <= sources().keys():
        raise InvalidSpecificationError(f"{where}: a source has none of the marks {', '.join(sources())}")
    (mark,) = marks
    source, places = sources()[mark], entry[mark]
    for place in places if isinstance(places, list) else [places]:
        if not re.fullmatch(source.place, str(place)):
            raise InvalidSpecificationError(f"{where}: {place} is no place in {mark}")
        yield Citation(source, str(place), entry.get(SAYS, ""))
