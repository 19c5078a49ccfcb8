"""What a run may spend, with several requests under way at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.limits import Limits

TARGET = Target("http://127.0.0.1:1", "sk_test_limits", lag=0.0, max_retry_wait=1.0, max_slowness=4.0)
SLOW = Exchange("list", "GET", "/organizations", {}, b"", Response(200, {}, b"{}"), seconds=3.0)


def test_what_several_wait_for_at_the_same_time_is_spent_once() -> None:
    limits = Limits(TARGET)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(limits.wait, [0.6] * 8))
    assert limits.wait(0.01)


def test_what_they_wait_for_one_after_the_other_adds_up() -> None:
    limits = Limits(replace(TARGET, max_retry_wait=0.15))
    assert limits.wait(0.1)
    assert not limits.wait(0.1)


def test_a_target_that_serves_one_after_the_other_is_not_slow() -> None:
    limits = Limits(TARGET)
    for _ in range(20):
        limits.note(SLOW, waited=0.0, beside=8)
    assert limits.reason == ""


def test_a_target_that_takes_long_for_each_is_slow() -> None:
    limits = Limits(TARGET)
    for _ in range(3):
        limits.note(SLOW, waited=0.0)
    assert limits.reason.startswith("the target is too slow")


def test_requests_under_way_are_counted() -> None:
    limits = Limits(TARGET)
    assert (limits.begin(), limits.begin()) == (1, 2)
    limits.finish()
    assert limits.begin() == 2
