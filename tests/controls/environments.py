"""Environments that are crowded, busy or late, and clocks that are wrong."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.api import Api
from emulator.changes import Changes
from emulator.paging import NEWEST
from emulator.records import Organization
from emulator.store import Store
from tests.controls.connections import serving_with
from tests.controls.planting import legal
from tests.mutants.planting import KEY

MINUTES = 10 * 60 * 1000


@legal("clock-ahead", "O: a date-time, of the target's clock")
class ClockAhead(Changes):
    """The clock of the target is ten minutes ahead."""

    def now(self) -> int:
        return super().now() + MINUTES


@contextlib.contextmanager
def dated_behind(app: ASGIApp) -> Iterator[str]:
    """Serves with a header Date that is ten minutes behind, as one clock of a machine would have it."""

    async def dated(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(time.time() - MINUTES / 1000, usegmt=True).encode()
                message = {**message, "headers": [*message["headers"], (b"date", date)]}
            await send(message)

        await app(scope, receive, send_dated)

    with serving_with(dated, date_header=False) as url:
        yield url


@legal("clock-behind", "O: a date-time, of the target's clock", serve=dated_behind)
class ClockBehind(Changes):
    """The clock of the target is ten minutes behind."""

    def now(self) -> int:
        return super().now() - MINUTES


@legal("same-second", "RFC 3339: fractions are optional")
class SameSecond(Changes):
    """The clock of the target shows whole seconds, so that many organizations are created in one."""

    def now(self) -> int:
        return super().now() // 1000 * 1000

    def moved(self, previous: int) -> int:
        return self.now()


@legal("crowded", "S: lists return all existing organizations")
def crowded() -> ASGIApp:
    """Ten thousand organizations are there, half of them with a name that the suite uses."""
    store = Store()
    store.fill(5_000)
    store.fill(5_000, name="Acme & Söhne")
    return Api(store, KEY).app()


@contextlib.contextmanager
def busy(url: str) -> Iterator[None]:
    """Another client creates, changes and deletes organizations of its own all the time."""
    with subprocess.Popen([sys.executable, "-m", "tests.controls.neighbour", url, KEY]) as neighbour:
        yield
        neighbour.terminate()


@legal("in-company", "D: an environment has several users", company=busy)
def in_company() -> ASGIApp:
    """Others are at work in the same environment."""
    return Api(Store(), KEY).app()


@legal("below-a-path", "O: servers are URLs, which may have a path", prefix="/v1")
def below_a_path() -> ASGIApp:
    """The API answers below a path."""
    app = Api(Store(), KEY).app()

    async def stripped(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix("/v1")
        await app({**scope, "path": path, "raw_path": scope["raw_path"].removeprefix(b"/v1")}, receive, send)

    return stripped


@legal("lists-that-lag", "list.shows-created: within the moment that lists may lag")
def lists_that_lag() -> ASGIApp:
    """Lists and searches show the environment as it was a second ago."""
    return Lagging(Store())


class Lagging:
    """Answers lists from a copy of the store that is a second old."""

    LAG = 1.0

    def __init__(self, store: Store) -> None:
        self._store = store
        self._app = Api(store, KEY).app()
        self._history: list[tuple[float, list[Organization]]] = [(0.0, [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if (scope["method"], scope["path"]) == ("GET", "/organizations"):
            await Api(self._as_it_was(), KEY).app()(scope, receive, send)
            return
        await self._app(scope, receive, send)
        if scope["method"] != "GET":
            self._history.append((time.monotonic(), self._store.older(NEWEST, 1_000, "", None)))

    def _as_it_was(self) -> Store:
        moment = time.monotonic() - self.LAG
        earlier = [organizations for written, organizations in self._history if written <= moment]
        store = Store()
        for organization in earlier[-1]:
            store.insert(organization)
        return store
