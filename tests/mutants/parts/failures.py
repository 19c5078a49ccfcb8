"""A server that fails, without a trace in its log."""

from __future__ import annotations

from typing import NoReturn

from emulator.refusals import Refusal


class Failure(Refusal):
    """Whatever nobody thought of."""

    status = 500


def fail_when(condition: object) -> None:
    """Raises Failure when the condition holds."""
    if condition:
        fail()


def fail() -> NoReturn:
    """Raises Failure."""
    raise Failure("Internal error")
