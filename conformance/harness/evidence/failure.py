"""What a test raised: a fault of the target, or a bug of the suite."""

from __future__ import annotations

from hypothesis.errors import Flaky

from conformance.harness.api.errors import NotExpressibleError
from conformance.harness.judges.finding import BlockedError
from conformance.harness.wire.transports.chain import ForeignOrganizationError

OF_THE_TARGET = (AssertionError, BlockedError, NotExpressibleError, ForeignOrganizationError, Flaky)


def cause_of(error: BaseException) -> BaseException:
    """The error behind a group of them.

    Hypothesis raises a group when an example fails once and passes the next time: a target that
    answers now like this and now like that.
    """
    if not isinstance(error, BaseExceptionGroup):
        return error
    causes = [cause_of(inner) for inner in error.exceptions]
    return next((cause for cause in causes if not is_of_the_suite(cause)), causes[0])


def is_of_the_suite(error: BaseException | None) -> bool:
    """Whether the error says something of the suite and nothing of the target."""
    return error is not None and not isinstance(error, OF_THE_TARGET)
