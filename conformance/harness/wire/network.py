"""Sockets that keep a deadline: however slowly an answer drips, it ends when its time is up."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

_DEADLINE: ContextVar[float] = ContextVar("deadline", default=float("inf"))


@contextlib.contextmanager
def deadline(moment: float) -> Iterator[None]:
    """Lets no read within the block last beyond this moment of the monotonic clock."""
    token = _DEADLINE.set(moment)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def network(
    certificates: ssl.SSLContext, proxy: httpcore.Proxy | None = None, keeps_connections: bool = True
) -> httpx.BaseTransport:
    """The network, by sockets that keep deadlines; without `keeps_connections` by a new one for each request."""
    transport = httpx.HTTPTransport(verify=certificates)
    # httpx has no argument for it; httpcore takes the backend in its public constructor.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=certificates,
        proxy=proxy,
        max_connections=None,
        max_keepalive_connections=None if keeps_connections else 0,
        keepalive_expiry=2.0,
        network_backend=_Backend(),
    )
    return transport


class ClosedBetweenRequestsError(httpcore.ReadError):
    """The target closed a connection that had carried a response, before it sent a byte of the next one."""

    def __init__(self) -> None:
        super().__init__("the connection was closed before any byte of a response")


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(super().connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._was_used = False
        self._may_be_closed = False
        """Whether the connection carried a response before, and nothing has come since the last write."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _DEADLINE.get() - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer was not complete in time")
        try:
            received = self._inner.read(max_bytes, min(left, float("inf") if timeout is None else timeout))
        except httpcore.ReadError:
            if self._may_be_closed:
                raise ClosedBetweenRequestsError from None
            raise
        if not received and self._may_be_closed:
            raise ClosedBetweenRequestsError
        self._was_used, self._may_be_closed = True, False
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._may_be_closed = self._was_used
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
