"""Which organizations the run may change: those that it created, and ids that nobody has."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Protocol

import httpx

from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.journal import Journal
from conformance.harness.wire.routes import route_of

ULID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26


class Owner(Protocol):
    """Somebody who knows which organizations may be changed."""

    def may_change(self, identifier: str, read: Callable[[], Response | None]) -> bool:
        """Whether PUT and DELETE may go to this id; `read` gets the organization, None without a response."""


class OwnsNothing:
    """May change nothing."""

    def may_change(self, identifier: str, read: Callable[[], Response | None]) -> bool:
        """Never."""
        return False


class Ownership:
    """The claims of a run, each confirmed before it is used for the first time.

    A faulty target may answer a create with the id of somebody else's organization. So an id is
    only a claim until reading it has shown the token of this run.
    """

    def __init__(self, journal: Journal, token: str, base_url: str) -> None:
        self._journal = journal
        self._token = token.casefold().encode()
        self._prefix = httpx.URL(base_url).raw_path.decode("ascii").rstrip("/")
        self._sure: set[str] = set()

    def unknown_id(self) -> str:
        """An id of the right form that no organization has."""
        identifier = "org_" + "".join(random.SystemRandom().choices(ULID_LETTERS, k=ULID_LENGTH))
        self._sure.add(identifier)
        return identifier

    def may_change(self, identifier: str, read: Callable[[], Response | None]) -> bool:
        """Whether the organization is the run's own, or nobody's; `read` gets it, to be looked at."""
        if identifier in self._sure or identifier not in self._journal:
            return identifier in self._sure
        response = read()
        return response is None or self._confirm(identifier, response)

    def on_request(self, request: httpx.Request) -> None:
        """See transport.Listener: nothing to note before a response."""

    def _confirm(self, identifier: str, response: Response) -> bool:
        """Whether what a read of the id shows is the run's; an unreadable one is believed."""
        if identifier not in self._journal:
            return False
        if response.status == httpx.codes.OK and self._token not in response.body.lower():
            return False
        self._sure.add(identifier)
        return True

    def on_response(self, exchange: Exchange) -> None:
        """Takes note of what an exchange says of who owns what."""
        if exchange.response is None:
            return
        succeeded = httpx.codes.is_success(exchange.response.status)
        if exchange.operation == "create" and succeeded:
            self._claim(exchange.response.object.get("id"))
        elif exchange.operation == "get" and succeeded:
            self._confirm(self._identifier(exchange), exchange.response)
        elif exchange.operation == "delete" and (succeeded or exchange.status == httpx.codes.NOT_FOUND):
            self._journal.remove(self._identifier(exchange))

    def _claim(self, identifier: object) -> None:
        if isinstance(identifier, str) and identifier:
            self._journal.add(identifier)

    def _identifier(self, exchange: Exchange) -> str:
        path = httpx.URL(exchange.url).raw_path.partition(b"?")[0].decode("ascii").removeprefix(self._prefix)
        route = route_of(exchange.method, path)
        return route.arguments.get("id", "") if route else ""
