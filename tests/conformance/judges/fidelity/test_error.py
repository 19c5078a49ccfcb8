"""Each way in which an error can betray the response that led to it is found."""

from typing import Any

import pytest

from conformance.harness.judges.fidelity.error import judge_error
from tests.conformance.judges.fidelity.making import KEY, broken, response

REQUEST_ID = (b"X-Request-ID", b"req_9")
REFUSED = response(404, {"message": "No such organization.", "code": "entity_not_found"}, REQUEST_ID)
ERROR: dict[str, Any] = {
    "type": "error",
    "seq": 1,
    "class": "workos.NotFoundError",
    "is_sdk_error": True,
    "kind": "not_found",
    "status": 404,
    "code": "entity_not_found",
    "message": "404: No such organization. (req_9)",
    "request_id": "req_9",
    "retry_after": None,
}


def test_a_faithful_error_is_beyond_reproach() -> None:
    assert broken(judge_error(ERROR, REFUSED, KEY)) == []


@pytest.mark.parametrize(
    ("change", "requirement"),
    [
        ({"is_sdk_error": False}, "own-class"),
        ({"kind": "server"}, "kind"),
        ({"kind": "other"}, "kind"),
        ({"status": 400}, "status"),
        ({"status": None}, "status"),
        ({"code": None}, "code"),
        ({"code": "not_found"}, "code"),
        ({"message": "Something went wrong."}, "message"),
        ({"message": None}, "message"),
        ({"request_id": None}, "request-id"),
        ({"message": f"No such organization. ({KEY})"}, "no-key"),
    ],
)
def test_a_wrong_error_is_found(change: dict[str, Any], requirement: str) -> None:
    assert broken(judge_error(ERROR | change, REFUSED, KEY)) == [f"sdk.error.{requirement}"]


def test_a_class_for_all_refusals_is_enough() -> None:
    assert broken(judge_error(ERROR | {"kind": "api"}, REFUSED, KEY)) == []


@pytest.mark.parametrize("field", ["status", "code", "message", "request_id", "retry_after"])
def test_nothing_is_said_of_a_field_that_errors_do_not_have(field: str) -> None:
    error = {name: value for name, value in ERROR.items() if name != field}
    assert broken(judge_error(error, REFUSED, KEY)) == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "bad_request"), (401, "authentication"), (403, "authorization"), (409, "conflict"),
        (422, "unprocessable"), (429, "rate_limit"), (500, "server"), (503, "server"), (418, "api"),
    ],
)  # fmt: skip
def test_each_status_has_its_kind(status: int, kind: str) -> None:
    error = ERROR | {"kind": kind, "status": status}
    assert broken(judge_error(error, response(status, {}), KEY)) == []
    assert broken(judge_error(error | {"kind": "not_found"}, response(status, {}), KEY)) == ["sdk.error.kind"]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b'{"message": {"text": 1}, "code": null}'])
def test_what_a_refusal_does_not_say_need_not_be_carried(body: bytes) -> None:
    error = ERROR | {"code": None, "message": None, "request_id": None}
    assert broken(judge_error(error, response(404, body), KEY)) == []


@pytest.mark.parametrize(("carried", "expected"), [(2, []), (2.0, []), (None, ["sdk.error.retry-after"])])
def test_the_seconds_of_retry_after_are_carried(carried: float | None, expected: list[str]) -> None:
    refused = response(429, {}, (b"Retry-After", b"2"))
    error = ERROR | {"kind": "rate_limit", "status": 429, "retry_after": carried}
    assert broken(judge_error(error, refused, KEY)) == expected


def test_without_a_response_the_class_alone_is_judged() -> None:
    error = ERROR | {"kind": "timeout", "status": None}
    assert broken(judge_error(error, None, KEY)) == []
    assert broken(judge_error(error | {"is_sdk_error": False}, None, KEY)) == ["sdk.error.own-class"]
