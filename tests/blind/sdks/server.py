"""A server that answers from a script."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from tests.blind.sdks.planted import Reply

PATIENCE = 10.0
"""Seconds to wait for what must come."""
SHORTAGE = 10
"""Bytes that a response lacks which is cut off."""


class Script(Protocol):
    """What the server needs of a script."""

    first_call_ended: threading.Event

    def next_connection(self) -> int:
        """The number of a connection that was opened."""

    def reply_to(self, connection: int, request: str) -> Reply:
        """The next reply."""


@contextlib.contextmanager
def listening(script: Script) -> Iterator[str]:
    """Answers from a script on a port of its own. Gives the base URL."""
    server = _Server(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self._connection = self.server.script.next_connection()

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline()
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        headers = [f"{name}: {value}" for name, value in self.headers.items()]
        request = "\n".join([self.requestline, *headers, self._body().decode("utf-8", "backslashreplace")])
        self._answer(self.server.script.reply_to(self._connection, request))

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size + 2)[:-2]
        self.rfile.readline()
        return body

    def _answer(self, reply: Reply) -> None:
        if reply.fate in ("lost", "cut off"):
            self.close_connection = True
        if reply.fate == "late":
            self.server.script.first_call_ended.wait(PATIENCE)
        if reply.fate != "lost":
            with contextlib.suppress(OSError):  # the client may be gone
                self._send(reply)

    def _send(self, reply: Reply) -> None:
        body = content(reply)
        self.send_response_only(reply.status)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(body) + SHORTAGE * (reply.fate == "cut off")))
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def content(reply: Reply) -> bytes:
    """The bytes of a body."""
    if isinstance(reply.body, bytes):
        return reply.body
    return (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
