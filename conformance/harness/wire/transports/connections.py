"""Keeps a connection that the target closed between two requests from looking like a fault."""

from __future__ import annotations

import httpx

from conformance.harness.wire.transports.access import Access
from conformance.harness.wire.transports.network import Backend, ClosedBetweenRequestsError, network
from conformance.harness.wire.transports.spare import LONGEST_KEPT, SpareConnections

ENOUGH = 3
"""Requests on connections that had been used, after which a target is known to keep them."""
SHARE = 0.25
"""Of a request's time, after which connections opened ahead might be what keeps the response from coming."""
REPEATED = ("GET", "PUT")
"""Methods of which a repetition is answered like the first request, whether that was carried out or not."""


class Connections(httpx.BaseTransport):
    """Sends on a kept connection what can be repeated, and everything else on a new one.

    A server may close a connection at any time (RFC 9112, 9.3.1), so also just when the next request is
    under way. That request is sent once more, on a new connection, if nothing of a response had come.
    A POST cannot be repeated, since it may have been carried out; a DELETE could (RFC 9110, 9.2.2), but
    the second would be answered with 404. Neither is ever sent where the target may have hung up already.

    New connections are opened ahead, so that a POST at a distance costs one round trip and not two: as soon as
    the target is known to keep connections, which one that serves a single one at a time does not, and as long
    as it has not hung up, and no request has waited so long that they might be what keeps it from being served.
    """

    def __init__(self, access: Access) -> None:
        certificates, proxy = access.certificates, access.httpcore_proxy()
        self._backend = Backend()
        self._spare = SpareConnections(Backend(), self._keeps_connections)
        self._kept = network(certificates, proxy, backend=self._backend)
        self._new = network(certificates, proxy, keeps_connections=False, backend=self._spare)
        self._answered = 0
        """Requests to which a response came on kept connections."""
        self._has_hung_up = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError, as every transport does."""
        # Before they are closed for their age: else the next ones would hold up the next request.
        with self._spare.given_up_after(min(request.extensions["timeout"]["read"] * SHARE, LONGEST_KEPT / 2)):
            return self._send(request)

    def _send(self, request: httpx.Request) -> httpx.Response:
        if request.method not in REPEATED:
            return self._new.handle_request(request)
        try:
            response = self._kept.handle_request(request)
        except httpx.ReadError as error:
            if not isinstance(error.__cause__, ClosedBetweenRequestsError):
                raise
            self._has_hung_up = True
            return self._new.handle_request(request)
        self._answered += 1
        return response

    def _keeps_connections(self) -> bool:
        return self._answered - self._backend.opened >= ENOUGH and not self._has_hung_up

    def close(self) -> None:
        """Closes every connection."""
        self._kept.close()
        self._new.close()
        self._spare.close()
