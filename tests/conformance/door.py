"""The way to a small server, with bounds that a test can wait for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import httpx

from conformance.harness.wire.exchange import Answer, Exchange
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import open_door

KEY = "sk_test_secretKey"
WORD = "abcdefghij"
TIMEOUT = 0.5
LARGEST = 100_000

"""What the suite does not do yet; the mark goes with the fault."""


class Ear:
    """A listener that keeps what it hears."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def begins(self, method: str) -> None:
        """Nothing to note."""

    def ends(self, exchange: Exchange, begun: object) -> None:
        self.exchanges.append(exchange)


class Door:
    """A client, what was heard of its exchanges, and what it may change."""

    def __init__(self, http: httpx.Client, ear: Ear, journal: set[str], ownership: Ownership) -> None:
        self.http = http
        self.ear = ear
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


@contextlib.contextmanager
def door_to(url: str, *, patience: float = 5.0, timeout: float = TIMEOUT) -> Iterator[Door]:
    """The suite's own door to this address."""
    target = Target(url, KEY, lag=0.0, timeout=timeout, largest_answer=LARGEST, patience=patience)
    ear, journal = Ear(), set[str]()
    ownership = Ownership(journal, WORD)
    with open_door(target, ownership, ear) as http:
        yield Door(http, ear, journal, ownership)


def exchange_of(
    operation: str, method: str, path: str, status: int, answer: bytes, sent: bytes = b"", **headers: str
) -> Exchange:
    """An exchange as if it had gone over the wire."""
    answered = {"content-type": "application/json", "x-request-id": "1"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return Exchange(operation, method, f"http://target{path}", {}, sent, Answer(status, answered, answer))
