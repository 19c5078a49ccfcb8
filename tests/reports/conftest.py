"""Targets with a fault on a real socket, and the suite as a user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from reports.verdict.verdict import Cause, Evidence, Result, Status, Verdict, outcomes_of
from specs.requirements import catalogue
from tests.reports.samples import EXCHANGE, a_verdict

ROOT = Path(__file__).parents[2]
KEY = "sk_test_of_the_reports"
PATIENCE = 120

Serve: TypeAlias = Callable[[ASGIApp], str]


class Faulty:
    """A correct implementation but for two faults: it takes limits out of bounds, and deletes with 204."""

    def __init__(self) -> None:
        self.store = Store()
        self._correct = Api(self.store, KEY).app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].replace(b"limit=101", b"limit=100").replace(b"limit=0", b"limit=1")

        async def response(message: Message) -> None:
            if scope["method"] == "DELETE" and message["type"] == "http.response.start":
                gone = message["status"] in (200, 202)
                message = {**message, "status": 204, "headers": [(b"x-request-id", b"1")]} if gone else message
            elif scope["method"] == "DELETE" and message["body"] == b"Accepted":
                message = {**message, "body": b""}
            await send(message)

        await self._correct({**scope, "query_string": query}, receive, response)


@dataclass(frozen=True)
class Outcome:
    """A run of the suite that has ended."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def verdict(self) -> dict[str, Any]:
        """What verdict.json holds."""
        values: dict[str, Any] = json.loads((self.folder / "verdict.json").read_text(encoding="utf-8"))
        return values

    def statuses(self, status: str) -> set[str]:
        """The requirements with this status."""
        return {outcome["requirement"] for outcome in self.verdict["outcomes"] if outcome["status"] == status}


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Serves an application until the tests are over, and gives its address."""
    opened: list[Any] = []

    def start(app: ASGIApp) -> str:
        opened.append(serving(app))
        return str(opened[-1].__enter__())

    yield start
    for server in opened:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def faulty(serve: Serve) -> str:
    return serve(Faulty())


@pytest.fixture(scope="session")
def correct(serve: Serve) -> str:
    return serve(Api(Store(), KEY).app())


def command(url: str, folder: Path, *arguments: str) -> list[str]:
    """The command line that judges a target."""
    target = ["--base-url", url, "--api-key", KEY, "--output", str(folder)]
    return [sys.executable, "-m", "pytest", "conformance", "-p", "no:cacheprovider", *target, *arguments]


def judge(url: str, folder: Path, *arguments: str, **environment: str) -> Outcome:
    """Runs the suite as a user does."""
    done = subprocess.run(
        command(url, folder, *arguments),
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr, folder)


def organizations_at(url: str) -> list[Any]:
    """What is there."""
    response = httpx.get(f"{url}/organizations", params={"limit": 100}, headers={"Authorization": f"Bearer {KEY}"})
    return list(response.json()["data"])


FEW = "list.limit or answer.status or get.unknown or list.both-cursors"
"""Promises of which the faulty target breaks some, keeps some, and one that is only observed."""


@pytest.fixture(scope="session")
def red(faulty: str, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A short run that found something."""
    folder = tmp_path_factory.mktemp("red")
    return judge(faulty, folder, "-k", FEW, "--junitxml", str(folder / "junit.xml"), "--seed", "7")


@pytest.fixture
def verdict() -> Verdict:
    """Nothing but get and lookup was tested; one requirement of every status."""
    outcomes = outcomes_of(catalogue().values())
    made = a_verdict(outcomes.values(), result=Result.FINDINGS, reason="")
    weigh = outcomes["get.answers", "get"].weigh
    weigh(Status.MET, "one", Evidence())
    for operation in ("get", "lookup"):
        shape = outcomes["organization.metadata", operation]
        shape.weigh(Status.FINDING, f"test of {operation}", Evidence("an object", operation, (EXCHANGE,)))
    outcomes["error.not-found-code", "get"].weigh(Status.WARNING, "two", Evidence("this", "\x1b[31mred\r\x00"))
    outcomes["lookup.unknown", "lookup"].weigh(
        Status.BLOCKED, "three", Evidence(), "", [Cause("lookup.answers", "lookup")]
    )
    outcomes["get.unknown", "get"].weigh(
        Status.DEVIATION, "four", Evidence("404", "410"), "accepted until 2999-01-01: so"
    )
    outcomes["list.both-cursors", "list"].weigh(Status.OBSERVED, "five", Evidence(), "422")
    return made
