"""The suite as its users start it."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.api import Api
from emulator.process import emulator_process
from emulator.server import serving
from emulator.store import Store
from tests.conformance.suite import PATIENCE, Program, Result, finish, judge, start

KEY = "sk_test_suite"
MOST_REQUESTS = 800
MOST_CREATED = 45
FOREIGNERS = 2_000
SEED = ("--seed", "7")


def assert_clean(result: Result) -> None:
    assert result.exit_code == 0, result.text
    assert result.verdict["created"] == result.verdict["removed"] > 0
    assert result.verdict["left"] == []
    assert list(result.output.glob("*.journal")) == []


class Tap:
    """An application that takes down every request on its way to the API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests: list[tuple[str, str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        path = unquote(f"{scope['raw_path'].decode()}?{scope['query_string'].decode()}")
        self.requests.append((scope["method"], normal(path), normal(message["body"].decode("utf-8", "replace"))))
        waiting = [message]

        async def again() -> Any:
            return waiting.pop() if waiting else await receive()

        await self._app(scope, again, send)


def normal(text: str) -> str:
    """The text without what is random on purpose: ids, words and numbers of the run, single letters.

    A run of one letter goes first: a word that ends in this letter makes it longer.
    """
    text = re.sub("a{9,}", "<letters>", text)
    text = re.sub("(?i:org_domain_|org_)(?i:[0-9A-Z]{25,27})|[0-9A-Z]{25,27}|[0-9a-f]{26}", "<id>", text)
    text = re.sub("[0-9a-f]{12}|[0-9]{9,}", "<number>", text)
    text = re.sub("[0-9]*<number>[0-9]*", "<number>", text)
    text = re.sub("(?:[a-z]-)?[a-z0-9]*(?:[a-z]{9,}|[A-Z]{9,})[a-z0-9]*", "<word>", text)
    return re.sub('"external_id":"[A-Za-z0-9]"', '"external_id":"<letter>"', text)


@contextlib.contextmanager
def target(foreigners: int = 0) -> Iterator[tuple[str, Tap, Store]]:
    """An emulator in which others have organizations already."""
    with contextlib.closing(Store()) as store:
        store.fill(foreigners, "Foreign")
        tap = Tap(Api(store, KEY).app())
        with serving(tap) as url:
            yield url, tap, store


def at(url: str) -> tuple[str, ...]:
    return "--base-url", url, "--api-key", KEY


def everyone(url: str) -> bytes:
    """All organizations of the target, as it shows them."""
    pages: list[str] = []
    after: dict[str, str] = {}
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}) as client:
        while not pages or after["after"]:
            response = client.get("/organizations", params={"limit": 100, "order": "asc", **after})
            pages.append(json.dumps(response.json()["data"]))
            after = {"after": response.json()["list_metadata"]["after"]}
    return "\n".join(pages).encode()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def embedded(outputs: Callable[[], Path]) -> Result:
    """A default run on the embedded emulator."""
    return judge(outputs(), *SEED)


@dataclass(frozen=True)
class Crowded:
    """Three runs of one seed where others have thousands of organizations."""

    results: list[Result]
    requests: list[list[tuple[str, str, str]]]
    before: bytes
    afterwards: bytes


@pytest.fixture(scope="module")
def crowded(outputs: Callable[[], Path]) -> Crowded:
    results, requests = [], []
    with target(FOREIGNERS) as (url, tap, _):
        before = everyone(url)
        for _ in range(3):
            tap.requests.clear()
            results.append(judge(outputs(), *at(url), *SEED))
            requests.append(list(tap.requests))
        afterwards = everyone(url)
    return Crowded(results, requests, before, afterwards)


def test_a_default_run_on_the_embedded_emulator_keeps_its_budget(embedded: Result) -> None:
    assert_clean(embedded)
    assert embedded.verdict["requests"] <= MOST_REQUESTS
    assert embedded.verdict["created"] <= MOST_CREATED


