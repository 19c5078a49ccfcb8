"""Servers whose responses are altered as bytes, for what an ASGI application cannot say."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TypeAlias

from starlette.types import ASGIApp

from emulator.server import serving

Alter: TypeAlias = Callable[[bytes, bytes], bytes]
"""From the head (with its empty line) and the body of a response to all bytes that are sent."""


def plain(head: bytes, body: bytes) -> bytes:
    """The response as it is."""
    return head + body


def altering(
    alter: Alter = plain, *, close_at_once: bool = False, idle: float = 600
) -> Callable[[ASGIApp], AbstractContextManager[str]]:
    """A way to serve an app behind a proxy that alters its responses and may hang up between requests."""

    @contextlib.contextmanager
    def serve(app: ASGIApp) -> Iterator[str]:
        with serving(app) as url:
            behind = ("127.0.0.1", int(url.rpartition(":")[2]))

            class Handler(socketserver.BaseRequestHandler):
                def handle(self) -> None:
                    connection: socket.socket = self.request
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    with contextlib.suppress(OSError):
                        while request := _request(connection, idle):
                            connection.sendall(alter(*_response(behind, request)))
                            if close_at_once or b"\r\nX-Client-Closes: 1\r\n" in request:
                                return

            class Front(socketserver.ThreadingTCPServer):
                daemon_threads = True
                allow_reuse_address = True
                request_queue_size = 256

            with Front(("127.0.0.1", 0), Handler) as front:
                threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
                try:
                    yield f"http://127.0.0.1:{front.server_address[1]}"
                finally:
                    front.shutdown()

    return serve


def _request(connection: socket.socket, idle: float) -> bytes:
    """The next request with its body, or nothing when none comes."""
    connection.settimeout(idle)
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            more = connection.recv(65536)
        except TimeoutError:
            return b""
        if not more:
            return b""
        connection.settimeout(30)
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    fields = _fields(head)
    chunked = b"chunked" in fields.get(b"transfer-encoding", b"")
    length = int(fields.get(b"content-length", b"0"))
    while not body.endswith(b"0\r\n\r\n") if chunked else len(body) < length:
        more = connection.recv(65536)
        if not more:
            return b""
        body += more
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    closes = b"1" if fields.get(b"connection", b"").lower() == b"close" else b"0"
    return b"\r\n".join([*lines, b"X-Client-Closes: " + closes, b"Connection: close"]) + b"\r\n\r\n" + body


def _response(behind: tuple[str, int], request: bytes) -> tuple[bytes, bytes]:
    """The response from behind: its head without a word on the connection, and its body."""
    with socket.create_connection(behind) as connection:
        connection.sendall(request)
        data = b""
        while more := connection.recv(65536):
            data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join(lines) + b"\r\n\r\n", body


def _fields(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}
