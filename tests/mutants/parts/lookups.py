"""Lookups that misread the path, or also find by something else."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.store import Store


def reading(read: Callable[[str], str]) -> type[Api]:
    """An API that reads the external_id in the path of a lookup in a way of its own; decoded it is already."""

    class Reading(Api):
        def lookup(self, call: Call) -> Response:
            return self.responses.found(self.known_outside(read(call.path["external_id"])))

    return Reading


def looking_up(find: Callable[[Store, str], Organization | None]) -> type[Store]:
    """A store that looks up in a way of its own when the right way finds nothing."""

    class Finding(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or find(self, external_id)

    return Finding


def where(condition: str, change: Callable[[str], str] = str) -> Callable[[Store, str], Organization | None]:
    """Finds by a condition of SQL."""
    return lambda store, value: store._one(f"SELECT * FROM organization WHERE {condition}", change(value))  # noqa: S608
