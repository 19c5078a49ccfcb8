"""One server for most tests on a real socket, with a store of its own behind it for each; programs for the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store

from .programs import Program

KEY = "sk_test_key"
ROOT = Path(__file__).parents[2]


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


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(*arguments: str) -> Program:
        program = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "emulator", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(program)
        return program

    yield start
    for program in started:
        program.kill()
        program.communicate()
