"""What a mutant is, how it is planted, and the table of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.changes import Changes
from emulator.idempotency import Replays
from emulator.paging import Pages
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Rules
from specs.requirements import catalogue
from tests.mutants.wire_tap import Alteration, Wire

KEY = "sk_test_planted"

Part: TypeAlias = type[Api | Store | Rules | Changes | Pages | Responses | Replays | Wire]
P = TypeVar("P", bound=type)
F = TypeVar("F", bound=Callable[..., object])

OPTIONS: dict[type, str] = {
    Rules: "rules",
    Changes: "changes",
    Responses: "answers",
    Replays: "replays",
}
"""The parts of the emulator that its Api takes as they are, by the name of the argument."""


@dataclass(frozen=True)
class Mutant:
    """One planted fault."""

    name: str
    requirement: str
    """The id of the requirement that must be a finding."""
    fault: str
    """What is wrong, in one sentence."""
    part: Part
    operation: str | None = None
    """Where the finding must lie, when it matters."""
    beside: str = ""
    """Another requirement, where it is its tests that give the fault an occasion."""
    chance: bool = False
    """Whether it is wrong only now and then, so that chance decides which requirement notices: any may."""
    weak: str = ""
    """Why the fault breaks no MUST: then a run with --strict must notice."""
    equivalent: str = ""
    """Why no suite can notice: then the run must pass."""

    def app(self) -> ASGIApp:
        """The emulator with the fault in it."""
        return assembled(self.part)


MUTANTS: dict[str, Mutant] = {}
"""All mutants by name."""


def assembled(part: Part) -> ASGIApp:
    """The emulator with one of its parts replaced, or with its answers led through a wire."""
    store = part() if issubclass(part, Store) else Store()
    if issubclass(part, Api):
        return part(store, KEY).app()
    if issubclass(part, Pages):
        return Api(store, KEY, pages=part(store)).app()
    if issubclass(part, Wire):
        return part(Api(store, KEY).app())
    options: dict[str, Any] = {name: part() for kind, name in OPTIONS.items() if issubclass(part, kind)}
    return Api(store, KEY, **options).app()


def plant(name: str, requirement: str, fault: str, part: Part, **more: Any) -> None:
    """Adds a mutant to the table. Raises ValueError for a name or requirement that cannot be."""
    if name in MUTANTS:
        raise ValueError(f"two mutants are called {name}")
    for promise in (requirement, more.get("beside", requirement)):
        if promise not in catalogue():
            raise ValueError(f"{name}: no requirement {promise}")
    MUTANTS[name] = Mutant(name, requirement, fault, part, **more)


def mutant(requirement: str, **more: Any) -> Callable[[P], P]:
    """Plants the decorated part; its name in words is the mutant's, its docstring the fault."""

    def planted(part: P) -> P:
        plant(words(part.__name__), requirement, sentence(part), part, **more)
        return part

    return planted


def on_the_wire(requirement: str, **more: Any) -> Callable[[Alteration], Alteration]:
    """Plants a wire that the decorated function alters."""

    def planted(alter: Alteration) -> Alteration:
        part = type(alter.__name__, (Wire,), {"alter": staticmethod(alter)})
        plant(words(alter.__name__), requirement, sentence(alter), part, **more)
        return alter

    return planted


def words(name: str) -> str:
    """The name of a class or function with dashes between its words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z0-9])(?=[A-Z][a-z])|_", "-", name).lower()


def sentence(thing: object) -> str:
    """The first line of a docstring. Raises ValueError where there is none."""
    if not thing.__doc__:
        raise ValueError(f"{thing} does not say what is wrong")
    return thing.__doc__.partition("\n")[0]
