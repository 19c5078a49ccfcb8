"""Commas between domains that are taken in one form only."""

from __future__ import annotations

from starlette.types import Receive, Scope

from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.planting import mutant

FULL_WIDTH_COMMA = b"%EF%BC%8C"


@mutant("literal-comma-not-split", "list.commas-are-literal")
class LiteralCommaNotSplit(Middleware):
    """Several domains are told apart only where the comma between them is percent-encoded."""

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        literal = scope["query_string"].replace(b",", FULL_WIDTH_COMMA)
        return await super().response(request, {**scope, "query_string": literal}, receive)


@mutant("literal-comma-ends-the-query", "list.commas-are-literal")
class LiteralCommaEndsTheQuery(Middleware):
    """A query ends at its first literal comma."""

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        cut = scope["query_string"].partition(b",")[0]
        return await super().response(request, {**scope, "query_string": cut}, receive)
