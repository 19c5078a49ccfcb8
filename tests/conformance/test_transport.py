from __future__ import annotations

import socket
import struct
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import ForeignOrganizationError
from conformance.harness.wire.transports.limits import Limits, RunEndedError

from .client import KEY, LARGEST, TIMEOUT, WORD, client_to
from .servers import Answering, Connection, answering, in_turn, send

BOUND = 2 * TIMEOUT + 1.0
"""Seconds after which every answer must be over: two timeouts, and what a busy machine adds."""
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


# ---- the key


def test_the_key_reaches_the_target() -> None:
    with answering(send()) as server, client_to(server.url) as client:
        exchange = client.send()
    assert server.received[0].headers["authorization"] == f"Bearer {KEY}"
    assert exchange.headers["authorization"] == "Bearer $WORKOS_API_KEY"


def test_another_authorization_takes_the_place_of_the_key() -> None:
    with answering(send()) as server, client_to(server.url) as client:
        client.send(extensions={"authorization": "Bearer wrong", "shown_authorization": "Bearer <wrong>"})
        client.send(extensions={"authorization": None, "shown_authorization": ""})
    wrong, none = server.received
    assert wrong.headers["authorization"] == "Bearer wrong"
    assert "authorization" not in none.headers
    shown, hidden = client.listener.exchanges
    assert shown.headers["authorization"] == "Bearer <wrong>"
    assert "authorization" not in hidden.headers


def test_an_exchange_holds_the_bytes_as_they_came() -> None:
    echo = f'{{"message": "not {KEY}!"}}'.encode()
    with answering(send(401, echo, x_seen=f"Bearer {KEY}")) as server, client_to(server.url) as client:
        exchange = client.send()
    assert exchange.response is not None
    assert exchange.response.body == echo
    assert exchange.response.headers["x-seen"] == f"Bearer {KEY}"
    assert KEY not in repr(exchange.headers)


# ---- other people's organizations


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/organizations/org_FOREIGN", "/organizations/org%5FFOREIGN?x=/org_OWN"])
def test_a_foreign_organization_is_never_changed(method: str, path: str) -> None:
    with answering(send()) as server, client_to(server.url) as client:
        client.claim("org_OWN")
        with pytest.raises(ForeignOrganizationError, match="FOREIGN"):
            client.send(method, path, "delete")
    assert server.received == []


def test_a_claim_is_confirmed_by_reading_first_and_once() -> None:
    shown = f'{{"id": "org_OWN", "name": "{WORD} x", "created_at": "2999-01-01T00:00:00Z"}}'.encode()
    with answering(send(body=shown)) as server, client_to(server.url) as client:
        client.claim("org_OWN")
        client.send("PUT", "/organizations/org_OWN", "update")
        client.send("DELETE", "/organizations/org_OWN", "delete")
    assert [request.method for request in server.received] == ["GET", "PUT", "DELETE"]
    assert [exchange.operation for exchange in client.listener.exchanges] == ["get", "update", "delete"]


def test_a_claim_on_what_others_made_is_given_up() -> None:
    with answering(send(body=b'{"name": "somebody else\'s"}')) as server, client_to(server.url) as client:
        client.claim("org_STOLEN")
        with pytest.raises(ForeignOrganizationError):
            client.send("DELETE", "/organizations/org_STOLEN", "delete")
    assert [request.method for request in server.received] == ["GET"]


def test_an_unknown_id_needs_no_reading() -> None:
    with answering(send()) as server, client_to(server.url) as client:
        client.send("DELETE", f"/organizations/{client.ownership.unknown_id()}", "delete")
    assert [request.method for request in server.received] == ["DELETE"]


# ---- too many requests


def in_a_second(ahead: timedelta = timedelta()) -> str:
    return format_datetime(datetime.now(UTC) + ahead + timedelta(seconds=2), usegmt=True)


@pytest.mark.parametrize(
    ("retry_after", "least"),
    [
        ("1", 1.0),
        (None, 0.2),
        ("soon", 0.2),
        ("-1", 0.2),
        ("²", 0.2),
        ("Mon, 01 Jan 0001 00:00:00 -0000", 0.0),
    ],
)
def test_a_429_is_waited_out(retry_after: str | None, least: float) -> None:
    refused = send(429) if retry_after is None else send(429, retry_after=retry_after)
    with answering(in_turn(refused, send())) as server, client_to(server.url) as client:
        exchange = client.send()
    assert exchange.status == 200
    assert exchange.seconds >= least
    assert len(server.received) == 2


def test_a_date_is_meant_by_the_clock_of_the_target() -> None:
    ahead = timedelta(minutes=5)
    refused = send(429, retry_after=in_a_second(ahead), date=format_datetime(datetime.now(UTC) + ahead, usegmt=True))
    with answering(in_turn(refused, send())) as server, client_to(server.url, max_retry_wait=5.0) as client:
        assert client.send().status == 200


def test_a_429_is_waited_out_until_a_date() -> None:
    with answering(in_turn(send(429, retry_after=in_a_second()), send())) as server, client_to(server.url) as client:
        exchange = client.send()
    assert exchange.status == 200
    assert exchange.seconds > 0.5


def test_patience_ends_where_the_pause_would_be_too_long() -> None:
    with answering(send(429, retry_after="60")) as server, client_to(server.url, max_retry_wait=1.0) as client:
        exchange = client.send()
    assert exchange.status == 429
    assert len(server.received) == 1


