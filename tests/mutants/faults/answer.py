"""Responses that are not complete, or lack what every response carries."""

from __future__ import annotations

from starlette.types import Send

from tests.mutants.parts.middleware import Middleware, Reply, Request, raw
from tests.mutants.parts.replies import Encoded, break_off, replies, sometimes
from tests.mutants.planting import mutant, plant

MEGABYTES = 20
"""More than any answer could have, and little enough to come to an end."""


# fmt: off
plant("every-twentieth-answer-breaks-off", "answer.complete", "Every twentieth response breaks off.",
      sometimes("", 20, break_off), flaky=True)
plant("create-broken-off", "answer.complete", "The response to create ends before it is complete.",
      replies(break_off, 201, "create"), operation="create")
plant("get-broken-off", "answer.complete", "The response to get ends before it is complete.",
      replies(break_off, 200, "get"), operation="get")
plant("lookup-broken-off", "answer.complete", "The response to lookup ends before it is complete.",
      replies(break_off, 200, "lookup"), operation="lookup")
plant("list-broken-off", "answer.complete", "The response to list ends before it is complete.",
      replies(break_off, 200, "list"), operation="list")
plant("update-broken-off", "answer.complete", "The response to update ends before it is complete.",
      replies(break_off, 200, "update"), operation="update")
# fmt: on


@mutant("get-not-compressed-as-announced", "answer.complete")
class GetNotCompressedAsAnnounced(Encoded):
    """Responses to get say that they are compressed, and are not."""

    operation = "get"

    def encoded(self, text: str, reply: Reply) -> bytes:
        reply.headers["content-encoding"] = "gzip"
        return text.encode()


@mutant("get-endless", "answer.complete")
class GetEndless(Middleware):
    """The response to get is as good as endless."""

    _ends = True

    def alter(self, request: Request, reply: Reply) -> None:
        self._ends = request.operation != "get"

    async def send(self, reply: Reply, send: Send) -> None:
        if self._ends:
            await super().send(reply, send)
            return
        headers = {name: value for name, value in reply.headers.items() if name != "content-length"}
        await send({"type": "http.response.start", "status": reply.status, "headers": raw(headers)})
        for _ in range(MEGABYTES):
            await send({"type": "http.response.body", "body": b" " * 1_000_000, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@mutant("no-request-id", "answer.request-id")
class NoRequestId(Middleware):
    """Responses carry no X-Request-ID."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers.pop("x-request-id", None)
