"""The host, over drivers that each have one fault."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from sdks import host as host_module
from sdks.calls import Client, Failed, Failure, Limits, NotExpressible, Options, Returned, SdkCall
from sdks.errors import SdkError
from sdks.host import Host
from sdks.protocol import ProtocolError
from tests.sdks.conftest import SOON, a_call, installed
from tests.sdks.waiting import has_ended

Start = Callable[[str], Host]


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_module, "GRACE_SECONDS", 0.1)


def returned(reply: object) -> Any:
    assert isinstance(reply, Returned), reply
    return json.loads(reply.value)


def failed(reply: object, failure: Failure) -> Failed:
    assert isinstance(reply, Failed), reply
    assert reply.failure is failure, reply
    return reply


def test_a_call_reaches_the_driver_as_it_is(start: Start) -> None:
    call = SdkCall(
        "update",
        {"id": "org_1", "name": "ä\u2028\ud83d", "external_id": None, "metadata": {"$date": "x", "__proto__": None}},
        Client("http://127.0.0.1:1", "sk_1", max_retries=0, timeout_ms=5, shared="a"),
        Options(idempotency_key="k", extra_headers={"X-A": "b"}, timeout_ms=1, max_retries=2, base_url="http://b"),
        Limits(items=3, ms=4000),
    )
    received = returned(start("faithful").call(call))
    assert received == {
        "cmd": "call",
        "seq": received["seq"],
        "op": "update",
        "args": call.args,
        "client": {
            "base_url": "http://127.0.0.1:1",
            "api_key": "sk_1",
            "max_retries": 0,
            "timeout_ms": 5,
            "shared": "a",
        },
        "opts": {
            "idempotency_key": "k",
            "extra_headers": {"X-A": "b"},
            "timeout_ms": 1,
            "max_retries": 2,
            "base_url": "http://b",
        },
        "limits": {"items": 3, "ms": 4000},
    }


def test_what_is_not_given_is_not_sent(start: Start) -> None:
    received = returned(start("faithful").call(a_call("list")))
    assert received["args"] == {}
    assert received["opts"] == {}
    assert received["client"] == {"base_url": "http://127.0.0.1:1", "api_key": "sk_test_1"}


def test_a_call_that_needs_what_is_declared_as_unsupported_is_not_sent(start: Start) -> None:
    reply = start("faithful").call(a_call("create", name="A", domains=[]))
    assert reply == NotExpressible({"create.domains": "There is no such parameter."})


def test_what_only_the_driver_can_see_comes_with_the_declared_reason(start: Start) -> None:
    reply = start("sees-only-later").call(a_call("list"))
    assert reply == NotExpressible({"unknown.list.order": "The enum has no such member."})


def test_a_call_that_is_none_of_the_protocol_is_an_error_of_the_caller(start: Start) -> None:
    with pytest.raises(ProtocolError, match="'nmae' was unexpected"):
        start("faithful").call(a_call("create", nmae="A"))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("noise-on-stdout", "DeprecationWarning"),
        ("answers-another-call", "nothing that was asked"),
        ("unknown-reply", "'done' is no reply"),
        ("breaks-the-schema", "value"),
        ("not-a-number", "NaN is not JSON"),
        ("undeclared", "unknown.list.order was not declared"),
        ("writes-without-end", "a line of more than"),
    ],
)
def test_what_is_no_reply_is_a_failure_of_the_call(start: Start, fault: str, message: str) -> None:
    reply = failed(start(fault).call(a_call()), Failure.PROTOCOL)
    assert message in reply.message


def test_an_iteration_must_say_whether_it_came_to_its_end(start: Start) -> None:
    assert "complete" in failed(start("forgets-complete").call(a_call("iterate")), Failure.PROTOCOL).message


@pytest.mark.parametrize("pause", [0, 0.3], ids=["at once", "later"])
def test_a_second_reply_to_one_call_fails_the_next_one(start: Start, pause: float) -> None:
    host = start("answers-twice")
    returned(host.call(a_call()))
    time.sleep(pause)
    failed(host.call(a_call()), Failure.PROTOCOL)
    returned(host.call(a_call()))


def test_a_fault_of_the_driver_itself_is_no_error_of_the_sdk(start: Start) -> None:
    assert failed(start("fails-itself").call(a_call()), Failure.HARNESS).message == "KeyError: 'op'"


def test_a_call_that_hangs_is_ended_and_the_next_one_has_a_new_driver(start: Start) -> None:
    host = start("hangs")
    reply = failed(host.call(a_call("get", SOON)), Failure.HUNG)
    assert "no reply within" in reply.message
    assert reply.stderr == "waiting for nothing\n"
    returned(host.call(a_call()))


def test_a_call_that_was_ended_with_one_that_hangs_says_so(start: Start) -> None:
    host = start("hangs")
    one, other = host.call_together([a_call("get", SOON), a_call("get")])
    failed(one, Failure.HUNG)
    assert "ended with another call (get: no reply" in failed(other, Failure.DIED).message


def test_nothing_of_a_driver_that_hangs_is_left(start: Start) -> None:
    host = start("hangs-with-a-child")
    processes = returned(host.call(a_call()))
    failed(host.call(a_call("get", SOON)), Failure.HUNG)
    assert all(has_ended(process) for process in processes)


def test_a_driver_that_reads_nothing_holds_up_nobody(start: Start) -> None:
    host = start("reads-nothing-more")
    large = a_call("create", SOON, name="A" * 10_000_000)
    assert failed(host.call(large), Failure.HUNG)


def test_a_driver_that_dies_fails_its_call_and_the_next_one_has_a_new_driver(start: Start) -> None:
    host = start("dies")
    reply = failed(host.call(a_call("get")), Failure.DIED)
    assert reply.message == "the driver ended without a reply (status 3)"
    assert reply.stderr == "Segmentation fault\n"
    returned(host.call(a_call()))


def test_half_a_reply_is_none(start: Start) -> None:
    assert "status 4" in failed(start("dies-in-the-middle-of-a-line").call(a_call()), Failure.DIED).message


def test_a_driver_may_start_slowly(start: Start) -> None:
    returned(start("starts-slowly").call(a_call()))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("dies-at-start", r"did not start: .*\(status 1\): ModuleNotFoundError: No module named 'workos'$"),
        ("cannot-start", "did not start: unsupported.json: no such file$"),
        ("another-version", "the package that was loaded reports version 10.7.9$"),
        ("another-sdk", "its driver speaks for ruby$"),
    ],
)
def test_a_driver_that_is_not_what_was_asked_for_is_refused_in_one_line(fault: str, message: str) -> None:
    with pytest.raises(SdkError, match=f"^python==10.8.0: .*{message}"):
        Host(installed(fault))


def test_a_driver_that_never_starts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_module, "START_SECONDS", 0.3)
    with pytest.raises(SdkError, match=r"did not start: start: no reply within 0\.3 s"):
        Host(installed("never-starts"))


def test_the_end_of_standard_error_is_kept(start: Start) -> None:
    host = start("talks-on-stderr")
    returned(host.call(a_call()))
    host.close()
    assert host.stderr.endswith("line 19999\n")
    assert len(host.stderr) <= 16 * 1024


def test_calls_made_together_run_together_and_keep_their_order(start: Start) -> None:
    replies = start("answers-backwards").call_together([a_call(external_id="1"), a_call(external_id="2")])
    assert [returned(reply)["args"]["external_id"] for reply in replies] == ["1", "2"]


def test_a_driver_that_runs_one_call_at_a_time_gets_one_at_a_time(start: Start) -> None:
    replies = start("one-by-one").call_together([a_call(external_id="1"), a_call(external_id="2")])
    assert [returned(reply)["args"]["external_id"] for reply in replies] == ["1", "2"]


def test_what_configures_an_sdk_or_a_proxy_does_not_reach_the_driver(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WORKOS_API_KEY", "WORKOS_BASE_URL", "HTTPS_PROXY", "http_proxy", "no_proxy", "NODE_OPTIONS"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("LC_ALL", "C")
    seen = returned(start("shows-its-environment").call(a_call()))
    assert not [name for name in seen if name.upper().startswith("WORKOS_") or name.upper().endswith("_PROXY")]
    assert "NODE_OPTIONS" not in seen
    assert seen["LC_ALL"] == "C.UTF-8"
    assert seen["PATH"] == os.environ["PATH"]


def test_a_driver_that_does_not_stop_is_ended() -> None:
    host = Host(installed("outlives-its-input"))
    pid = host.pid
    host.close()
    assert has_ended(pid)


def test_a_call_after_the_end_starts_a_new_driver(start: Start) -> None:
    host = start("faithful")
    host.close()
    returned(host.call(a_call()))
