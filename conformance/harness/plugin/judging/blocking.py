"""The finding because of which a test could not be made, or can say nothing that is not said already."""

from __future__ import annotations

from conformance.harness.api.errors import CallError, UnusableResponseError
from conformance.harness.evidence.comparison import Comparison
from conformance.harness.judges.failures import (
    failure_of,
    finding_of_doubt,
    malformation_between,
    malformation_of,
)
from conformance.harness.judges.finding import BlockedError, Finding
from conformance.harness.wire.transports.chain import ForeignOrganizationError


def what_blocks(
    error: BaseException,
    in_setup: bool,
    operation: str,
    comparison: Comparison | None,
    ignored_update: Finding | None,
) -> Finding | None:
    """The finding behind what a test raised; None where the test has found something itself.

    `comparison` is that of the assertion that failed, `ignored_update` what Judges says of that.
    """
    finding = error.finding if isinstance(error, BlockedError) else _malformation(error, comparison)
    if isinstance(error, ForeignOrganizationError):
        finding = finding_of_doubt(error)
    if finding is None and in_setup and isinstance(error, CallError) and not error.call.undocumented:
        finding = failure_of(error)
    if ignored_update is not None and not isinstance(error, CallError):
        # No test of an update can pass where updates are answered with the state before them.
        return ignored_update if (finding.operation if finding else operation) == "update" else finding
    return finding


def _malformation(error: BaseException, comparison: Comparison | None) -> Finding | None:
    """What is wrong with the form of a response, where a test failed because of that alone."""
    if isinstance(error, UnusableResponseError):
        return malformation_of(error)
    if comparison is None or comparison.operator != "==" or not isinstance(error, AssertionError):
        return None
    return malformation_between(comparison.left, comparison.right)
