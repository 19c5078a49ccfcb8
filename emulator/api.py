"""The six operations over HTTP."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.changes import Changes
from emulator.idempotency import Replays
from emulator.paging import Pages
from emulator.records import Organization
from emulator.refusals import NotFound, Refusal, Unauthorized
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import MOST_BYTES, Rules


@dataclass(frozen=True)
class Call:
    """A request as the operations see it: path parameters decoded, content as it came."""

    path: dict[str, str]
    query: QueryParams
    headers: Headers
    content: bytes


Operation: TypeAlias = Callable[[Call], Response]


class Api:
    """The Organizations API over one store, for one key. Its parts may be replaced by subclasses."""

    def __init__(
        self,
        store: Store,
        key: str,
        *,
        rules: Rules | None = None,
        changes: Changes | None = None,
        pages: Pages | None = None,
        responses: Responses | None = None,
        replays: Replays | None = None,
    ) -> None:
        self.store = store
        self.bearer = key
        self.rules = rules or Rules()
        self.changes = changes or Changes()
        self.pages = pages or Pages(store)
        self.responses = responses or Responses()
        self.replays = replays or Replays()

    def app(self) -> Starlette:
        """The API as an ASGI application."""
        app = Starlette(
            routes=[
                self._route("/organizations", GET=self.list, POST=self.create),
                self._route("/organizations/external_id/{external_id}", GET=self.lookup),
                self._route("/organizations/{id}", GET=self.get, PUT=self.update, DELETE=self.delete),
            ],
            middleware=[Middleware(Entrance, api=self)],
            exception_handlers={HTTPException: self._refuse_route, Exception: self._fail},
        )
        app.router.redirect_slashes = False
        return app

    def authorized(self, headers: Headers) -> bool:
        """Whether the request carries the key as a bearer token (D)."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), self.bearer.encode())

    def create(self, call: Call) -> Response:
        """Makes a new organization, or answers with the one that this Idempotency-Key made."""
        body = self.rules.create(call.content)
        key = call.headers.get("idempotency-key")
        organization = self.replays.recall(key, body)
        if organization is None:
            organization = self.changes.created(body)
            self.store.insert(organization)
            self.replays.remember(key, body, organization)
        return self.responses.created(organization)

    def get(self, call: Call) -> Response:
        """Reads one organization."""
        return self.responses.found(self.known(call.path["id"]))

    def lookup(self, call: Call) -> Response:
        """Finds the organization that carries an external_id."""
        return self.responses.found(self.known_outside(call.path["external_id"]))

    def list(self, call: Call) -> Response:
        """One page of the organizations."""
        return self.responses.listed(self.pages.page(self.rules.listing(call.query)))

    def update(self, call: Call) -> Response:
        """Changes the given fields; an unknown id is refused before the body is looked at."""
        known = self.known(call.path["id"])
        body = self.rules.update(call.content)
        if not body:
            return self.responses.found(known)
        organization = self.changes.updated(known, body)
        self.store.update(organization)
        return self.responses.found(organization)

    def delete(self, call: Call) -> Response:
        """Removes an organization for good."""
        self.store.delete(self.known(call.path["id"]))
        return self.responses.deleted()

    def known(self, id: str) -> Organization:
        """The organization with an id. Raises NotFound."""
        organization = self.store.by_id(id)
        if organization is None:
            raise NotFound(id)
        return organization

    def known_outside(self, external_id: str) -> Organization:
        """The organization with an external_id. Raises NotFound."""
        organization = self.store.by_external_id(external_id)
        if organization is None:
            raise NotFound(external_id)
        return organization

    def carried_out(self, operation: Operation, call: Call) -> Response:
        """Carries out an operation in one transaction; a refused one changes nothing."""
        try:
            with self.store.transaction():
                return operation(call)
        except Refusal as refusal:
            return self.responses.refused(refusal)

    def _route(self, path: str, **operations: Operation) -> Route:
        async def endpoint(request: Request) -> Response:
            operation = operations["GET" if request.method == "HEAD" else request.method]
            return self.carried_out(operation, await received(request))

        return Route(path, endpoint, methods=[*operations])

    async def _refuse_route(self, _: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        response = self.responses.failed(error.status_code, error.detail)
        response.headers.update(error.headers or {})
        return response

    async def _fail(self, _: Request, error: Exception) -> Response:
        return self.responses.failed(500, "The emulator failed.")


class Entrance:
    """Lets in whoever has the key, and routes by the path as it was sent.

    Starlette routes by the decoded path, where a %2F within an external_id is one more slash.
    """

    def __init__(self, app: ASGIApp, api: Api) -> None:
        self.app = app
        self.api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 401, or hands the request on under its raw path."""
        if scope["type"] != "http":
            return
        app = self.app if self.api.authorized(Headers(scope=scope)) else self._unauthorized()
        await app({**scope, "path": scope["raw_path"].decode("latin-1")}, receive, send)

    def _unauthorized(self) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        return self.api.responses.refused(Unauthorized())


async def received(request: Request) -> Call:
    """The request with its whole body, which is cut where it is too large to be accepted."""
    content = bytearray()
    try:
        async for chunk in request.stream():
            # The rest is read, so that the client can finish and see the refusal, but not kept.
            content += chunk[: MOST_BYTES + 1 - len(content)]
    except ClientDisconnect:
        content.clear()
    path = {name: unquote(value, errors="replace") for name, value in request.path_params.items()}
    return Call(path, request.query_params, request.headers, bytes(content))
