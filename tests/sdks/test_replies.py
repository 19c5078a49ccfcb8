"""From replies of the protocol to what came of a call, and back."""

from __future__ import annotations

from typing import Any, TypeAlias

import pytest

from sdks import replies
from sdks.calls import Failed, Failure, NotExpressible, Raised, Returned

Json: TypeAlias = Any

ERROR: Json = {"type": "error", "class": "workos.NotFoundError", "is_sdk_error": True, "kind": "not_found"}


@pytest.mark.parametrize(
    ("op", "message"),
    [
        ("get", {"type": "value", "value": {"id": "org_1", "created_at": {"$date": "2026-01-15T12:00:00Z"}}}),
        ("delete", {"type": "value", "value": None}),
        ("iterate", {"type": "value", "value": {"data": []}, "complete": False}),
        ("get", ERROR),
        ("get", {**ERROR, "status": 404, "code": None, "message": "", "request_id": "r", "retry_after": 0}),
        ("iterate", {**ERROR, "items": [{"id": "org_1"}]}),
    ],
)
def test_a_reply_is_itself_again(op: str, message: Json) -> None:
    reply = replies.read({**message, "seq": 7}, op, {}, "")
    assert isinstance(reply, Returned | Raised)
    assert reply.message == message


def test_an_error_has_the_fields_that_came() -> None:
    reply = replies.read({**ERROR, "seq": 1, "status": 404, "code": None}, "get", {}, "")
    assert reply == Raised("workos.NotFoundError", True, "not_found", {"status": 404, "code": None})


def test_what_is_not_expressible_has_the_reason_of_what_covers_it() -> None:
    message = {"type": "unsupported", "seq": 1, "what": ["unknown.create.domain_data.state"]}
    reply = replies.read(message, "create", {"unknown.create": "It is an enum."}, "")
    assert reply == NotExpressible({"unknown.create.domain_data.state": "It is an enum."})


@pytest.mark.parametrize(("op", "complete"), [("get", True), ("list", False), ("iterate", None)])
def test_complete_belongs_to_iterate_alone(op: str, complete: bool | None) -> None:
    message = {"type": "value", "seq": 1, "value": None} | ({} if complete is None else {"complete": complete})
    reply = replies.read(message, op, {}, "the end")
    assert isinstance(reply, Failed)
    assert (reply.failure, reply.stderr) == (Failure.PROTOCOL, "the end")
