"""A run in this process at a target that a test alters, and what it creates there."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.harness.plugin.run import Run
from conformance.harness.wire.target import Target
from emulator.validation import Rules
from tests.conformance.altered import KEY, Place

LAG = 0.3


@contextlib.contextmanager
def run_at(place: Place, folder: Path) -> Iterator[Run]:
    run = Run(Target(place.url, KEY, LAG, timeout=5.0), folder)
    try:
        yield run
    finally:
        run.journal._lines.close()
        run._http.close()


def create_some(run: Run, number: int = 3) -> list[str]:
    bodies = [run.drafts.body("plain"), *(run.drafts.full_body("create") for _ in range(number - 1))]
    return [str(run.wire.send("create", body=body).json.get("id")) for body in bodies]


class AcceptsEverything(Rules):
    """Makes an organization of whatever comes."""

    def create(self, content: bytes) -> dict[str, Any]:
        try:
            body = json.loads(content)
        except ValueError:
            body = {}
        fields = body if isinstance(body, dict) else {}
        name, external_id = fields.get("name"), fields.get("external_id")
        return {
            "name": "" if name is None else str(name),
            "external_id": external_id if isinstance(external_id, str) else None,
        }