def test_the_run_is_over_where_patience_ends() -> None:
    with answering(send(429)) as server, client_to(server.url, max_retry_wait=0.6) as client:
        assert client.send().status == 429
        before = len(server.received)
        with pytest.raises(RunEndedError, match="GET is answered with 429"):
            client.send()
    assert len(server.received) == before


def test_requests_that_are_put_off_together_spend_the_pause_once() -> None:
    limits = Limits(Target("http://target", KEY, lag=0.0, max_retry_wait=1.0))
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(limits.wait, [0.6] * 4)) == [True] * 4
    assert not limits.wait(0.6)


@pytest.mark.parametrize("end", [lambda limits: limits.end("over"), Limits.shorten_removal, Limits.end_removal])
def test_a_pause_ends_with_the_run(end: Callable[[Limits], None]) -> None:
    limits = Limits(Target("http://target", KEY, lag=0.0, max_retry_wait=60.0))
    started = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        pause = pool.submit(limits.wait, 30.0)
        end(limits)
        assert not pause.result()
    assert time.monotonic() - started < 15


def test_a_429_without_a_pause_is_not_met_with_a_storm() -> None:
    with answering(send(429, retry_after="0")) as server, client_to(server.url, max_retry_wait=0.6) as client:
        assert client.send().status == 429
    assert len(server.received) < 10


# ---- answers that are none


def endless(connection: Connection) -> None:
    connection.write(HEAD + b"\r\n")
    while not connection.wait(0):
        connection.write(b" " * 65_536)


def dripping_body(connection: Connection) -> None:
    connection.write(HEAD + b"content-length: 9999\r\n\r\n")
    while not connection.wait(0.1):
        connection.write(b" ")


def dripping_head(connection: Connection) -> None:
    connection.write(HEAD)
    while not connection.wait(0.1):
        connection.write(b"x-drip: drop\r\n")


def ever_continuing(connection: Connection) -> None:
    while not connection.wait(0.05):
        connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def hanging(connection: Connection) -> None:
    connection.wait()


def truncated(connection: Connection) -> None:
    connection.write(HEAD + b'content-length: 100\r\n\r\n{"id"')
    connection.hang_up()


def reset(connection: Connection) -> None:
    connection.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.hang_up()


def silent(connection: Connection) -> None:
    connection.hang_up()


def not_http(connection: Connection) -> None:
    connection.write(b"SSH-2.0-OpenSSH_9.6\r\n")
    connection.hang_up()


def broken_chunks(connection: Connection) -> None:
    connection.write(HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n")
    connection.hang_up()


def huge_head(connection: Connection) -> None:
    connection.write(HEAD + b"x-huge: " + b"h" * 1_000_000 + b"\r\ncontent-length: 0\r\n\r\n")
    connection.hang_up()


NO_ANSWERS: list[Answering] = [
    endless, dripping_body, hanging, truncated, reset, silent, not_http, broken_chunks, huge_head,
]  # fmt: skip
ENDLESS_HEADS: list[Answering] = [dripping_head, ever_continuing]


@pytest.mark.parametrize(
    "response",
    [*NO_ANSWERS, *ENDLESS_HEADS],
    ids=lambda response: response.__name__,
)
def test_what_is_no_answer_is_a_fault_within_bounds(response: Answering) -> None:
    started = time.monotonic()
    with answering(response) as server, client_to(server.url) as client:
        exchange = client.send()
        took = time.monotonic() - started
    assert (exchange.response, exchange.status) == (None, None)
    assert exchange.fault
    assert took < BOUND
    assert client.listener.exchanges == [exchange]


def test_a_wrong_content_encoding_is_a_fault() -> None:
    with answering(send(body=b'{"plain": true}', content_encoding="gzip")) as server, client_to(server.url) as client:
        exchange = client.send()
    assert "encoding" in exchange.fault


def test_an_answer_is_measured_unpacked() -> None:
    packed = zlib.compress(b" " * 100 * LARGEST)
    assert len(packed) < LARGEST
    with answering(send(body=packed, content_encoding="deflate")) as server, client_to(server.url) as client:
        exchange = client.send()
    assert exchange.response is None
    assert str(LARGEST) in exchange.fault


def test_a_packed_answer_is_read() -> None:
    packed = zlib.compress(b'{"id": 1}')
    with answering(send(body=packed, content_encoding="deflate")) as server, client_to(server.url) as client:
        exchange = client.send()
    assert exchange.response is not None
    assert exchange.response.json == {"id": 1}


def test_nobody_listening_is_a_fault() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with client_to(f"http://127.0.0.1:{port}") as client:
        assert "refused" in client.send().fault


@pytest.mark.parametrize("location", ["/elsewhere", "http://host:port/", "mailto:x"])
def test_a_redirection_is_an_answer_and_not_followed(location: str) -> None:
    with answering(send(301, location=location)) as server, client_to(server.url) as client:
        exchange = client.send()
    assert exchange.status == 301
    assert len(server.received) == 1


def test_a_cookie_is_not_kept() -> None:
    with answering(send(set_cookie="session=1")) as server, client_to(server.url) as client:
        client.send()
        client.send()
    assert "cookie" not in server.received[1].headers
