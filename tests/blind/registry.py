"""What is planted: each fault and each control by name, with the app that has it and the proof that it shows."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import ModuleType
from typing import TypeAlias

from starlette.types import ASGIApp

from emulator.server import serving
from tests.blind.wire import Wire
from tests.mutants.planting import KEY, sentence

Make: TypeAlias = Callable[[], ASGIApp]
Proof: TypeAlias = Callable[[Wire], object]
"""True where what is planted shows."""
Serve: TypeAlias = Callable[[ASGIApp], AbstractContextManager[str]]

MUST = "MUST"
SHOULD = "SHOULD"
CONTROL = "CONTROL"

LAG = 0.5
"""Seconds that lists may lag, as the suite is told."""


@dataclass(frozen=True)
class Planted:
    """A fault or a control."""

    name: str
    group: str
    """MUST and SHOULD: a fault that breaks a promise of this level; CONTROL: a legal peculiarity."""
    kind: str
    requirement: str
    """The requirement that the fault was believed to break, `none: ...` where its author knew of none.

    Of a control: what allows it.
    """
    sentence: str
    source: str
    """Where such a fault was seen, or what made its author think of it."""
    make: Make
    shows: Proof
    serve: Serve
    may_warn: bool = False
    """Of controls: whether a warning of a SHOULD is acceptable."""
    lag: float = LAG

    def served(self) -> AbstractContextManager[str]:
        """The planted app on a port of its own; gives the base URL."""
        return self.serve(self.make())

    def shows_at(self, url: str) -> bool:
        """Whether what is planted shows at this address."""
        with contextlib.closing(Wire(url, KEY)) as wire:
            return bool(self.shows(wire))


PLANTED: dict[str, Planted] = {}
"""Everything by name, in the order in which it is written down; `everything` loads it."""


def fault(
    kind: str, requirement: str, shows: Proof, source: str = "", *, level: str = MUST, serve: Serve = serving
) -> Callable[[Make], Make]:
    """Plants a fault; its docstring says what is wrong."""

    def register(make: Make) -> Make:
        return _add(Planted(_name(make), level, kind, requirement, sentence(make), source, make, shows, serve))

    return register


def control(
    kind: str, allowed_by: str, shows: Proof, *, may_warn: bool = False, serve: Serve = serving, lag: float = LAG
) -> Callable[[Make], Make]:
    """Plants a control; its docstring says what is unusual."""

    def register(make: Make) -> Make:
        name, said = _name(make), sentence(make)
        return _add(Planted(name, CONTROL, kind, allowed_by, said, allowed_by, make, shows, serve, may_warn, lag))

    return register


def everything() -> dict[str, Planted]:
    """All faults and controls by name."""
    for package in ("faults", "controls"):
        _load(importlib.import_module(f"tests.blind.{package}"))
    return PLANTED


def faults() -> dict[str, Planted]:
    """All faults by name."""
    return {name: planted for name, planted in everything().items() if planted.group != CONTROL}


def controls() -> dict[str, Planted]:
    """All controls by name."""
    return {name: planted for name, planted in everything().items() if planted.group == CONTROL}


def _load(package: ModuleType) -> None:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def _name(make: Make) -> str:
    return make.__name__.replace("_", "-")


def _add(planted: Planted) -> Make:
    if planted.name in PLANTED:
        raise ValueError(f"two are called {planted.name}")
    PLANTED[planted.name] = planted
    return planted.make
