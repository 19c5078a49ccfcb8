"""A target that says in the organization that it answers with what the request carried."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

TIME = "2026-01-15T12:00:00.000Z"


def organization(name: str, metadata: dict[str, str] | None = None) -> dict[str, Any]:
    """A whole organization as the API would answer."""
    return {
        "object": "organization",
        "id": "org_01EHZNVPK3SFK441A1RGBFSHRT",
        "name": name,
        "domains": [],
        "metadata": metadata or {},
        "external_id": None,
        "created_at": TIME,
        "updated_at": TIME,
    }


class Echo:
    """Answers every request with an organization whose name is the key that came, its metadata the other headers.

    Holds each answer back until `together` requests wait for one.
    """

    def __init__(self, together: int = 1) -> None:
        self.requests: list[str] = []
        self._together = together
        self._waiting: list[asyncio.Event] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.requests.append(f"{request.method} {scope['raw_path'].decode()}?{scope['query_string'].decode()}")
        await request.body()
        await self._company()
        headers = {key: value for key, value in request.headers.items() if key != "authorization"}
        await JSONResponse(organization(request.headers["authorization"], headers))(scope, receive, send)

    async def _company(self) -> None:
        arrived = asyncio.Event()
        self._waiting.append(arrived)
        if len(self._waiting) >= self._together:
            for event in self._waiting:
                event.set()
            self._waiting.clear()
        await arrived.wait()


class Silent:
    """Takes requests and never answers; counts them."""

    def __init__(self) -> None:
        self.requests: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests.append(scope["path"])
        while (await receive())["type"] != "http.disconnect":
            pass


class Fixed:
    """Answers every request with the same status, headers and body."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._status = status
        self._body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._headers = {"content-type": "application/json; charset=utf-8", **(headers or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(key.encode(), value.encode()) for key, value in self._headers.items()]
        await send({"type": "http.response.start", "status": self._status, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})
