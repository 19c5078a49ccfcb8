"""What a control is, and the table of all of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias, TypeVar

from starlette.types import ASGIApp

from emulator.server import serving
from tests.mutants.planting import Part, assemble, sentence

Make: TypeAlias = Callable[[], ASGIApp]
Serve: TypeAlias = Callable[[ASGIApp], contextlib.AbstractContextManager[str]]
Company: TypeAlias = Callable[[str], contextlib.AbstractContextManager[object]]
M = TypeVar("M", bound=type | Make)


@dataclass(frozen=True)
class Control:
    """A target that is unusual and breaks no MUST."""

    name: str
    source: str
    """What allows it: a source by its mark in requirements.yaml, or a standard."""
    sentence: str
    """What is unusual."""
    make: Make
    serve: Serve = serving
    """The server, by the application."""
    prefix: str = ""
    """Path under which the target answers."""
    company: Company = contextlib.nullcontext
    """What goes on at the target at the same time, by its base URL."""

    @contextlib.contextmanager
    def opened(self) -> Iterator[str]:
        """Serves the target and gives its base URL."""
        with self.serve(self.make()) as url, self.company(url):
            yield url + self.prefix


CONTROLS: dict[str, Control] = {}
"""All controls by name."""


def control(
    name: str,
    source: str,
    sentence: str,
    part: Part | Make,
    *,
    serve: Serve = serving,
    prefix: str = "",
    company: Company = contextlib.nullcontext,
) -> None:
    """Adds the emulator with one of its parts replaced, or what a function makes.

    Raises ValueError where the name is taken.
    """
    if name in CONTROLS:
        raise ValueError(f"two controls are called {name}")
    make = partial(assemble, part) if isinstance(part, type) else part
    CONTROLS[name] = Control(name, source, sentence, make, serve, prefix, company)


def legal(
    name: str, source: str, *, serve: Serve = serving, prefix: str = "", company: Company = contextlib.nullcontext
) -> Callable[[M], M]:
    """Adds the decorated part, or what the decorated function makes; its docstring is the sentence."""

    def decorate(thing: M) -> M:
        control(name, source, sentence(thing), thing, serve=serve, prefix=prefix, company=company)
        return thing

    return decorate
