"""What a failed call is a finding of."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx

from conformance.harness.api.call import Call
from conformance.harness.api.errors import (
    CallError,
    NoResponseError,
    NotRefusedError,
    RefusedError,
    UnusableResponseError,
)
from conformance.harness.api.organization import Organization, differences, field_of
from conformance.harness.judges import shape
from conformance.harness.judges.checks import Check, status
from conformance.harness.judges.finding import Finding
from conformance.harness.judges.wording import REFUSAL, seen_in, success
from conformance.harness.wire.ownership.owner import Doubt
from conformance.harness.wire.transports.chain import ForeignOrganizationError
from specs.contract import operations
from specs.requirements import catalogue

OF_DOUBT = {
    Doubt.WAS_THERE: "create.ids-differ",
    Doubt.OTHER_CONTENT: "get.current-state",
    Doubt.OLDER: "organization.clock",
}
"""What a target breaks that shows something else than an organization that the run has just made."""


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
    if isinstance(error, UnusableResponseError):
        return malformation_of(error) or finding_of(f"{operation}.answers", error)
    if isinstance(error, RefusedError) and operation == "delete" and error.status == httpx.codes.NOT_FOUND:
        return finding_of("delete.leaves-others-alone", error)
    refused = REFUSED.get(operation) if isinstance(error, RefusedError) and error.status < 500 else None
    return finding_of(refused or f"{operation}.answers", error)


def malformation_between(one: object, other: object) -> Finding | None:
    """What is wrong with the form of organizations that are compared, where they differ in malformed fields alone.

    Takes two organizations, or two lists of as many.
    """
    pairs = list(zip(one, other, strict=False)) if isinstance(one, list) and isinstance(other, list) else [(one, other)]
    found = [_malformation_of_pair(*pair) for pair in pairs if pair[0] != pair[1]]
    return found[0] if found and None not in found else None


def _malformation_of_pair(one: object, other: object) -> Finding | None:
    if not isinstance(one, Organization) or not isinstance(other, Organization):
        return None
    places = {field_of(difference.place) for difference in differences(one, other)}
    for shown in (one, other):
        if places and places <= shape.malformed_fields(shown.fields) and shown.call.exchange is not None:
            return next(shape.malformations(shown.call.exchange), None)
    return None


def malformation_of(error: UnusableResponseError) -> Finding | None:
    """What is wrong with the form of a response that lacks what its caller needs; None where its form is right."""
    exchange = error.call.exchange
    return next(shape.malformations(exchange), None) if exchange is not None else None


def finding_of(requirement: str, error: CallError) -> Finding:
    """The finding that a failed call is, under this requirement."""
    call = error.call
    checks = tuple(checks_by(error))
    return Finding(requirement, call.operation, expected_by(error), seen_by(error), call.exchanges[-1:], checks)


def checks_by(error: CallError) -> Iterator[Check]:
    """What would hold of the response if the call had done what it should."""
    if isinstance(error, NotRefusedError):
        yield status("4??")
    elif isinstance(error, UnusableResponseError):
        return
    else:
        refused = ["4??"] * _may_be_refused(error.call)
        yield status(*(known for known in operations()[error.call.operation].responses if known < 300), *refused)


def _may_be_refused(call: Call) -> bool:
    """Whether a text in the body is no Unicode, of which RFC 8259, section 8.2, says that nobody can rely on it."""
    try:
        json.dumps(call.body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


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
        return f"a refusal ({REFUSAL})"
    if isinstance(error, UnusableResponseError):
        return "a response with everything that the contract requires"
    return success(error.call.operation) + f", or a refusal ({REFUSAL})" * _may_be_refused(error.call)


def seen_by(error: CallError) -> str:
    """What came of the call."""
    exchange = error.call.exchange
    return str(error) if exchange is None or isinstance(error, UnusableResponseError) else seen_in(exchange)
