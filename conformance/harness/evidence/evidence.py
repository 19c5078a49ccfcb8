"""From what a test raised to the evidence of a finding: expected, seen, exchanges."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from conformance.harness.api.errors import CallError, NotExpressibleError
from conformance.harness.evidence.contrast import contrast, short
from conformance.harness.evidence.curl import curl
from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scene import Scene, exchanges_in
from conformance.harness.fixtures.generation import DisagreementError
from conformance.harness.judges.finding import BlockedError, Finding, FindingError
from conformance.harness.judges.wording import expected_by, seen_by, success
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.transport import ForeignOrganizationError
from reports.verdict.verdict import Evidence, ExchangeRecord

LONGEST_BODY = 4000
"""Characters of a body that are kept."""
LONGEST_READ = 64 * 1024
"""Bytes of a body that are looked at."""
EXCHANGES_SHOWN = 3


@dataclass(frozen=True)
class Comparison:
    """The two sides of an assertion that failed."""

    operator: str
    left: object
    right: object

    def sides(self) -> tuple[str, str]:
        """Expected and seen: scenarios compare what was seen, on the left, with what was expected."""
        if self.operator in ("==", "is"):
            return contrast(self.right, self.left)
        if self.operator in ("<=", "issubset") and isinstance(self.left, (set, frozenset)):
            assert isinstance(self.right, (set, frozenset))
            return contrast(self.left & self.right, self.left)
        words = {"in": "one of", "!=": "anything but", "is not": "anything but", "not in": "none of"}
        return short(f"{words.get(self.operator, self.operator)} {self.right!r}"), short(repr(self.left))


@dataclass(frozen=True)
class Observation:
    """What is to be shown, as it came over the wire."""

    expected: str
    seen: str
    exchanges: Sequence[Exchange] = ()
    check: str = ""


def evidence_of(
    error: BaseException, comparison: Comparison | None, recent: Sequence[Exchange], scene: Scene, redactor: Redactor
) -> Evidence:
    """What a failed test shows, for people: the one way from whatever was raised into the verdict.

    `comparison` is the one that did not hold, if it was one; `recent` are the exchanges that the
    test made, in order; `scene` is the place in the scenario where it failed.
    """
    told = told_by(error)
    if told is None:
        told = _observed(error, comparison, recent, scene)
    elif not isinstance(error, (FindingError, BlockedError, DisagreementError)):
        told = replace(told, check=scene.check)
    return recorded(told, redactor)


def _observed(
    error: BaseException, comparison: Comparison | None, recent: Sequence[Exchange], scene: Scene
) -> Observation:
    """What a plain assertion shows."""
    carried: list[Exchange] = []
    if comparison is not None and (scene.compares or not scene.statement):
        (expected, seen), check = comparison.sides(), scene.check
        carried = exchanges_in([comparison.left, comparison.right])
    else:
        expected, seen, check = scene.statement or "what the promise says", _explanation(error), scene.place
    exchanges = carried or _made_here(scene.exchanges, recent) or recent or scene.exchanges
    return Observation(expected, seen, exchanges[-EXCHANGES_SHOWN:], check)


def evidence_in(finding: Finding, redactor: Redactor) -> Evidence:
    """What a judge's finding shows, for people."""
    return recorded(_of_finding(finding), redactor)


def recorded(shown: Observation, redactor: Redactor) -> Evidence:
    """An observation as a verdict keeps it."""
    records = tuple(record(exchange, redactor) for exchange in shown.exchanges)
    return Evidence(redactor.text(shown.expected), redactor.text(shown.seen), records, redactor.text(shown.check))


@functools.singledispatch
def told_by(error: BaseException) -> Observation | None:
    """What an error says by itself, None for a plain assertion."""
    return None


@told_by.register
def _(error: FindingError) -> Observation:
    return _of_finding(error.finding)


@told_by.register
def _(error: BlockedError) -> Observation:
    return _of_finding(error.finding)


@told_by.register
def _(error: CallError) -> Observation:
    return Observation(expected_by(error), seen_by(error), error.call.exchanges[-1:])


@told_by.register
def _(error: DisagreementError) -> Observation:
    status = error.call.status
    if status is None:
        expected = "a complete response"
    elif status >= 500:
        expected = "no failure of the server"
    else:
        expected = "a refusal" if status < 400 else success(error.call.operation)
    return Observation(expected, seen_by(error), error.call.exchanges[-1:])


@told_by.register
def _(error: ForeignOrganizationError) -> Observation:
    return Observation("organizations that this run created", f"{error}, which it did not create")


@told_by.register
def _(error: NotExpressibleError) -> Observation:
    return Observation("", "")


def record(exchange: Exchange, redactor: Redactor) -> ExchangeRecord:
    """The exchange as a verdict keeps it: redacted, bodies as text, cut to a few thousand characters."""
    response = exchange.response
    return ExchangeRecord(
        operation=exchange.operation,
        method=exchange.method,
        url=redactor.text(exchange.url),
        seconds=round(exchange.seconds, 4),
        request_headers=redactor.values(dict(exchange.headers)),
        request_body=_body(exchange.body, redactor),
        status=exchange.status,
        response_headers=redactor.values(dict(response.headers)) if response else {},
        response_body=_body(response.body, redactor) if response else "",
        fault=redactor.text(exchange.fault),
        curl=curl(exchange, redactor),
    )


def _of_finding(finding: Finding) -> Observation:
    return Observation(finding.expected, finding.seen, finding.exchanges)


def _made_here(found: Sequence[Exchange], recent: Sequence[Exchange]) -> list[Exchange]:
    """Those of the exchanges that the test itself made, in order."""
    wanted = {id(exchange) for exchange in found}
    return [exchange for exchange in recent if id(exchange) in wanted]


def _explanation(error: BaseException) -> str:
    """What pytest says of an assertion that compares nothing: the value of its outermost call."""
    _, where, rest = str(error).partition("where ")
    if where:
        return short(rest.partition("\n")[0])
    return short(str(error).partition("\nassert ")[0].removeprefix("assert ")) or "it does not hold"


def _body(body: bytes, redactor: Redactor) -> str:
    text = redactor.text(_text(body[:LONGEST_READ]))
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}... ({len(body)} bytes)"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
