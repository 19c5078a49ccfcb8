"""Scripts decide what is done with each request."""

import pytest

from conformance.harness.wire.proxy.recording import RecordedRequest
from conformance.harness.wire.proxy.replies import ByCursor, InTurn, Reply, json_reply, redirect

FIRST, SECOND = json_reply(200, {"page": 1}), json_reply(200, {"page": 2})


def request(target: str) -> RecordedRequest:
    return RecordedRequest(b"GET", target.encode(), (), b"")


def test_the_last_of_several_actions_stays() -> None:
    script = InTurn([FIRST, SECOND])
    assert [script.action(request("/")) for _ in range(4)] == [FIRST, SECOND, SECOND, SECOND]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/organizations", FIRST),
        ("/organizations?limit=10&order=desc", FIRST),
        ("/organizations?after=org%5F2&limit=10", SECOND),
        ("/organizations?limit=10&after=org_2", SECOND),
    ],
)
def test_a_page_is_found_by_its_cursor_whenever_it_is_asked_for(target: str, expected: Reply) -> None:
    script = ByCursor({None: FIRST, "org_2": SECOND})
    assert [script.action(request(target)) for _ in range(2)] == [expected, expected]


def test_an_unknown_cursor_is_refused() -> None:
    action = ByCursor({None: FIRST}).action(request("/organizations?after=org_9"))
    assert isinstance(action, Reply)
    assert action.status == 422


def test_a_header_of_a_json_reply_stands_in_the_place_of_the_usual_one() -> None:
    reply = json_reply(429, {"message": "Zoë"}, retry_after="1", x_request_id="req_9")
    assert reply.body == '{"message": "Zoë"}'.encode()
    assert dict(reply.headers) == {
        b"content-type": b"application/json; charset=utf-8",
        b"retry-after": b"1",
        b"x-request-id": b"req_9",
    }


def test_a_redirect_says_where_to_go() -> None:
    assert dict(redirect(307, "http://localhost:1/x").headers)[b"location"] == b"http://localhost:1/x"
