"""A line for each request: when, what, how it was answered, how long it took; never the key."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestLog:
    """An application whose requests are written down when they are answered."""

    def __init__(self, app: ASGIApp, key: str, write: Callable[[str], None]) -> None:
        self._app = app
        self._forms_of_key = (key, quote(key, safe=""))
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        began = time.perf_counter()
        status = "-"

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            took = 1000 * (time.perf_counter() - began)
            moment = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._write(f"{moment} {scope['method']} {self._target(scope)} {status} {took:.1f} ms")

    def _target(self, scope: Scope) -> str:
        """Path and query as they were sent; a key that somebody put there is taken out."""
        target: str = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        for form in self._forms_of_key:
            target = target.replace(form, "[key]")
        return target
