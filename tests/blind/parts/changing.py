"""Organizations that a create or an update makes otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from tests.blind.parts.apps import app

Updated: TypeAlias = Callable[[Organization, Organization, Body], Organization]
"""From what an update should make, what was known before, and the body to what it makes."""


def updating(change: Updated) -> ASGIApp:
    """An app whose updates make something else."""

    class Updating(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return change(super().updated(known, body), known, body)

    return app(changes=Updating())


def creating(change: Callable[[Organization, Body], Organization]) -> ASGIApp:
    """An app whose creates make something else."""

    class Creating(Changes):
        def created(self, body: Body) -> Organization:
            return change(super().created(body), body)

    return app(changes=Creating())
