"""What fails for a moment is asked again, what is refused is not, and no more often than was asked for.

Nearly all time of these calls is the pause between attempts, so all of them are made side by side.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import pytest

from conformance.conftest import Observe
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.recording import RecordedRequest
from conformance.harness.wire.proxy.replies import Always, Fault, Reply
from conformance.sdk.attempts import (
    DATE_AHEAD,
    FAILURES,
    REFUSALS,
    RETRIES,
    WAIT,
    asked,
    calls_in_turn,
    cases,
    refusal,
    success,
)
from conformance.sdk.cases import ARGUMENTS, READS, each_of, each_operation
from conformance.sdk.conftest import SumUp
from specs.contract import operations

TIMEOUT = 2_000
"""Milliseconds that a caller is willing to wait for a response."""
SHORT_BOUND = 8_000
"""Milliseconds within which such a call with two retries must end, whatever Retry-After says."""


class Attempts(NamedTuple):
    """What came of every case, and of calls in turn."""

    tried: dict[str, Judged]
    in_turn: dict[str, list[Judged]]


@pytest.fixture(scope="session")
def attempts(sdk: SdkUnderTest) -> Attempts:
    """Both at the same time."""
    named, turns = dict(cases()), [list(calls_in_turn(name)) for name in READS]
    with ThreadPoolExecutor(1) as beside:
        made_in_turn = beside.submit(sdk.side_by_side, turns)
        tried = sdk.together(list(named.values()))
        return Attempts(dict(zip(named, tried, strict=True)), dict(zip(READS, made_in_turn.result(), strict=True)))


@pytest.fixture(scope="session")
def tried(attempts: Attempts) -> dict[str, Judged]:
    """What came of every case."""
    return attempts.tried


@pytest.fixture(scope="session")
def tried_for_long(sdk: SdkUnderTest) -> dict[str, Judged]:
    """Each read, told to wait for a day, or for no time that there is."""
    named = {
        f"{name} {label}": asked(name, Always(refusal(429, retry_after=text)), timeout_ms=TIMEOUT, bound_ms=SHORT_BOUND)
        for name in READS
        for label, text in (("day", "86400"), ("nonsense", "as soon as you like"))
    }
    return dict(zip(named, sdk.together(list(named.values())), strict=True))


def pauses(use: Judged) -> list[float]:
    """Seconds between the attempts."""
    return [later.arrived - earlier.arrived for earlier, later in pairwise(use.exchanges)]


def check_later_success(use: Judged, requirement: str, case: str) -> None:
    """Raises the finding when the request was not sent again, or its success did not come back."""
    attempts = len(use.requests)
    if attempts < 2:
        use.fail(requirement, f"another attempt after {case}", f"{attempts} request, {use.told}")
    _ = use.value


@each_operation("sdk.retry.status")
@pytest.mark.parametrize("status", FAILURES)
def test_a_read_that_fails_once_is_sent_again(tried: dict[str, Judged], operation: str, status: int) -> None:
    check_later_success(tried[f"{operation} {status} once"], "sdk.retry.status", str(status))


@each_operation("sdk.retry.status")
def test_each_call_of_a_client_may_be_repeated(attempts: Attempts, operation: str) -> None:
    """Retries are counted for each call: what an earlier one took is not missing from a later one."""
    for number, use in enumerate(attempts.in_turn[operation], 1):
        check_later_success(use, "sdk.retry.status", f"the failure of the client's call {number}")


@each_operation("sdk.retry.transport")
@pytest.mark.parametrize("fault", ["CLOSED", "RESET"])
def test_a_read_whose_connection_fails_is_sent_again(tried: dict[str, Judged], operation: str, fault: str) -> None:
    check_later_success(tried[f"{operation} {fault} once"], "sdk.retry.transport", Fault[fault].value)


@each_operation("sdk.retry.writes")
def test_what_becomes_of_a_write_that_fails(tried: dict[str, Judged], observe: Observe, operation: str) -> None:
    answered, cut = tried[f"{operation} 500 always"], tried[f"{operation} CLOSED once"]
    observe(f"{len(answered.requests)} requests after 500, {len(cut.requests)} after a closed connection")


@each_operation("sdk.retry.bound")
@pytest.mark.parametrize("status", [429, 500])
def test_a_call_is_tried_no_more_often_than_asked(tried: dict[str, Judged], operation: str, status: int) -> None:
    assert len(tried[f"{operation} {status} always"].requests) <= RETRIES + 1


@each_operation("sdk.retry.refusals")
@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_is_not_sent_again(tried: dict[str, Judged], operation: str, status: int) -> None:
    assert len(tried[f"{operation} {status} always"].requests) == 1


@pytest.mark.run_last
@each_of("sdk.retry.same-request")
def test_every_attempt_is_the_same_request(
    sum_up: SumUp, tried: dict[str, Judged], identifier: str, operation: str
) -> None:
    sum_up(list(tried.values()), identifier, operation)


@each_operation("sdk.retry.backoff")
@pytest.mark.parametrize("failure", ["500", "CLOSED"])
def test_there_are_pauses_between_attempts(tried: dict[str, Judged], operation: str, failure: str) -> None:
    use = tried[f"{operation} {failure} always"]
    if len(use.requests) > 1:  # whether there are other attempts at all is what sdk.retry.status is about
        assert sum(pauses(use)) > 0.1


@each_operation("sdk.retry.retry-after")
@pytest.mark.parametrize("status", FAILURES)
def test_the_next_attempt_waits_for_retry_after(tried: dict[str, Judged], operation: str, status: int) -> None:
    check_wait(tried[f"{operation} {status} wait"], "sdk.retry.retry-after", WAIT)


@each_operation("sdk.retry.retry-after-date")
@pytest.mark.parametrize("status", [429, 503])
def test_the_next_attempt_waits_until_the_date(tried: dict[str, Judged], operation: str, status: int) -> None:
    check_wait(tried[f"{operation} {status} date"], "sdk.retry.retry-after-date", DATE_AHEAD - 1)


def check_wait(use: Judged, requirement: str, seconds: float) -> None:
    """Raises the finding when the second attempt came too early; a clock may differ by some milliseconds."""
    check_later_success(use, requirement, "Retry-After")
    if pauses(use)[0] < seconds - 0.05:
        use.fail(requirement, f"the next request after {seconds} s", f"after {pauses(use)[0]:.2f} s")


@each_operation("sdk.retry.retry-after-zero")
def test_zero_seconds_are_no_obstacle(tried: dict[str, Judged], operation: str) -> None:
    check_later_success(tried[f"{operation} zero"], "sdk.retry.retry-after-zero", "Retry-After: 0")


@each_operation("sdk.retry.retry-after-bounded")
@pytest.mark.parametrize("time_to_wait", ["day", "nonsense"])
def test_nobody_waits_for_a_day(tried_for_long: dict[str, Judged], operation: str, time_to_wait: str) -> None:
    use = tried_for_long[f"{operation} {time_to_wait}"]
    if use.seconds * 1000 >= SHORT_BOUND:
        use.fail("sdk.retry.retry-after-bounded", f"an end within {SHORT_BOUND / 1000:g} s", use.told)


@pytest.fixture(scope="session")
def tried_once(sdk: SdkUnderTest) -> dict[str, Judged]:
    """Each operation, failing, without retries."""
    named = {
        f"{name} {label}": asked(name, Always(failure), retries=0, fresh=True)
        for name in operations()
        for label, failure in (("500", refusal(500)), ("429", refusal(429, retry_after="0")))
    }
    return dict(zip(named, sdk.together(list(named.values())), strict=True))


@each_operation("sdk.retry.none")
@pytest.mark.parametrize("status", [429, 500])
def test_without_retries_there_is_one_request(tried_once: dict[str, Judged], operation: str, status: int) -> None:
    assert len(tried_once[f"{operation} {status}"].requests) == 1


@each_operation("sdk.retry.none-on-a-dead-connection")
@pytest.mark.parametrize("fault", [Fault.CLOSED, Fault.RESET], ids=["CLOSED", "RESET"])
def test_a_request_on_a_dead_connection_is_not_sent_again(sdk: SdkUnderTest, operation: str, fault: Fault) -> None:
    """The connection has served a request before: some libraries repeat what was sent on such a one by themselves."""
    before = Ask("get", ARGUMENTS["get"], Always(success("get")))
    _, use = sdk.in_turn([before, Ask(operation, ARGUMENTS[operation], Always(Reply(fault=fault)))])
    assert len(use.requests) == 1


@pytest.mark.requirement("sdk.retry.given-key")
def test_every_attempt_carries_the_given_key(tried: dict[str, Judged], requirement: object) -> None:
    use = tried["create with key"]
    assert {key_of(request) for request in use.requests} == {"Key of the caller"}


@pytest.mark.requirement("sdk.retry.generated-key")
def test_a_create_that_is_sent_again_keeps_its_key(
    tried: dict[str, Judged], requirement: object, observe: Observe
) -> None:
    keys = [key_of(request) for request in tried["create again"].requests]
    observe(f"{len(keys)} requests, {len(set(keys) - {None})} keys")
    if len(keys) > 1:
        assert len(set(keys)) == 1
        assert keys[0]


@pytest.mark.requirement("sdk.retry.fresh-key")
def test_two_creates_have_two_keys(sdk: SdkUnderTest, requirement: object) -> None:
    create = Ask("create", ARGUMENTS["create"], Always(success("create")))
    keys = [key_of(request) for use in sdk.in_turn([create] * 3) for request in use.requests]
    generated = [key for key in keys if key is not None]
    assert len(set(generated)) == len(generated)


def key_of(request: RecordedRequest) -> str | None:
    """The idempotency key of a request, None without one."""
    return next((value.decode("utf-8", "replace") for value in request.header("idempotency-key")), None)
