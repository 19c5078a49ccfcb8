"""A success that cannot be one is an error, and never a value with a hole in it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.replies import Always, Fault, Reply, json_reply
from conformance.sdk.cases import ARGUMENTS, each_operation, of_operation, served
from specs.contract import operations
from strategies.organizations import (
    maximal,
    minimal,
    page,
    required_fields,
    required_fields_of_domains,
    with_domain,
)

HTML = ((b"content-type", b"text/html; charset=utf-8"),)
JSON = ((b"content-type", b"application/json"),)

WRONG: dict[str, Any] = {
    "id": 7,
    "name": 42,
    "domains": "acme.example.com",
    "metadata": ["Tier"],
    "external_id": 7,
    "created_at": 1768478400,
    "updated_at": None,
}
"""Values of another type than the contract says."""

WRONG_IN_DOMAINS: dict[str, Any] = {
    "id": 7,
    "organization_id": None,
    "domain": ["acme.example.com"],
    "created_at": 1768478400,
    "updated_at": None,
}
WRONG_PAGES: dict[str, dict[str, Any]] = {
    "data that is null": {"data": None},
    "data that is an object": {"data": {}},
    "cursors in an array": {"list_metadata": []},
    "a cursor that is a number": {"list_metadata": {"before": None, "after": 7}},
}


def check_each(sdk: SdkUnderTest, requirement: str, operation: str, answers: dict[str, Reply]) -> None:
    """Looks at every answer before it says which of them were taken for a value."""
    asks = [Ask(operation, ARGUMENTS[operation], Always(answer)) for answer in answers.values()]
    uses = dict(zip(answers, sdk.together(asks), strict=True))
    taken = {label: use for label, use in uses.items() if breaks(use, requirement)}
    if taken:
        first = next(iter(taken.values()))
        expected = next(found.expected for found in first.discrepancies if found.requirement == requirement)
        first.fail(requirement, expected, f"no error, for any of these: {', '.join(taken)}")


def breaks(use: Judged, requirement: str) -> bool:
    """Whether the use did not meet the requirement. Raises NotExpressibleError where it says nothing."""
    use.ensure_said()
    return any(found.requirement == requirement for found in use.discrepancies)


def without(organization: dict[str, Any], field: str) -> dict[str, Any]:
    """The organization without a field."""
    return {name: value for name, value in organization.items() if name != field}


@each_operation("sdk.value.missing-field")
def test_a_response_without_a_required_field_is_an_error(sdk: SdkUnderTest, operation: str) -> None:
    # Nobody needs the word that says which kind of object it is.
    fields = [field for field in required_fields() if field != "object"]
    answers = {field: json_reply(*served(operation, without(maximal(), field))) for field in fields}
    organization = with_domain()
    for field in required_fields_of_domains():
        if field != "object":
            hole = organization | {"domains": [without(organization["domains"][0], field)]}
            answers[f"domains[0].{field}"] = json_reply(*served(operation, hole))
    if operation == "list":
        answers |= {place: json_reply(200, hole) for place, hole in pages_with_a_hole()}
    check_each(sdk, "sdk.value.missing-field", operation, answers)


def pages_with_a_hole() -> Iterator[tuple[str, dict[str, Any]]]:
    """Pages without one of the fields that every page has, each with the place of it."""
    whole = page([minimal()])
    for field in ("data", "list_metadata"):
        yield field, without(whole, field)
    for field in ("before", "after"):
        yield f"list_metadata.{field}", whole | {"list_metadata": without(whole["list_metadata"], field)}


@each_operation("sdk.value.wrong-type")
def test_a_response_with_a_field_of_another_type_is_an_error(sdk: SdkUnderTest, operation: str) -> None:
    answers = {
        f"{field} {json.dumps(wrong)}": json_reply(*served(operation, minimal(**{field: wrong})))
        for field, wrong in WRONG.items()
    }
    for field, wrong in WRONG_IN_DOMAINS.items():
        organization = with_domain(**{field: wrong})
        answers[f"domains[0].{field} {json.dumps(wrong)}"] = json_reply(*served(operation, organization))
    answers["a domain that is a text"] = json_reply(*served(operation, minimal(domains=["acme.example.com"])))
    answers["null"], answers["an array"] = json_reply(200, None), json_reply(200, [])
    if operation == "list":
        answers |= {f"list with {label}": json_reply(200, page([]) | wrong) for label, wrong in WRONG_PAGES.items()}
    check_each(sdk, "sdk.value.wrong-type", operation, answers)


@each_operation("sdk.value.broken-body")
def test_a_success_that_is_no_json_is_an_error(sdk: SdkUnderTest, operation: str) -> None:
    status, body = served(operation)
    text = json.dumps(body).encode()
    answers = {
        "nothing": Reply(status, JSON),
        "nothing, without a type": Reply(status, ()),
        "white space": Reply(status, JSON, b" \n"),
        "HTML": Reply(status, HTML, b"<html><body>Please log in.</body></html>"),
        "HTML as JSON": Reply(status, JSON, b"<html></html>"),
        "half": Reply(status, JSON, text[: len(text) // 2]),
        "too much": Reply(status, JSON, text + b"}"),
        "not UTF-8": Reply(status, JSON, text.replace(b'"name', b'"\xff\xfe')),
    }
    check_each(sdk, "sdk.value.broken-body", operation, answers)


CUT_OFF = (Fault.HALF_HEAD, Fault.HALF_BODY, Fault.RESET_IN_BODY, Fault.LENGTH_TOO_LONG, Fault.CHUNKED_CUT_OFF)


@each_operation("sdk.error.incomplete")
@pytest.mark.parametrize("fault", CUT_OFF, ids=[fault.name for fault in CUT_OFF])
def test_a_response_that_ends_early_is_an_error(sdk: SdkUnderTest, operation: str, fault: Fault) -> None:
    status, body = served(operation, maximal())
    answer = Reply(status, JSON, json.dumps(body).encode(), fault=fault)
    sdk.call(operation, ARGUMENTS[operation], script=Always(answer), fresh=True).check("sdk.error.incomplete")


CONNECTION = "sdk.error.connection"


@each_operation(CONNECTION)
def test_a_connection_that_fails_is_an_error_of_the_sdk(sdk: SdkUnderTest, operation: str) -> None:
    for use in sdk.together(list(failing_connections(sdk, operation))):
        error = use.error
        if not error.is_sdk_error:
            use.fail(CONNECTION, "an error class of the SDK's", use.told)


def failing_connections(sdk: SdkUnderTest, operation: str) -> Iterator[Ask]:
    """Calls whose connection is refused, reset, closed, or answers something else than HTTP."""
    arguments = ARGUMENTS[operation]
    for address in (sdk.proxy.refusing_url, sdk.proxy.slamming_url):
        yield Ask(operation, arguments, base_url=address, fresh=True, about=CONNECTION)
    for fault in (Fault.CLOSED, Fault.RESET, Fault.NO_HTTP):
        yield Ask(operation, arguments, Always(Reply(fault=fault)), fresh=True, about=CONNECTION)


@pytest.fixture(scope="session")
def slow(sdk: SdkUnderTest) -> list[Judged]:
    """Each operation, answered byte by byte."""
    answers = {name: json_reply(*served(name)) for name in operations()}
    drips = {name: Always(replace(answer, fault=Fault.DRIP)) for name, answer in answers.items()}
    return sdk.together([Ask(name, ARGUMENTS[name], script, fresh=True) for name, script in drips.items()])


@each_operation("sdk.error.unprovoked")
def test_a_slow_response_is_no_error(slow: list[Judged], operation: str) -> None:
    for use in of_operation(slow, operation):
        use.check("sdk.error.unprovoked")
