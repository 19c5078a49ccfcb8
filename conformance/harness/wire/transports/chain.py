"""The way to the target: every request of a run goes through this chain of httpx transports.

From the outside in: ``Guarded`` refuses to change what the run did not create, ``Limited`` sends
nothing more once the run is over, ``Recording`` turns request and response into an exchange and shows
it to whoever listens, ``Authorized`` adds the key, ``Retrying`` waits out 429, ``Bounded`` keeps
hung, endless and broken answers from hurting.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Protocol

import httpx

from conformance.harness.wire.exchange import HEADER_PLACEHOLDER, PLACEHOLDER, Exchange, Response
from conformance.harness.wire.ownership.owner import Owner, Refusal
from conformance.harness.wire.routes import path_of, query_of, route_of
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.connections import Connections
from conformance.harness.wire.transports.limits import Limited, Limits, Retrying
from conformance.harness.wire.transports.network import Bounded, Layer
from conformance.harness.wire.transports.read_only import ReadOnly

PROTECTED = ("PUT", "DELETE")
OF_A_BODY = ("content-type", "content-length", "transfer-encoding", "idempotency-key")
DEFAULT_HEADERS = {
    "accept": "application/json",
    "accept-encoding": "identity",
    "user-agent": f"python-httpx/{httpx.__version__}",
}
"""Headers of a request that says nothing else: only other values are shown."""
NEVER_SHOWN = ("authorization", "cookie", "host", "connection", "content-length", "transfer-encoding")
NO_STATUS = 599
"""Stands where there was no answer; nobody looks at it."""


class ForeignOrganizationError(Exception):
    """The suite was about to change an organization that it is not seen to have created."""

    def __init__(self, request: str, refusal: Refusal) -> None:
        super().__init__(f"{request}: {refusal.doubt}")
        self.refusal = refusal


class Listener(Protocol):
    """Somebody who is shown what goes over the wire."""

    def on_request(self, request: httpx.Request) -> None:
        """A request is about to be sent."""

    def on_response(self, exchange: Exchange) -> None:
        """An exchange is complete, with a response or with the fault in its place."""


class Guarded(Layer):
    """Lets PUT and DELETE through only for organizations of this run."""

    def __init__(self, inner: httpx.BaseTransport, owner: Owner, base_url: str) -> None:
        super().__init__(inner)
        self._owner = owner
        self._base_url = base_url
        self._prefix = httpx.URL(base_url).raw_path.decode("ascii").rstrip("/")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ForeignOrganizationError instead of sending what could hurt others."""
        ask = partial(self._ask, request)
        if request.method in PROTECTED:
            refusal = self._owner.refusal(self._identifier(request), ask)
            if refusal is not None:
                raise ForeignOrganizationError(f"{request.method} {request.url}", refusal)
        elif request.method == "POST":
            self._owner.prepare(ask)
        return self._inner.handle_request(request)

    def _identifier(self, request: httpx.Request) -> str:
        path = request.url.raw_path.partition(b"?")[0].decode("ascii").removeprefix(self._prefix)
        route = route_of(request.method, path)
        return route.arguments["id"] if route else ""

    def _ask(
        self, behind: httpx.Request, operation: str, query: Mapping[str, Any] | None = None, **arguments: str
    ) -> Exchange:
        """A read on behalf of the owner, in the name of the request that it has to decide on."""
        address = self._base_url + path_of(operation, arguments) + (f"?{query_of(query)}" if query else "")
        headers = {name: value for name, value in behind.headers.items() if name not in OF_A_BODY}
        kept = {name: value for name, value in behind.extensions.items() if name in ("timeout", "removal")}
        request = httpx.Request("GET", address, headers=headers, extensions={**kept, "operation": operation})
        exchange: Exchange = self._inner.handle_request(request).extensions["exchange"]
        return exchange


class Recording(Layer):
    """Shows every exchange to the listener, raw, those that failed too."""

    def __init__(self, inner: httpx.BaseTransport, listener: Listener, added: Iterable[str] = ()) -> None:
        super().__init__(inner)
        self._listener = listener
        self._added = {name.lower(): HEADER_PLACEHOLDER.format(number) for number, name in enumerate(added, start=1)}
        """Headers that are added behind this layer, with what is shown in the place of their values."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Gives the exchange in the extensions, and nothing that httpx could act upon."""
        request.read()
        self._listener.on_request(request)
        started = time.monotonic()
        response, fault = None, ""
        try:
            received = self._inner.handle_request(request)
            headers = dict(received.headers.items())
            response = Response(received.status_code, headers, received.content, received.http_version)
        except httpx.LocalProtocolError:
            raise  # The request itself is malformed: that is no fault of the target.
        except httpx.TransportError as error:
            fault = str(error) or type(error).__name__
        exchange = _exchange(request, response, fault, started, self._added)
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


def build_client(
    target: Target,
    owner: Owner,
    listener: Listener,
    outside: httpx.BaseTransport | None = None,
    limits: Limits | None = None,
) -> httpx.Client:
    """A client whose requests all go through the chain to `outside`, by default the network."""
    limits = limits or Limits(target)
    inner = outside or Connections(target.access)
    if target.read_only:
        inner = ReadOnly(inner)
    inner = Bounded(inner, target)
    inner = Retrying(inner, limits)
    inner = Authorized(inner, target)
    inner = Recording(inner, listener, [name for name, _ in target.access.headers])
    inner = Limited(inner, limits)
    inner = Guarded(inner, owner, target.base_url)
    return httpx.Client(
        base_url=target.base_url,
        transport=inner,
        timeout=target.timeout,
        headers=DEFAULT_HEADERS,
        trust_env=False,
    )


def _exchange(
    request: httpx.Request, response: Response | None, fault: str, started: float, added: Mapping[str, str]
) -> Exchange:
    shown = {"authorization": _shown_authorization(request), **added, **_chosen_headers(request)}
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


def _chosen_headers(request: httpx.Request) -> dict[str, str]:
    """The headers that this request has in its own right."""
    return {
        name: value
        for name, value in request.headers.items()
        if name not in NEVER_SHOWN and value != DEFAULT_HEADERS.get(name)
    }


def _shown_authorization(request: httpx.Request) -> str:
    return str(request.extensions.get("shown_authorization", f"Bearer {PLACEHOLDER}"))
