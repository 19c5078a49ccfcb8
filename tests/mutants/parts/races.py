"""Races: what is checked first and written later, with others in between."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope

from emulator.api import Api
from emulator.refusals import Taken
from emulator.responses import Responses
from tests.mutants.parts.middleware import Middleware, Reply, Request, body_of, receiving, reply_of
from tests.mutants.parts.stores import Loose
from tests.mutants.planting import KEY


class Unchecked(Loose):
    """A store in which an external_id need not be unique."""

    loose = ("external_id",)


class Racing(Middleware):
    """Looks whether an external_id is taken, waits, and then writes without another look."""

    on = ""
    """The operation that waits."""
    window = 0.0
    """Seconds between the look and the writing."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(Api(Unchecked(), KEY).app())

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        if request.operation not in ("create", "update"):
            return await super().response(request, scope, receive)
        content = await body_of(receive)
        value = external_id_of(content)
        if value is not None and await self._is_taken(value, request, scope):
            return await reply_of(Responses().refused(Taken("external_id")), scope, receive)
        if value is not None and request.operation == self.on:
            await asyncio.sleep(self.window)
        return await reply_of(self.app, scope, receiving(content))

    async def _is_taken(self, value: str, request: Request, scope: Scope) -> bool:
        """Whether another organization than the one that is updated has the external_id."""
        path = f"/organizations/external_id/{quote(value, safe='')}"
        look = {**scope, "method": "GET", "path": path, "raw_path": path.encode()}
        found = await reply_of(self.app, look, receiving(b""))
        return found.status == 200 and found.json["id"] != request.path.rpartition("/")[2]


def racing(operation: str, milliseconds: int) -> type[Racing]:
    """Lets so much time pass between the check of an external_id and the writing."""
    return type("Race", (Racing,), {"on": operation, "window": milliseconds / 1000})


def external_id_of(content: bytes) -> str | None:
    """The external_id in a body, None where there is none."""
    try:
        body: Any = json.loads(content)
    except ValueError:
        return None
    value = body.get("external_id") if isinstance(body, dict) else None
    return value if isinstance(value, str) else None
