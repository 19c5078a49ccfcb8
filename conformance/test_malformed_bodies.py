"""Bodies that are no JSON, almost JSON, or JSON that trips a parser, are refused."""

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

MALFORMED = {
    "cut off": b'{"name": "TOKEN Zo',
    "no body": b"",
}
ALMOST_JSON = {
    "a comma too many": b'{"name": "TOKEN almost",}',
    "text after the value": b'{"name": "TOKEN almost"} and more',
    "a comment": b'{"name": "TOKEN almost" /* and more */}',
    "a line break in a text": b'{"name": "TOKEN al\nmost"}',
    "NaN": b'{"name": "TOKEN almost", "extra": NaN}',
    "a leading zero": b'{"name": "TOKEN almost", "extra": 007}',
}
INVALID = {
    "many levels": b'{"name": ' + b"[" * 1500 + b"]" * 1500 + b"}",
    "a number of 5,000 digits": b'{"name": ' + b"1" * 5000 + b"}",
    "an operator of a query": b'{"name": {"$ne": null}, "external_id": {"$gt": ""}}',
}
"""No name: a parser calls itself for each level, numbers have their bounds, databases take objects for queries."""
NOT_UTF_8 = {
    "Latin-1": b'{"external_id": "TOKEN-not-utf-8", "name": "Zo\xeb"}',
    "UTF-16": '{"name": "in UTF-16"}'.encode("utf-16"),
}
"""Where there is room the run token stands in them, in case that they make an organization after all."""


@requirement("body.invalid")
@pytest.mark.parametrize(
    ("operation", "value"),
    [
        pytest.param("update", "[" * 500 + "]" * 500, id="update deep"),
        pytest.param("update", "1e400", id="update infinite"),
    ],
)
@pytest.mark.independent("invalid request target")
def test_an_extreme_value_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str, value: str
) -> None:
    content = b'{"name": "TOKEN extreme", "metadata": %s}' % value.encode()
    status = send_bytes(wire, drafts, operation, invalid_request_target, content).status
    if status not in (400, 422):  # A target that takes it would show it in every list from now on.
        wire.send("update", path={"id": invalid_request_target.id}, body={"metadata": {}})
    assert status in (400, 422)


@requirement("body.invalid")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.parametrize("content", INVALID.values(), ids=INVALID)
@pytest.mark.independent
def test_what_trips_a_parser_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str, content: bytes
) -> None:
    assert send_bytes(wire, drafts, operation, invalid_request_target, content).status in (400, 422)


@requirement("body.malformed")
@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.independent
def test_what_is_no_json_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str, content: bytes
) -> None:
    assert send_bytes(wire, drafts, operation, invalid_request_target, content).status in (400, 422)


@requirement("body.almost-json")
@pytest.mark.parametrize(
    ("operation", "content"),
    [("create", ALMOST_JSON["text after the value"]), *(("update", content) for content in ALMOST_JSON.values())],
    ids=["create-text after the value", *(f"update-{label}" for label in ALMOST_JSON)],
)
@pytest.mark.independent
def test_what_is_almost_json_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str, content: bytes
) -> None:
    assert send_bytes(wire, drafts, operation, invalid_request_target, content).status in (400, 422)


@requirement("body.not-utf-8")
@pytest.mark.parametrize(("operation", "encoding"), [("create", "Latin-1"), ("update", "UTF-16")])
@pytest.mark.independent
def test_bytes_that_are_not_utf_8_are_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str, encoding: str
) -> None:
    assert send_bytes(wire, drafts, operation, invalid_request_target, NOT_UTF_8[encoding]).status in (400, 422)


def send_bytes(wire: Wire, drafts: Drafts, operation: str, target: Organization, content: bytes) -> Call:
    """Sends bytes as the body, with the run token where there is room for it."""
    path = {"id": target.id} if operation == "update" else {}
    return wire.send(operation, path=path, content=content.replace(b"TOKEN", drafts.token.encode()))
