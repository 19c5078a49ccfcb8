"""The door to the target: every request of a run goes through this chain of httpx transports.

From the outside in: ``Guarded`` refuses to change what the run did not create, ``Observed`` turns
request and response into an exchange and shows it to whoever listens, ``Authorized`` adds the
key, ``Patient`` waits out 429, ``Bounded`` keeps hung, endless and broken answers from hurting.
"""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol

import httpx

from conformance.harness.wire.connections import Connections
from conformance.harness.wire.exchange import PLACEHOLDER, Exchange, Response
from conformance.harness.wire.network import deadline
from conformance.harness.wire.ownership import Owner
from conformance.harness.wire.read_only import ReadOnly
from conformance.harness.wire.routes import route_of
from conformance.harness.wire.target import Target

PROTECTED = ("PUT", "DELETE")
FIRST_PAUSE = 0.25
NO_STATUS = 599
"""Stands where there was no answer; nobody looks at it."""


class ForeignOrganizationError(Exception):
    """The suite was about to change an organization that this run did not create."""


class BrokenResponseError(httpx.TransportError):
    """The answer is endless, late or cannot be decoded."""


class Listener(Protocol):
    """Somebody who is shown what goes over the wire."""

    def on_request(self, request: httpx.Request) -> None:
        """A request is about to be sent."""

    def on_response(self, exchange: Exchange) -> None:
        """An exchange is complete, with a response or with the fault in its place."""


class Layer(httpx.BaseTransport):
    """A transport around another one."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def close(self) -> None:
        """Closes what it is around."""
        self._inner.close()


class Guarded(Layer):
    """Lets PUT and DELETE through only for organizations of this run."""

    def __init__(self, inner: httpx.BaseTransport, owner: Owner, base_url: str) -> None:
        super().__init__(inner)
        self._owner = owner
        self._prefix = httpx.URL(base_url).raw_path.decode("ascii").rstrip("/")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ForeignOrganizationError instead of sending what could hurt others."""
        if request.method in PROTECTED and not self._owner.may_change(
            self._identifier(request), lambda: self._read(request.url)
        ):
            raise ForeignOrganizationError(f"{request.method} {request.url}")
        return self._inner.handle_request(request)

    def _identifier(self, request: httpx.Request) -> str:
        path = request.url.raw_path.partition(b"?")[0].decode("ascii").removeprefix(self._prefix)
        route = route_of(request.method, path)
        return route.arguments["id"] if route else ""

    def _read(self, url: httpx.URL) -> Response | None:
        response = self._inner.handle_request(httpx.Request("GET", url, extensions={"operation": "get"}))
        exchange: Exchange = response.extensions["exchange"]
        return exchange.response


class Recording(Layer):
    """Shows every exchange to the listener, raw, those that failed too."""

    def __init__(self, inner: httpx.BaseTransport, listener: Listener) -> None:
        super().__init__(inner)
        self._listener = listener

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Gives the exchange in the extensions, and nothing that httpx could act upon."""
        self._listener.on_request(request)
        started = time.monotonic()
        response, fault = None, ""
        try:
            received = self._inner.handle_request(request)
            response = Response(received.status_code, dict(received.headers.items()), received.content)
        except httpx.LocalProtocolError:
            raise  # The request itself is malformed: that is no fault of the target.
        except httpx.TransportError as error:
            fault = str(error) or type(error).__name__
        exchange = _exchange(request, response, fault, started)
        self._listener.on_response(exchange)
        return httpx.Response(response.status if response else NO_STATUS, extensions={"exchange": exchange})


class Authorized(Layer):
    """Adds what opens the way: headers for a gateway, and the key.

    The request's extension ``authorization`` may put something else in the place of the key.
    """

    def __init__(self, inner: httpx.BaseTransport, target: Target) -> None:
        super().__init__(inner)
        self._bearer = f"Bearer {target.api_key}"
        self._headers = target.access.headers

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a copy, so that nobody who holds the request sees the key."""
        headers = request.headers.copy()
        headers.update(self._headers)
        authorization = request.extensions.get("authorization", self._bearer)
        if authorization is not None:
            headers["authorization"] = authorization
        sent = httpx.Request(
            request.method, request.url, headers=headers, stream=request.stream, extensions=request.extensions
        )
        return self._inner.handle_request(sent)


