"""A create that was carried out and whose answer was lost is carried out once."""

from dataclasses import replace

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.wire.proxy.replies import Forward, InTurn
from sdks.calls import Options
from strategies.drafts import Drafts

LOST = (Forward(lose_response=True), Forward())
RETRIES = 2
BOUND = 20_000


@pytest.mark.requirement("sdk.retry.applied-once")
@pytest.mark.parametrize("key", [None, "given"], ids=["without a key", "with a key"])
def test_a_create_whose_answer_was_lost_leaves_one_organization(
    sdk: SdkUnderTest, wire: Wire, drafts: Drafts, eventually: Eventually, requirement: object, key: str | None
) -> None:
    body = drafts.body(f"answer lost, key {key}")
    options = Options(idempotency_key=f"{drafts.token}-{key}") if key else Options()
    ask = Ask("create", body, InTurn(LOST), retries=RETRIES, bound_ms=BOUND)
    use = sdk.call(**vars(replace(ask, options=options)))
    use.ensure_said()

    def made() -> int:
        newest = wire.organizations.list(limit=100).organizations
        return sum(organization["name"] == body["name"] for organization in newest)

    assert eventually(made, 1) == 1
