"""A server that answers with a redirect gets neither the key for another origin nor a write turned into a read."""

import pytest

from conformance.harness.api.sdk import NO_OPTIONS, Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.recording import RecordedExchange
from conformance.harness.wire.proxy.replies import Always, InTurn, json_reply, redirect
from conformance.sdk.cases import ARGUMENTS, each_operation, organization_in, served
from sdks.calls import Options
from specs.contract import operations
from strategies.organizations import minimal

STATUSES = (301, 302, 303, 307, 308)
BOUND = 10_000
MOST = 60
"""Requests of a circle that anybody would follow."""


def sent_elsewhere(sdk: SdkUnderTest, operation: str, status: int, options: Options = NO_OPTIONS) -> list[Judged]:
    """Calls that are answered with a redirect to another origin, where a success is waiting."""
    path = operations()[operation].path.partition("{")[0]
    asks = [
        Ask(
            operation,
            ARGUMENTS[operation],
            InTurn([redirect(status, f"{origin}{path}"), success]),
            options=options,
            fresh=True,
        )
        for origin in (sdk.proxy.elsewhere_url, sdk.proxy.other_port_url)
        for success in [json_reply(*served(operation))]
    ]
    return sdk.together(asks)


def elsewhere(sdk: SdkUnderTest, use: Judged) -> list[RecordedExchange]:
    """What was sent to another origin, with the key or without it."""
    return [exchange for exchange in use.exchanges if exchange.origin != sdk.proxy.url]


@each_operation("sdk.redirect.key-stays")
@pytest.mark.parametrize("status", STATUSES)
def test_the_key_is_not_sent_to_another_origin(sdk: SdkUnderTest, operation: str, status: int) -> None:
    for use in sent_elsewhere(sdk, operation, status):
        for exchange in elsewhere(sdk, use):
            if exchange.request.header("authorization"):
                use.fail("sdk.redirect.key-stays", "no Authorization for another origin", "the key")


@pytest.mark.requirement("sdk.redirect.idempotency-key-stays")
@pytest.mark.parametrize("status", STATUSES)
def test_the_idempotency_key_is_not_sent_to_another_origin(sdk: SdkUnderTest, requirement: object, status: int) -> None:
    for use in sent_elsewhere(sdk, "create", status, Options(idempotency_key="key of the caller")):
        for exchange in elsewhere(sdk, use):
            if exchange.request.header("idempotency-key"):
                use.fail("sdk.redirect.idempotency-key-stays", "no Idempotency-Key for another origin", "the key")


WRITE = "sdk.redirect.write-stays-a-write"


@each_operation(WRITE)
@pytest.mark.parametrize("status", STATUSES)
def test_the_answer_to_a_read_is_not_the_result_of_a_write(sdk: SdkUnderTest, operation: str, status: int) -> None:
    there = redirect(status, f"{sdk.proxy.url}{operations()[operation].path.partition('{')[0]}")
    script = InTurn([there, json_reply(*served(operation))])
    use = sdk.call(operation, ARGUMENTS[operation], script=script, fresh=True)
    first, *others = use.requests
    if use.gave_a_value and others and (others[-1].method, others[-1].body) != (first.method, first.body):
        seen = f"a value, from {others[-1].method.decode()} with {len(others[-1].body)} bytes"
        use.fail(WRITE, f"an error, or {first.method.decode()} with the same body again", seen)


@each_operation("sdk.redirect.followed-or-refused")
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("is_relative", [False, True], ids=["absolute", "relative"])
def test_a_redirected_read_gives_what_it_leads_to_or_an_error(
    sdk: SdkUnderTest, operation: str, status: int, is_relative: bool
) -> None:
    there = redirect(status, "/moved" if is_relative else f"{sdk.proxy.url}/moved")
    moved = minimal(7)
    script = InTurn([there, json_reply(*served(operation, moved))])
    use = sdk.call(operation, ARGUMENTS[operation], script=script, fresh=True)
    if use.gave_a_value:
        assert organization_in(use.value).get("id") == moved["id"]
    else:
        assert (use.error.error_class, use.error.is_sdk_error) == (use.error.error_class, True)


@pytest.fixture(scope="session")
def circling(sdk: SdkUnderTest) -> dict[str, Judged]:
    """Each read, redirected to itself for ever."""
    circle = Always(redirect(302, f"{sdk.proxy.url}/organizations"))
    reads = ("get", "lookup", "list")
    asks = [Ask(name, ARGUMENTS[name], circle, bound_ms=BOUND, fresh=True) for name in reads]
    return dict(zip(reads, sdk.together(asks), strict=True))


@each_operation("sdk.redirect.bounded")
def test_a_circle_has_an_end(circling: dict[str, Judged], operation: str) -> None:
    use = circling[operation]
    assert len(use.requests) <= MOST
    _ = use.error
