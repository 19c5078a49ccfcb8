"""The place in a scenario where a test failed: the statement, and the exchanges at hand there."""

from __future__ import annotations

import ast
import contextlib
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from conformance.harness.api.call import Call
from conformance.harness.evidence.compared import compared
from conformance.harness.evidence.naming import names_in
from conformance.harness.fixtures.population import Walk
from conformance.harness.wire.exchange import Exchange

ROOT = Path(__file__).parents[3]
SCENARIOS = ROOT / "conformance"
ATTEMPTS = 3
"""To parse a file."""
DEEPEST = 3
KEPT = 3
"""Exchanges of one variable: the first pages of a walk stand for all."""


@dataclass(frozen=True)
class Scene:
    """Where a scenario failed."""

    place: str = ""
    """File and line."""
    statement: str = ""
    """What was asserted, or the statement that raised."""
    compares: bool = False
    """Whether what was asserted is a comparison, rather than that one is part of it."""
    names: tuple[str, ...] = ()
    """What the left side of the comparison is, in words; of a tuple, each of its items."""
    exchanges: tuple[Exchange, ...] = ()
    """Those that its variables came with."""
    compared: tuple[Exchange, ...] = ()
    """Those that the left side of the comparison came with, where it is an argument of the test."""

    @property
    def check(self) -> str:
        """Place and statement in one line."""
        return f"{self.place}: {self.statement}" if self.place else ""


def scene_of(traceback: TracebackType | None) -> Scene:
    """The innermost place in a scenario; an empty scene when no scenario is in the traceback."""
    last: tuple[FrameType, int] | None = None
    while traceback is not None:
        if _is_scenario(Path(traceback.tb_frame.f_code.co_filename)):
            last = traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next
    if last is None:
        return Scene()
    frame, line = last
    path = Path(frame.f_code.co_filename)
    statement, names = statement_at(path, line)
    exchanges = tuple(exchanges_in(_own_values(frame)))
    shown = _shown_at(path, line)
    about = exchanges_in([compared(shown.left, frame.f_locals)]) if isinstance(shown, ast.Compare) else ()
    return Scene(f"{path.relative_to(ROOT)}:{line}", statement, names is not None, names or (), exchanges, tuple(about))


def _is_scenario(path: Path) -> bool:
    return path.is_relative_to(SCENARIOS) and path.name.startswith("test_")


def _own_values(frame: FrameType) -> list[Any]:
    """The variables of a function; without the arguments of a test, which are fixtures that many tests share.

    Among them are the intermediate values that pytest keeps of an assertion.
    """
    code = frame.f_code
    arguments = code.co_varnames[: code.co_argcount] if code.co_name.startswith("test_") else ()
    return [value for name, value in frame.f_locals.items() if name not in arguments]


def exchanges_in(values: Iterable[object]) -> list[Exchange]:
    """The exchanges that these values came with, each once."""
    found: dict[int, Exchange] = {}
    for value in values:
        for exchange in list(_exchanges(value, DEEPEST))[:KEPT]:
            found[id(exchange)] = exchange
    return list(found.values())


def _exchanges(value: object, depth: int) -> Iterator[Exchange]:
    call = value if isinstance(value, Call) else getattr(value, "call", None)
    if isinstance(call, Call):
        yield from call.exchanges
    elif isinstance(value, Exchange):
        yield value
    elif depth:
        for item in _inside(value):
            yield from _exchanges(item, depth - 1)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Walk):
        return [*value.forward, *value.backward]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, (list, tuple, set, frozenset)) else ()


@functools.cache
def statement_at(path: Path, line: int) -> tuple[str, tuple[str, ...] | None]:
    """What an assertion at a line asserts, else the statement there, in one line.

    With it, of a comparison, the names of what is compared; None when it compares nothing.
    """
    shown = _shown_at(path, line)
    if shown is None:
        return "", None
    text = " ".join((ast.get_source_segment(path.read_text(encoding="utf-8"), shown) or "").split())
    return text, names_in(shown.left) if isinstance(shown, ast.Compare) else None


def _shown_at(path: Path, line: int) -> ast.expr | ast.stmt | None:
    """What an assertion at a line asserts, else the statement there."""
    around = [node for node in _statements(path) if _holds(node, line)]
    if not around:
        return None
    node = max(around, key=lambda node: node.lineno)
    return node.test if isinstance(node, ast.Assert) else node


@functools.cache
def _statements(path: Path) -> list[ast.stmt]:
    """The statements of a file, none where it cannot be parsed now.

    CPython 3.11 raises SystemError where another tree is built in the middle of one, as a finalizer does that reports
    what was left open, or another thread.
    """
    for _ in range(ATTEMPTS):
        with contextlib.suppress(SystemError):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            return [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return []


def _holds(node: ast.stmt, line: int) -> bool:
    """Whether the line belongs to the statement itself, not only to those inside of it."""
    body = getattr(node, "body", None)
    end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
    return node.lineno <= line <= end
