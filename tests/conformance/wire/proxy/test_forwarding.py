"""The recording proxy before a target: what it hands on, and what it makes of a target that gives nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from conformance.harness.wire.proxy import RecordingProxy
from conformance.harness.wire.proxy.replies import FORWARD, Forward, InTurn
from tests.conformance.servers import answering, send
from tests.conformance.wire.proxy.client import HEAD_END, KEY, connect, exchanged, received_whole, request


@pytest.fixture
def network() -> Iterator[httpx.HTTPTransport]:
    with httpx.HTTPTransport() as transport:
        yield transport


def test_a_request_is_forwarded_untouched_but_for_the_key(network: httpx.HTTPTransport) -> None:
    raw = request(
        "PUT", "/organizations//a%2fb/../%zz?x=%5B&&x", b'{"name":  "x"}', "Idempotency-Key: k", "X-Odd: 1", "TE: x",
        "Connection: X-Hop", "X-Hop: 1",
    )  # fmt: skip
    with answering(send(201, b'{"id": "1"}', x_request_id="req_9", connection="keep-alive")) as server:
        with RecordingProxy(f"{server.url}/v1", network.handle_request) as proxy:
            call = proxy.begin(KEY, FORWARD)
            with connect(proxy.url) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                response = received_whole(connection)
        taken = server.received[0]
    assert (taken.method, taken.path, taken.body) == (
        "PUT",
        "/v1/organizations//a%2fb/../%zz?x=%5B&&x",
        b'{"name":  "x"}',
    )
    assert taken.headers["idempotency-key"] == "k"
    assert not taken.headers.keys() & {"authorization", "te", "x-hop"}
    assert taken.headers["x-odd"] == "1"
    assert response.startswith(b"HTTP/1.1 201 ")
    assert response.endswith(HEAD_END + b'{"id": "1"}')
    assert call.exchanges[0].response is not None
    assert call.exchanges[0].response.header("x-request-id") == "req_9"


def test_a_response_is_lost_after_the_target_has_acted(network: httpx.HTTPTransport) -> None:
    with answering(send(201, b'{"id": "1"}')) as server:
        with RecordingProxy(server.url, network.handle_request) as proxy:
            call = proxy.begin(KEY, InTurn([Forward(lose_response=True), Forward()]))
            with connect(proxy.url) as connection:
                connection.sendall(request("POST", "/organizations", b"{}"))
                assert received_whole(connection) == b""
        assert len(server.received) == 1
    assert call.exchanges[0].response is not None
    assert call.exchanges[0].response.body == b'{"id": "1"}'
    assert call.exchanges[0].sent == b""


def test_a_target_that_gives_no_response_is_what_the_client_sees() -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    with RecordingProxy("http://target", unreachable) as proxy:
        call, response = exchanged(proxy, request(), Forward())
    assert response == b""
    assert isinstance(call.exchanges[0].error, httpx.ConnectError)
    assert call.exchanges[0].response is None


def test_what_the_guard_refuses_is_refused_and_known() -> None:
    def guarded(request: httpx.Request) -> httpx.Response:
        raise PermissionError(str(request.url))

    with RecordingProxy("http://target", guarded) as proxy:
        call, response = exchanged(proxy, request("DELETE", "/organizations/foreign"), Forward())
    assert response.startswith(b"HTTP/1.1 403 ")
    assert isinstance(call.exchanges[0].error, PermissionError)
