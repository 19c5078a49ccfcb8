"""A target, or a proxy before it, that closes connections between two requests without saying so."""

from __future__ import annotations

import itertools
import select
import socket
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.conformance.client import client_to
from tests.conformance.servers import Answering, Connection, Server, answering, send
from tests.conformance.suite import judge
from tests.reach.proxies import Serve, closing_after, closing_in_the_middle, closing_on_the_next_request, proxy

KEY = "sk_test_reach"
PATIENCE = 20.0
LONG = 8.0
KNOWN = 5
"""Requests after which the target is known to keep connections."""
SEVERAL = 20

WAYS: dict[str, Serve] = {
    "on the next request": closing_on_the_next_request,
    "at once after a response": closing_after(0.0),
    "a moment after a response": closing_after(0.002),
    "when idle for long": closing_after(0.3),
    "in the middle of a request": closing_in_the_middle,
}


@pytest.fixture
def emulator() -> Iterator[str]:
    with serving(Api(Store(), KEY).app()) as url:
        yield url


def judged(url: str, output: Path) -> dict[tuple[str, str], str]:
    """What a run found that came to its end and left nothing, by requirement and operation."""
    result = judge(output, "--base-url", url, "--api-key", KEY)
    assert result.exit_code == 0, result.text
    assert (result.verdict["left"], result.verdict["suite_errors"]) == ([], [])
    return {(outcome["requirement"], outcome["operation"]): outcome["status"] for outcome in result.verdict["outcomes"]}


@pytest.mark.parametrize("serve", WAYS.values(), ids=WAYS)
def test_a_target_that_hangs_up_between_requests_has_no_finding(serve: Serve, emulator: str, tmp_path: Path) -> None:
    with proxy(emulator, serve) as url:
        judged(url, tmp_path)


def test_a_target_that_hangs_up_has_the_same_verdict_each_time(emulator: str, tmp_path: Path) -> None:
    with proxy(emulator, closing_after(0.001)) as url:
        first, *others = (judged(url, tmp_path / str(attempt)) for attempt in range(3))
    assert others == [first, first]


def hangs_up_from(count: int) -> Answering:
    """Answers so many requests on each connection, then hangs up on the next one."""
    numbers: dict[object, itertools.count[int]] = {}

    def response(connection: Connection) -> None:
        if next(numbers.setdefault(connection, itertools.count())) < count:
            connection.send()
        else:
            connection.hang_up()

    return response


@pytest.mark.parametrize(("method", "operation"), [("GET", "list"), ("PUT", "update")])
def test_a_request_that_can_be_repeated_is_sent_once_more(method: str, operation: str) -> None:
    with answering(hangs_up_from(1)) as server, client_to(server.url) as client:
        path = "/organizations" if method == "GET" else f"/organizations/{client.ownership.unknown_id()}"
        for _ in range(3):
            assert client.send(method, path, operation).status == 200
    assert len(server.received) == 4  # the second one was sent twice; for the third, no connection was left


def test_a_new_connection_without_a_response_is_a_fault() -> None:
    with answering(hangs_up_from(0)) as server, client_to(server.url) as client:
        assert client.send().fault
    assert len(server.received) == 1


@pytest.mark.parametrize(("method", "operation"), [("POST", "create"), ("DELETE", "delete")])
def test_a_request_that_may_have_been_carried_out_never_meets_a_used_connection(method: str, operation: str) -> None:
    with answering(hangs_up_from(1)) as server, client_to(server.url) as client:
        path = "/organizations" if method == "POST" else f"/organizations/{client.ownership.unknown_id()}"
        for _ in range(3):
            assert client.send().status == 200
            assert client.send(method, path, operation).status == 200
    assert [request.method for request in server.received].count(method) == 3


def test_half_a_response_is_no_closed_connection() -> None:
    def response(connection: Connection) -> None:
        if len(connection.server.received) == 1:
            connection.send()
        else:
            connection.write(b"HTTP/1.1 200 OK\r\ncontent-")
            connection.hang_up()

    with answering(response) as server, client_to(server.url) as client:
        assert client.send().status == 200
        assert client.send().fault
    assert len(server.received) == 2


def waiting_for_the_first_byte(server: Server) -> tuple[socket.socket, tuple[str, int]]:
    """Accepts as a server does that handles TLS in the loop that accepts: nobody else meanwhile."""
    accepted, address = server.socket.accept()
    select.select([accepted], [], [], PATIENCE)
    return accepted, address


@pytest.fixture
def blocking() -> Iterator[Server]:
    """A server that accepts no connection while the one before it says nothing."""
    with mock.patch.object(Server, "get_request", waiting_for_the_first_byte), answering(send()) as server:
        yield server


def test_connections_opened_ahead_keep_no_request_waiting(blocking: Server) -> None:
    """Each of the first pairs of connections comes to the server in an order of its own, so several are asked for."""
    with client_to(blocking.url, timeout=LONG) as client:
        for _ in range(KNOWN):
            assert client.send().status == 200
        for _ in range(SEVERAL):
            assert client.send("POST", "/organizations", "create").status == 200


def test_connections_opened_ahead_keep_no_other_process_waiting(blocking: Server) -> None:
    with client_to(blocking.url, timeout=LONG) as client, client_to(blocking.url, timeout=LONG) as other:
        for _ in range(KNOWN):
            assert client.send().status == 200
        assert client.send("POST", "/organizations", "create").status == 200
        assert other.send().status == 200
