"""The way to a small server, with bounds that a test can wait for."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from conformance.harness.api.call import Call
from conformance.harness.api.http import outcome_of
from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.ownership.journal import Journal
from conformance.harness.wire.ownership.owner import Ownership
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import build_client
from specs.contract import operations

KEY = "sk_test_secretKey"
WORD = "abcdefghij"
TIMEOUT = 0.5
LARGEST = 100_000


class RecordingListener:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def on_request(self, request: httpx.Request) -> None:
        """Nothing to note."""

    def on_response(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)


class Client:
    """A client, what was heard of its exchanges, and what it may change."""

    def __init__(self, http: httpx.Client, listener: RecordingListener, journal: Journal, ownership: Ownership) -> None:
        self.http = http
        self.listener = listener
        self.journal = journal
        self.ownership = ownership

    def send(
        self,
        method: str = "GET",
        path: str = "/organizations",
        operation: str = "list",
        extensions: dict[str, object] | None = None,
        **rest: Any,
    ) -> Exchange:
        """The exchange of one request; `rest` is what httpx.Client.request takes."""
        extensions = {"operation": operation, **(extensions or {})}
        response = self.http.request(method, path, extensions=extensions, **rest)
        exchange: Exchange = response.extensions["exchange"]
        return exchange

    def claim(self, identifier: str) -> None:
        """As if a create of `x` had been answered with this id."""
        self.journal.claim(self.journal.intend(json.dumps({"name": f"{WORD} x"}).encode()), identifier)


@contextlib.contextmanager
def client_to(url: str, *, max_retry_wait: float = 5.0, timeout: float = TIMEOUT) -> Iterator[Client]:
    """The suite's own client of this address."""
    target = Target(url, KEY, lag=0.0, timeout=timeout, largest_response=LARGEST, max_retry_wait=max_retry_wait)
    listener = RecordingListener()
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder, "run.journal"), url, WORD)
        journal.begin(0.0)
        ownership = Ownership(journal)
        with contextlib.closing(journal), build_client(target, ownership, listener) as http:
            yield Client(http, listener, journal, ownership)


def exchange_of(
    operation: str, method: str, path: str, status: int, response: bytes, sent: bytes = b"", **headers: str
) -> Exchange:
    """An exchange as if it had gone over the wire."""
    answered = {"content-type": "application/json", "x-request-id": "1"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return Exchange(operation, method, f"http://target{path}", {}, sent, Response(status, answered, response))


def call_of(operation: str, arguments: dict[str, Any], status: int, response: bytes) -> Call:
    """A call that made one exchange, as if it had gone over the wire."""
    exchange = exchange_of(operation, operations()[operation].method, "/organizations", status, response)
    return Call(operation, arguments, outcome_of(exchange), (exchange,))
