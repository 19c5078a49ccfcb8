"""The recording proxy on real sockets: it records what came, and does what its script says."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest

from conformance.harness.wire.proxy import RecordingProxy, framing, recording
from conformance.harness.wire.proxy.replies import (
    Always,
    Fault,
    InTurn,
    Reply,
    json_reply,
    redirect,
)
from tests.conformance.wire.proxy.client import (
    BODY,
    HEAD_END,
    KEY,
    OK,
    connect,
    exchanged,
    received_whole,
    request,
)


@pytest.fixture
def proxy() -> Iterator[RecordingProxy]:
    with RecordingProxy() as listening:
        yield listening


def test_a_request_is_recorded_as_it_came(proxy: RecordingProxy) -> None:
    raw = request("PUT", "/organizations//a%2fb/../%zz?x=%5B&&x", b'{"name":  "Zo\xc3\xab"}', "X-ODD-Case:  value ")
    call, _ = exchanged(proxy, raw)
    recorded = call.requests[0]
    assert recorded.raw == raw
    assert recorded.method == b"PUT"
    assert recorded.target == b"/organizations//a%2fb/../%zz?x=%5B&&x"
    assert recorded.body == b'{"name":  "Zo\xc3\xab"}'
    assert (b"X-ODD-Case", b"value") in recorded.headers
    assert recorded.fault == ""


def test_a_chunked_body_is_put_together_and_its_framing_kept(proxy: RecordingProxy) -> None:
    raw = request("POST", "/organizations", b"", "Transfer-Encoding: chunked") + b"3\r\n{} \r\n1\r\n \r\n0\r\n\r\n"
    call, response = exchanged(proxy, raw)
    assert call.requests[0].body == b"{}  "
    assert call.requests[0].raw == raw
    assert response.endswith(BODY)


@pytest.mark.parametrize(
    "raw",
    [
        request(target="/organizations/a b"),
        request(target="/organizations/\u00e9"),
        request("POST", "/organizations", b'{"name": "cut off"}')[:-4],
        f"GET /organizations HTTP/1.1\r\nAuthorization: Bearer {KEY}\r\n\r\n".encode(),
    ],
    ids=["raw space", "raw UTF-8", "body cut off", "no host"],
)
def test_a_malformed_request_is_recorded_with_its_fault(proxy: RecordingProxy, raw: bytes) -> None:
    call, response = exchanged(proxy, raw)
    assert call.requests[0].raw == raw
    assert call.requests[0].target == raw.split(b" HTTP/1.1")[0].partition(b" ")[2]
    assert call.requests[0].fault
    assert response.startswith(b"HTTP/1.1 400 ")


def test_a_client_that_waits_to_be_told_to_go_on_is_told(proxy: RecordingProxy) -> None:
    proxy.begin(KEY, Always(OK))
    head, _, body = request("POST", "/organizations", b'{"name": "x"}', "Expect: 100-continue").partition(HEAD_END)
    with connect(proxy.url) as connection:
        connection.sendall(head + HEAD_END)
        assert connection.recv(65_536) == b"HTTP/1.1 100 \r\n\r\n"
        connection.sendall(body)
        connection.shutdown(socket.SHUT_WR)
        assert received_whole(connection).endswith(BODY)


def test_one_connection_serves_several_requests_and_pipelined_ones(proxy: RecordingProxy) -> None:
    call, response = exchanged(proxy, request(target="/first") + request("POST", "/second", b"{}"))
    assert [recorded.target for recorded in call.requests] == [b"/first", b"/second"]
    assert [exchange.connection for exchange in call.exchanges] == [1, 1]
    assert response.count(BODY) == 2
    assert call.exchanges[0].arrived <= call.exchanges[1].arrived


def test_a_connection_ends_when_the_client_says_so(proxy: RecordingProxy) -> None:
    call, _ = exchanged(proxy, request("GET", "/first", b"", "Connection: close") + request(target="/second"))
    assert [recorded.target for recorded in call.requests] == [b"/first"]


@pytest.mark.parametrize("status", [204, 304])
def test_some_statuses_have_no_body(proxy: RecordingProxy, status: int) -> None:
    _, response = exchanged(proxy, request(), Reply(status, (), BODY))
    assert response.endswith(HEAD_END)
    assert b"content-length" not in response


def test_the_response_to_head_has_no_body(proxy: RecordingProxy) -> None:
    _, response = exchanged(proxy, request("HEAD"))
    assert response.endswith(b"content-length: %d" % len(BODY) + HEAD_END)


def test_a_chunked_response_is_what_http_allows(proxy: RecordingProxy) -> None:
    proxy.begin(KEY, Always(Reply(body=BODY, chunked=True)))
    response = httpx.get(proxy.url, headers={"authorization": f"Bearer {KEY}"}, trust_env=False)
    assert response.content == BODY
    assert response.headers["transfer-encoding"] == "chunked"


def test_what_was_sent_is_noted(proxy: RecordingProxy) -> None:
    call, response = exchanged(proxy, request())
    assert call.exchanges[0].sent == response
    recorded = call.exchanges[0].response
    assert recorded is not None
    assert (recorded.status, recorded.body, recorded.header("X-Request-Id")) == (200, BODY, "req_scripted")


BROKEN: dict[Fault, Callable[[bytes], bool]] = {
    Fault.CLOSED: lambda raw: raw == b"",
    Fault.HALF_HEAD: lambda raw: raw.startswith(b"HTTP/1.1 200") and HEAD_END not in raw,
    Fault.HALF_BODY: lambda raw: raw.endswith(HEAD_END + BODY[: len(BODY) // 2]) and length(raw) == len(BODY),
    Fault.LENGTH_TOO_LONG: lambda raw: raw.endswith(HEAD_END + BODY) and length(raw) > len(BODY),
    Fault.LENGTH_TOO_SHORT: lambda raw: raw.endswith(HEAD_END + BODY) and length(raw) < len(BODY),
    Fault.CHUNKED_CUT_OFF: lambda raw: raw.endswith(b"%x\r\n%s\r\n" % (len(BODY), BODY)),
    Fault.NO_HTTP: lambda raw: not raw.startswith(b"HTTP/"),
    Fault.DRIP: lambda raw: raw.endswith(HEAD_END + BODY) and length(raw) == len(BODY),
}


def length(raw: bytes) -> int:
    return int(raw.partition(b"content-length: ")[2].partition(b"\r\n")[0])


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: fault.name)
def test_a_response_breaks_as_its_fault_says(
    proxy: RecordingProxy, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "DRIP_PAUSE", 0.001)
    call, response = exchanged(proxy, request() + request(), Reply(body=BODY, fault=fault))
    assert BROKEN[fault](response)
    assert call.exchanges[0].fault == fault.value
    assert call.exchanges[0].sent == response
    assert len(call.exchanges) == 1


@pytest.mark.parametrize(
    ("fault", "body", "complete"),
    [
        (Fault.DRIP, BODY, True),
        (Fault.LENGTH_TOO_SHORT, BODY[: len(BODY) // 2], True),
        (Fault.LENGTH_TOO_LONG, BODY, False),
        (Fault.HALF_BODY, BODY, False),
    ],
)
def test_a_broken_response_is_recorded_as_its_head_frames_it(
    proxy: RecordingProxy, fault: Fault, body: bytes, complete: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "DRIP_PAUSE", 0.001)
    call, _ = exchanged(proxy, request(), Reply(body=BODY, fault=fault))
    (only,) = call.exchanges
    assert only.response is not None
    assert (only.response.body, only.complete) == (body, complete)


@pytest.mark.parametrize(("fault", "before"), [(Fault.RESET, b""), (Fault.RESET_IN_BODY, BODY[: len(BODY) // 2])])
def test_a_connection_is_reset(proxy: RecordingProxy, fault: Fault, before: bytes) -> None:
    call = proxy.begin(KEY, Always(Reply(body=BODY, fault=fault)))
    with connect(proxy.url) as connection:
        connection.sendall(request())
        with pytest.raises(ConnectionResetError):
            received_whole(connection)
    assert call.exchanges[0].sent.endswith(before)


@pytest.mark.parametrize(("fault", "before"), [(Fault.HANG, b""), (Fault.HANG_IN_BODY, BODY[: len(BODY) // 2])])
def test_a_response_that_hangs_comes_to_its_end_with_the_proxy(fault: Fault, before: bytes) -> None:
    with RecordingProxy() as proxy:
        call = proxy.begin(KEY, Always(Reply(body=BODY, fault=fault)))
        connection = connect(proxy.url)
        connection.sendall(request())
        if before:
            assert connection.recv(65_536)
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            received_whole(connection)
    with closing(connection):
        assert received_whole(connection) == b""
    assert call.exchanges[0].sent.endswith(before)


def test_a_late_response_is_a_whole_one(proxy: RecordingProxy) -> None:
    _, response = exchanged(proxy, request(), Reply(body=BODY, delay=0.01))
    assert response.endswith(BODY)


def test_addresses_that_never_read(proxy: RecordingProxy) -> None:
    with pytest.raises(ConnectionRefusedError):
        connect(proxy.refusing_url)
    with pytest.raises(ConnectionResetError):
        talk(proxy.slamming_url)
    assert proxy.slammed == 1


def talk(url: str) -> None:
    """Connects and reads; either may notice that the connection is gone."""
    with connect(url) as connection:
        received_whole(connection)


def test_one_request_after_the_other_gets_its_own_reply(proxy: RecordingProxy) -> None:
    proxy.begin(KEY, InTurn([json_reply(503, {}), OK]))
    with httpx.Client(base_url=proxy.url, headers={"authorization": f"Bearer {KEY}"}, trust_env=False) as client:
        assert [client.get("/").status_code for _ in range(3)] == [503, 200, 200]


@pytest.mark.parametrize("other", ["elsewhere_url", "other_port_url"])
def test_another_origin_records_what_a_redirect_sends_there(proxy: RecordingProxy, other: str) -> None:
    url = getattr(proxy, other)
    call = proxy.begin(KEY, InTurn([redirect(307, f"{url}/taken"), OK]))
    response = httpx.post(
        f"{proxy.url}/organizations",
        content=b"{}",
        headers={"authorization": f"Bearer {KEY}", "idempotency-key": "k"},
        follow_redirects=True,
        trust_env=False,
    )
    assert response.content == BODY
    here, there = call.exchanges
    assert (here.origin, there.origin) == (proxy.url, url)
    assert here.request.header("authorization") == [f"Bearer {KEY}".encode()]
    assert there.request.header("authorization") == []
    assert (there.request.method, there.request.target) == (b"POST", b"/taken")


def test_a_call_that_is_over_is_answered_no_more(proxy: RecordingProxy) -> None:
    call = proxy.begin(KEY, Always(OK))
    with connect(proxy.url) as connection:
        connection.sendall(request(target="/in-time"))
        connection.recv(65_536)
        assert proxy.end(KEY) is call
        connection.sendall(request(target="/late"))
        connection.shutdown(socket.SHUT_WR)
        assert received_whole(connection).startswith(b"HTTP/1.1 403 ")
    assert [exchange.request.target for exchange in call.late] == [b"/late"]
    assert [recorded.target for recorded in call.requests] == [b"/in-time"]


def test_a_call_without_end_is_answered_no_more(proxy: RecordingProxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MOST_REQUESTS", 2)
    call, response = exchanged(proxy, request() * 4)
    assert (len(call.exchanges), call.overflow) == (2, 2)
    assert (response.count(b"HTTP/1.1 200 "), response.count(b"HTTP/1.1 403 ")) == (2, 2)


def test_a_request_out_of_nowhere_is_kept_and_refused(proxy: RecordingProxy) -> None:
    assert httpx.get(f"{proxy.url}/x", trust_env=False).status_code == 403
    assert [exchange.request.target for exchange in proxy.strays] == [b"/x"]


@pytest.mark.parametrize("reply", [Reply(fault=Fault.HANG), Reply(delay=60.0)], ids=["hangs", "is late"])
def test_nothing_is_left_after_closing(reply: Reply) -> None:
    before = set(threading.enumerate())
    with RecordingProxy() as proxy:
        proxy.begin(KEY, Always(reply))
        connections = [connect(proxy.url) for _ in range(3)]
        connections[0].sendall(request())
        connections[1].sendall(request()[:20])
    for connection in connections:
        with closing(connection), contextlib.suppress(ConnectionResetError):
            received_whole(connection)
    assert set(threading.enumerate()) == before
    for url in (proxy.url, proxy.elsewhere_url, proxy.other_port_url, proxy.slamming_url, proxy.refusing_url):
        with pytest.raises(ConnectionRefusedError):
            connect(url)
