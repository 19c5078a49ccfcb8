"""A call is judged as a whole: its requests, and what it ended with."""

from typing import Any

import pytest

from conformance.harness.judges.fidelity import judge_call
from conformance.harness.wire.proxy.recording import RecordedCall, RecordedExchange
from tests.conformance.judges.fidelity.making import (
    GIVEN,
    SERVED,
    USUAL,
    broken,
    call,
    exchange,
    request,
    response,
)

ID = SERVED["id"]
GET = request("GET", f"/organizations/{ID}")
OK = response(200, SERVED)
BUSY = response(503, {"message": "Busy."})
VALUE = {"type": "value", "seq": 1, "value": GIVEN}
ERROR: dict[str, Any] = {
    "type": "error",
    "seq": 1,
    "class": "workos.ServerError",
    "is_sdk_error": True,
    "kind": "server",
    "message": "Busy.",
}


def found(recorded: RecordedCall, reply: dict[str, Any], operation: str = "get", **arguments: Any) -> list[str]:
    return broken(judge_call(operation, arguments or {"id": ID}, {}, recorded, reply))


@pytest.mark.parametrize(
    ("exchanges", "reply"),
    [
        ([exchange(GET, OK)], VALUE),
        ([exchange(GET, BUSY), exchange(GET, OK)], VALUE),
        ([exchange(GET, None, "closed"), exchange(GET, OK)], VALUE),
        ([exchange(GET, BUSY), exchange(GET, BUSY)], ERROR),
        ([exchange(GET, None, "closed")], {**ERROR, "kind": "connection"}),
        ([exchange(GET, OK)], {**ERROR, "kind": "timeout"}),
        ([], {**ERROR, "class": "TypeError", "is_sdk_error": False, "kind": "argument"}),
        ([exchange(GET, OK)], {"type": "unsupported", "seq": 1, "what": ["get"]}),
        ([exchange(GET, response(302, {})), exchange(request("GET", "/elsewhere"), OK)], VALUE),
        ([exchange(GET, response(200, b"<html>"))], {**ERROR, "kind": "response"}),
        ([exchange(GET, response(200, {"object": "organization"}))], {**ERROR, "kind": "response"}),
    ],
    ids=[
        "success", "success after 503", "success after a lost connection", "refused twice", "no response",
        "too late", "nothing sent", "unsupported", "redirected", "no JSON", "fields missing",
    ],
)  # fmt: skip
def test_a_faithful_call_is_beyond_reproach(exchanges: list[RecordedExchange], reply: dict[str, Any]) -> None:
    assert found(call(*exchanges), reply) == []


@pytest.mark.parametrize(
    ("exchanges", "reply", "requirement"),
    [
        ([], VALUE, "sdk.request.once"),
        ([exchange(GET, OK), exchange(GET, OK)], VALUE, "sdk.request.once"),
        (
            [exchange(GET, BUSY), exchange(request("GET", f"/organizations/{ID}", b"{}"), OK)],
            VALUE,
            "sdk.request.no-body",
        ),
        ([exchange(GET, BUSY)], VALUE, "sdk.error.raised"),
        ([exchange(GET, None, "closed")], VALUE, "sdk.error.incomplete"),
        ([exchange(GET, OK, "cut off")], VALUE, "sdk.error.incomplete"),
        ([exchange(GET, OK)], {**VALUE, "value": {**GIVEN, "name": "x"}}, "sdk.value.fields"),
        ([exchange(GET, OK)], ERROR, "sdk.error.unprovoked"),
        ([exchange(GET, response(200, {**SERVED, "future": 1}))], ERROR, "sdk.value.unknown-fields"),
        ([exchange(GET, None, "closed")], {**ERROR, "is_sdk_error": False}, "sdk.error.own-class"),
        ([exchange(GET, BUSY)], {**ERROR, "message": None}, "sdk.error.message"),
    ],
)
def test_a_wrong_call_is_found(exchanges: list[RecordedExchange], reply: dict[str, Any], requirement: str) -> None:
    assert requirement in found(call(*exchanges), reply)


def test_an_attempt_that_differs_is_found() -> None:
    create = [request("POST", "/organizations", body) for body in (b'{"name":"A"}', b'{"name": "A"}')]
    recorded = call(exchange(create[0], BUSY), exchange(create[1], response(201, SERVED)))
    assert found(recorded, VALUE, "create", name="A") == ["sdk.retry.same-request"]


def test_an_attempt_without_an_extra_header_is_another_request() -> None:
    options = {"extra_headers": {"X-Team": "a"}}
    extra = request("GET", f"/organizations/{ID}", headers=(*USUAL, (b"X-Team", b"a")))
    for requests, requirement in (((extra, GET), "sdk.retry.same-request"), ((GET, GET), "sdk.options.extra-headers")):
        recorded = call(exchange(requests[0], BUSY), exchange(requests[1], OK))
        assert broken(judge_call("get", {"id": ID}, options, recorded, VALUE)) == [requirement]


def test_what_is_wrong_with_every_attempt_is_found_once() -> None:
    unauthorized = request("GET", f"/organizations/{ID}", headers=USUAL[2:])
    assert found(call(*[exchange(unauthorized, BUSY)] * 3), ERROR) == ["sdk.request.authorization"]


def test_late_requests_are_not_judged_with_their_call() -> None:
    recorded = call(exchange(GET, OK), exchange(request("GET", "/elsewhere"), OK))
    recorded.exchanges[1].late = True
    assert found(recorded, VALUE) == []


DOMAIN_OF_THE_FUTURE = {**SERVED["domains"][0], "state": "dormant"}


def test_an_unknown_member_of_an_enumeration_is_no_reason_for_an_error() -> None:
    served = response(200, {**SERVED, "domains": [DOMAIN_OF_THE_FUTURE]})
    assert found(call(exchange(GET, served)), ERROR) == ["sdk.value.unknown-enum"]


@pytest.mark.parametrize(
    ("status", "reply", "expected"),
    [
        (200, {**VALUE, "value": None}, []),
        (202, {**VALUE, "value": True}, []),
        (204, {**VALUE, "value": None}, []),
        (202, ERROR, ["sdk.value.delete-accepted"]),
        (204, ERROR, ["sdk.value.delete-no-content"]),
        (404, {**VALUE, "value": None}, ["sdk.error.raised"]),
    ],
)
def test_a_delete_succeeds_with_three_statuses(status: int, reply: dict[str, Any], expected: list[str]) -> None:
    recorded = call(exchange(request("DELETE", f"/organizations/{ID}"), response(status, b"Accepted")))
    assert found(recorded, reply, "delete", id=ID) == expected
