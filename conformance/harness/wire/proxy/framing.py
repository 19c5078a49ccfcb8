"""HTTP/1.1 on one socket of the recording proxy: requests read raw, responses written whole or broken."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from http import HTTPStatus

import h11

from conformance.harness.wire.proxy.recording import RecordedRequest
from conformance.harness.wire.proxy.replies import Fault, Reply

LARGEST_HEAD = 65_536
LARGEST_REQUEST = 4_000_000
AT_ONCE = 65_536
WITHOUT_BODY = (204, 304)

DRIPS = 40
"""Pieces in which a slow response comes."""
DRIP_PAUSE = 0.05
"""Seconds between two of them."""


class ConnectionEndedError(OSError):
    """No further request comes on this connection."""


class RequestReader:
    """Takes one request after the other from a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._received = b""
        """What came and belongs to no request that was handed out."""
        self.keep_alive = True
        """Whether the latest request lets the connection serve another one."""

    def next(self) -> RecordedRequest:
        """The next request, however malformed.

        Raises ConnectionEndedError when the peer closes instead of sending one, OSError when the
        connection breaks or stays quiet for longer than the timeout of the socket.
        """
        parser = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEAD)
        try:
            if self._received:
                parser.receive_data(self._received)
            return self._read(parser)
        except h11.RemoteProtocolError as error:
            received, self._received, self.keep_alive = self._received, b"", False
            return _malformed(received, str(error))

    def _read(self, parser: h11.Connection) -> RecordedRequest:
        head, body = None, bytearray()
        while True:
            event = parser.next_event()
            if isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                self.keep_alive = parser.their_state is not h11.MUST_CLOSE
                headers = tuple(head.headers.raw_items())
                return RecordedRequest(head.method, head.target, headers, bytes(body), self._taken(parser))
            elif event is h11.NEED_DATA:
                self._receive(parser)
            else:
                raise ConnectionEndedError("the peer has closed the connection")

    def _taken(self, parser: h11.Connection) -> bytes:
        """The bytes of the request that the parser has completed; the others wait for the next one."""
        rest = parser.trailing_data[0]
        whole, self._received = self._received[: len(self._received) - len(rest)], rest
        return whole

    def _receive(self, parser: h11.Connection) -> None:
        if parser.they_are_waiting_for_100_continue:
            informed = parser.send(h11.InformationalResponse(status_code=HTTPStatus.CONTINUE, headers=[]))
            self._socket.sendall(informed or b"")
        data = self._socket.recv(AT_ONCE)
        self._received += data
        if len(self._received) > LARGEST_REQUEST:
            raise h11.RemoteProtocolError(f"the request is longer than {LARGEST_REQUEST} bytes")
        parser.receive_data(data)


def _malformed(received: bytes, fault: str) -> RecordedRequest:
    """As much of the request as can be told by cutting its head at line breaks."""
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    method, _, rest = first.partition(b" ")
    pairs = (line.partition(b":") for line in lines)
    headers = tuple((name, value.strip()) for name, colon, value in pairs if colon)
    return RecordedRequest(method, rest.rpartition(b" ")[0] or rest, headers, body, received, fault)


class ResponseWriter:
    """Writes one response to a socket, as it should be or with a fault.

    `note` hears of the bytes before they are written, so that whoever reads the response finds them
    noted. `over` ends every pause.
    """

    def __init__(self, connection: socket.socket, over: threading.Event, note: Callable[[bytes], None]) -> None:
        self._socket = connection
        self._over = over
        self._note = note

    def write(self, reply: Reply, *, keep_alive: bool, bodiless: bool) -> None:
        """Writes the reply, with its fault if it has one; a body that is `bodiless` is announced and left out."""
        if reply.delay:
            self._over.wait(reply.delay)
        if reply.fault is None:
            self._send(_head(reply, close=not keep_alive) + (b"" if bodiless else _framed(reply)))
        else:
            self._break(reply, reply.fault)

    def _break(self, reply: Reply, fault: Fault) -> None:
        if fault is Fault.DRIP:
            self._drip(_head(reply, close=True) + reply.body)
        else:
            self._send(_broken(reply, fault))
        if fault in (Fault.RESET, Fault.RESET_IN_BODY):
            reset(self._socket)
        if fault in (Fault.HANG, Fault.HANG_IN_BODY):
            self._wait_for_the_peer()

    def _drip(self, raw: bytes) -> None:
        size = -(-len(raw) // DRIPS)
        for start in range(0, len(raw), size):
            self._send(raw[start : start + size])
            if self._over.wait(DRIP_PAUSE):
                return

    def _wait_for_the_peer(self) -> None:
        """Until the peer closes, or the timeout of the socket has passed."""
        with contextlib.suppress(OSError):
            while self._socket.recv(AT_ONCE):
                pass

    def _send(self, raw: bytes) -> None:
        self._note(raw)
        self._socket.sendall(raw)


def reset(connection: socket.socket) -> None:
    """Lets the connection end with RST instead of FIN when it is closed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _broken(reply: Reply, fault: Fault) -> bytes:
    """The bytes that come before the connection breaks off or falls silent."""
    body, half = reply.body, reply.half
    head = _head(reply, close=True)
    return {
        Fault.HALF_HEAD: head[: len(head) // 2],
        Fault.HALF_BODY: head + half,
        Fault.RESET_IN_BODY: head + half,
        Fault.HANG_IN_BODY: head + half,
        Fault.LENGTH_TOO_LONG: _head(reply, close=True, length=len(body) + 16) + body,
        Fault.LENGTH_TOO_SHORT: _head(reply, close=True, length=len(half)) + body,
        Fault.CHUNKED_CUT_OFF: _head(reply, close=True, chunked=True) + _chunk(body),
        Fault.NO_HTTP: b"SSH-2.0-OpenSSH_9.2\r\n",
    }.get(fault, b"")


def _head(reply: Reply, *, close: bool, length: int | None = None, chunked: bool = False) -> bytes:
    """Status line and headers with the framing that the body needs; `length` is said in place of the true one."""
    try:
        reason = HTTPStatus(reply.status).phrase
    except ValueError:
        reason = "Unnamed"
    lines = [f"HTTP/1.1 {reply.status} {reason}".encode("ascii"), *(b"%s: %s" % pair for pair in reply.headers)]
    if chunked or reply.chunked:
        lines.append(b"transfer-encoding: chunked")
    elif reply.status not in WITHOUT_BODY:
        lines.append(b"content-length: %d" % (len(reply.body) if length is None else length))
    if close:
        lines.append(b"connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _framed(reply: Reply) -> bytes:
    if reply.status in WITHOUT_BODY:
        return b""
    return _chunk(reply.body) + b"0\r\n\r\n" if reply.chunked else reply.body


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body) if body else b""
