"""What drivers call: the emulator, with every request kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import httpx
from attrs import Factory, define, frozen
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from sdks.calls import Client, Limits, Options, Raised, Reply, Returned, SdkCall
from sdks.host import Host
from sdks.values import Date, EnumMember, untagged

Json: TypeAlias = Any

KEY = "sk_test_drivers"
NOWHERE = "http://127.0.0.1:9"
"""The discard port, on which nothing listens."""


@frozen
class Request:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@define
class Ground:
    """A running emulator and the host of a driver."""

    host: Host
    url: str
    requests: list[Request] = Factory(list)

    def call(
        self,
        op: str,
        args: Mapping[str, Json],
        *,
        options: Options | None = None,
        limits: Limits | None = None,
        base_url: str | None = None,
        api_key: str = KEY,
        **client: Json,
    ) -> Reply:
        """One call through the driver."""
        on = Client(base_url or self.url, api_key, **client)
        return self.host.call(SdkCall(op, args, on, options or Options(), limits or Limits()))

    def value(self, op: str, args: Mapping[str, Json], **other: Json) -> Json:
        """What a call returned, as the JSON that it was made of."""
        reply = self.call(op, args, **other)
        assert isinstance(reply, Returned), reply
        return plain(untagged(reply.value))

    def error(self, op: str, args: Mapping[str, Json], **other: Json) -> Raised:
        """What a call raised."""
        reply = self.call(op, args, **other)
        assert isinstance(reply, Raised), reply
        return reply

    def served(self, path: str) -> Json:
        """What the emulator gives for a path, asked without any SDK."""
        headers = {"Authorization": f"Bearer {KEY}"}
        return httpx.get(f"{self.url}/organizations{path}", headers=headers).raise_for_status().json()


@contextmanager
def ground(host: Host) -> Iterator[Ground]:
    """An emulator without organizations, called through `host`."""
    requests: list[Request] = []
    with serving(_keeping(Api(Store(), KEY).app(), requests)) as url:
        yield Ground(host, url, requests)


def plain(value: Json) -> Json:
    """Dates and members of enums as text, nulls of objects left out: as the emulator writes organizations."""
    if isinstance(value, Date):
        return _milliseconds(value.text)
    if isinstance(value, EnumMember):
        return value.value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    return value


def without_nulls(organization: Json) -> Json:
    """An organization without optional fields that are null: an SDK gives them whether or not they were served."""
    kept = {name: value for name, value in organization.items() if value is not None or name == "external_id"}
    return {**kept, "domains": [{k: v for k, v in one.items() if v is not None} for one in organization["domains"]]}


def _milliseconds(text: str) -> str:
    """RFC 3339 in UTC as the API writes it, with three decimals."""
    moment, _, decimals = text.removesuffix("Z").removesuffix("+00:00").partition(".")
    return f"{moment}.{decimals.rstrip('0').ljust(3, '0')}Z"


def _keeping(app: ASGIApp, requests: list[Request]) -> ASGIApp:
    """`app`, which keeps a request before it answers: whoever has the answer finds the request."""

    async def keeping(scope: Scope, receive: Receive, send: Send) -> None:
        chunks: list[bytes] = []

        async def listen() -> Message:
            message = await receive()
            chunks.append(message.get("body", b""))
            return message

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                requests.append(_request(scope, b"".join(chunks)))
            await send(message)

        await app(scope, listen, answer)

    return keeping


def _request(scope: Scope, body: bytes) -> Request:
    query = scope["query_string"].decode()
    target = scope["raw_path"].decode() + (f"?{query}" if query else "")
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    return Request(scope["method"], target, headers, body)
