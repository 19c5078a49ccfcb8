"""The emulator with responses that a test alters on their way out, beside organizations of others."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store

KEY = "sk_test_altered"
JSON = "application/json; charset=utf-8"


@dataclass
class Passing:
    """A request, and the response on its way out, which may be altered."""

    method: str
    path: str
    content: bytes
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    """By lower-case name, without content-length."""
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body as a JSON value."""
        return json.loads(self.body)

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()

    @property
    def id(self) -> str:
        """What follows the last slash of the path."""
        return self.path.rpartition("/")[2]

    def answer(self, status: int, body: bytes = b"{}", content_type: str = JSON) -> None:
        """Another response in the place of this one."""
        self.status, self.body, self.headers["content-type"] = status, body, content_type


Alter: TypeAlias = Callable[[Passing], None]


class Altered:
    """An application around another one. `before` may answer in its place by setting a status."""

    def __init__(self, app: ASGIApp, after: Alter, before: Alter) -> None:
        self._app = app
        self._after = after
        self._before = before
        self.passed: list[Passing] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content, more = b"", True
        while more:
            message = await receive()
            content, more = content + message.get("body", b""), message.get("more_body", False)
        passing = Passing(scope["method"], scope["raw_path"].decode(), content)
        self._before(passing)
        if not passing.status:
            await self._pass_on(scope, passing)
            self._after(passing)
        self.passed.append(passing)
        headers = {**passing.headers, "content-length": str(len(passing.body))}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": passing.status, "headers": raw})
        await send({"type": "http.response.body", "body": passing.body})

    async def _pass_on(self, scope: Scope, passing: Passing) -> None:
        async def receive() -> Message:
            return {"type": "http.request", "body": passing.content}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                passing.status = message["status"]
                passing.headers = {name.decode(): value.decode("latin-1") for name, value in message["headers"]}
                passing.headers.pop("content-length", None)
            else:
                passing.body += message.get("body", b"")

        await self._app(scope, receive, send)


@dataclass
class Place:
    """A target that is up."""

    url: str
    store: Store
    app: Altered

    @property
    def options(self) -> tuple[str, ...]:
        """What the suite is started with."""
        return "--base-url", self.url, "--api-key", KEY

    def everyone(self) -> dict[str, str]:
        """The names of all organizations that are there, by id."""
        with self.store.transaction():
            rows = self.store._connection.execute("SELECT id, name FROM organization").fetchall()
        return {row[0]: row[1] for row in rows}

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """All that is stored of every organization, by id."""
        with self.store.transaction():
            return {row["id"]: tuple(row) for row in self.store._connection.execute("SELECT * FROM organization")}


def nothing(passing: Passing) -> None:
    """Leaves a response as it is."""


@contextlib.contextmanager
def altered(
    after: Alter = nothing,
    before: Alter = nothing,
    foreigners: int = 0,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
    api: type[Api] = Api,
    **parts: Any,
) -> Iterator[Place]:
    """The emulator with these parts, with something around it, and with this done to its responses."""
    with contextlib.closing(Store()) as store:
        store.fill(foreigners, "Foreign")
        app = Altered(around(api(store, KEY, **parts).app()), after, before)
        with serving(app) as url:
            yield Place(url, store, app)