def test_every_requirement_is_tested(embedded: Result) -> None:
    statuses = {outcome["requirement"]: outcome["status"] for outcome in embedded.verdict["outcomes"]}
    assert set(statuses.values()) <= {"met", "observed"}


def test_every_item_names_its_requirement(embedded: Result) -> None:
    for outcome in embedded.verdict["outcomes"]:
        assert outcome["tests"], outcome["requirement"]
        assert all(outcome["requirement"] in test for test in outcome["tests"])


def test_what_others_have_is_left_alone(crowded: Crowded) -> None:
    for result in crowded.results:
        assert_clean(result)
    assert crowded.before.count(b'"Foreign ') == FOREIGNERS
    assert crowded.afterwards == crowded.before


def test_what_others_have_makes_no_run_longer(crowded: Crowded, embedded: Result) -> None:
    alone = embedded.verdict["requests"]
    for result in crowded.results:
        assert abs(result.verdict["requests"] - alone) <= alone * 0.05


def test_one_seed_is_one_run(crowded: Crowded) -> None:
    # Requests that race on purpose arrive in any order. Hypothesis draws from the constants of the
    # sources, too, which it collects in a cache: right after a change of these one run may differ.
    runs = [tuple(sorted(requests)) for requests in crowded.requests]
    assert min(map(len, runs)) > MOST_REQUESTS / 4
    assert len(set(runs)) < len(runs)


# The tests that are marked as independent alone: whatever stands between them keeps none of them apart.
@pytest.mark.parametrize("arguments", [("-n", "2"), ("--profile", "quick"), ("-m", "independent")], ids=" ".join)
def test_other_ways_to_run(outputs: Callable[[], Path], arguments: tuple[str, ...]) -> None:
    assert_clean(judge(outputs(), *arguments))


def test_a_digit_is_a_key(outputs: Callable[[], Path]) -> None:
    with emulator_process("7") as url:
        at = ("--base-url", url, "--api-key", "7")
        assert_clean(judge(outputs(), *at, "-k", "authentication"))


def test_two_runs_at_once_do_not_disturb_each_other(outputs: Callable[[], Path]) -> None:
    with target() as (url, _, _):
        folders = [outputs(), outputs()]
        programs = [start(folder, *at(url), "--profile", "quick") for folder in folders]
        for program, folder in zip(programs, folders, strict=True):
            assert_clean(finish(program, folder))
        assert everyone(url) == b"[]"


def test_a_killed_run_is_cleaned_up_by_reaping(outputs: Callable[[], Path]) -> None:
    output = outputs()
    with target(foreigners=3) as (url, tap, _):
        before = everyone(url)
        program = start(output, *at(url))
        wait_until(lambda: sum(method == "POST" for method, *_ in tap.requests) > 10, program)
        program.send_signal(signal.SIGKILL)
        program.communicate(timeout=PATIENCE)
        [journal] = output.glob("*.journal")
        created = re.findall('"created": "(org_[0-9A-Z]+)"', journal.read_text())
        assert created
        reaped = judge(output, *at(url), "--reap")
        assert reaped.exit_code == 0, reaped.text
        afterwards = everyone(url).decode()
    assert not [identifier for identifier in created if identifier in afterwards]
    assert afterwards.count('"Foreign ') == before.decode().count('"Foreign ') == 3
    assert list(output.glob("*.journal")) == []


def wait_until(condition: Callable[[], bool], program: Program) -> None:
    """Returns when it is so; the program must not be over before."""
    while not condition():
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(0.02)
            pytest.fail("the run was over before it could be killed")


def test_node_ids_are_stable(outputs: Callable[[], Path]) -> None:
    one, other = (collected(outputs(), seed) for seed in ("1", "2"))
    assert one == other
    assert len(one) == len(set(one)) > MOST_REQUESTS / 6


def collected(output: Path, seed: str) -> list[str]:
    text = judge(output, "--collect-only", "--seed", seed).text
    return [line for line in text.splitlines() if "::" in line]
