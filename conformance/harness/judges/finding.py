"""Findings, and the errors by which a scenario reports one or is blocked by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.harness.judges.checks import Check
from conformance.harness.wire.exchange import Exchange
from specs.requirements import catalogue


@dataclass(frozen=True)
class Finding:
    """A requirement that the subject did not meet, with the exchanges that show it."""

    requirement: str
    operation: str
    expected: str
    seen: str
    exchanges: tuple[Exchange, ...] = ()
    checks: tuple[Check, ...] = ()
    """What would hold of the last exchange if the requirement were met; empty where no script can tell."""


def finding(requirement: str, exchange: Exchange, expected: str, seen: str, checks: Iterable[Check] = ()) -> Finding:
    """What an exchange shows, under its own operation where the requirement speaks of it, else under the first."""
    operations = catalogue()[requirement].operations
    operation = exchange.operation if exchange.operation in operations else operations[0]
    return Finding(requirement, operation, expected, seen, (exchange,), tuple(checks))


class FindingError(AssertionError):
    """A judge has found something; raised by the item that stands for the requirement."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"expected {finding.expected}, seen {finding.seen}")
        self.finding = finding


class BlockedError(Exception):
    """The ground of a scenario cannot be laid, because of a finding of another requirement.

    The plugin notes the finding, so that what blocks is always there to be read, and reports the
    scenario as blocked by it.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.requirement} ({finding.operation}) is not met")
        self.finding = finding
