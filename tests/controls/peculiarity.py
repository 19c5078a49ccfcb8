"""What a control is, and the table of all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from starlette.types import ASGIApp

from emulator.server import serving
from tests.mutants.planting import Part, assemble, sentence

Make = TypeVar("Make", bound=Callable[[], ASGIApp])


@dataclass(frozen=True)
class Control:
    """A target that is unusual and breaks no promise."""

    name: str
    sentence: str
    make: Callable[[], ASGIApp]
    prefix: str = ""
    """Path under which the target answers."""
    company: Callable[[str], contextlib.AbstractContextManager[object]] = contextlib.nullcontext
    """What goes on at the target at the same time, by its base URL."""

    @contextlib.contextmanager
    def opened(self) -> Iterator[str]:
        """Serves the target and gives its base URL."""
        with serving(self.make()) as url, self.company(url):
            yield url + self.prefix


CONTROLS: dict[str, Control] = {}
"""All controls by name."""


def control(sentence: str, name: str, part: Part) -> None:
    """Adds the emulator with one of its parts replaced."""
    CONTROLS[name] = Control(name, sentence, lambda: assemble(part))


def peculiar(
    name: str,
    prefix: str = "",
    company: Callable[[str], contextlib.AbstractContextManager[object]] = contextlib.nullcontext,
) -> Callable[[Make], Make]:
    """Adds the application that the decorated function makes."""

    def added(make: Make) -> Make:
        CONTROLS[name] = Control(name, sentence(make), make, prefix, company)
        return make

    return added
