"""Requests, responses and replies of a driver, made by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from conformance.harness.judges.fidelity import Discrepancy
from conformance.harness.wire.proxy.recording import RecordedCall, RecordedExchange, RecordedRequest, RecordedResponse

KEY = "sk_test_call_1"
USUAL = (
    (b"Host", b"127.0.0.1:1"),
    (b"Authorization", b"Bearer " + KEY.encode()),
    (b"User-Agent", b"workos-python/10.8.0"),
    (b"Content-Type", b"application/json"),
)

DOMAIN = {
    "object": "organization_domain",
    "id": "org_domain_01EHZNVPK2QXHMVWCEDQEKY69A",
    "organization_id": "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    "domain": "foo-corp.com",
    "state": "pending",
    "verification_strategy": "dns",
    "created_at": "2026-01-15T12:00:00.123Z",
    "updated_at": "2026-01-15T12:00:00.123Z",
}
SERVED: dict[str, Any] = {
    "object": "organization",
    "id": "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    "name": "Acme",
    "domains": [DOMAIN],
    "metadata": {"tier": "0250", "__proto__": ""},
    "external_id": None,
    "created_at": "2026-01-15T12:00:00.123Z",
    "updated_at": "2026-01-15T12:00:01.000Z",
}
GIVEN: dict[str, Any] = {
    **SERVED,
    "domains": [{**DOMAIN, "state": {"$enum": "pending"}, "created_at": {"$date": "2026-01-15T13:00:00.123000+01:00"}}],
    "metadata": {"$map": SERVED["metadata"]},
    "created_at": {"$date": "2026-01-15T12:00:00.123+00:00"},
}
"""SERVED as a faithful SDK with types of its own gives it back."""


def request(
    method: str, target: str, body: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = USUAL, fault: str = ""
) -> RecordedRequest:
    return RecordedRequest(method.encode(), target.encode(), headers, body, fault=fault)


def response(status: int, value: object, *headers: tuple[bytes, bytes]) -> RecordedResponse:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return RecordedResponse(status, headers, body)


def exchange(asked: RecordedRequest, answered: RecordedResponse | None, fault: str = "") -> RecordedExchange:
    return RecordedExchange(asked, "http://127.0.0.1:1", 1, 0.0, response=answered, complete=not fault, fault=fault)


def call(*exchanges: RecordedExchange) -> RecordedCall:
    return RecordedCall(KEY, list(exchanges), ended=True)


def broken(found: Iterable[Discrepancy]) -> list[str]:
    """The requirements that were found broken, in order."""
    return [discrepancy.requirement for discrepancy in found]
