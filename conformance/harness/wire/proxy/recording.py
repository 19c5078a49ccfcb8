"""What the recording proxy saw: raw requests and the raw responses that it gave, told apart by call."""

from __future__ import annotations

import base64
import binascii
import threading
import time
from dataclasses import dataclass, field

Headers = tuple[tuple[bytes, bytes], ...]
"""Names as they were spelled, in the order of the wire."""

MOST_REQUESTS = 300
"""Requests of one call that are kept: an SDK that asks for ever must not fill the memory."""


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it came."""

    method: bytes
    target: bytes
    """What stands between method and version in the request line."""
    headers: Headers
    body: bytes
    """Without the framing of its transfer encoding."""
    raw: bytes = field(default=b"", repr=False)
    """Every byte of it, framing included."""
    fault: str = ""
    """Why it is no HTTP/1.1 request, for people; empty when it is one."""

    def header(self, name: str) -> list[bytes]:
        """The values under this name, whatever its case."""
        wanted = name.lower().encode("ascii")
        return [value for spelled, value in self.headers if spelled.lower() == wanted]

    @property
    def path(self) -> bytes:
        """The target without its query."""
        return self.target.partition(b"?")[0]

    @property
    def query(self) -> bytes:
        """What follows the first question mark of the target."""
        return self.target.partition(b"?")[2]


@dataclass(frozen=True)
class RecordedResponse:
    """One response as the proxy meant it; what of it was sent stands in the exchange."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value under this name, whatever its case."""
        wanted = name.lower().encode("ascii")
        values = (value.decode("latin-1") for spelled, value in self.headers if spelled.lower() == wanted)
        return next(values, None)


@dataclass
class RecordedExchange:
    """One request at one of the proxy's origins, and what it was answered with."""

    request: RecordedRequest
    origin: str
    """URL of the listener that took it."""
    connection: int
    """Number of the connection that it came on."""
    arrived: float
    """When it was read whole, by the monotonic clock, in seconds."""
    late: bool = False
    """Whether its call was over by then."""
    response: RecordedResponse | None = None
    """What it was answered with, or meant to be; None where no response was begun. A response of the
    target's that was lost on purpose is here too."""
    sent: bytes = b""
    """The bytes of the response that the proxy wrote, until the connection broke if it did."""
    complete: bool = False
    """Whether the response, as its own head frames it, was not cut off."""
    fault: str = ""
    """How the response was broken, for people; empty when it was not."""
    error: Exception | None = None
    """What the way to the target raised in place of a response."""

    def note(self, raw: bytes) -> None:
        """Takes down bytes that are about to be written."""
        self.sent += raw


@dataclass
class RecordedCall:
    """Everything that the wire saw of one call."""

    key: str
    exchanges: list[RecordedExchange] = field(default_factory=list)
    overflow: int = 0
    """Requests beyond MOST_REQUESTS: counted, not kept."""
    ended: bool = False

    @property
    def requests(self) -> list[RecordedRequest]:
        """The requests that came before the call was over."""
        return [exchange.request for exchange in self.exchanges if not exchange.late]

    @property
    def late(self) -> list[RecordedExchange]:
        """The exchanges of requests that came after the call was over."""
        return [exchange for exchange in self.exchanges if exchange.late]


class Recorder:
    """Keeps exchanges by the key that stands in their Authorization: one key for each call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, RecordedCall] = {}
        self.strays: list[RecordedExchange] = []
        """Exchanges that no call can be told of."""

    def begin(self, key: str) -> RecordedCall:
        """A new call. Raises ValueError for a key that holds the key of another call, or is held by it."""
        with self._lock:
            if any(key in other or other in key for other in self._calls):
                raise ValueError("the key cannot be told from that of another call")
            call = self._calls[key] = RecordedCall(key)
            return call

    def end(self, key: str) -> RecordedCall:
        """The call is over: whatever comes with its key from now on is late."""
        with self._lock:
            self._calls[key].ended = True
            return self._calls[key]

    def record(
        self, request: RecordedRequest, origin: str, connection: int
    ) -> tuple[RecordedCall | None, RecordedExchange]:
        """Takes down a request that has arrived. The call is None where none can be told."""
        with self._lock:
            call = self._call_of(request)
            exchange = RecordedExchange(request, origin, connection, time.monotonic(), call is not None and call.ended)
            kept = self.strays if call is None else call.exchanges
            if len(kept) < MOST_REQUESTS:
                kept.append(exchange)
            elif call is not None:
                call.overflow += 1
            return call, exchange

    def _call_of(self, request: RecordedRequest) -> RecordedCall | None:
        """The call whose key the request shows; without any known key, the only call that is open."""
        shown = b" ".join(filter(None, map(_legible, request.header("authorization"))))
        for key, call in self._calls.items():
            if key.encode() in shown:
                return call
        running = [call for call in self._calls.values() if not call.ended]
        return running[0] if len(running) == 1 else None


def _legible(authorization: bytes) -> bytes:
    """The header's value, and beside it what it says in base64: that is how basic credentials travel."""
    try:
        return authorization + b" " + base64.b64decode(authorization.rpartition(b" ")[2], validate=True)
    except (binascii.Error, ValueError):
        return authorization
