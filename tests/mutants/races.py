"""Races: what is checked first and written later, with others in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.types import Message, Receive, Scope

from emulator.answers import Answers
from emulator.refusals import Taken
from emulator.store import Store
from tests.mutants.planting import plant
from tests.mutants.updates import Loose
from tests.mutants.wire_tap import Reply, Request, Wire, reply_of

WINDOW = 0.02
"""Seconds between a check and what relies on it."""


class Racing(Wire):
    """Checks whether a unique value is taken, waits, and then carries out the request without a check."""

    on: tuple[str, ...] = ()
    field = "external_id"

    async def answer(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        if request.operation not in self.on:
            return await super().answer(request, scope, receive)
        content = await content_of(receive)
        value = value_of(content, self.field)
        own = request.path.rpartition("/")[2]
        if value is None:
            return await reply_of(self.app, scope, again(content))
        if self.taken.get(value, own) != own:
            return await reply_of(Answers().refused(Taken(self.field)), scope, receive)
        await asyncio.sleep(WINDOW)
        reply = await reply_of(self.app, scope, again(content))
        if reply.succeeds:
            self.taken[value] = reply.json["id"]
        return reply

    @property
    def taken(self) -> dict[str, str]:
        """Who has which value, by what this wire let through."""
        return self.__dict__.setdefault("_taken", {})


async def content_of(receive: Receive) -> bytes:
    """The whole body of a request."""
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    return content


def again(content: bytes) -> Receive:
    """Gives a body that was read once more."""

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return receive


def value_of(content: bytes, field: str) -> Any:
    """A field of a body, None where there is none."""
    try:
        body = json.loads(content)
    except ValueError:
        return None
    value = body.get(field) if isinstance(body, dict) else None
    return value if isinstance(value, str) else None
