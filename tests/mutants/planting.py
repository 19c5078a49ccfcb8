"""What a mutant is, how it is planted, and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.changes import Changes
from emulator.idempotency import Replays
from emulator.paging import Pages
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Rules
from specs.requirements import Level, catalogue
from tests.mutants.parts.middleware import Alteration, Middleware

KEY = "sk_test_planted"

Part: TypeAlias = type[Api | Store | Rules | Changes | Pages | Responses | Replays | Middleware]
P = TypeVar("P", bound=type | Alteration)

ARGUMENTS: dict[type, str] = {
    Rules: "rules",
    Changes: "changes",
    Responses: "responses",
    Replays: "replays",
}
"""The parts that the emulator's Api takes as they are, by the name of the argument."""


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
    occasion: str = ""
    """Another requirement, where it is its tests that send what the fault spoils."""
    flaky: bool = False
    """Whether only some responses are wrong, so that any requirement may notice first."""

    @property
    def level(self) -> Level:
        """How binding the broken requirement is: below MUST, a run notices only under strict levels."""
        return catalogue()[self.requirement].level

    def app(self, foreigners: int = 0) -> ASGIApp:
        """The emulator with the fault in it, and with so many organizations of others."""
        return assemble(self.part, foreigners)


MUTANTS: dict[str, Mutant] = {}
"""All mutants by name."""


def plant(
    name: str,
    requirement: str,
    fault: str,
    part: Part,
    *,
    operation: str | None = None,
    occasion: str = "",
    flaky: bool = False,
) -> None:
    """Adds a mutant to the table. Raises ValueError where the name is taken."""
    if name in MUTANTS:
        raise ValueError(f"two mutants are called {name}")
    MUTANTS[name] = Mutant(name, requirement, fault, part, operation, occasion, flaky)


def mutant(name: str, requirement: str, *, occasion: str = "") -> Callable[[P], P]:
    """Plants the decorated part, or a function that alters every response; its docstring is the fault."""

    def decorate(thing: P) -> P:
        plant(name, requirement, sentence(thing), part_of(thing), occasion=occasion)
        return thing

    return decorate


def part_of(thing: type | Alteration) -> Part:
    """A part as it is; of a function the middleware that alters with it."""
    if isinstance(thing, type):
        return thing
    return cast(Part, type(thing.__name__, (Middleware,), {"alter": staticmethod(thing)}))


def assemble(part: Part, foreigners: int = 0) -> ASGIApp:
    """The emulator with one of its parts replaced, or with middleware in front; others have organizations there."""
    store = part() if issubclass(part, Store) else Store()
    store.fill(foreigners, "Foreign")
    if issubclass(part, Api):
        return part(store, KEY).app()
    if issubclass(part, Pages):
        return Api(store, KEY, pages=part(store)).app()
    if issubclass(part, Middleware):
        return part(Api(store, KEY).app())
    arguments: dict[str, Any] = {name: part() for kind, name in ARGUMENTS.items() if issubclass(part, kind)}
    return Api(store, KEY, **arguments).app()


def sentence(thing: object) -> str:
    """The first line of a docstring. Raises ValueError where there is none."""
    if not thing.__doc__:
        raise ValueError(f"{thing} does not say what is wrong")
    return thing.__doc__.partition("\n")[0]
