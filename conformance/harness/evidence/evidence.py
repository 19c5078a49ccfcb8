"""From what a test raised to the evidence of a finding: expected, seen, exchanges."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from conformance.harness.api.http import NoResponseError, NotRefusedError, RefusedError
from conformance.harness.api.organization import UnusableResponseError
from conformance.harness.evidence.contrast import contrast, short
from conformance.harness.evidence.scene import Scene, exchanges_in
from conformance.harness.fixtures.generation import DisagreementError
from conformance.harness.judges.finding import FindingError
from conformance.harness.wire.exchange import Exchange, NotJsonError
from conformance.harness.wire.transport import ForeignOrganizationError
from reports.verdict.verdict import Evidence, ExchangeRecord
from specs.contract import operations

LONGEST_BODY = 4000
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


def evidence_of(
    error: BaseException, comparison: Comparison | None, recent: Sequence[Exchange], scene: Scene
) -> Evidence:
    """What a failed test shows.

    `comparison` is the one that did not hold, if it was one; `recent` are the exchanges that the
    test made, in order; `scene` is the place in the scenario where it failed.
    """
    told = told_by(error)
    if told is not None:
        return told if isinstance(error, (FindingError, DisagreementError)) else replace(told, check=scene.check)
    carried: list[Exchange] = []
    if comparison is not None and (scene.compares or not scene.statement):
        (expected, seen), check = comparison.sides(), scene.check
        carried = exchanges_in([comparison.left, comparison.right])
    else:
        expected, seen, check = scene.statement or "what the promise says", _explanation(error), scene.place
    exchanges = carried or _made_here(scene.exchanges, recent) or recent or scene.exchanges
    return Evidence(expected, seen, records(exchanges[-EXCHANGES_SHOWN:]), check)


@functools.singledispatch
def told_by(error: BaseException) -> Evidence | None:
    """The evidence that an error carries by itself, None for a plain assertion."""
    return None


@told_by.register
def _(error: FindingError) -> Evidence:
    finding = error.finding
    return Evidence(finding.expected, finding.seen, records(finding.exchanges))


@told_by.register
def _(error: RefusedError) -> Evidence:
    return Evidence(success(error.exchange.operation), seen_in(error.exchange), records([error.exchange]))


@told_by.register
def _(error: NotRefusedError) -> Evidence:
    return Evidence("a refusal", seen_in(error.exchange), records([error.exchange]))


@told_by.register
def _(error: NoResponseError) -> Evidence:
    return Evidence("a complete answer", error.exchange.fault, records([error.exchange]))


@told_by.register
def _(error: UnusableResponseError) -> Evidence:
    expected = "an answer with everything that the contract requires"
    return Evidence(expected, str(error), records([error.exchange]))


@told_by.register
def _(error: DisagreementError) -> Evidence:
    status = error.exchange.status
    if status is None:
        expected = "a complete answer"
    elif status >= 500:
        expected = "no failure of the server"
    else:
        expected = "a refusal" if status < 400 else success(error.exchange.operation)
    return Evidence(expected, seen_in(error.exchange), records([error.exchange]))


@told_by.register
def _(error: ForeignOrganizationError) -> Evidence:
    return Evidence("organizations that this run created", f"{error}, which it did not create")


def success(operation: str) -> str:
    """The documented statuses of success."""
    return " or ".join(str(status) for status in operations()[operation].responses if status < 300)


def seen_in(exchange: Exchange) -> str:
    """The answer in a few words: the status, and what a refusal says."""
    response = exchange.response
    if response is None:
        return exchange.fault
    said = {name: response.object[name] for name in ("code", "message", "errors") if name in response.object}
    if not said:
        return f"{response.status} {_gist(exchange)}".strip()
    return short(f"{response.status} {json.dumps(said, ensure_ascii=False)}")


def _gist(exchange: Exchange) -> str:
    response = exchange.response
    assert response is not None
    try:
        body = response.json
    except NotJsonError:
        return short(repr(_text(response.body))) if response.body else ""
    if isinstance(body, dict) and "id" in body:
        return f"with organization {body['id']!r}"
    if isinstance(body, dict) and isinstance(body.get("data"), list):
        return f"with a list of {len(body['data'])}"
    return short(json.dumps(body, ensure_ascii=False))


def record(exchange: Exchange) -> ExchangeRecord:
    """The exchange as a verdict keeps it: bodies as text, cut to a few thousand characters."""
    response = exchange.response
    return ExchangeRecord(
        summary=exchange.summary(),
        curl=exchange.curl(),
        request_headers=dict(exchange.headers),
        request_body=_text(exchange.body),
        status=exchange.status,
        answer_headers=dict(response.headers) if response else {},
        answer_body=_text(response.body) if response else "",
        fault=exchange.fault,
    )


def records(exchanges: Iterable[Exchange]) -> tuple[ExchangeRecord, ...]:
    """The exchanges as a verdict keeps them."""
    return tuple(record(exchange) for exchange in exchanges)


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


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}... ({len(body)} bytes)"
