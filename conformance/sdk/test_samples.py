"""The samples of the documentation page run against the release, as they are written but for address and key."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest

from conformance.harness.api.call import Call, NotExpressible
from conformance.harness.api.errors import UnsupportedError
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.sent.request import judge_request
from conformance.harness.judges.finding import BlockedError, Finding, FindingError
from conformance.harness.wire.proxy.recording import RecordedCall
from conformance.harness.wire.proxy.replies import Always, json_reply
from conformance.sdk.cases import each_operation, served
from sdks.samples import Outcome, Result, Sample, run, samples
from specs.requirements import catalogue

ID, EXTERNAL_ID = "org_01EHZNVPK3SFK441A1RGBFSHRT", "2fe01467-f7ea-4dd2-8b79-c2b4f56d0191"
ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "create": {
        "name": "Foo Corp",
        "domain_data": [{"domain": "foo-corp.com", "state": "pending"}],
        "external_id": EXTERNAL_ID,
        "metadata": {"tier": "diamond"},
    },
    "get": {"id": ID},
    "lookup": {"external_id": EXTERNAL_ID},
    "list": {"domains": ["foo-corp.com"]},
    "update": {
        "id": ID,
        "name": "Foo Corp",
        "allow_profiles_outside_organization": False,
        "domain_data": [{"domain": "foo-corp.com", "state": "verified"}],
        "stripe_customer_id": "cus_R9qWAGMQ6nGE7V",
        "external_id": EXTERNAL_ID,
        "metadata": {"tier": "diamond"},
    },
}
"""Everything that stands in the samples of the page; the sample of a language may give less."""
OPERATIONS = catalogue()["sdk.docs.sample"].operations


class Ran(NamedTuple):
    """What became of a sample, and what it sent."""

    result: Result
    recorded: RecordedCall


@pytest.fixture(scope="session")
def written(sdk: SdkUnderTest) -> dict[str, Sample]:
    """The page's samples for the SDK, by operation."""
    of = sdk.installed.requested.sdk
    return {sample.operation: sample for sample in samples(of)} if (of.folder / "samples").is_dir() else {}


@pytest.fixture(scope="session")
def ran(sdk: SdkUnderTest, written: dict[str, Sample]) -> dict[str, Ran]:
    """Every sample of the SDK, run."""

    def run_one(operation: str) -> Ran:
        key = f"sk_sample_{operation:_<10}"
        recorded = sdk.proxy.begin(key, Always(json_reply(*served(operation))))
        result = run(written[operation], sdk.installed, sdk.proxy.url, key)
        return Ran(result, sdk.proxy.end(key) or recorded)

    with ThreadPoolExecutor(2) as threads:
        return dict(zip(written, threads.map(run_one, written), strict=True))


@each_operation("sdk.docs.sample")
def test_the_sample_runs(ran: dict[str, Ran], operation: str) -> None:
    ensure_written(ran, operation)
    result = ran[operation].result
    if result.outcome is not Outcome.RAN:
        raise FindingError(not_run(operation, result))


@each_operation("sdk.docs.sample-request")
def test_the_sample_sends_what_it_says(ran: dict[str, Ran], written: dict[str, Sample], operation: str) -> None:
    ensure_written(ran, operation)
    recorded = ran[operation].recorded
    if not recorded.requests and ran[operation].result.outcome is not Outcome.RAN:
        raise BlockedError(not_run(operation, ran[operation].result))
    assert len(recorded.requests) == 1
    arguments = given_in(written[operation].text, ARGUMENTS[operation])
    found = list(judge_request(operation, arguments, recorded.requests[0], recorded.key))
    assert [discrepancy for discrepancy in found if discrepancy.requirement not in DIFFERENCES] == []


def ensure_written(ran: Mapping[str, Ran], operation: str) -> None:
    """Raises UnsupportedError where the page has no sample of the operation for this SDK."""
    if operation not in ran:
        raise UnsupportedError(Call(operation, {}, what := NotExpressible("the page has no sample for it")), what)


def given_in(text: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those of the arguments whose name stands in the sample, however it is spelled there, or whose value does."""
    words = re.sub("[^a-z]", "", text.lower())
    return {name: value for name, value in arguments.items() if name.replace("_", "") in words or str(value) in text}


def not_run(operation: str, result: Result) -> Finding:
    """The finding that a sample is which does not run."""
    return Finding("sdk.docs.sample", operation, "a sample that runs", f"it {result.outcome.value}: {result.message}")


DIFFERENCES = ("sdk.request.query-adds-default", "sdk.request.names-release")
"""What is a difference between SDKs, and no fault."""
