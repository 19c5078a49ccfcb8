"""A server that answers as the emulator does, until it misbehaves."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias

import httpx

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store

KEY = "sk_test_hostileSecretKey"
FOREIGNERS = 3
HOP_BY_HOP = ("content-length", "connection", "transfer-encoding")


class Connection(BaseHTTPRequestHandler):
    """One connection to a hostile server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HostileServer

    def handle_one_request(self) -> None:
        """A client that hangs up while it is answered does right."""
        with contextlib.suppress(OSError):
            super().handle_one_request()

    def do_GET(self) -> None:
        """As the emulator, or as the row of the table says."""
        self.content = b"".join(self._chunks()) if self.headers.get("transfer-encoding") else self._measured()
        if self.server.is_sound():
            self.relay()
        else:
            self.server.misbehave(self)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _measured(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length") or 0))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def sound(self) -> httpx.Response:
        """What the emulator answers to this request."""
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in ("host", *HOP_BY_HOP)]
        return self.server.emulator.request(self.command, self.path, content=self.content, headers=headers)

    def relay(self) -> None:
        """Answers as the emulator does."""
        response = self.sound()
        self.head(response.status_code, **dict(response.headers.items()))
        self.write(b"content-length: %d\r\n\r\n" % len(response.content) + response.content)

    def head(self, status: int = 200, **headers: str) -> None:
        """Status line and headers, without the empty line that ends them."""
        named = {"content-type": "application/json", "x-request-id": "1"} | headers
        lines = [f"{name}: {value}\r\n" for name, value in named.items() if name not in HOP_BY_HOP]
        self.write(f"HTTP/1.1 {status} Status\r\n{''.join(lines)}".encode("latin-1"))

    def answer(self, body: bytes = b"{}", status: int = 200, **headers: str) -> None:
        """A whole response."""
        self.head(status, **{name.replace("_", "-"): value for name, value in headers.items()})
        self.write(b"content-length: %d\r\n\r\n" % len(body) + body)

    def write(self, raw: bytes) -> None:
        """Bytes as they are."""
        self.wfile.write(raw)

    def wait(self, seconds: float = 3600.0) -> bool:
        """Says nothing for a while; whether the test is over."""
        return self.server.over.wait(seconds)

    def hang_up(self) -> None:
        """No further request on this connection."""
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


Misbehave: TypeAlias = Callable[[Connection], None]


class HostileServer(ThreadingHTTPServer):
    """Answers some requests as it should, all others as one row of the table says."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, misbehave: Misbehave, sound: int, emulator: httpx.Client) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.misbehave = misbehave
        self.emulator = emulator
        self.over = threading.Event()
        self.tried: set[tuple[str, str, bytes]] = set()
        """Requests that have come before, for rows that refuse the first try."""
        self._sound = sound
        self._lock = threading.Lock()

    def is_sound(self) -> bool:
        """Whether the next request is answered as it should be."""
        with self._lock:
            self._sound -= 1
            return self._sound >= 0

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that ends the connection is no error."""


@contextlib.contextmanager
def hostile(misbehave: Misbehave, sound: int, certificate: Path | None = None) -> Iterator[tuple[str, Store]]:
    """A hostile server: its address, and what its emulator holds."""
    with contextlib.closing(Store()) as store:
        store.fill(FOREIGNERS, "Foreign")
        with (
            serving(Api(store, KEY).app()) as url,
            httpx.Client(base_url=url, timeout=30) as emulator,
            HostileServer(misbehave, sound, emulator) as server,
        ):
            scheme = "http"
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                server.socket = context.wrap_socket(server.socket, server_side=True)
                scheme = "https"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            try:
                yield f"{scheme}://127.0.0.1:{server.server_port}", store
            finally:
                server.over.set()
                server.shutdown()
                thread.join()
