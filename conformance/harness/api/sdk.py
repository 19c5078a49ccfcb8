"""The operations through an SDK: its driver makes the calls, and the recording proxy stands in for the API."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from attrs import evolve

from conformance.harness.api.call import Call, NotExpressible
from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Page
from conformance.harness.api.port import CallListener
from conformance.harness.api.results import organization_of, page_of, value_of
from conformance.harness.api.use import ITERATE, Use
from conformance.harness.wire.proxy.recording import MOST_REQUESTS, RecordedCall, RecordedRequest
from conformance.harness.wire.proxy.replies import FORWARD, Action, Always, ByCursor, Script
from conformance.harness.wire.proxy.server import RecordingProxy
from sdks.calls import Client, Failed, Failure, Limits, Options, Reply, SdkCall
from sdks.conversation import ENDED_WITH_ANOTHER
from sdks.host import Host
from specs.contract import operations

CALL_MS = 15_000
"""The bound of a call, unless it says otherwise; none of a working SDK comes near it on an idle machine."""
TIMEOUT_MS = 10_000
"""The timeout of an SDK's client, unless a call says otherwise."""
NO_MORE_ITEMS = 500
"""An iteration is stopped after so many."""

WORN_OUT = MOST_REQUESTS // 3
"""Requests after which a client is not used any more: the record of each client has an end."""

KEY = "idempotency_key"
"""What create takes besides a body."""
NO_OPTIONS = Options()


@dataclass(frozen=True)
class Ask:
    """A call that is to be made: arguments of the driver protocol, and how its client is made."""

    op: str
    args: Mapping[str, Any]
    script: Script = FORWARD
    options: Options = NO_OPTIONS
    retries: int | None = 0
    """How often the client may repeat a request; None leaves that to the SDK."""
    timeout_ms: int | None = TIMEOUT_MS
    base_url: str = ""
    """Of the client; empty stands for the recording proxy."""
    bound_ms: int = CALL_MS
    """A call that takes longer is ended, together with its driver."""
    items: int = NO_MORE_ITEMS
    about: str = ""
    """The requirement of an SDK under which an error that nothing gives reason for counts, or one of a wrong class."""
    fresh: bool = False
    """Whether its client and connections must be new."""


ORDINARY = Ask("list", {})
"""A call whose client is as most are."""


@dataclass
class _Client:
    """A client that is used by one call at a time."""

    options: Client
    recorded: RecordedCall
    script: Script

    def action(self, request: RecordedRequest) -> Action:
        """What the script of the call that is under way does."""
        return self.script.action(request)


def _client_options(ask: Ask) -> tuple[Any, ...]:
    return ask.retries, ask.timeout_ms, ask.base_url


def _is_bystander(reply: Reply) -> bool:
    return isinstance(reply, Failed) and reply.failure is Failure.DIED and ENDED_WITH_ANOTHER in reply.message


def _can_be_repeated(ask: Ask) -> bool:
    """Whether the script does the same again, and nothing has been created."""
    return isinstance(ask.script, (Always, ByCursor)) and not (ask.op == "create" and ask.script is FORWARD)


