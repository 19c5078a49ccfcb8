"""Responses with a status that nobody documents."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain
from tests.mutants.parts.failures import fail_when
from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.parts.replies import internal_error, replies, sometimes, to_status
from tests.mutants.planting import mutant, plant


def unavailable(reply: Reply) -> None:
    """Answers 503."""
    reply.status, reply.body = 503, b"busy"


def failing_when_empty(parameter: str) -> type[Middleware]:
    """Fails where a query parameter is given and empty."""

    class Failing(Middleware):
        def alter(self, request: Request, reply: Reply) -> None:
            if (parameter, "") in parse_qsl(request.query, keep_blank_values=True):
                internal_error(reply)

    return Failing


class DomainsByName(Changes):
    """Fails where a domain is there twice."""

    def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
        domains = super().domains(body, moment)
        fail_when(len({domain.domain for domain in domains}) < len(body.get("domain_data") or ()))
        return domains


# fmt: off
plant("empty-search-fails", "answer.status", "An empty search fails.", failing_when_empty("search"))
plant("empty-cursor-fails", "answer.status", "An empty cursor fails.", failing_when_empty("after"))
plant("empty-limit-fails", "answer.status", "An empty limit fails.", failing_when_empty("limit"))
plant("domain-twice-fails", "answer.status", "A domain that is given twice fails.", DomainsByName)
plant("every-twentieth-answer-fails", "answer.status", "Every twentieth response fails.",
      sometimes("", 20, internal_error), flaky=True)
plant("every-twentieth-answer-is-unavailable", "answer.status", "Every twentieth response is unavailable.",
      sometimes("", 20, unavailable), flaky=True)
plant("every-twentieth-create-fails", "answer.status", "Every twentieth create fails.",
      sometimes("create", 20, internal_error), flaky=True)
plant("every-twentieth-delete-fails", "answer.status", "Every twentieth delete fails.",
      sometimes("delete", 20, internal_error), flaky=True)
plant("create-200-for-201", "answer.status", "create answers 200 in the place of 201.",
      replies(to_status(200), 201, "create"), operation="create")
plant("create-202-for-201", "answer.status", "create answers 202 in the place of 201.",
      replies(to_status(202), 201, "create"), operation="create")
plant("get-201-for-200", "answer.status", "get answers 201 in the place of 200.",
      replies(to_status(201), 200, "get"), operation="get")
plant("get-203-for-200", "answer.status", "get answers 203 in the place of 200.",
      replies(to_status(203), 200, "get"), operation="get")
plant("get-206-for-200", "answer.status", "get answers 206 in the place of 200.",
      replies(to_status(206), 200, "get"), operation="get")
plant("lookup-201-for-200", "answer.status", "lookup answers 201 in the place of 200.",
      replies(to_status(201), 200, "lookup"), operation="lookup")
plant("lookup-302-for-200", "answer.status", "lookup answers 302 in the place of 200.",
      replies(to_status(302), 200, "lookup"), operation="lookup")
plant("list-201-for-200", "answer.status", "list answers 201 in the place of 200.",
      replies(to_status(201), 200, "list"), operation="list")
plant("list-206-for-200", "answer.status", "list answers 206 in the place of 200.",
      replies(to_status(206), 200, "list"), operation="list")
plant("update-201-for-200", "answer.status", "update answers 201 in the place of 200.",
      replies(to_status(201), 200, "update"), operation="update")
plant("update-202-for-200", "answer.status", "update answers 202 in the place of 200.",
      replies(to_status(202), 200, "update"), operation="update")
plant("delete-400-for-404", "answer.status", "A delete answers 400 in the place of 404.",
      replies(to_status(400), 404, "delete"), operation="delete")
plant("delete-500-for-404", "answer.status", "A delete answers 500 in the place of 404.",
      replies(to_status(500), 404, "delete"), operation="delete")
# fmt: on


@mutant("lookup-redirects", "answer.status")
def lookup_redirects(request: Request, reply: Reply) -> None:
    """A lookup redirects to the organization."""
    if request.operation == "lookup" and reply.succeeds:
        reply.status = 302
        reply.headers["location"] = f"/organizations/{reply.json['id']}"


@mutant("everything-is-200", "answer.status")
def everything_is_200(request: Request, reply: Reply) -> None:
    """Every response is 200, errors too."""
    reply.status = 200


class OneAtATime(Middleware):
    """Fails where two requests of an operation are under way at once."""

    operation = ""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._under_way = 0

    async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
        if request.operation != self.operation:
            return await super().response(request, scope, receive)
        self._under_way += 1
        await asyncio.sleep(0.005)
        busy = self._under_way > 1
        reply = await super().response(request, scope, receive)
        self._under_way -= 1
        if busy:
            internal_error(reply)
        return reply


@mutant("creates-at-once-fail", "answer.status", occasion="create.external-id-race")
class CreatesAtOnceFail(OneAtATime):
    """Of creates at once some make the server fail."""

    operation = "create"


@mutant("updates-at-once-fail", "answer.status", occasion="update.external-id-race")
class UpdatesAtOnceFail(OneAtATime):
    """Of updates at once some make the server fail."""

    operation = "update"


@mutant("external-id-with-nul-fails", "answer.status", occasion="lookup.control-characters")
class ExternalIdWithNulFails(Api):
    """U+0000 in an external_id makes the server fail."""

    def create(self, call: Call) -> Response:
        fail_when(re.search(rb'"external_id"\s*:\s*"[^"]*\\u0000', call.content))
        return super().create(call)

    def lookup(self, call: Call) -> Response:
        fail_when("\0" in call.path["external_id"])
        return super().lookup(call)