class Retrying(Layer):
    """Waits out 429, as long as Retry-After says, until one request has waited `patience` seconds.

    Then it gives up for good: a target that only ever says 429 must not hold up every request.
    """

    def __init__(self, inner: httpx.BaseTransport, max_retry_wait: float) -> None:
        super().__init__(inner)
        self._patience = max_retry_wait

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers with the first response that is no 429, or with the last 429."""
        deadline = time.monotonic() + self._patience
        pause = FIRST_PAUSE
        while True:
            response = self._inner.handle_request(request)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response
            wait = max(pause, _retry_after(response))
            if time.monotonic() + wait > deadline:
                self._patience = 0.0
                return response
            time.sleep(wait)
            pause *= 2


class Bounded(Layer):
    """Reads each answer whole, within the target's bounds of time and size."""

    def __init__(self, inner: httpx.BaseTransport, target: Target) -> None:
        super().__init__(inner)
        self._target = target

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx.TransportError for whatever is no complete answer."""
        end = time.monotonic() + self._target.timeout
        with deadline(end):
            response = self._inner.handle_request(request)
            try:
                body = self._read(response, end)
            except httpx.DecodingError as error:
                raise BrokenResponseError(f"the content encoding of the answer is broken: {error}") from None
            finally:
                response.close()
        headers = [(name, value) for name, value in response.headers.raw if name.lower() != b"content-encoding"]
        return httpx.Response(response.status_code, headers=headers, content=body)

    def _read(self, response: httpx.Response, end: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            chunks.append(chunk)
            size += len(chunk)
            if size > self._target.largest_response:
                raise BrokenResponseError(f"the answer is longer than {self._target.largest_response} bytes")
            if time.monotonic() > end:
                raise BrokenResponseError(f"the answer was not complete within {self._target.timeout:g} s")
        return b"".join(chunks)


def build_client(
    target: Target,
    owner: Owner,
    listener: Listener,
    outside: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client whose requests all go through the chain to `outside`, by default the network."""
    inner = outside or Connections(target.access)
    if target.read_only:
        inner = ReadOnly(inner)
    inner = Bounded(inner, target)
    inner = Retrying(inner, target.max_retry_wait)
    inner = Authorized(inner, target)
    inner = Recording(inner, listener)
    inner = Guarded(inner, owner, target.base_url)
    return httpx.Client(
        base_url=target.base_url,
        transport=inner,
        timeout=target.timeout,
        headers={"accept": "application/json", "accept-encoding": "identity"},
        trust_env=False,
    )


def _exchange(request: httpx.Request, response: Response | None, fault: str, started: float) -> Exchange:
    shown = {"authorization": _shown_authorization(request)}
    if "content-type" in request.headers:
        shown["content-type"] = request.headers["content-type"]
    if "idempotency-key" in request.headers:
        shown["idempotency-key"] = request.headers["idempotency-key"]
    return Exchange(
        operation=request.extensions["operation"],
        method=request.method,
        url=str(request.url),
        headers={name: value for name, value in shown.items() if value},
        body=request.content,
        response=response,
        fault=fault,
        started=started,
        seconds=time.monotonic() - started,
        undocumented=bool(request.extensions.get("undocumented")),
    )


def _shown_authorization(request: httpx.Request) -> str:
    return str(request.extensions.get("shown_authorization", f"Bearer {PLACEHOLDER}"))


def _retry_after(response: httpx.Response) -> float:
    """Seconds that Retry-After asks for, as a number or by a date; 0 where it asks for nothing."""
    value = response.headers.get("retry-after", "")
    if value.isascii() and value.isdecimal():
        return float(value)
    moment = _moment(value)
    return 0.0 if moment is None else moment - (_moment(response.headers.get("date", "")) or time.time())


def _moment(date: str) -> float | None:
    """An HTTP date in seconds since 1970, by the clock of whoever wrote it."""
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
