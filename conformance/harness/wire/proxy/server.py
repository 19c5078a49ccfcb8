"""Records what an SDK sends, and answers it.

The proxy listens on loopback, at the root, because some SDKs drop a path from their base URL. Each call has a
key of its own, by which its requests are known, and a script that says what is done with them: the
target answers, or the proxy does, as it should or broken. What goes on to the target goes through a
transport that the proxy is given: the suite's chain, with its guard, its pacing and the real key.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeAlias

import httpx

from conformance.harness.wire.proxy.framing import RequestReader, ResponseWriter, reset
from conformance.harness.wire.proxy.listener import LOOPBACK, Listener
from conformance.harness.wire.proxy.recording import (
    Headers,
    RecordedCall,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
    Recorder,
)
from conformance.harness.wire.proxy.replies import (
    FORWARD,
    UNBEGUN,
    UNCUT,
    Action,
    Always,
    Fault,
    Forward,
    Reply,
    Script,
    json_reply,
)

Transport: TypeAlias = Callable[[httpx.Request], httpx.Response]
"""The `handle_request` of an httpx transport. Several threads may call it at once."""

HOP_BY_HOP = {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
"""Headers that concern one connection alone (RFC 9110, section 7.6.1)."""
WRITTEN_ANEW = {b"authorization", b"host", b"content-length", b"accept-encoding", b"expect"}
"""Request headers that the way to the target has its own values for."""
OF_THE_ENCODED = {b"content-length", b"content-encoding"}
"""Response headers that describe the body before httpx decoded it."""

NO_CALL = Always(json_reply(403, {"message": "No call is open that this request belongs to."}))
"""For requests that come late, too often or out of nowhere: a status that nobody has a reason to try again."""
MALFORMED = Always(json_reply(400, {"message": "This is no HTTP request."}))


def raw_url(base_url: str, target: bytes) -> httpx.URL:
    """An address with the request target as it was received: httpx would tidy up its dots and escapes."""
    url = httpx.URL(base_url)
    path, mark, query = target.decode("ascii").partition("?")
    below = url.raw_path.partition(b"?")[0].decode("ascii").rstrip("/")
    # No public way leads past the tidying; a copy of the URL keeps what stands here.
    url._uri_reference = url._uri_reference._replace(path=below + path, query=query if mark else None)
    return url


class RecordingProxy:
    """Records what an SDK sends, and answers it as the script of its call says.

    Without `base_url` and `transport` it has no target, and a script must not forward.
    """

    def __init__(self, base_url: str = "", transport: Transport | None = None) -> None:
        self._base_url = base_url
        self._transport = transport
        self._recorder = Recorder()
        self._scripts: dict[str, Script] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._listener = Listener(self._serve)
        self._elsewhere = Listener(self._serve, host="localhost")
        self._other_port = Listener(self._serve)
        self._slamming = Listener(lambda connection, number, url: reset(connection))
        self._deaf = socket.socket()
        self._deaf.bind((LOOPBACK, 0))
        self.url = self._listener.url
        """Where an SDK finds what it takes for the API."""
        self.elsewhere_url = self._elsewhere.url
        """Another origin, by host and by port; it is recorded and answered likewise."""
        self.other_port_url = self._other_port.url
        """Another origin, by its port alone; likewise."""
        self.refusing_url = f"http://{LOOPBACK}:{self._deaf.getsockname()[1]}"
        """An address that refuses every connection."""
        self.slamming_url = self._slamming.url
        """An address that resets every connection before it has read anything."""

    def begin(self, key: str, script: Script = FORWARD) -> RecordedCall:
        """Opens a call: requests with this key belong to it, and the script says what is done with them."""
        self._scripts[key] = script
        return self._recorder.begin(key)

    def end(self, key: str) -> RecordedCall:
        """The call is over: what comes with its key from now on is late, and refused."""
        return self._recorder.end(key)

    @property
    def strays(self) -> list[RecordedExchange]:
        """Exchanges whose call cannot be told: without any known key while no call or several were open."""
        return self._recorder.strays

    @property
    def slammed(self) -> int:
        """Connections that were reset before anything was read."""
        return self._slamming.accepted

    def close(self) -> None:
        """Ends every thread and every socket."""
        self._over.set()
        for listener in (self._listener, self._elsewhere, self._other_port, self._slamming):
            listener.close()
        self._deaf.close()

    def __enter__(self) -> RecordingProxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _serve(self, connection: socket.socket, number: int, url: str) -> None:
        reader, reusable = RequestReader(connection), True
        while reusable and not self._over.is_set():
            request = reader.next()
            call, exchange = self._recorder.record(request, url, number)
            reply = self._reply(self._action(call, exchange), exchange)
            reusable = reader.keep_alive and reply.fault is None
            writer = ResponseWriter(connection, self._over, exchange.note)
            writer.write(reply, keep_alive=reusable, bodiless=request.method == b"HEAD")

    def _action(self, call: RecordedCall | None, exchange: RecordedExchange) -> Action:
        script: Script = NO_CALL
        if exchange.request.fault:
            script = MALFORMED
        elif call is not None and not exchange.late and not call.overflow:
            script = self._scripts[call.key]
        with self._lock:
            return script.action(exchange.request)

    def _reply(self, action: Action, exchange: RecordedExchange) -> Reply:
        reply = self._forwarded(action, exchange) if isinstance(action, Forward) else action
        exchange.fault = reply.fault.value if reply.fault else ""
        exchange.complete = reply.fault in UNCUT
        if exchange.response is None and reply.fault not in UNBEGUN:
            exchange.response = RecordedResponse(reply.status, reply.headers, reply.framed_body)
        return reply

    def _forwarded(self, action: Forward, exchange: RecordedExchange) -> Reply:
        """What the target answers, or the proxy in its place; never raises, since an SDK waits for it."""
        assert self._transport is not None, "a script forwards, and there is no target"
        try:
            reply = _reply_of(self._transport(_onward(exchange.request, self._base_url)))
        except httpx.TransportError as error:
            exchange.error = error
            return Reply(fault=Fault.CLOSED)
        except Exception as error:  # the guard, or a bug of the suite: for whoever reads the exchange
            exchange.error = error
            return json_reply(403, {"message": "The request was not forwarded."})
        if not action.lose_response:
            return reply
        exchange.response = RecordedResponse(reply.status, reply.headers, reply.body)
        return Reply(fault=Fault.CLOSED)


def _onward(request: RecordedRequest, base_url: str) -> httpx.Request:
    """The request for the target: the same, but for what concerns one connection or the key alone."""
    headers = _without(request.headers, HOP_BY_HOP | WRITTEN_ANEW | _named_by_connection(request))
    method = request.method.decode("ascii")
    onward = httpx.Request(method, base_url, headers=list(headers), content=request.body or None)
    onward.url = raw_url(base_url, request.target)
    return onward


def _reply_of(response: httpx.Response) -> Reply:
    body = response.read()
    response.close()
    return Reply(response.status_code, _without(tuple(response.headers.raw), HOP_BY_HOP | OF_THE_ENCODED), body)


def _without(headers: Headers, names: set[bytes]) -> Headers:
    return tuple((name, value) for name, value in headers if name.lower() not in names)


def _named_by_connection(request: RecordedRequest) -> set[bytes]:
    """Further headers that the client declares to concern the connection alone."""
    return {name.strip().lower() for value in request.header("connection") for name in value.split(b",")}
