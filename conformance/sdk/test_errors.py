"""Whatever goes wrong is an error of the SDK's own, which says what the response said."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from conformance.harness.api.errors import UnsupportedError
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.replies import Always, Fault, Reply, json_reply
from conformance.sdk.cases import ARGUMENTS, each_of, each_operation, of_operation, served
from conformance.sdk.conftest import SumUp
from specs.contract import operations

STATUSES = (400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504, 402, 410, 418, 451, 501, 599)
"""Those that the document has, and that gateways and other parts of an API give."""
REQUEST_ID = b"req_01JT8S6HT4X9ZKSPXV0SZV2ZP7"
NAMED = ((b"X-Request-ID", REQUEST_ID),)
JSON = (b"Content-Type", b"application/json; charset=utf-8")
HTML = (b"Content-Type", b"text/html")
TEXT = (b"Content-Type", b"text/plain")

MESSAGES = {
    "message and code": b'{"message": "Not today.", "code": "not_today"}',
    "message alone": b'{"message": "Zo\xc3\xab is not here."}',
    "errors": b'{"message": "Invalid.", "code": "invalid", "errors": [{"field": "name", "code": "required"}]}',
}
SHAPES = {
    "errors as texts": (JSON, b'{"message": "Validation failed.", "errors": ["name is required"]}'),
    "OAuth": (JSON, b'{"error": "invalid_request", "error_description": "Not today."}'),
    "no body": (JSON, b""),
    "HTML": (HTML, b"<html><body><h1>Bad Gateway</h1></body></html>"),
    "text": (TEXT, b"upstream connect error"),
    "HTML as JSON": (JSON, b"<html></html>"),
    "a JSON string": (JSON, b'"Not today."'),
    "a JSON array": (JSON, b"[]"),
    "null": (JSON, b"null"),
    "message of another type": (JSON, b'{"message": {"en": "Not today."}, "code": 7, "errors": null}'),
    "half a body": (JSON, b'{"message": "Not to'),
    "not UTF-8": (JSON, b'{"message": "\xff\xfe"}'),
}
"""Bodies of refusals that proxies, gateways and other parts of an API give."""


@pytest.fixture(scope="session")
def refused(sdk: SdkUnderTest, in_portions: Callable[[list[Ask]], list[Judged]]) -> list[Judged]:
    """Each operation refused with each status, with messages as the API gives them."""
    retry_after = (b"Retry-After", b"3")
    asks = [
        Ask(operation, ARGUMENTS[operation], Always(Reply(status, (JSON, *NAMED, retry_after), body)))
        for operation in operations()
        for number, status in enumerate(STATUSES)
        for body in [list(MESSAGES.values())[number % len(MESSAGES)]]
    ]
    return in_portions(asks)


@pytest.fixture(scope="session")
def refused_oddly(sdk: SdkUnderTest, in_portions: Callable[[list[Ask]], list[Judged]]) -> list[Judged]:
    """Each operation refused with bodies of other shapes."""
    statuses = (400, 404, 422, 502)
    asks = [
        Ask(operation, ARGUMENTS[operation], Always(Reply(statuses[number % len(statuses)], (kind,), body)))
        for operation in operations()
        for number, (kind, body) in enumerate(SHAPES.values())
    ]
    return in_portions(asks)


@pytest.mark.run_last
@each_of("sdk.error.raised", "sdk.error.own-class", "sdk.error.kind", "sdk.error.no-key")
def test_a_refusal_is_an_error(
    sum_up: SumUp, refused: list[Judged], refused_oddly: list[Judged], identifier: str, operation: str
) -> None:
    sum_up([*refused, *refused_oddly], identifier, operation)


@pytest.mark.run_last
@each_of("sdk.error.status", "sdk.error.code", "sdk.error.message", "sdk.error.request-id", "sdk.error.retry-after")
def test_an_error_carries_what_was_served(
    sdk: SdkUnderTest, sum_up: SumUp, refused: list[Judged], identifier: str, operation: str
) -> None:
    field = identifier.rpartition(".")[2].replace("-", "_")
    first = of_operation(refused, operation)[0]
    if not sdk.supports(f"error.{field}"):
        raise UnsupportedError.for_call(first.use.as_call({}), f"its errors have no {field}")
    sum_up(refused, identifier, operation)


@each_operation("sdk.error.any-body")
def test_a_refusal_with_any_body_is_an_error_with_its_status(
    sdk: SdkUnderTest, refused_oddly: list[Judged], operation: str
) -> None:
    for shape, use in zip(SHAPES, of_operation(refused_oddly, operation), strict=True):
        error, statuses = use.error, [exchange.response and exchange.response.status for exchange in use.exchanges]
        if error.is_sdk_error:  # another one is what sdk.error.own-class is about
            assert (shape, error.fields.get("status")) == (shape, statuses[-1] if statuses else "of any response")


SOON = 700
"""Milliseconds of the client's timeout."""
BOUND = 6000
"""Milliseconds by which the call must have ended: far more than its timeout, since the machine may be busy."""


@pytest.fixture(scope="session")
def unanswered(sdk: SdkUnderTest) -> list[Judged]:
    """Each operation, to which no response comes, or half of one."""
    answers = {name: Reply(200, (JSON,), json_reply(*served(name)).body) for name in operations()}
    how: dict[str, Any] = {"timeout_ms": SOON, "bound_ms": BOUND, "about": "sdk.error.timeout"}
    return sdk.together(
        [
            Ask(name, ARGUMENTS[name], Always(replace(answer, fault=fault)), **how)
            for name, answer in answers.items()
            for fault in (Fault.HANG, Fault.HANG_IN_BODY)
            # Nobody needs the body of a delete.
            if not (name == "delete" and fault is Fault.HANG_IN_BODY)
        ]
    )


@each_operation("sdk.error.timeout")
def test_a_call_without_a_response_ends_within_the_timeout(unanswered: list[Judged], operation: str) -> None:
    for use in of_operation(unanswered, operation):
        use.check("sdk.error.timeout")
        _ = use.error
