"""New connections that are opened before they are needed, so that nobody waits for them at a distance."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import httpcore

LONGEST_KEPT = 3.0
"""Seconds after which an unused connection is closed: servers wait longer than that for the first request.

Some wait for it before they serve anybody else, also what another process asks of them.
"""

PAUSE = 0.05
"""Seconds between two looks at what is old or waits."""
LONGEST_WAIT = 1.0
"""Seconds that closing waits for a connection that is just being opened."""


@dataclass(frozen=True)
class Spare:
    """A connection that nobody has used."""

    opened: float
    """By the monotonic clock."""
    address: tuple[str, int]
    stream: httpcore.NetworkStream

    def is_fresh(self) -> bool:
        """Whether the other side has neither sent anything nor hung up, and has had little time to."""
        return time.monotonic() - self.opened < LONGEST_KEPT and not self.has_ended()

    def has_ended(self) -> bool:
        """Whether the other side has hung up, or sent something although it was not asked."""
        return bool(self.stream.get_extra_info("is_readable"))


class SpareConnections(httpcore.NetworkBackend):
    """Opens another connection beside each one that it gives, while `may_open` says so.

    A spare connection has carried nothing yet, so that it is as good as a new one for a request that must not
    be repeated. It says nothing, and a server may wait for its first byte before it serves another connection: one
    that does the handshakes of TLS in the loop that accepts, or one with few threads. So no request waits for long
    while there are any, see `given_up_after`.
    """

    def __init__(self, inner: httpcore.NetworkBackend, may_open: Callable[[], bool]) -> None:
        self._inner = inner
        self._may_open = may_open
        self._lock = threading.Lock()
        self._spare: list[Spare] = []
        self._opening: list[threading.Thread] = []
        self._is_given_up = threading.Event()
        self._limits: dict[object, float] = {}
        """When each block of `given_up_after` that is under way has taken too long."""
        self._watcher: threading.Thread | None = None

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

        if self._is_given_up.is_set() or not self._may_open():
            return connect()
        spare = self._take((host, port))
        if self._is_given_up.is_set():
            return spare or connect()
        thread = threading.Thread(target=self._open, args=((host, port), connect), daemon=True)
        with self._lock:
            self._opening = [other for other in self._opening if other.is_alive()] + [thread]
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, daemon=True)
                self._watcher.start()
        thread.start()
        return spare or connect()

    def _take(self, address: tuple[str, int]) -> httpcore.NetworkStream | None:
        with self._lock:
            spare, self._spare = self._spare, []
            fit = [each for each in spare if each.address == address and each.is_fresh()]
            taken, self._spare = fit[:1], fit[1:]
        self._close([each for each in spare if each not in fit])
        return taken[0].stream if taken else None

    def _open(self, address: tuple[str, int], connect: Callable[[], httpcore.NetworkStream]) -> None:
        try:
            stream = connect()
        except (httpcore.NetworkError, httpcore.TimeoutException):
            return  # Who needs a connection will see for himself.
        with self._lock:
            if not self._is_given_up.is_set():
                self._spare.append(Spare(time.monotonic(), address, stream))
                return
        stream.close()

    def _watch(self) -> None:
        """Closes what is old, and gives up once a request has waited for too long. One thread for all costs least."""
        while not self._is_given_up.wait(PAUSE):
            self._close_old()
            if min(list(self._limits.values()), default=float("inf")) < time.monotonic():
                self._give_up()

    def _close_old(self) -> None:
        with self._lock:
            old = [each for each in self._spare if not each.is_fresh()]
            self._spare = [each for each in self._spare if each not in old]
        self._close(old)

    def _close(self, old: Iterable[Spare]) -> None:
        """Closes connections, and gives up where the other side was the first: the next time it may be too quick."""
        for each in old:
            if each.has_ended():
                self._give_up()
            each.stream.close()

    @contextlib.contextmanager
    def given_up_after(self, seconds: float) -> Iterator[None]:
        """Gives up what nobody has used, and opens no more, if the block takes longer: it may be what is waited for."""
        if self._is_given_up.is_set() or not self._may_open():
            yield
            return
        block = object()
        self._limits[block] = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._limits[block]

    def _give_up(self) -> None:
        with self._lock:
            self._is_given_up.set()
            spare, self._spare = self._spare, []
        for each in spare:
            each.stream.close()

    def close(self) -> None:
        """Closes what nobody has used."""
        self._give_up()
        with self._lock:
            opening = self._opening
        for thread in opening:
            thread.join(LONGEST_WAIT)
