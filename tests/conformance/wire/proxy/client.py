"""Raw requests to the recording proxy, and what comes back until it closes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from conformance.harness.wire.proxy import RecordingProxy
from conformance.harness.wire.proxy.recording import RecordedCall
from conformance.harness.wire.proxy.replies import Action, Always, Reply

KEY = "sk_test_call_1"
BODY = b'{"name": "what the whole response says"}'
OK = Reply(body=BODY)
HEAD_END = b"\r\n\r\n"
GIVE_UP = 10.0
"""Seconds after which a test that hangs fails; none waits for it."""


def connect(url: str) -> socket.socket:
    """A connection to this address, which gives up in the end."""
    address = urlsplit(url)
    return socket.create_connection((address.hostname, address.port), GIVE_UP)


def request(method: str = "GET", target: str = "/organizations", body: bytes = b"", *headers: str) -> bytes:
    """A request with the key, byte by byte."""
    lines = [f"{method} {target} HTTP/1.1", "Host: proxy", f"Authorization: Bearer {KEY}", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + HEAD_END + body


def received_whole(connection: socket.socket) -> bytes:
    """Everything until the peer closes."""
    received = b""
    while data := connection.recv(65_536):
        received += data
    return received


def exchanged(proxy: RecordingProxy, raw: bytes, action: Action = OK) -> tuple[RecordedCall, bytes]:
    """What one request on a connection of its own is recorded as, and answered with."""
    call = proxy.begin(KEY, Always(action))
    with connect(proxy.url) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        return call, received_whole(connection)
