"""Expected and seen of a call, in the words of a person who reads an API's documentation."""

from __future__ import annotations

import json

import httpx

from conformance.harness.api.errors import (
    CallError,
    NoResponseError,
    NotRefusedError,
    RefusedError,
    UnusableResponseError,
)
from conformance.harness.judges.finding import Finding
from conformance.harness.wire.exchange import Exchange, NotJsonError
from specs.contract import operations

LONGEST = 300


REFUSED = {
    "create": "create.accepts-valid-bodies",
    "update": "update.accepts-valid-bodies",
    "list": "list.accepts-valid-queries",
    "get": "get.current-state",
    "lookup": "lookup.current-state",
}
"""What a target breaks that refuses an ordinary request of an operation that it has."""


def failure_of(error: CallError) -> Finding:
    """The finding that the failure of an ordinary call is, at an operation that is there."""
    operation = error.call.operation
    if isinstance(error, NoResponseError):
        return finding_of("answer.complete", error)
    if isinstance(error, RefusedError) and operation == "delete" and error.status == httpx.codes.NOT_FOUND:
        return finding_of("delete.leaves-others-alone", error)
    refused = REFUSED.get(operation) if isinstance(error, RefusedError) and error.status < 500 else None
    return finding_of(refused or f"{operation}.answers", error)


def finding_of(requirement: str, error: CallError) -> Finding:
    """The finding that a failed call is, under this requirement."""
    call = error.call
    return Finding(requirement, call.operation, expected_by(error), seen_by(error), call.exchanges[-1:])


def expected_by(error: CallError) -> str:
    """What should have come of the call."""
    if isinstance(error, NotRefusedError):
        return "a refusal"
    if isinstance(error, UnusableResponseError):
        return "a response with everything that the contract requires"
    return success(error.call.operation)


def seen_by(error: CallError) -> str:
    """What came of the call."""
    exchange = error.call.exchange
    return str(error) if exchange is None or isinstance(error, UnusableResponseError) else seen_in(exchange)


def success(operation: str) -> str:
    """The documented statuses of success."""
    return " or ".join(str(status) for status in operations()[operation].responses if status < 300)


def seen_in(exchange: Exchange) -> str:
    """The response in a few words: the status, and what a refusal says."""
    response = exchange.response
    if response is None:
        return exchange.fault
    said = {name: response.object[name] for name in ("code", "message", "errors") if name in response.object}
    if not said:
        return f"{response.status} {_gist(exchange)}".strip()
    return _short(f"{response.status} {json.dumps(said, ensure_ascii=False)}")


def _gist(exchange: Exchange) -> str:
    response = exchange.response
    assert response is not None
    try:
        body = response.json
    except NotJsonError:
        return _short(repr(response.body.decode("utf-8", "replace"))) if response.body else ""
    if isinstance(body, dict) and "id" in body:
        return f"with organization {body['id']!r}"
    if isinstance(body, dict) and isinstance(body.get("data"), list):
        return f"with a list of {len(body['data'])}"
    return _short(json.dumps(body, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
