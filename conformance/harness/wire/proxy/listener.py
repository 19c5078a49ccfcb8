"""A listening socket on loopback, with a thread for each connection that it accepted."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import TypeAlias

LOOPBACK = "127.0.0.1"
QUIET = 120.0
"""Seconds after which a connection that says nothing is closed."""
JOIN = 5.0
"""Seconds that closing waits for one thread."""

Serve: TypeAlias = Callable[[socket.socket, int, str], None]
"""Called with a connection, its number and the URL of its listener; the connection is closed when it returns."""


class Listener:
    """Accepts connections on a free port until it is closed."""

    def __init__(self, serve: Serve, host: str = LOOPBACK) -> None:
        self._serve = serve
        self._socket = socket.create_server((LOOPBACK, 0))
        self._address: tuple[str, int] = self._socket.getsockname()
        self.url = f"http://{host}:{self._address[1]}"
        self.accepted = 0
        """Connections so far."""
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._closing = False
        self._acceptor = threading.Thread(target=self._accept, name=f"accept {self.url}", daemon=True)
        self._acceptor.start()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            with self._lock:
                if self._closing:
                    connection.close()
                    return
                self.accepted += 1
                thread = threading.Thread(
                    target=self._run, args=(connection, self.accepted), name=f"serve {self.url}", daemon=True
                )
                self._open[connection] = thread
            thread.start()

    def _run(self, connection: socket.socket, number: int) -> None:
        with connection, contextlib.suppress(OSError):  # the peer may go at any time
            connection.settimeout(QUIET)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._serve(connection, number, self.url)
        with self._lock:
            self._open.pop(connection, None)

    def close(self) -> None:
        """Ends every connection and every thread of it."""
        with self._lock:
            self._closing = True
            left = dict(self._open)
        with contextlib.suppress(OSError), socket.create_connection(self._address, JOIN):
            self._acceptor.join(JOIN)  # the connection is what wakes it, on every system
        self._socket.close()
        for connection, thread in left.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(JOIN)
