"""From what a test raised to the evidence of a finding: expected, seen, exchanges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from conformance.harness.exchange import Exchange
from conformance.harness.ledger import Finding
from conformance.harness.organization import Organization, differences
from reports.verdict import Evidence, ExchangeRecord

LONGEST_BODY = 4000
LONGEST_VALUE = 300
EXCHANGES_SHOWN = 3


class FindingError(AssertionError):
    """A judge has found something; raised by the item that stands for the requirement."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"expected {finding.expected}, seen {finding.seen}")
        self.finding = finding


@dataclass(frozen=True)
class Comparison:
    """The two sides of an assertion that failed."""

    operator: str
    left: object
    right: object


def evidence_of(error: BaseException, comparison: Comparison | None, recent: Sequence[Exchange]) -> Evidence:
    """What a failed test shows; `recent` are the exchanges that it made, in order."""
    if isinstance(error, FindingError):
        finding = error.finding
        return Evidence(finding.expected, finding.seen, _records(finding.exchanges))
    exchange = getattr(error, "exchange", None)
    if exchange is not None:
        return Evidence(getattr(error, "expected", "success"), str(error), _records([exchange]))
    if comparison is not None:
        expected, seen = _sides(comparison)
        exchanges = _carried(comparison) or recent[-EXCHANGES_SHOWN:]
        return Evidence(expected, seen, _records(exchanges))
    return Evidence("", str(error).partition("\nassert ")[0], _records(recent[-EXCHANGES_SHOWN:]))


def record(exchange: Exchange) -> ExchangeRecord:
    """The exchange as a verdict keeps it: bodies as text, cut to a few thousand characters."""
    answer = exchange.answer
    return ExchangeRecord(
        summary=exchange.summary(),
        curl=exchange.curl(),
        request_headers=dict(exchange.headers),
        request_body=_text(exchange.body),
        status=exchange.status,
        answer_headers=dict(answer.headers) if answer else {},
        answer_body=_text(answer.body) if answer else "",
        fault=exchange.fault,
    )


def _records(exchanges: Sequence[Exchange]) -> tuple[ExchangeRecord, ...]:
    return tuple(record(exchange) for exchange in exchanges)


def _carried(comparison: Comparison) -> list[Exchange]:
    """The exchanges that the compared values came with."""
    sides = (comparison.left, comparison.right)
    return [side.exchange for side in sides if isinstance(side, Organization)]


def _sides(comparison: Comparison) -> tuple[str, str]:
    """Expected and seen: scenarios compare what was seen, on the left, with what was expected."""
    left, right = comparison.left, comparison.right
    if isinstance(left, Organization) and isinstance(right, Organization):
        found = differences(right, left)
        expected = ", ".join(f"{difference.place} {difference.expected!r}" for difference in found)
        return _short(expected), _short(", ".join(f"{d.place} {d.seen!r}" for d in found))
    sign = "" if comparison.operator == "==" else f"{comparison.operator} "
    return _short(f"{sign}{right!r}"), _short(repr(left))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "..."


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    return text if len(text) <= LONGEST_BODY else f"{text[:LONGEST_BODY]}... ({len(body)} bytes)"
