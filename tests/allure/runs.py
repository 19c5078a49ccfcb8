"""Runs of the suite with --alluredir, and a target that is wrong in known ways."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.api import Api
from emulator.store import Store

REPOSITORY = Path(__file__).parents[2]
KEY = "sk_test_9f3a71c2e8b04d56"

Result: TypeAlias = dict[str, Any]


class WithoutRequestIds:
    """An application whose answers carry no X-Request-ID."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def altered(message: Message) -> None:
            headers = [pair for pair in message.get("headers", ()) if pair[0] != b"x-request-id"]
            await send({**message, "headers": headers} if "headers" in message else message)

        await self._app(scope, receive, altered)


class Faulty:
    """The emulator with faults.

    It tells the key in every answer, has no X-Request-ID, takes a limit of 0, deletes with 204,
    and breaks down over a question mark in an external_id, which only generated requests ask for.
    """

    def __init__(self) -> None:
        self._correct = WithoutRequestIds(Api(Store(), KEY).app())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def altered(message: Message) -> None:
            await send(_altered(message))

        if "external_id/" in scope["path"] and "?" in scope["path"]:
            await PlainTextResponse("broke down", 500)(scope, receive, altered)
            return
        if scope["query_string"].startswith(b"limit=0"):
            scope["query_string"] = scope["query_string"].replace(b"limit=0", b"limit=1")
        await self._correct(scope, receive, altered)


def _altered(message: Message) -> Message:
    if message["type"] == "http.response.body":
        return {**message, "body": b""} if message["body"] == b"Accepted" else message
    headers = [] if message["status"] == 202 else message["headers"]
    told = (b"x-debug", f"called with Bearer {KEY}".encode())
    return {**message, "status": 204 if message["status"] == 202 else message["status"], "headers": [*headers, told]}


class Run:
    """What a run of the suite left in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def results(self) -> list[Result]:
        """Allure's result of each test."""
        return [json.loads(path.read_text()) for path in (self.folder / "allure-results").glob("*-result.json")]

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict as JSON values."""
        verdict: dict[str, Any] = json.loads((self.folder / "verdict.json").read_text())
        return verdict

    def of(self, status: str) -> list[Result]:
        """The results whose requirement has this status."""
        return [result for result in self.results if status in labels(result, "tag")]

    def the(self, status: str, requirement: str) -> Result:
        """A result of this requirement that has this status."""
        return next(result for result in self.of(status) if requirement_of(result) == requirement)

    def attachment(self, attachment: dict[str, str]) -> str:
        """The text of an attachment."""
        return (self.folder / "allure-results" / attachment["source"]).read_text()


def run(folder: Path, *arguments: str) -> Run:
    """Runs the suite; its output goes into the folder."""
    command = [sys.executable, "-m", "pytest", "conformance", "-q", "-p", "no:cacheprovider", "--output", str(folder)]
    results = ["--alluredir", str(folder / "allure-results"), "--clean-alluredir"]
    done = subprocess.run([*command, *results, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return Run(folder)


def labels(result: Result, name: str) -> list[str]:
    """The values of the labels of this name."""
    return [label["value"] for label in result["labels"] if label["name"] == name]


def requirement_of(result: Result) -> str:
    """The id of the requirement; empty for what stands for none."""
    return next(iter(labels(result, "story")), "").partition(": ")[0]


def steps(result: Result) -> Iterator[Result]:
    """Every step of a result that is an exchange, in order."""
    for step in result.get("steps", ()):
        yield from step.get("steps") or [step]


def identifier(result: Result) -> str:
    """What the report's page calls a result in its address."""
    return hashlib.md5(result["uuid"].encode(), usedforsecurity=False).hexdigest()


def spellings(secret: str) -> list[bytes]:
    """A secret as it stands, and as it shows within anything that base64 encoded, at every alignment."""
    encoded = [base64.b64encode(b"\0" * shift + secret.encode())[4 if shift else 0 : -4] for shift in range(3)]
    return [secret.encode(), *encoded]
