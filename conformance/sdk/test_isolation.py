"""Clients and calls in one program keep apart."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from conformance.harness.api.errors import UnsupportedError
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.recording import RecordedRequest
from conformance.harness.wire.proxy.replies import Action, Always, Fault, Reply, json_reply
from conformance.sdk.cases import ARGUMENTS, MARKS, READS, each_operation, mark_in, marked, organization_in, served
from specs.contract import operations
from strategies.organizations import minimal

ROUNDS = 3
MOMENT = 0.05
"""Seconds that an answer takes, in which the other calls are sent."""
SOON = 400
"""Milliseconds of the client's timeout."""
AFTERWARDS = 2.5
"""Seconds in which a request that was left behind shows: longer than the first pauses between attempts."""
BOUND = 12_000


@each_operation("sdk.isolation.clients")
def test_two_clients_keep_apart(sdk: SdkUnderTest, operation: str) -> None:
    success = Always(json_reply(*served(operation)))
    addresses = (sdk.proxy.url, sdk.proxy.elsewhere_url)
    asks = [[Ask(operation, ARGUMENTS[operation], success, base_url=url)] * ROUNDS for url in addresses]
    for url, uses in zip(addresses, sdk.side_by_side(asks), strict=True):
        for use in uses:
            use.check("sdk.request.authorization")
            assert [exchange.origin for exchange in use.exchanges] == [url]


@dataclass
class Named:
    """Answers each request, after a moment, with an organization whose name says what was asked for."""

    operation: str

    def action(self, request: RecordedRequest) -> Action:
        """The success."""
        return replace(json_reply(*served(self.operation, minimal(name=mark_in(request)))), delay=MOMENT)


@dataclass
class NamedLater(Named):
    """Asks each call for patience first, until all of them are under way."""

    _failed: set[str] = field(default_factory=set, init=False)

    def action(self, request: RecordedRequest) -> Action:
        """The first time that something is asked for a failure, then the success."""
        mark = mark_in(request)
        if mark in self._failed:
            return super().action(request)
        self._failed.add(mark)
        return replace(json_reply(503, {"message": "Not now."}, retry_after="0"), delay=MOMENT)


def one_for_each_mark(operation: str, script: Named, **how: Any) -> list[Ask]:
    """Calls that are told apart by their marks."""
    return [Ask(operation, marked(operation, mark), script, **how) for mark in MARKS]


def ensure_parallel(sdk: SdkUnderTest, use: Judged) -> None:
    """Raises UnsupportedError where calls cannot be made at the same time."""
    if not sdk.supports("parallel"):
        raise UnsupportedError.for_call(use.use.as_call({}), "its driver makes one call at a time")


@each_operation("sdk.isolation.parallel")
def test_each_call_gets_its_own_answer(sdk: SdkUnderTest, operation: str) -> None:
    uses = sdk.on_one_client(one_for_each_mark(operation, Named(operation)))
    ensure_parallel(sdk, uses[0])
    for mark, use in zip(MARKS, uses, strict=True):
        use.ensure_said()
        if operation != "delete":  # which gives back nothing that could be told apart
            assert organization_in(use.value).get("name") == mark


@pytest.fixture(scope="session")
def repeated(sdk: SdkUnderTest) -> dict[str, list[Judged]]:
    """Each read, by several calls of one client at the same time, of which each fails once."""

    def read(operation: str) -> list[Judged]:
        return sdk.on_one_client(one_for_each_mark(operation, NamedLater(operation), retries=1))

    with ThreadPoolExecutor(len(READS)) as threads:
        return dict(zip(READS, threads.map(read, READS), strict=True))


@each_operation("sdk.isolation.parallel", *READS)
def test_each_call_repeats_its_own_request(
    sdk: SdkUnderTest, repeated: dict[str, list[Judged]], operation: str
) -> None:
    ensure_parallel(sdk, repeated[operation][0])
    for mark, use in zip(MARKS, repeated[operation], strict=True):
        if use.gave_a_value:  # that each is sent again is what sdk.retry.status is about
            assert organization_in(use.value).get("name") == mark


@pytest.fixture(scope="session")
def left_behind(sdk: SdkUnderTest) -> dict[str, int]:
    """How many requests of each operation came after its call had ended without a response."""
    names = list(operations())
    silent = Always(Reply(fault=Fault.HANG))
    how: dict[str, Any] = {"timeout_ms": SOON, "retries": 1, "bound_ms": BOUND, "fresh": True}
    uses = sdk.together([Ask(name, ARGUMENTS[name], silent, **how) for name in names])
    time.sleep(AFTERWARDS)
    return {name: len(use.use.recorded.late) for name, use in zip(names, uses, strict=True)}


@each_operation("sdk.isolation.late-requests")
def test_a_call_that_has_ended_sends_nothing_more(left_behind: dict[str, int], operation: str) -> None:
    assert left_behind[operation] == 0
