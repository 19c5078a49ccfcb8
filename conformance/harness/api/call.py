"""One use of an operation: its arguments, its outcome, the exchanges that it made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.harness.wire.exchange import Exchange


@dataclass(frozen=True)
class Value:
    """The operation succeeded."""

    json: Any
    """What the caller got, as JSON values: an organization, a page; None where there was no JSON object."""


@dataclass(frozen=True)
class Refusal:
    """The target refused."""

    status: int
    code: Any = None
    message: Any = None


@dataclass(frozen=True)
class NoResponse:
    """No complete response came."""

    fault: str


@dataclass(frozen=True)
class NotExpressible:
    """The client has no means to say this."""

    what: str


Outcome: TypeAlias = Value | Refusal | NoResponse | NotExpressible


@dataclass(frozen=True)
class Call:
    """What somebody asked for, and what came of it.

    Arguments, each only where it was given: ``id``, ``external_id`` (path), ``body`` (create, update),
    ``query`` (list; a mapping), ``idempotency_key`` (create). Expectations come from them, never from
    what went over the wire.
    """

    operation: str
    arguments: Mapping[str, Any]
    outcome: Outcome
    exchanges: tuple[Exchange, ...] = ()
    undocumented: bool = False
    """Whether it asks what nothing documents."""
    started: float = 0.0
    """When it began, on the monotonic clock."""
    seconds: float = 0.0

    @property
    def exchange(self) -> Exchange | None:
        """The last exchange, which shows the outcome; None when nothing was sent."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def body(self) -> Mapping[str, Any]:
        """The body that was given, if it is an object; else an empty one."""
        body = self.arguments.get("body")
        return body if isinstance(body, Mapping) else {}

    @property
    def status(self) -> int | None:
        """The status of the last response, None without one."""
        return self.exchange.status if self.exchange else None

    @property
    def json(self) -> Mapping[str, Any]:
        """The JSON object of the last response, of a refusal too; an empty one where there is none."""
        return self.exchange.response.object if self.exchange and self.exchange.response else {}

    def __str__(self) -> str:
        return self.operation
