"""The ledger of a run: every exchange that was made and every finding that the judges made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

import httpx

from conformance.harness.judges.finding import Finding
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import History
from specs.requirements import Kind, catalogue

KEPT_PER_FINDING = 3
FEWEST = 5
"""Requests from which on it tells something that none has succeeded: so many lay the ground of each run."""
MOST_RECENT_BYTES = 32 * 1024 * 1024
"""Of the responses that one test meets; of those beyond, only the beginning is kept."""


@dataclass
class Recent:
    """The exchanges of one test."""

    exchanges: list[Exchange] = field(default_factory=list)
    _bytes: int = 0

    def record(self, exchange: Exchange) -> None:
        """Keeps an exchange."""
        self._bytes += len(exchange.response.body) if exchange.response else 0
        self.exchanges.append(exchange if self._bytes < MOST_RECENT_BYTES else exchange.light())


_APART: ContextVar[Recent | None] = ContextVar("apart", default=None)
"""Where the exchanges of the current context go, if not to those of the test that is running."""


@contextmanager
def apart() -> Iterator[Recent]:
    """Keeps the exchanges of the block by themselves, while those of other threads go elsewhere."""
    recent = Recent()
    token = _APART.set(recent)
    try:
        yield recent
    finally:
        _APART.reset(token)


class Ledger:
    """What happened, in order. Not thread-safe by itself: judges write to it one at a time."""

    def __init__(self) -> None:
        self.requests = 0
        self._successes = 0
        self.by_operation: Counter[str] = Counter()
        self._findings: dict[tuple[str, str], list[Finding]] = {}
        self._recent = Recent()
        self.history = History()

    def record(self, exchange: Exchange) -> None:
        """Notes an exchange."""
        self.requests += 1
        self._successes += exchange.status is not None and httpx.codes.is_success(exchange.status)
        self.by_operation[exchange.operation] += 1
        (_APART.get() or self._recent).record(exchange)
        self.history.record(exchange)

    @property
    def obstacle(self) -> str:
        """Why nothing can be said of a target: it is none of the API, if nothing at all has succeeded there."""
        if self._successes or self.requests < FEWEST:
            return ""
        return f"none of {self.requests} requests has succeeded: this is not the address of the API"

    @property
    def recent(self) -> tuple[Exchange, ...]:
        """The exchanges since `take_recent` was last called."""
        return tuple(self._recent.exchanges)

    def resume(self, exchanges: Iterable[Exchange]) -> None:
        """Takes exchanges that were kept apart for those of the test that is running now."""
        self._recent.exchanges.extend(exchanges)

    def take_recent(self) -> list[Exchange]:
        """The exchanges since this was last called."""
        recent, self._recent = self._recent, Recent()
        return recent.exchanges

    def add(self, findings: Iterable[Finding]) -> None:
        """Notes findings; of many for one requirement and operation it keeps the first few."""
        for finding in findings:
            kept = self._findings.setdefault((finding.requirement, finding.operation), [])
            if len(kept) < KEPT_PER_FINDING:
                kept.append(replace(finding, exchanges=tuple(exchange.light() for exchange in finding.exchanges)))

    def forget(self, operation: str) -> None:
        """Drops what was found of the behaviour of an operation that turned out not to be there."""
        for requirement, found_at in list(self._findings):
            if found_at == operation and catalogue()[requirement].kind is Kind.BEHAVIOUR:
                del self._findings[requirement, found_at]

    def findings(self, requirement: str, operation: str) -> list[Finding]:
        """What was found of this requirement in the exchanges of this operation."""
        return list(self._findings.get((requirement, operation), ()))

    def all_findings(self) -> list[Finding]:
        """Everything found, in order."""
        return [finding for kept in self._findings.values() for finding in kept]
