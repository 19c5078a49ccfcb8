"""Exchanges are told apart by the key that they show."""

import base64

import pytest

from conformance.harness.wire.proxy.recording import MOST_REQUESTS, RecordedRequest, Recorder


def request(authorization: bytes | None = None) -> RecordedRequest:
    headers = () if authorization is None else ((b"AUTHORIZATION", authorization),)
    return RecordedRequest(b"GET", b"/organizations?limit=1?&", headers, b"")


@pytest.mark.parametrize(
    "authorization",
    [b"Bearer sk_one", b"bearer  sk_one", b"sk_one", b"Basic " + base64.b64encode(b"sk_one:")],
    ids=["bearer", "lower case", "no scheme", "basic"],
)
def test_a_request_belongs_to_the_call_whose_key_it_shows(authorization: bytes) -> None:
    recorder = Recorder()
    one, other = recorder.begin("sk_one"), recorder.begin("sk_two")
    recorder.record(request(authorization), "http://target", 1)
    assert (len(one.exchanges), len(other.exchanges)) == (1, 0)


@pytest.mark.parametrize("authorization", [None, b"Bearer sk_unheard_of"])
def test_without_a_known_key_it_belongs_to_the_only_open_call(authorization: bytes | None) -> None:
    recorder = Recorder()
    recorder.begin("sk_over")
    recorder.end("sk_over")
    running = recorder.begin("sk_running")
    recorder.record(request(authorization), "http://target", 1)
    assert len(running.exchanges) == 1


@pytest.mark.parametrize("keys", [(), ("sk_one", "sk_two")], ids=["no call", "two calls"])
def test_without_a_known_key_it_is_a_stray_where_no_call_can_be_told(keys: tuple[str, ...]) -> None:
    recorder = Recorder()
    calls = [recorder.begin(key) for key in keys]
    recorder.record(request(), "http://target", 1)
    assert len(recorder.strays) == 1
    assert not any(call.exchanges for call in calls)


def test_what_comes_after_the_end_is_late() -> None:
    recorder = Recorder()
    call = recorder.begin("sk_one")
    recorder.record(request(b"Bearer sk_one"), "http://target", 1)
    recorder.end("sk_one")
    recorder.begin("sk_two")
    recorder.record(request(b"Bearer sk_one"), "http://target", 2)
    assert [exchange.connection for exchange in call.late] == [2]
    assert len(call.requests) == 1


@pytest.mark.parametrize("key", ["sk_10", "sk_1", "sk_100"])
def test_the_keys_of_calls_can_be_told_apart(key: str) -> None:
    recorder = Recorder()
    recorder.begin("sk_10")
    recorder.end("sk_10")
    with pytest.raises(ValueError, match="cannot be told"):
        recorder.begin(key)


def test_requests_without_end_are_counted_and_not_kept() -> None:
    recorder = Recorder()
    call = recorder.begin("sk_one")
    for _ in range(MOST_REQUESTS + 3):
        recorder.record(request(), "http://target", 1)
    assert (len(call.exchanges), call.overflow) == (MOST_REQUESTS, 3)


def test_a_request_is_read_by_its_parts() -> None:
    seen = request(b"Bearer sk_one")
    assert (seen.path, seen.query) == (b"/organizations", b"limit=1?&")
    assert seen.header("authorization") == [b"Bearer sk_one"]
    assert seen.header("accept") == []
