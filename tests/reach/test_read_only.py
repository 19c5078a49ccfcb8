"""--read-only: an account with customers in it is judged, and nothing but GET reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

import tests.mutants.faults  # noqa: F401 - plants them
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership.owner import Ask, OwnsNothing
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import build_client
from conformance.harness.wire.transports.read_only import WriteForbiddenError
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.conformance.suite import Result, judge
from tests.mutants.planting import KEY, MUTANTS

CUSTOMERS = 500
MOST_REQUESTS = 200


class Tap:
    """Notes the method of every request on its way to an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.methods: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        self.methods.append(scope["method"])
        await self._app(scope, receive, send)


@dataclass(frozen=True)
class Account:
    """An account with customers in it."""

    url: str
    tap: Tap


def settle(url: str) -> None:
    """A few customers that use every field."""
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {KEY}"}) as client:
        for number in range(8):
            body: dict[str, Any] = {
                "name": f"Customer {chr(65 + number) * 5} & Söhne",
                "external_id": f"Customer-{number}/#",
                "domain_data": [{"domain": f"customer{number}.example.com", "state": "verified"}],
                "metadata": {"plan": "gold"},
            }
            client.post("/organizations", json=body).raise_for_status()


@pytest.fixture
def account() -> Iterator[Account]:
    store = Store()
    store.fill(CUSTOMERS - 8, "Customer")
    tap = Tap(Api(store, KEY).app())
    with serving(tap) as url:
        settle(url)
        tap.methods.clear()
        yield Account(url, tap)


def at(account: Account) -> tuple[str, ...]:
    return "--base-url", account.url, "--api-key", KEY, "--read-only"


def met(result: Result) -> set[str]:
    """The MUST that are met."""
    return {o["requirement"] for o in result.verdict["outcomes"] if (o["status"], o["level"]) == ("met", "MUST")}


def test_an_account_with_customers_is_judged_by_reading(account: Account, tmp_path: Path) -> None:
    result = judge(tmp_path, *at(account))
    assert result.exit_code == 0, result.text
    assert set(account.tap.methods) == {"GET"}
    assert len(account.tap.methods) <= MOST_REQUESTS
    assert (result.verdict["created"], result.verdict["left"]) == (0, [])
    assert met(result) >= {
        "list.order", "list.walk-forward", "list.walk-back", "list.search", "list.domain", "list.several-domains",
        "list.limit-out-of-bounds", "get.current-state", "lookup.current-state", "lookup.exact", "get.unknown",
        "authentication.missing-key", "authentication.wrong-key", "organization.id", "list.cursors", "error.message",
    }  # fmt: skip
    assert len(met(result)) >= 60
    untested = [o for o in result.verdict["outcomes"] if o["status"] == "not tested"]
    assert {o["note"] for o in untested} == {"read-only"}
    assert {"create.answers", "update.metadata-merges", "delete.gone"} <= {o["requirement"] for o in untested}
    assert "READ-ONLY" in result.text


@pytest.mark.parametrize(
    "options",
    [
        ("-k", "test_create or test_delete or get.unknown"),
        ("--profile", "quick"),
        ("-n", "2"),
        ("--profile", "thorough"),
    ],
    ids=["selected", "quick", "workers", "thorough"],
)
def test_no_write_leaves_the_process_whatever_is_selected(
    account: Account, options: tuple[str, ...], tmp_path: Path
) -> None:
    result = judge(tmp_path, *at(account), *options)
    assert result.exit_code == 0, result.text
    assert set(account.tap.methods) == {"GET"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_transport_sends_no_write(account: Account, method: str) -> None:
    target = Target(account.url, KEY, lag=0.0, read_only=True)
    with build_client(target, OwnsEverything(), Silent()) as client, pytest.raises(WriteForbiddenError):
        client.request(method, "/organizations/org_1", json={}, extensions={"operation": "update"})
    assert account.tap.methods == []


class OwnsEverything(OwnsNothing):
    """Would let every change through."""

    def refusal(self, identifier: str, ask: Ask) -> None:
        """Never one."""


class Silent:
    """Hears nothing."""

    def on_request(self, request: httpx.Request) -> None:
        """Nothing to note."""

    def on_response(self, exchange: Exchange) -> None:
        """Nothing to note."""


def test_an_empty_account_leaves_little_to_judge_and_no_finding(tmp_path: Path) -> None:
    result = judge(tmp_path, "--read-only")
    assert result.exit_code == 0, result.text
    assert "list.walk-forward" in result.having("not tested")


@pytest.mark.parametrize(
    "name",
    [
        "cursor-inclusive",
        "domains-ignored",
        "asc-lists-the-newest-first",
        "limit-ignored",
        "external-id-null-in-list",
    ],
)
def test_faults_are_found_by_reading(name: str, tmp_path: Path) -> None:
    mutant = MUTANTS[name]
    with serving(mutant.app(CUSTOMERS)) as url:
        settle(url)
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY, "--read-only")
    assert result.exit_code == 1, result.text
    assert result.having("finding")
