"""An option of one call does what it says, in that call and in no other."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.replies import Always, ByCursor, Fault, InTurn, Reply, Script, json_reply
from conformance.sdk.cases import ARGUMENTS, MARKS, each_operation, mark_in, marked, served
from sdks.calls import Options
from specs.contract import operations
from strategies.organizations import minimal, page

HEADERS = {"X-Of-One-Call": "Acme, Inc.", "x-other": "2", "X-Signature": "t=1; v=aB+/9==", "X-Mark": '"a b"'}
TWO_PAGES = {None: json_reply(200, page([minimal(1)], after="second")), "second": json_reply(200, page([minimal(2)]))}
SOON = 700
"""Milliseconds."""
LATE = 1.5
"""Seconds."""
BOUND = 6000


def asked(operation: str, script: Script | None = None, **how: Any) -> Ask:
    """A call that succeeds, unless a script says otherwise."""
    return Ask(operation, ARGUMENTS[operation], script or Always(json_reply(*served(operation))), **how)


@each_operation("sdk.options.extra-headers")
def test_extra_headers_reach_the_wire(sdk: SdkUnderTest, operation: str) -> None:
    options = Options(extra_headers=HEADERS)
    asks = [asked(operation, options=options)]
    if operation == "list" and sdk.supports("opts.extra_headers.iterate"):
        asks.append(Ask("iterate", {}, ByCursor(TWO_PAGES), options=options))
    for use in sdk.together(asks):
        use.check("sdk.options.extra-headers")


@each_operation("sdk.options.idempotency-key")
def test_the_idempotency_key_reaches_the_wire(sdk: SdkUnderTest, operation: str) -> None:
    use = sdk.together([asked(operation, options=Options(idempotency_key="Key of the caller: 1/aB+9=="))])[0]
    use.check("sdk.options.idempotency-key")


@pytest.fixture(scope="session")
def timed(sdk: SdkUnderTest) -> dict[str, Judged]:
    """Each operation without a response, with a timeout of its own that is shorter than the client's."""
    names = list(operations())
    options = Options(timeout_ms=SOON)
    silent = Always(Reply(fault=Fault.HANG))
    uses = sdk.together([asked(name, silent, options=options, bound_ms=BOUND, fresh=True) for name in names])
    return dict(zip(names, uses, strict=True))


@each_operation("sdk.options.timeout")
def test_the_timeout_of_a_call_ends_it(timed: dict[str, Judged], operation: str) -> None:
    use = timed[operation]
    use.ensure_said()
    if use.seconds * 1000 >= BOUND:
        use.fail("sdk.options.timeout", f"an end within {SOON} ms, and some time for a busy machine", use.told)


@pytest.fixture(scope="session")
def patient(sdk: SdkUnderTest) -> dict[str, Judged]:
    """Each operation with a response that comes later than the client would wait, and sooner than the call does."""
    asks = {}
    for name in operations():
        late = replace(json_reply(*served(name)), delay=LATE)
        options = Options(timeout_ms=BOUND)
        asks[name] = asked(name, Always(late), timeout_ms=SOON, options=options, bound_ms=2 * BOUND, fresh=True)
    return dict(zip(asks, sdk.together(list(asks.values())), strict=True))


@each_operation("sdk.options.timeout")
def test_the_timeout_of_a_call_may_be_longer_than_that_of_its_client(
    patient: dict[str, Judged], operation: str
) -> None:
    _ = patient[operation].value


@pytest.fixture(scope="session")
def tried(sdk: SdkUnderTest) -> dict[str, tuple[Judged, Judged]]:
    """Each operation, failing: no retries where the client has two, and one retry where the client has none."""
    names = list(operations())
    failing = Always(json_reply(500, {"message": "Not now."}))
    asks = [
        asked(name, failing, retries=of_client, options=Options(max_retries=of_call), fresh=True)
        for of_client, of_call in ((2, 0), (0, 1))
        for name in names
    ]
    uses = sdk.together(asks)
    return dict(zip(names, zip(uses[: len(names)], uses[len(names) :], strict=True), strict=True))


@each_operation("sdk.options.retries")
def test_the_retries_of_a_call_are_kept(tried: dict[str, tuple[Judged, Judged]], operation: str) -> None:
    none, one = tried[operation]
    assert len(none.requests) == 1
    if operation in ("get", "lookup", "list"):  # whether a write is sent again is nobody's promise
        assert len(one.requests) == 2
    else:
        assert len(one.requests) <= 2


@pytest.fixture(scope="session")
def directed(sdk: SdkUnderTest) -> dict[str, list[Judged]]:
    """Each operation with a base URL of its own: one that succeeds, and one that fails first."""
    names = list(operations())
    options = Options(base_url=sdk.proxy.elsewhere_url)
    failing = json_reply(503, {"message": "Not now."}, retry_after="0")
    again = [InTurn([failing, json_reply(*served(name))]) for name in names]
    made = sdk.together(
        [asked(name, options=options) for name in names]
        + [asked(name, script, options=options, retries=1) for name, script in zip(names, again, strict=True)]
    )
    return {name: [made[number], made[number + len(names)]] for number, name in enumerate(names)}


@each_operation("sdk.options.base-url")
def test_the_base_url_of_a_call_is_where_it_goes(
    sdk: SdkUnderTest, directed: dict[str, list[Judged]], operation: str
) -> None:
    for use in directed[operation]:
        assert {exchange.origin for exchange in use.exchanges} == {sdk.proxy.elsewhere_url}


@each_operation("sdk.options.of-one-call")
def test_the_next_call_knows_nothing_of_it(sdk: SdkUnderTest, operation: str) -> None:
    given: dict[str, Any] = {
        "extra_headers": HEADERS,
        "idempotency_key": "key of the caller: 2",
        "base_url": sdk.proxy.elsewhere_url,
        "timeout_ms": 9000,
    }
    supported = {name: value for name, value in given.items() if sdk.supports(f"opts.{name}.{operation}")}
    options = Options(**supported) if supported else Options(**given)
    with_options, without = sdk.in_turn([asked(operation, options=options), asked(operation)])
    with_options.ensure_said()
    assert without.exchanges, f"no request, but {without.told}"
    for exchange in without.exchanges:
        assert exchange.origin == sdk.proxy.url
        for name in (*HEADERS, "Idempotency-Key"):
            assert [value for value in exchange.request.header(name) if value in GIVEN] == []


@each_operation("sdk.options.of-one-call")
def test_calls_at_the_same_time_keep_their_options(sdk: SdkUnderTest, operation: str) -> None:
    """Each request carries the options of the call whose mark it holds."""
    names = {"X-Of-One-Call": "extra_headers", "Idempotency-Key": "idempotency_key"}
    known = [header for header, option in names.items() if sdk.supports(f"opts.{option}.{operation}")]

    def options(mark: str) -> Options:
        headers = {"X-Of-One-Call": mark} if "X-Of-One-Call" in known or not known else None
        return Options(extra_headers=headers, idempotency_key=mark if "Idempotency-Key" in known else None)

    success = Always(json_reply(*served(operation)))
    uses = sdk.on_one_client(
        [Ask(operation, marked(operation, mark), success, options=options(mark)) for mark in MARKS]
    )
    for request in uses[0].requests:
        for header in known:
            values = request.header(header)
            assert not values or values == [mark_in(request).encode()]


GIVEN = {value.encode() for value in (*HEADERS.values(), "key of the caller: 2")}
