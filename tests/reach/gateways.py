"""What may stand before an API: gateways that refuse, redirect or fail, for all requests or from some request on."""

from __future__ import annotations

import time

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class Gateway:
    """Hands on so many requests and answers the next ones itself, until it has answered `reopens_after` of them."""

    def __init__(self, app: ASGIApp, response: Response, lets_through: int = 0, reopens_after: float = float("inf")):
        self._app = app
        self._response = response
        self._lets_through = lets_through
        self._reopens_after = reopens_after
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self.requests += 1
        refused = self.requests - self._lets_through
        if 0 < refused <= self._reopens_after:
            await self._response(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class Shut:
    """Hands on so many requests, then answers everything itself for some seconds."""

    def __init__(self, app: ASGIApp, response: Response, lets_through: int, seconds: float) -> None:
        self._app = app
        self._response = response
        self._lets_through = lets_through
        self._seconds = seconds
        self._opens = float("inf")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self._lets_through -= 1
        if self._lets_through == 0:
            self._opens = time.monotonic() + self._seconds
        is_shut = self._lets_through <= 0 and time.monotonic() < self._opens
        await (self._response if is_shut else self._app)(scope, receive, send)


class Keyed:
    """Hands on what carries a header, and refuses everything else."""

    def __init__(self, app: ASGIApp, name: str, value: str) -> None:
        self._app = app
        self._header = name.lower().encode(), value.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        app = self._app if self._header in scope["headers"] else Response(b'{"message": "Forbidden"}', 403)
        await app(scope, receive, send)
