"""Serves an ASGI application on a socket, with uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from emulator.listening import LOOPBACK, address, listen


class Server(uvicorn.Server):
    """A uvicorn server on a socket of its own, which says when it takes requests."""

    def __init__(self, app: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                # Longer than any pause of a client: it may send just when the server hangs up.
                timeout_keep_alive=600,
                timeout_graceful_shutdown=1,
            )
        )
        self._listener = listener
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts as uvicorn does, then says so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shuts down as uvicorn does, then closes the connections on which it gave up waiting."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # The socket of an aborted connection is closed by the loop's next turn.
        await asyncio.sleep(0)

    def serve_until_stopped(self) -> None:
        """Takes requests until `should_exit` is set or, on the main thread, a signal comes."""
        self.run(sockets=[self._listener])


@contextlib.contextmanager
def serving(app: ASGIApp, port: int = 0, host: str = LOOPBACK) -> Iterator[str]:
    """Serves on a thread and gives the base URL; has stopped when the block is left.

    Raises OSError when the port is taken, RuntimeError when the server cannot start.
    """
    ready = threading.Event()
    listener = listen(port, host)
    url = address(listener)
    server = Server(app, listener, ready.set)

    def serve() -> None:
        try:
            server.serve_until_stopped()
        finally:
            ready.set()

    thread = threading.Thread(target=serve, name=url, daemon=True)
    thread.start()
    ready.wait()
    if not thread.is_alive():
        raise RuntimeError(f"no server at {url}")
    try:
        yield url
    finally:
        server.should_exit = True
        thread.join()
