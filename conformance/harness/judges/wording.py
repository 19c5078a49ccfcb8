"""Expected and seen of a call, in the words of a person who reads an API's documentation."""

from __future__ import annotations

import json

from conformance.harness.api.errors import CallError, NotRefusedError, UnusableResponseError
from conformance.harness.judges.finding import Finding
from conformance.harness.wire.exchange import Exchange, NotJsonError
from conformance.harness.wire.ownership import Doubt
from conformance.harness.wire.transport import ForeignOrganizationError
from specs.contract import operations
from specs.requirements import catalogue

LONGEST = 300

OF_DOUBT = {
    Doubt.WAS_THERE: "create.ids-differ",
    Doubt.OTHER_CONTENT: "get.current-state",
    Doubt.OLDER: "organization.clock",
}
"""What a target breaks that shows something else than an organization that the run has just made."""


def finding_of(requirement: str, error: CallError) -> Finding:
    """The finding that a failed call is, under this requirement."""
    call = error.call
    return Finding(requirement, call.operation, expected_by(error), seen_by(error), call.exchanges[-1:])


def finding_of_doubt(error: ForeignOrganizationError) -> Finding | None:
    """The finding because of which the run keeps its hands off an organization; None for one that it never made."""
    doubt, exchange = error.refusal.doubt, error.refusal.exchange
    if doubt is Doubt.NOT_CREATED:
        return None
    read = exchange.operation if exchange else "get"
    requirement = OF_DOUBT.get(doubt, f"{read}.answers")
    operation = catalogue()[requirement].operations[0]
    return Finding(requirement, operation, "what this run created", str(doubt), (exchange,) if exchange else ())


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
