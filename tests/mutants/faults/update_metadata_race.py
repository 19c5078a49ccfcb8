"""Updates at once that lose each other's metadata."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope

from emulator.api import Api
from emulator.changes import Changes
from emulator.store import Store
from tests.mutants.parts.middleware import Middleware, Reply, Request, body_of, receiving, reply_of
from tests.mutants.planting import KEY, plant


class Replaced(Changes):
    """Changes in which the metadata of an update are all that there are."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, given)


class MetadataRace(Middleware):
    """Reads the metadata, waits, and writes them with the new ones."""

    window = 0.0
    """Seconds between reading and writing."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(Api(Store(), KEY, changes=Replaced()).app())

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        content = await body_of(receive)
        given = metadata_of(content) if request.operation == "update" else None
        if given:
            found = await reply_of(self.app, {**scope, "method": "GET"}, receiving(b""))
            known = found.json["metadata"] if found.status == 200 else {}
            await asyncio.sleep(self.window)
            content = json.dumps({**json.loads(content), "metadata": {**known, **given}}).encode()
        return await reply_of(self.app, scope, receiving(content))


def metadata_of(content: bytes) -> dict[str, Any] | None:
    """The metadata in a body, None where there are none."""
    try:
        body = json.loads(content)
    except ValueError:
        return None
    given = body.get("metadata") if isinstance(body, dict) else None
    return given if isinstance(given, dict) else None


def racing_metadata(milliseconds: int) -> type[MetadataRace]:
    """Lets so much time pass between reading and writing."""
    return type("Race", (MetadataRace,), {"window": milliseconds / 1000})


# fmt: off
plant("metadata-race-of-5-ms", "update.metadata-race",
      "5 ms lie between reading metadata and writing them.",
      racing_metadata(5))
plant("metadata-race-of-20-ms", "update.metadata-race", "20 ms lie between reading metadata and writing them.",
      racing_metadata(20))
# fmt: on
