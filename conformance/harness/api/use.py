"""One use of an SDK: what it was given, what it gave back, and what the wire saw in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.harness.api.call import Call, NoResponse, NotExpressible, Outcome, Refusal, Value
from conformance.harness.wire.exchange import PLACEHOLDER, Exchange, Response
from conformance.harness.wire.proxy.recording import RecordedCall, RecordedExchange
from sdks.calls import Failed, Options, Raised, Reply, Returned
from sdks.calls import NotExpressible as CannotSay

ITERATE = "iterate"
"""The operation of the driver protocol that lists page after page."""


@dataclass(frozen=True)
class Use:
    """One call of an SDK."""

    op: str
    """Of the driver protocol: one of the six operations, or iterate."""
    arguments: Mapping[str, Any]
    """By their names on the wire; null and absent differ."""
    options: Options
    reply: Reply
    recorded: RecordedCall
    seconds: float
    about: str = ""
    """See Ask."""

    @property
    def operation(self) -> str:
        """The operation of the API."""
        return "list" if self.op == ITERATE else self.op

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What the wire saw before the call was over."""
        key, kept = self.recorded.key, self.recorded.exchanges
        return tuple(exchange_of(self.operation, key, exchange) for exchange in kept if not exchange.late)

    def as_call(self, arguments: Mapping[str, Any]) -> Call:
        """The call of the port that this was: `arguments` are those that the port was given."""
        exchanges = self.exchanges
        started = self.recorded.exchanges[0].arrived if exchanges else 0.0
        outcome = outcome_of(self.reply, exchanges[-1] if exchanges else None)
        return Call(self.operation, arguments, outcome, exchanges, started=started, seconds=self.seconds)


def outcome_of(reply: Reply, last: Exchange | None) -> Outcome:
    """What came of a call, as its caller sees it; `last` is what was answered last."""
    match reply:
        case Returned(value):
            return Value(plain(value) or None)
        case Raised():
            status = reply.fields.get("status") or (last.status if last else None)
            if isinstance(status, int) and status >= 400:
                return Refusal(status, reply.fields.get("code"), reply.fields.get("message"))
            return NoResponse(f"{reply.error_class}: {reply.fields.get('message')}")
        case CannotSay(reasons):
            return NotExpressible("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))
        case Failed():
            return NoResponse(f"{reply.failure.value}: {reply.message}")


def plain(value: Any) -> Any:
    """A value of the driver protocol as JSON would have it: without tags."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    for tag in ("$date", "$enum", "$map", "$other"):
        if value.keys() == {tag}:
            inner = value[tag]
            return {key: plain(item) for key, item in inner.items()} if tag == "$map" else inner
    return {key: plain(item) for key, item in value.items()}


def exchange_of(operation: str, key: str, recorded: RecordedExchange) -> Exchange:
    """An exchange of the recording proxy as reports show it: with a placeholder for the key of the call."""
    request, answered = recorded.request, recorded.response
    response = None
    if answered is not None and recorded.complete:
        headers = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in answered.headers}
        response = Response(answered.status, headers, answered.body)
    shown = {name.decode("latin-1").lower(): text.decode("latin-1") for name, text in request.headers}
    return Exchange(
        operation=operation,
        method=request.method.decode("latin-1"),
        url=recorded.origin + request.target.decode("latin-1"),
        headers={name: text.replace(key, PLACEHOLDER) if key else text for name, text in shown.items()},
        body=request.body,
        response=response,
        fault=recorded.fault or (str(recorded.error) if recorded.error else ""),
        started=recorded.arrived,
    )
