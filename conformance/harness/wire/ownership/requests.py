"""The requests of a removal, which wait for a target that refuses everything for a while."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.routes import path_of, query_of
from conformance.harness.wire.transports.walls import WALLS
from specs.contract import operations

LONGEST_WAIT = 15.0
"""Seconds, all together, for a target to take requests again."""
PAUSE = 1.0
"""Seconds between two questions whether it does."""


class Requests:
    """Sends the requests of one removal."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._left_to_wait = LONGEST_WAIT

    def send(
        self, operation: str, path: Mapping[str, str] | None = None, query: Mapping[str, Any] | None = None
    ) -> Exchange:
        """The exchange of one request; it is repeated once where the target had refused everything.

        Raises ForeignOrganizationError, RemovalEndedError, and what httpx says of a path that cannot be sent.
        """
        exchange = self._exchange(operation, path, query)
        return self._exchange(operation, path, query) if self.is_answered_again(exchange) else exchange

    def is_answered_again(self, refused: Exchange) -> bool:
        """Whether the target, which refused this as it refuses everything, takes requests now, after a bounded wait.

        So does one that has counted too many requests, by 403 or by 429 without Retry-After. Another request
        may have waited for it already, so that it takes the first question.
        """
        if refused.status not in WALLS:
            return False
        while refused.status in WALLS and self._left_to_wait > 0:
            refused = self._exchange("list", query={"limit": 1})
            if refused.status in WALLS:
                self._left_to_wait -= PAUSE
                time.sleep(PAUSE)
        return refused.status not in WALLS

    def _exchange(
        self, operation: str, path: Mapping[str, str] | None = None, query: Mapping[str, Any] | None = None
    ) -> Exchange:
        address = path_of(operation, path or {}) + (f"?{query_of(query)}" if query else "")
        response = self._http.request(
            operations()[operation].method, address, extensions={"operation": operation, "removal": True}
        )
        exchange: Exchange = response.extensions["exchange"]
        return exchange
