"""Middleware that holds every response in hand before it goes out."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True)
class Request:
    """What was asked, without the body."""

    number: int
    """Counts the requests from 1."""
    method: str
    path: str
    """As it was sent, percent-encoded."""
    query: str
    headers: dict[str, str]

    @property
    def operation(self) -> str:
        """The operation by its name in the contract."""
        if self.path.startswith("/organizations/external_id/"):
            return "lookup"
        if self.path == "/organizations":
            return {"POST": "create"}.get(self.method, "list")
        return {"PUT": "update", "DELETE": "delete"}.get(self.method, "get")


@dataclass
class Reply:
    """A response before it is sent; whoever holds it may change it."""

    status: int
    headers: dict[str, str]
    body: bytes
    announced: int | None = None
    """A content-length that is not the body's."""

    @property
    def json(self) -> Any:
        """The body as a JSON value, None where it is none."""
        return json.loads(self.body) if "json" in self.headers.get("content-type", "") else None

    @json.setter
    def json(self, value: object) -> None:
        self.body = json.dumps(value, ensure_ascii=False).encode()

    @property
    def succeeds(self) -> bool:
        """Whether the request was carried out."""
        return self.status < 300


Alteration: TypeAlias = Callable[[Request, Reply], object]


class Middleware:
    """Leads the responses of an application through `alter`."""

    delay = 0.0
    """Seconds before each response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._number = 0
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        request = self._request(scope)
        reply = await self.response(request, scope, receive)
        if self.delay:
            await asyncio.sleep(self.delay)
        self.alter(request, reply)
        await self.send(reply, send)

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        """The application's own response."""
        return await reply_of(self.app, scope, receive)

    def alter(self, request: Request, reply: Reply) -> object:
        """Changes the reply."""

    async def send(self, reply: Reply, send: Send) -> None:
        """Sends the reply in one piece."""
        length = len(reply.body) if reply.announced is None else reply.announced
        headers = {**reply.headers, "content-length": str(length)}
        await send({"type": "http.response.start", "status": reply.status, "headers": raw(headers)})
        await send({"type": "http.response.body", "body": reply.body})

    def _request(self, scope: Scope) -> Request:
        with self._lock:
            self._number += 1
            number = self._number
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        path = scope["raw_path"].decode("latin-1")
        return Request(number, scope["method"], path, scope["query_string"].decode("latin-1"), headers)


async def reply_of(app: ASGIApp, scope: Scope, receive: Receive) -> Reply:
    """The whole response of an application."""
    reply = Reply(500, {}, b"")

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
        else:
            reply.body += message.get("body", b"")

    await app(scope, receive, take)
    return reply


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request."""
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    return content


def receiving(content: bytes) -> Receive:
    """Hands out a body that was read before, or another one."""

    async def receive() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return receive


def raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as ASGI wants them."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
