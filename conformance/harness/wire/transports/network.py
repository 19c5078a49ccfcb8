"""The network within bounds: however an answer drips, swells or unfolds, it ends when its time and size are up."""

from __future__ import annotations

import contextlib
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from conformance.harness.wire.target import Target

_DEADLINE: ContextVar[float] = ContextVar("deadline", default=float("inf"))


AUTOMATIC = 32 + zlib.MAX_WBITS
"""Lets zlib tell its own form from gzip's."""


class BrokenResponseError(httpx.TransportError):
    """The answer is endless, late or cannot be decoded."""


class Layer(httpx.BaseTransport):
    """A transport around another one."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def close(self) -> None:
        """Closes what it is around."""
        self._inner.close()


class Bounded(Layer):
    """Reads each answer whole, within the target's bounds of time and size."""

    def __init__(self, inner: httpx.BaseTransport, target: Target) -> None:
        super().__init__(inner)
        self._target = target

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError for whatever is no complete answer."""
        end = time.monotonic() + self._target.timeout
        with deadline(end):
            response = self._inner.handle_request(request)
            try:
                body = self._read(response, end, self._largest(request))
            finally:
                response.close()
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
        version = {"http_version": response.http_version.encode()}
        return httpx.Response(response.status_code, headers=headers, content=body, extensions=version)

    def _largest(self, request: httpx.Request) -> int:
        """Bytes that the answer to a request may have; to remove what was created, an absurd one has to do, too."""
        is_list, is_removal = request.extensions.get("operation") == "list", request.extensions.get("removal")
        single = min(self._target.largest_response, self._target.largest_single_response)
        return self._target.largest_response if is_list or is_removal else single

    def _read(self, response: httpx.Response, end: float, largest: int) -> bytes:
        unpack = unpacking(response.headers.get("content-encoding", ""))
        body = bytearray()
        received = 0
        for chunk in response.iter_raw():
            received += len(chunk)
            body += unpack(chunk, largest - len(body) + 1)
            if max(received, len(body)) > largest:
                raise BrokenResponseError(f"the answer is longer than {largest} bytes")
            if time.monotonic() > end:
                raise BrokenResponseError(f"the answer was not complete within {self._target.timeout:g} s")
        return bytes(body)


def unpacking(encoding: str) -> Callable[[bytes, int], bytes]:
    """Undoes a content encoding: takes the next bytes, and how many may come of them at most.

    Raises BrokenResponseError for one that nobody asked for and that is not among the common ones, or
    for several of them, which may unfold to any size.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return lambda chunk, most: chunk
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BrokenResponseError(f"the content encoding of the answer was not asked for: {encoding[:40]!r}")
    unpacker = zlib.decompressobj(AUTOMATIC)

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return unpacker.decompress(chunk, most)
        except zlib.error as error:
            raise BrokenResponseError(f"the content encoding of the answer is broken: {error}") from None

    return unpack


@contextlib.contextmanager
def deadline(moment: float) -> Iterator[None]:
    """Lets no read within the block last beyond this moment of the monotonic clock."""
    token = _DEADLINE.set(moment)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def network(
    certificates: ssl.SSLContext,
    proxy: httpcore.Proxy | None = None,
    keeps_connections: bool = True,
    backend: httpcore.NetworkBackend | None = None,
) -> httpx.BaseTransport:
    """The network, by sockets that keep deadlines; without `keeps_connections` by a new one for each request."""
    transport = httpx.HTTPTransport(verify=certificates)
    # httpx has no argument for it; httpcore takes the backend in its public constructor.
    transport._pool = httpcore.ConnectionPool(
        ssl_context=certificates,
        proxy=proxy,
        max_connections=None,
        max_keepalive_connections=None if keeps_connections else 0,
        keepalive_expiry=30.0,
        network_backend=backend or Backend(),
    )
    return transport


class ClosedBetweenRequestsError(httpcore.ReadError):
    """The target closed a connection that had carried a response, before it sent a byte of the next one."""

    def __init__(self) -> None:
        super().__init__("the connection was closed before any byte of a response")


class Backend(httpcore.SyncBackend):
    """Opens connections that keep deadlines, and counts them."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore.NetworkBackend."""
        self.opened += 1
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
