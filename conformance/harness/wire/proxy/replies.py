"""What the recording proxy does with a request: forward it, answer it, or break off at a given point."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from urllib.parse import parse_qs

from conformance.harness.wire.proxy.recording import Headers, RecordedRequest

JSON: Headers = ((b"content-type", b"application/json; charset=utf-8"), (b"x-request-id", b"req_scripted"))


class Fault(enum.Enum):
    """How an answer is broken. The value says it for people."""

    CLOSED = "the connection was closed after the request was read"
    RESET = "the connection was reset after the request was read"
    HALF_HEAD = "the connection was closed in the middle of the response's head"
    HALF_BODY = "the connection was closed in the middle of the response's body"
    RESET_IN_BODY = "the connection was reset in the middle of the response's body"
    HANG = "no byte of a response was sent"
    HANG_IN_BODY = "the response stopped in the middle of its body"
    DRIP = "the response came byte by byte"
    LENGTH_TOO_LONG = "Content-Length said more than the body had"
    LENGTH_TOO_SHORT = "Content-Length said less than the body had"
    CHUNKED_CUT_OFF = "the last chunk of the body was missing"
    NO_HTTP = "the response was not HTTP"


UNBEGUN = (Fault.CLOSED, Fault.RESET, Fault.HANG, Fault.NO_HTTP)
"""Faults that leave nothing of the response."""
UNCUT = (None, Fault.DRIP, Fault.LENGTH_TOO_SHORT)
"""Faults after which the client has a complete response, as the head of it says."""


@dataclass(frozen=True)
class Reply:
    """A response of the proxy's own."""

    status: int = 200
    headers: Headers = JSON
    body: bytes = b""
    delay: float = 0.0
    """Seconds before the first byte."""
    fault: Fault | None = None
    chunked: bool = False
    """Whether the body goes in chunks, which HTTP/1.1 allows for any response."""

    @property
    def half(self) -> bytes:
        """The first half of the body."""
        return self.body[: len(self.body) // 2]

    @property
    def framed_body(self) -> bytes:
        """What the head of the response says is the body."""
        return self.half if self.fault is Fault.LENGTH_TOO_SHORT else self.body


@dataclass(frozen=True)
class Forward:
    """The target answers."""

    lose_response: bool = False
    """Whether the connection is closed instead of handing the target's response back."""


Action: TypeAlias = Reply | Forward


class Script(Protocol):
    """Decides for one call what is done with each of its requests.

    The proxy asks it one request at a time, whatever number of connections the call opens.
    """

    def action(self, request: RecordedRequest) -> Action:
        """What to do with this request."""


def json_reply(status: int, value: object, **headers: str) -> Reply:
    """A JSON response; underscores in the names of headers stand for hyphens."""
    named = tuple((name.replace("_", "-").encode(), text.encode("latin-1")) for name, text in headers.items())
    replaced = {name.lower() for name, _ in named}
    kept = tuple((name, text) for name, text in JSON if name not in replaced)
    return Reply(status, (*kept, *named), json.dumps(value, ensure_ascii=False).encode())


def redirect(status: int, location: str) -> Reply:
    """A response that sends the client elsewhere."""
    return Reply(status, (*JSON, (b"location", location.encode("ascii"))), b"{}")


@dataclass(frozen=True)
class Always:
    """Does the same with every request."""

    what: Action

    def action(self, request: RecordedRequest) -> Action:
        """The one action."""
        return self.what


FORWARD = Always(Forward())


@dataclass
class InTurn:
    """Does one thing with the first request, another with the second; the last one stays."""

    actions: Sequence[Action]
    _taken: int = field(default=0, init=False)

    def action(self, request: RecordedRequest) -> Action:
        """The action whose turn it is."""
        turn = min(self._taken, len(self.actions) - 1)
        self._taken += 1
        return self.actions[turn]


@dataclass(frozen=True)
class ByCursor:
    """Answers a list request with the page at its cursor, so that it does not matter which page is asked for when."""

    pages: Mapping[str | None, Action]
    """By cursor; the first page under None."""
    unknown: Action = field(default_factory=lambda: json_reply(422, {"message": "no such cursor"}))
    parameter: str = "after"

    def action(self, request: RecordedRequest) -> Action:
        """The page that the request asks for."""
        cursors = parse_qs(request.query.decode("ascii", "replace")).get(self.parameter, [None])
        return self.pages.get(cursors[-1], self.unknown)
