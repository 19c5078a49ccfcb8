"""From the outcome of a call to what its caller gets: a value, or an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

from conformance.harness.api.call import Call, NoResponse, NotExpressible, Refusal, Value
from conformance.harness.api.errors import (
    NoResponseError,
    NotExpressibleError,
    NotRefusedError,
    RefusedError,
    UnusableResponseError,
)
from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Page


def value_of(call: Call) -> Any:
    """What a call gave. Raises RefusedError, NoResponseError or NotExpressibleError when it gave nothing."""
    match call.outcome:
        case Value(json):
            return json
        case Refusal() as refusal:
            raise RefusedError(call, refusal)
        case NoResponse() as outcome:
            raise NoResponseError(call, outcome)
        case NotExpressible() as outcome:
            raise NotExpressibleError(call, outcome)
        case never:
            assert_never(never)


def organization_of(call: Call) -> Organization:
    """The organization that a call gave. Raises UnusableResponseError when it is no object, and as value_of does."""
    value = value_of(call)
    if not isinstance(value, dict) or not value:
        raise UnusableResponseError(call, f"{call.operation} answered {call.status} without an object")
    return Organization(value, call)


def page_of(call: Call) -> Page:
    """The page that a call gave. Raises UnusableResponseError when it is no object, and as value_of does."""
    value = value_of(call)
    if not isinstance(value, dict):
        raise UnusableResponseError(call, f"{call.operation} answered {call.status} without an object")
    return Page(value, call)


def expect_refusal(use: Callable[..., object], *arguments: object, **options: object) -> RefusedError:
    """The refusal that a call meets. Raises NotRefusedError when the target does not refuse."""
    try:
        result = use(*arguments, **options)
    except RefusedError as refusal:
        return refusal
    call = result if isinstance(result, Call) else getattr(result, "call", None)
    assert isinstance(call, Call), "a call has succeeded, and gave nothing that knows it"
    raise NotRefusedError(call)
