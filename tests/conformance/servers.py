"""Small servers on real sockets, each of which answers as a test says."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

JSON = {"content-type": "application/json", "x-request-id": "1"}

LONGEST = 4.0
"""Seconds that a server misbehaves: a client that minds it for ever must not hold up the tests."""


@dataclass(frozen=True)
class Received:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes


class Connection(BaseHTTPRequestHandler):
    """One connection; an answer writes to it what HTTP allows, or what it does not."""

    protocol_version = "HTTP/1.1"
    server: Server
    received: Received
    """The request that is to be answered; the last one of the server may be another connection's."""

    def handle_one_request(self) -> None:
        """A client that hangs up while it is answered is what some answers are for."""
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def do_GET(self) -> None:
        """Takes down the request, then answers."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        self.received = Received(self.command, self.path, headers, body)
        self.server.received.append(self.received)
        self.server.response(self)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def send(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        """A whole answer; underscores in the names of headers stand for hyphens."""
        self.send_response_only(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({**JSON, "content-length": str(len(body))} | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def write(self, raw: bytes) -> None:
        """Bytes as they are."""
        self.wfile.write(raw)

    def wait(self, seconds: float = LONGEST) -> bool:
        """Waits, but not longer than the test lasts; says whether it is over."""
        return self.server.over.wait(seconds) or time.monotonic() > self.server.end

    def hang_up(self) -> None:
        """No further request on this connection."""
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


Answering: TypeAlias = Callable[[Connection], None]


class Server(ThreadingHTTPServer):
    """A server with one way to answer."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, response: Answering) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.response = response
        self.received: list[Received] = []
        self.over = threading.Event()
        self.end = time.monotonic() + LONGEST

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_port}"


@contextlib.contextmanager
def answering(response: Answering) -> Iterator[Server]:
    """A server that answers every request this way."""
    with Server(response) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def in_turn(*responses: Answering) -> Answering:
    """The first request is answered the first way, and so on; the last way stays."""
    waiting = list(responses)

    def response(connection: Connection) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(connection)

    return response


def send(status: int = 200, body: bytes = b"{}", **headers: str) -> Answering:
    """Always the same answer."""
    return lambda connection: connection.send(status, body, **headers)
