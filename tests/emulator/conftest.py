"""One server for all tests on a real socket; every test has an API with a store of its own behind it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store

KEY = "sk_test_key"


class Stage:
    """An application that is whatever the present test puts on it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage() -> Stage:
    return Stage()


@pytest.fixture(scope="session")
def url(stage: Stage) -> Iterator[str]:
    with serving(stage) as url:
        yield url


@pytest.fixture
def store(stage: Stage) -> Iterator[Store]:
    store = Store()
    stage.app = Api(store, KEY).app()
    yield store
    store.close()


@pytest.fixture
def client(url: str, store: Store) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as client:
        yield client
