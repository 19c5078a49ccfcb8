"""A cache of responses that outlives what they say."""

from __future__ import annotations

import copy

from starlette.types import ASGIApp, Receive, Scope

from tests.mutants.parts.middleware import Middleware, Reply, Request


class Cache(Middleware):
    """Remembers the responses of one operation by path and query, until another operation clears them."""

    operation = ""
    cleared_by: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (200,)
    by_key = True
    """Whether a response is kept for those alone who bring the same key."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._known: dict[str, Reply] = {}

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        asked = f"{request.path}?{request.query}" + (f" {request.headers.get('authorization')}" if self.by_key else "")
        if request.operation == self.operation and asked in self._known:
            return copy.deepcopy(self._known[asked])
        reply = await super().response(request, scope, receive)
        if request.operation in self.cleared_by:
            self._known.clear()
        if request.operation == self.operation and reply.status in self.statuses:
            self._known[asked] = copy.deepcopy(reply)
        return reply
