"""Clients and calls in one program keep apart."""

import time
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.harness.api.errors import UnsupportedError
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.wire.proxy.recording import RecordedRequest
from conformance.harness.wire.proxy.replies import Action, Always, Fault, Reply, json_reply
from conformance.sdk.cases import ARGUMENTS, each_operation, served
from specs.contract import operations
from strategies.organizations import minimal

ROUNDS = 3
AT_ONCE = 6
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


@dataclass(frozen=True)
class Named:
    """Answers each request, after a moment, with an organization whose name says what was asked for."""

    operation: str

    def action(self, request: RecordedRequest) -> Action:
        """The success."""
        status, body = served(self.operation, minimal(name=mark_in(request)))
        reply = json_reply(status, body)
        return Reply(reply.status, reply.headers, reply.body, delay=0.05)


def mark_in(request: RecordedRequest) -> str:
    """The mark that a request was made with."""
    _, _, rest = (request.target + request.body).decode().partition("mark-")
    return f"mark-{rest[:1]}"


MARKED = {
    "create": "name",
    "get": "id",
    "lookup": "external_id",
    "list": "after",
    "update": "name",
    "delete": "id",
}


@each_operation("sdk.isolation.parallel")
def test_each_call_gets_its_own_answer(sdk: SdkUnderTest, operation: str) -> None:
    marks = [f"mark-{number}" for number in range(AT_ONCE)]
    asks = [Ask(operation, {**ARGUMENTS[operation], MARKED[operation]: mark}, Named(operation)) for mark in marks]
    uses = sdk.on_one_client(asks)
    if not sdk.supports("parallel"):
        raise UnsupportedError.for_call(uses[0].use.as_call({}), "its driver makes one call at a time")
    for mark, use in zip(marks, uses, strict=True):
        use.ensure_said()
        if operation != "delete":  # which gives back nothing that could be told apart
            value = use.value
            assert (value["data"][0] if operation == "list" else value)["name"] == mark


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
