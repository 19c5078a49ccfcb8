"""Changes of responses as a whole: status, headers, the bytes of the body."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tests.mutants.parts.middleware import Middleware, Reply, Request

ReplyChange: TypeAlias = Callable[[Reply], object]


def replies(change: ReplyChange, status: int, operation: str = "") -> type[Middleware]:
    """Changes responses of one status, of one operation or of all."""

    class Changed(Middleware):
        def alter(self, request: Request, reply: Reply) -> None:
            if reply.status == status and operation in ("", request.operation):
                change(reply)

    return Changed


def sometimes(operation: str, interval: int, change: ReplyChange) -> type[Middleware]:
    """Changes every so manieth success of an operation, or of all where it is empty."""

    class Sometimes(Middleware):
        count = 0

        def alter(self, request: Request, reply: Reply) -> None:
            if not reply.succeeds or operation not in ("", request.operation):
                return
            self.count += 1
            if self.count % interval == 0:
                change(reply)

    return Sometimes


def always_fails(operation: str) -> type[Middleware]:
    """Makes an operation answer 500 to every request."""

    class Failing(Middleware):
        def alter(self, request: Request, reply: Reply) -> None:
            if request.operation == operation:
                internal_error(reply)

    return Failing


def to_status(status: int) -> ReplyChange:
    """Gives a reply another status."""

    def change(reply: Reply) -> None:
        reply.status = status
        if status == 204:  # which has no content, or the connection would break
            reply.body = b""

    return change


def internal_error(reply: Reply) -> None:
    """Answers 500."""
    reply.status, reply.json = 500, {"message": "Internal error"}
    reply.headers["content-type"] = "application/json"


def not_found(reply: Reply) -> None:
    """Answers 404."""
    reply.status, reply.json = 404, {"message": "No such organization."}


def body(content: bytes, media_type: str = "application/json") -> ReplyChange:
    """Gives a reply another body."""

    def change(reply: Reply) -> None:
        reply.body = content
        reply.headers["content-type"] = media_type

    return change


def empty(reply: Reply) -> None:
    """Leaves no body."""
    reply.body = b""


def cut(reply: Reply) -> None:
    """Leaves half of the body."""
    reply.body = reply.body[: len(reply.body) // 2]


def break_off(reply: Reply) -> None:
    """Announces more than comes."""
    reply.announced = len(reply.body) + 10


def labelled(content_type: str | None) -> ReplyChange:
    """Gives a reply another content type, or none."""

    def change(reply: Reply) -> None:
        reply.headers.pop("content-type")
        if content_type is not None:
            reply.headers["content-type"] = content_type

    return change


def other_name(reply: Reply) -> None:
    """Shows a name that was never given."""
    value = reply.json
    if value and "name" in value:
        reply.json = {**value, "name": "Acme"}


class Encoded(Middleware):
    """Encodes JSON in another way, of one operation or of all."""

    operation = ""

    def alter(self, request: Request, reply: Reply) -> None:
        if "json" in reply.headers.get("content-type", "") and self.operation in ("", request.operation):
            reply.body = self.encoded(reply.body.decode(), reply)

    def encoded(self, text: str, reply: Reply) -> bytes:
        """The bytes of a JSON text."""
        return text.encode()
