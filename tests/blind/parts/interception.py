"""Middleware that alters whole requests on the way in, and whole replies on the way out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.blind.parts.apps import app
from tests.blind.parts.messages import Json, Object, Reply, Request

Forward: TypeAlias = Callable[[Request], Awaitable[Reply]]
Handle: TypeAlias = Callable[[Request, Forward], Awaitable[Reply]]


def intercepting(handle: Handle, inner: ASGIApp | None = None) -> ASGIApp:
    """An app with something in front of it that sees whole requests and whole responses."""
    behind = inner or app()

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = await _request(scope, receive)

        async def forward(request: Request) -> Reply:
            return await _carried(behind, scope, request)

        response = await handle(request, forward)
        headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in response.headers]
        if not any(name.lower() == b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(len(response.body)).encode()))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})

    return front


def on_response(change: Callable[[Request, Reply], Reply], inner: ASGIApp | None = None) -> ASGIApp:
    """An app whose responses are altered on the way out."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return change(request, await forward(request))

    return intercepting(handle, inner)


def on_request(change: Callable[[Request], Request | Reply], inner: ASGIApp | None = None) -> ASGIApp:
    """An app whose requests are altered on the way in, or answered there."""

    async def handle(request: Request, forward: Forward) -> Reply:
        changed = change(request) if request.authorized else request
        return changed if isinstance(changed, Reply) else await forward(changed)

    return intercepting(handle, inner)


def lenient(change: Callable[[Object], Object], *operations: str) -> ASGIApp:
    """An app that mends the JSON object in a body before it looks at it."""

    def mended(request: Request) -> Request:
        body = request.json
        if request.operation not in (operations or ("create", "update")) or not isinstance(body, dict):
            return request
        return request.with_json(change(body))

    return on_request(mended)


def strict(broken: Callable[[Object], Reply | None], *operations: str) -> ASGIApp:
    """An app that refuses some JSON objects beyond what the contract asks."""

    def judged(request: Request) -> Request | Reply:
        body = request.json
        if request.operation not in (operations or ("create", "update")) or not isinstance(body, dict):
            return request
        return broken(body) or request

    return on_request(judged)


def reshaped(change: Callable[[Object], Json], *operations: str, inner: ASGIApp | None = None) -> ASGIApp:
    """An app whose organizations look otherwise in the responses of some operations, or of all."""

    def altered(request: Request, response: Reply) -> Reply:
        value = response.json
        if not response.good or not isinstance(value, dict) or request.operation not in (operations or EVERY):
            return response
        if request.operation == "list":
            return response.with_json({**value, "data": [change(organization) for organization in value["data"]]})
        return response.with_json(change(value))

    return on_response(altered, inner)


EVERY = ("create", "get", "lookup", "list", "update")


def relisted(change: Callable[[Object], Json]) -> ASGIApp:
    """An app whose lists look otherwise."""

    def altered(request: Request, response: Reply) -> Reply:
        return response.with_json(change(response.json)) if request.operation == "list" and response.good else response

    return on_response(altered)


async def _request(scope: Scope, receive: Receive) -> Request:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"])
    query = scope["query_string"].decode("latin-1")
    client = tuple(scope.get("client") or ("", 0))
    return Request(scope["method"], scope["raw_path"].decode("latin-1"), query, headers, bytes(body), client)


async def _carried(behind: ASGIApp, scope: Scope, request: Request) -> Reply:
    changed = {
        **scope,
        "method": request.method,
        "raw_path": request.path.encode("latin-1"),
        "query_string": request.query.encode("latin-1"),
        "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in request.headers],
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await behind(changed, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    headers = ((n.decode("latin-1"), v.decode("latin-1")) for n, v in start["headers"])
    return Reply(start["status"], tuple(pair for pair in headers if pair[0].lower() != "content-length"), body)