class SdkCaller:
    """Makes calls through one SDK. Calls may come from several threads.

    Requests are told apart by the key of the client that sent them, and a client makes one call at a time.
    """

    def __init__(self, host: Host, proxy: RecordingProxy, token: str) -> None:
        self.host = host
        self.proxy = proxy
        self._token = token
        self._numbers = itertools.count(1)
        self._idle: list[_Client] = []

    def call(self, ask: Ask) -> Use:
        """Makes a call and waits for what comes of it.

        Unless the call asks for another one, its client has made calls before, as in a program: to make a client
        takes longer than to use it.
        """
        use = self._once(ask)
        # A driver that is ended because of one call takes others with it, which are to blame for nothing.
        return self._once(ask) if _is_bystander(use.reply) and _can_be_repeated(ask) else use

    def _once(self, ask: Ask) -> Use:
        if ask.fresh or _client_options(ask) != _client_options(ORDINARY):
            return self._use(self._client(ask), ask, alone=True)
        try:
            client = self._idle.pop()
        except IndexError:
            client = self._client(ask)
        use = self._use(client, ask)
        if len(client.recorded.exchanges) < WORN_OUT:
            self._idle.append(client)
        return use

    def together(self, asks: Sequence[Ask]) -> list[Use]:
        """Makes calls at the same time, as far as the SDK's language can, and gives them in the same order."""
        with ThreadPoolExecutor(max(1, len(asks))) as threads:
            return list(threads.map(self.call, asks))

    def in_turn(self, asks: Sequence[Ask]) -> list[Use]:
        """Makes calls one after the other on one client, which is made as the first of them says."""
        client = self._client(asks[0])
        return [self._use(client, ask) for ask in asks]

    def on_one_client(self, asks: Sequence[Ask]) -> list[Use]:
        """Makes calls at the same time on one client; each is given the requests of all."""
        client = self._client(asks[0])
        client.recorded.ended = False
        calls = [
            SdkCall(ask.op, ask.args, client.options, ask.options, Limits(ask.items, ask.bound_ms)) for ask in asks
        ]
        replies = self.host.call_together(calls)
        client.recorded.ended = True
        return [
            Use(ask.op, ask.args, ask.options, reply, client.recorded, 0.0)
            for ask, reply in zip(asks, replies, strict=True)
        ]

    def _client(self, ask: Ask) -> _Client:
        """A new client that is told only what this SDK's clients can be told."""
        # All keys have one length, so that none holds another one.
        key = f"sk_test_{self._token}{next(self._numbers):06d}"
        retries = ask.retries if "client.max_retries" not in self.host.unsupported else None
        timeout = ask.timeout_ms if "client.timeout_ms" not in self.host.unsupported else None
        options = Client(ask.base_url or self.proxy.url, key, retries, timeout, shared=key)
        client = _Client(options, RecordedCall(key), ask.script)
        client.recorded = self.proxy.begin(key, client)
        return client

    def _use(self, client: _Client, ask: Ask, *, alone: bool = False) -> Use:
        """A call; where its client is for it `alone`, what comes after its end is recorded with it."""
        recorded = client.recorded
        client.script, recorded.ended = ask.script, False
        before, started = len(recorded.exchanges), time.monotonic()
        try:
            reply = self.host.call(
                SdkCall(ask.op, ask.args, client.options, ask.options, Limits(ask.items, ask.bound_ms))
            )
        finally:
            recorded.ended = True
        seconds = time.monotonic() - started
        if isinstance(reply, Failed) and reply.failure is Failure.DIED and seconds * 1000 >= ask.bound_ms:
            # It was ended with another call, and has outlived its own bound too.
            reply = evolve(reply, failure=Failure.HUNG)
        if not alone:
            recorded = RecordedCall(recorded.key, recorded.exchanges[before:], recorded.overflow, ended=True)
        return Use(ask.op, ask.args, ask.options, reply, recorded, seconds, ask.about)


class SdkOrganizations:
    """The port through an SDK: see Organizations."""

    def __init__(self, use: Callable[[Ask], Use], listener: CallListener) -> None:
        self._use = use
        self._listener = listener

    def create(self, body: Any, idempotency_key: str | None = None) -> Organization:
        """POST /organizations."""
        key = {KEY: idempotency_key} if idempotency_key else {}
        return organization_of(self._call("create", {"body": body, **key}))

    def get(self, id: str) -> Organization:
        """GET /organizations/{id}."""
        return organization_of(self._call("get", {"id": id}))

    def lookup(self, external_id: str) -> Organization:
        """GET /organizations/external_id/{external_id}."""
        return organization_of(self._call("lookup", {"external_id": external_id}))

    def list(self, **query: Any) -> Page:
        """GET /organizations with these query parameters."""
        given = {name: value for name, value in query.items() if value is not None}
        return page_of(self._call("list", {"query": given} if given else {}))

    def update(self, id: str, body: Any) -> Organization:
        """PUT /organizations/{id}."""
        return organization_of(self._call("update", {"id": id, "body": body}))

    def delete(self, id: str) -> Call:
        """DELETE /organizations/{id}."""
        call = self._call("delete", {"id": id})
        value_of(call)
        return call

    def _call(self, operation: str, arguments: Mapping[str, Any]) -> Call:
        begun = self._listener.on_call(operation, arguments)
        given, obstacle = flat(operation, arguments)
        if obstacle:
            call = Call(operation, arguments, NotExpressible(obstacle))
        else:
            options = Options(idempotency_key=arguments.get(KEY))
            call = self._use(Ask(operation, given, options=options)).as_call(arguments)
        self._listener.on_outcome(call, begun)
        return call


def flat(operation: str, arguments: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
    """The arguments of a call of the port as the driver protocol has them, and why that cannot be, if so."""
    body, query = arguments.get("body", {}), dict(arguments.get("query", {}))
    if not isinstance(body, Mapping):
        return {}, "a body that is no object"
    if isinstance(query.get("domains"), str):
        query["domains"] = [query["domains"]]
    path = {name: value for name, value in arguments.items() if name in ("id", "external_id")}
    described = operations()["list" if operation == ITERATE else operation]
    known = {*(described.body or {}).get("properties", {}), *described.query}
    unknown = [name for name in (*body, *query) if name not in known]
    return {**path, **body, **query}, f"an argument {unknown[0]}" if unknown else ""
