"""Answers that are remembered, and outlive what they say."""

from __future__ import annotations

import copy

from starlette.types import ASGIApp, Receive, Scope

from tests.mutants.planting import mutant
from tests.mutants.wire_tap import Reply, Request, Wire


class Cache(Wire):
    """Remembers the answers of one operation by path and query, until another operation clears them."""

    operation = ""
    cleared_by: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (200,)

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._known: dict[str, Reply] = {}

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        asked = f"{request.path}?{request.query} {request.headers.get('authorization')}"
        if request.operation == self.operation and asked in self._known:
            return copy.deepcopy(self._known[asked])
        reply = await super().response(request, scope, receive)
        if request.operation in self.cleared_by:
            self._known.clear()
        if request.operation == self.operation and reply.status in self.statuses:
            self._known[asked] = copy.deepcopy(reply)
        return reply


@mutant("delete.gone")
class GetCachedPastDelete(Cache):
    """What was read before it was deleted can still be read."""

    operation = "get"
    cleared_by = ("create", "update")


@mutant("delete.gone")
class LookupCachedPastDelete(Cache):
    """What was found before it was deleted is still found."""

    operation = "lookup"
    cleared_by = ("create", "update")


@mutant("lookup.current-state")
class LookupCachedPastUpdate(Cache):
    """What was found once is found as it was then."""

    operation = "lookup"
    cleared_by = ("create", "delete")


@mutant("lookup.current-state")
class NotFoundCached(Cache):
    """What was looked up before it was there is not found."""

    operation = "lookup"
    statuses = (404,)


@mutant("delete.gone-from-lists")
class ListCachedPastDelete(Cache):
    """A list that was asked for before a delete stays as it was."""

    operation = "list"
    cleared_by = ("create", "update")
