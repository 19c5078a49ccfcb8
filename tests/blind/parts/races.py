"""Apps that cannot do two things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, crash


def one_at_a_time(is_of_the_kind: Callable[[Request], object]) -> ASGIApp:
    """An app that fails at a request of some kind while it is carrying out another one."""
    running: list[int] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or not is_of_the_kind(request):
            return await forward(request)
        if running:
            return crash()
        running.append(1)
        await asyncio.sleep(0.005)
        response = await forward(request)
        running.clear()
        return response

    return intercepting(handle)
