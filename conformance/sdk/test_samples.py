"""The samples of the documentation page run against the release, as they are written but for address and key."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.request import judge_request
from conformance.harness.judges.finding import BlockedError, Finding
from conformance.harness.wire.proxy.recording import RecordedCall
from conformance.harness.wire.proxy.replies import Always, json_reply
from conformance.sdk.cases import each_operation, served
from sdks.samples import Outcome, Result, run, samples
from specs.requirements import catalogue

ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "create": {"name": "Foo Corp"},
    "get": {"id": "org_01EHZNVPK3SFK441A1RGBFSHRT"},
    "lookup": {"external_id": "2fe01467-f7ea-4dd2-8b79-c2b4f56d0191"},
    "list": {},
    "update": {"id": "org_01EHZNVPK3SFK441A1RGBFSHRT"},
}
"""What stands in the samples, in every language."""
OPERATIONS = catalogue()["sdk.docs.sample"].operations


class Ran(NamedTuple):
    """What became of a sample, and what it sent."""

    result: Result
    recorded: RecordedCall


@pytest.fixture(scope="session")
def ran(sdk: SdkUnderTest) -> dict[str, Ran]:
    """Every sample of the SDK, run."""
    written = {sample.operation: sample for sample in samples(sdk.installed.requested.sdk)}

    def run_one(operation: str) -> Ran:
        key = f"sk_sample_{operation:_<10}"
        recorded = sdk.proxy.begin(key, Always(json_reply(*served(operation))))
        result = run(written[operation], sdk.installed, sdk.proxy.url, key)
        return Ran(result, sdk.proxy.end(key) or recorded)

    with ThreadPoolExecutor(2) as threads:
        return dict(zip(OPERATIONS, threads.map(run_one, OPERATIONS), strict=True))


@each_operation("sdk.docs.sample")
def test_the_sample_runs(ran: dict[str, Ran], operation: str) -> None:
    result = ran[operation].result
    assert (result.outcome, result.message) == (Outcome.RAN, "")


@each_operation("sdk.docs.sample-request")
def test_the_sample_sends_what_it_says(ran: dict[str, Ran], operation: str) -> None:
    recorded = ran[operation].recorded
    if not recorded.requests and ran[operation].result.outcome is not Outcome.RAN:
        message = ran[operation].result.message
        raise BlockedError(Finding("sdk.docs.sample", operation, "a sample that runs", message))
    assert len(recorded.requests) == 1
    found = list(judge_request(operation, ARGUMENTS[operation], recorded.requests[0], recorded.key))
    assert [discrepancy for discrepancy in found if discrepancy.requirement not in DIFFERENCES] == []


DIFFERENCES = ("sdk.request.query-adds-default", "sdk.request.names-release")
"""What is a difference between SDKs, and no fault."""
