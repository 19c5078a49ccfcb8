"""Calls whose first request fails: what the server answers to them, and how often each may be made again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from conformance.harness.api.sdk import Ask
from conformance.harness.wire.proxy.recording import RecordedRequest
from conformance.harness.wire.proxy.replies import Action, Always, Fault, InTurn, Reply, json_reply
from conformance.sdk.cases import ARGUMENTS, READS, served
from sdks.calls import Options
from specs.contract import operations

RETRIES = 2
EXTRA_HEADERS = {"X-Of-One-Call": "Acme, Inc.", "X-Other": "2"}
REFUSALS = (400, 401, 403, 404, 409, 422)
FAILURES = (429, 500, 502, 503, 504)
BOUND = 20_000
"""Milliseconds for two retries with the longest first pauses that are known, on a busy machine."""


def refusal(status: int, **headers: str) -> Reply:
    """An error response."""
    return json_reply(status, {"message": "Not now.", "code": "not_now"}, **headers)


def success(operation: str) -> Reply:
    """A success of the operation."""
    return json_reply(*served(operation))


def once(operation: str, failure: Reply) -> InTurn:
    """Fails once, then succeeds."""
    return InTurn([failure, success(operation)])


def asked(operation: str, script: Any, **how: Any) -> Ask:
    """A call whose client may repeat its request twice."""
    return Ask(operation, ARGUMENTS[operation], script, **{"retries": RETRIES, "bound_ms": BOUND, **how})


@dataclass
class AfterADate:
    """Asks for patience until a date, then succeeds."""

    operation: str
    status: int
    seconds: int
    _taken: int = field(default=0, init=False)

    def action(self, request: RecordedRequest) -> Action:
        """The first time a refusal, then the success."""
        self._taken += 1
        if self._taken > 1:
            return success(self.operation)
        return refusal(self.status, retry_after=formatdate(time.time() + self.seconds, usegmt=True))


WAIT = 2
"""Seconds of Retry-After: longer than the first pause of the SDKs."""
DATE_AHEAD = 4
"""Seconds; a date knows no fractions, so that it may be one less."""


def cases() -> Iterator[tuple[str, Ask]]:
    """Every call by the name of its case."""
    for name in READS:
        yield from cases_of_a_read(name)
    headers = Options(extra_headers=EXTRA_HEADERS)
    for name in operations():
        for status in (429, 500, *REFUSALS):
            yield f"{name} {status} always", asked(name, Always(refusal(status)))
        yield f"{name} CLOSED always", asked(name, Always(Reply(fault=Fault.CLOSED)))
        yield f"{name} with headers", asked(name, once(name, refusal(503)), options=headers)
    for name in ("create", "update", "delete"):
        yield f"{name} CLOSED once", asked(name, once(name, Reply(fault=Fault.CLOSED)))
    yield "create again", asked("create", InTurn([refusal(500), refusal(503), success("create")]))
    given = Options(idempotency_key="Key of the caller")
    yield "create with key", asked("create", InTurn([refusal(500), refusal(429), success("create")]), options=given)


def cases_of_a_read(name: str) -> Iterator[tuple[str, Ask]]:
    """The calls that succeed when they are made again."""
    for status in FAILURES:
        yield f"{name} {status} once", asked(name, once(name, refusal(status)))
        yield f"{name} {status} wait", asked(name, once(name, refusal(status, retry_after=str(WAIT))))
    for fault in (Fault.CLOSED, Fault.RESET):
        yield f"{name} {fault.name} once", asked(name, once(name, Reply(fault=fault)))
    for status in (429, 503):
        yield f"{name} {status} date", asked(name, AfterADate(name, status, DATE_AHEAD))
    yield f"{name} zero", asked(name, once(name, refusal(429, retry_after="0")))


def calls_in_turn(operation: str) -> Iterator[Ask]:
    """Calls of one client that may repeat each request once; each fails once."""
    for status in (503, 429, 500):
        yield asked(operation, once(operation, refusal(status, retry_after="0")), retries=1)
