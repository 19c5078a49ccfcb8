"""Whether values at their bounds are accepted, in as few requests as possible."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterable
from itertools import groupby, zip_longest
from typing import Any

from conformance.harness.client import RefusedError
from conformance.harness.organization import Organization
from conformance.harness.run import Run
from strategies.bodies import Boundary

ATTEMPTS = 5
TAKEN = "external_id_already_used"


class Acceptance:
    """Sends boundaries of several fields together, and singles them out only where they are refused.

    Where each is accepted by itself, all of them were refused.
    """

    def __init__(self, run: Run, send: Callable[[dict[str, Any]], Organization], boundaries: list[Boundary]) -> None:
        self._run = run
        self._send = send
        self._boundaries = boundaries
        self._refusals: dict[str, RefusedError] | None = None

    def confirm(self, boundary: Boundary) -> None:
        """Raises RefusedError when the boundary was refused."""
        if self._refusals is None:
            self._refusals = {}
            for row in rows(self._boundaries):
                self._try(row)
        if boundary.label in self._refusals:
            raise self._refusals[boundary.label]

    def _try(self, row: list[Boundary]) -> None:
        assert self._refusals is not None
        refusal = self._refusal(row)
        if refusal is not None and len(row) == 1:
            self._refusals[row[0].label] = refusal
        elif refusal is not None:
            for boundary in row:
                self._try([boundary])
            if not self._refusals.keys() & {boundary.label for boundary in row}:
                self._refusals |= {boundary.label: refusal for boundary in row}

    def _refusal(self, row: list[Boundary]) -> RefusedError | None:
        """A short external_id may be in use by somebody else: then another one is tried."""
        for _ in range(ATTEMPTS):
            try:
                self._send(self._body(row))
            except RefusedError as refusal:
                if refusal.code != TAKEN:
                    return refusal
                taken = refusal
            else:
                return None
        return taken

    def _body(self, row: list[Boundary]) -> dict[str, Any]:
        body = self._run.draft("bound", external_id=self._run.external_id("bound"))
        for boundary in row:
            value = self._own(boundary.field, boundary.body(body)[boundary.field])
            body[boundary.field] = body.get("metadata", {}) | value if _is_pair(boundary) else value
            if boundary.field == "external_id" and boundary.value and len(boundary.value) == 1:
                body["external_id"] = random.SystemRandom().choice(string.ascii_letters + string.digits)
        return body

    def _own(self, field: str, value: Any) -> Any:
        """The value with domains that nobody else uses."""
        return self._run.own({field: value})[field] if field in ("domains", "domain_data") else value


def rows(boundaries: Iterable[Boundary]) -> list[list[Boundary]]:
    """The boundaries of each reading in rows of different fields."""

    def place(boundary: Boundary) -> tuple[str, str]:
        return boundary.bounds.name, boundary.field

    found = []
    ordered = sorted(boundaries, key=place)
    for _, of_reading in groupby(ordered, key=lambda boundary: boundary.bounds.name):
        columns = [_cells(list(of_field)) for _, of_field in groupby(of_reading, key=place)]
        found += [[boundary for cell in row if cell for boundary in cell] for row in zip_longest(*columns)]
    return found


def _cells(of_field: list[Boundary]) -> list[list[Boundary]]:
    """The boundaries of one field by the body that they go into: pairs of metadata share one."""
    pairs = [boundary for boundary in of_field if _is_pair(boundary)]
    return [[boundary] for boundary in of_field if not _is_pair(boundary)] + ([pairs] if pairs else [])


def _is_pair(boundary: Boundary) -> bool:
    return isinstance(boundary.value, dict) and len(boundary.value) == 1
