"""Notices that a target has begun to refuse everything: a rate limit, a lock, a key that was withdrawn."""

from __future__ import annotations

import httpx

from conformance.harness.wire.exchange import PLACEHOLDER, Exchange
from conformance.harness.wire.transports.chain import Listener

WALLS = (401, 403, 429)
SUSPICIOUS = 8
"""Refusals in a row with one of these statuses, after which a target is asked whether it refuses everything."""


class Walls:
    """A listener before another one that counts refusals in a row; requests under another key do not count."""

    def __init__(self, inner: Listener) -> None:
        self._inner = inner
        self._in_a_row = 0
        self._tolerated = SUSPICIOUS

    @property
    def is_suspected(self) -> bool:
        """Whether so much was refused in a row that nothing else may come any more."""
        return self._in_a_row >= self._tolerated

    def is_unfounded(self) -> None:
        """Takes note that the target still answers otherwise: it is one operation that refuses."""
        self._in_a_row = 0
        self._tolerated *= 2

    def on_request(self, request: httpx.Request) -> None:
        """See transport.Listener."""
        self._inner.on_request(request)

    def on_response(self, exchange: Exchange) -> None:
        """See transport.Listener."""
        self._inner.on_response(exchange)
        if exchange.headers.get("authorization") == f"Bearer {PLACEHOLDER}":
            self._in_a_row = self._in_a_row + 1 if exchange.status in WALLS else 0
