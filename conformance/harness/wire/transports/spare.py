"""New connections that are opened before they are needed, so that nobody waits for them at a distance."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

LONGEST_KEPT = 5.0
"""Seconds after which an unused connection is given up: servers wait longer than that for the first request."""


LONGEST_WAIT = 1.0
"""Seconds that closing waits for a connection that is just being opened."""


class SpareConnections(httpcore.NetworkBackend):
    """Opens another connection beside each one that it gives, while `may_open` says so.

    A spare connection has carried nothing yet, so that it is as good as a new one for a request that must not
    be repeated.
    """

    def __init__(self, inner: httpcore.NetworkBackend, may_open: Callable[[], bool]) -> None:
        self._inner = inner
        self._may_open = may_open
        self._lock = threading.Lock()
        self._spare: list[tuple[float, tuple[str, int], httpcore.NetworkStream]] = []
        self._opening: list[threading.Thread] = []
        self._is_closed = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection that nobody has used. Raises what the network raises."""

        def connect() -> httpcore.NetworkStream:
            return self._inner.connect_tcp(host, port, timeout, local_address, socket_options)

        if not self._may_open():
            return connect()
        spare = self._take((host, port))
        thread = threading.Thread(target=self._open, args=((host, port), connect), daemon=True)
        with self._lock:
            self._opening = [other for other in self._opening if other.is_alive()] + [thread]
        thread.start()
        return spare or connect()

    def _take(self, address: tuple[str, int]) -> httpcore.NetworkStream | None:
        with self._lock:
            spare, self._spare = self._spare, []
            fit = [each for each in spare if each[1] == address and _is_fresh(each[0], each[2])]
            taken, self._spare = fit[:1], fit[1:]
        for each in spare:
            if each not in fit:
                each[2].close()
        return taken[0][2] if taken else None

    def _open(self, address: tuple[str, int], connect: Callable[[], httpcore.NetworkStream]) -> None:
        try:
            stream = connect()
        except (httpcore.NetworkError, httpcore.TimeoutException):
            return  # Who needs a connection will see for himself.
        with self._lock:
            if not self._is_closed:
                self._spare.append((time.monotonic(), address, stream))
                return
        stream.close()

    def close(self) -> None:
        """Closes what nobody has used."""
        with self._lock:
            self._is_closed = True
            spare, opening = self._spare, self._opening
        for thread in opening:
            thread.join(LONGEST_WAIT)
        for _, _, stream in spare:
            stream.close()


def _is_fresh(opened: float, stream: httpcore.NetworkStream) -> bool:
    """Whether the other side has neither sent anything nor hung up, and has had little time to."""
    return time.monotonic() - opened < LONGEST_KEPT and not stream.get_extra_info("is_readable")
