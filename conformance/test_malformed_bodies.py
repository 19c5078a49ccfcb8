"""Bodies that are no JSON, almost JSON, or JSON that trips a parser, are refused."""

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

CREATE, UPDATE, EITHER = ("create",), ("update",), ("create", "update")

REFUSED = [
    ("body.malformed", EITHER, "cut off", b'{"name": "TOKEN Zo'),
    ("body.malformed", EITHER, "no body", b""),
    ("body.almost-json", UPDATE, "a comma too many", b'{"name": "TOKEN almost",}'),
    ("body.almost-json", EITHER, "text after the value", b'{"name": "TOKEN almost"} and more'),
    ("body.almost-json", UPDATE, "a comment", b'/* and more */ {"name": "TOKEN almost"}'),
    ("body.almost-json", CREATE, "single quotes", b"{'name': 'TOKEN almost'}"),
    ("body.almost-json", UPDATE, "a name without quotes", b'{name: "TOKEN almost"}'),
    ("body.almost-json", UPDATE, "a line break in a text", b'{"name": "TOKEN al\nmost"}'),
    ("body.almost-json", UPDATE, "NaN", b'{"name": "TOKEN almost", "extra": NaN}'),
    ("body.almost-json", UPDATE, "a leading zero", b'{"name": "TOKEN almost", "extra": 007}'),
    ("body.not-utf-8", CREATE, "Latin-1", b'{"external_id": "TOKEN-not-utf-8", "name": "Zo\xeb"}'),
    ("body.not-utf-8", UPDATE, "UTF-16", '{"name": "in UTF-16"}'.encode("utf-16")),
    # No name: a parser calls itself for each level, numbers have their bounds, databases take objects for queries.
    ("body.invalid", UPDATE, "many levels", b'{"name": ' + b"[" * 1500 + b"]" * 1500 + b"}"),
    ("body.invalid", UPDATE, "a number of 5,000 digits", b'{"name": ' + b"1" * 5000 + b"}"),
    ("body.invalid", UPDATE, "an operator of a query", b'{"name": {"$ne": null}, "external_id": {"$gt": ""}}'),
]
"""Where there is room the run token stands in them, in case that they make an organization after all."""


@pytest.mark.parametrize(
    ("operation", "content"),
    [
        pytest.param(operation, content, marks=requirement(name), id=f"{name}-{operation} {label}")
        for name, tried_at, label, content in REFUSED
        for operation in tried_at
    ],
)
@pytest.mark.independent(shares=["invalid request target"])
def test_a_malformed_body_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str, content: bytes
) -> None:
    assert send_bytes(wire, drafts, operation, invalid_request_target, content).status in (400, 422)


@requirement("body.invalid")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.independent("invalid request target")
def test_a_number_beyond_all_bounds_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str
) -> None:
    content = b'{"name": "TOKEN extreme", "metadata": 1e400}'
    status = send_bytes(wire, drafts, operation, invalid_request_target, content).status
    if status not in (400, 422):  # A target that takes it would show it in every list from now on.
        wire.send("update", path={"id": invalid_request_target.id}, body={"metadata": {}})
    assert status in (400, 422)


def send_bytes(wire: Wire, drafts: Drafts, operation: str, target: Organization, content: bytes) -> Call:
    """Sends bytes as the body, with the run token where there is room for it, as a client that reads anything."""
    path = {"id": target.id} if operation == "update" else {}
    content = content.replace(b"TOKEN", drafts.token.encode())
    return wire.send(operation, path=path, content=content, headers={"accept": "*/*"})
