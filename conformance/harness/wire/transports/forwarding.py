"""The way from the recording proxy to the target: through the suite's own chain of transports."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.routes import route_of

NO_OPERATION = "none"
"""Stands for the operation of a request that the contract does not have."""


def forwarding(http: httpx.Client) -> Callable[[httpx.Request], httpx.Response]:
    """A transport that sends requests through the chain of this client: guarded, paced, recorded, with the real key.

    It raises httpx.TransportError when no complete response comes, and what the guard raises. Several threads
    may use it at once.
    """
    prefix = http.base_url.raw_path.decode("ascii").rstrip("/")

    def forward(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.partition(b"?")[0].decode("ascii").removeprefix(prefix)
        route = route_of(request.method, path)
        request.extensions = {
            "operation": route.operation if route else NO_OPERATION,
            "timeout": http.timeout.as_dict(),
        }
        exchange: Exchange = http.send(request).extensions["exchange"]
        if exchange.response is None:
            raise httpx.ReadError(exchange.fault)
        return httpx.Response(
            exchange.response.status, headers=dict(exchange.response.headers), content=exchange.response.body
        )

    return forward
