"""Cases that Schemathesis makes of the contract, sent through the run's own client.

It generates, and judges answers by its checks; it never sends by itself.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeAlias

import httpx
import schemathesis
from hypothesis import assume, given, seed
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from conformance.harness.exchange import Exchange
from conformance.harness.profile import Profile
from specs.contract import Bounds, document, operations

AnyCase: TypeAlias = Case[Any]

READINGS = {GenerationMode.POSITIVE: Bounds.NARROW, GenerationMode.NEGATIVE: Bounds.WIDE}
"""Valid for every source, or invalid for every source: what lies between is not judged."""
VERDICTS: dict[GenerationMode, CheckFunction] = {
    GenerationMode.POSITIVE: positive_data_acceptance,
    GenerationMode.NEGATIVE: negative_data_rejection,
}


MOST_TRIES = 60
"""Steps in the search for a smaller case that fails: many of them are requests."""


class DisagreementError(AssertionError):
    """An answer fails a check of Schemathesis."""

    def __init__(self, reason: str, exchange: Exchange) -> None:
        super().__init__(reason)
        self.exchange = exchange


class Generator:
    """Makes cases from a seed."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self._profile = profile
        self._seed = seed

    def check_each(
        self, operation: str, mode: GenerationMode, send: Callable[[AnyCase], Exchange], examples: int | None = None
    ) -> None:
        """Sends cases of one operation. Raises the fault of the smallest that was found to fail a check."""
        faults: list[AssertionError] = []
        tries = itertools.count()

        @seed(self._seed)
        @self._profile.settings(examples or self._profile.examples)
        @given(_operation(operation, mode).as_strategy(generation_mode=mode), st.booleans())
        def agrees(case: AnyCase, is_rich: bool) -> None:
            # Hypothesis begins with the simplest case, which the scenarios have sent already.
            assume(is_rich)
            if faults and next(tries) == MOST_TRIES:
                raise _Enough
            try:
                judge(case, mode, send(case))
            except AssertionError as fault:
                faults.append(fault)
                raise

        try:
            agrees()
        except _Enough:
            raise faults[-1] from None


class _Enough(BaseException):
    """Ends the search for a smaller case. Hypothesis lets pass what is no Exception."""


def judge(case: AnyCase, mode: GenerationMode, exchange: Exchange) -> None:
    """Holds the checks against an answer. Raises DisagreementError.

    Whether the answer has the documented form is not asked here: every exchange is held against
    the same document as it passes (see shape). Hypothesis does not shrink the groups of
    exceptions that Schemathesis raises, so the first of a group stands for it.
    """
    if exchange.answer is None:
        raise DisagreementError(exchange.fault, exchange)
    headers = {name: value for name, value in exchange.answer.headers.items() if name != "content-encoding"}
    request = httpx.Request(exchange.method, exchange.url)
    response = httpx.Response(
        exchange.answer.status, headers=httpx.Headers(headers, "utf-8"), content=exchange.answer.body, request=request
    )
    response.elapsed = timedelta(seconds=exchange.seconds)
    try:
        case.validate_response(response, checks=[not_a_server_error, VERDICTS[mode]])
    except FailureGroup as group:
        raise DisagreementError(str(group.exceptions[0]).partition("\n")[0], exchange) from None


@functools.cache
def _schema(bounds: Bounds) -> BaseSchema:
    # A configuration of our own: otherwise one is looked for in every folder above.
    return schemathesis.openapi.from_dict(document(bounds), config=schemathesis.Config())


def _operation(name: str, mode: GenerationMode) -> APIOperation[Any, Any, Any, Any]:
    described = operations()[name]
    return _schema(READINGS[mode])[described.path][described.method]
