"""What an SDK is given is what it sends, and what it is sent is what it gives back.

Every call of the run is judged. Here each operation is used with values that real code trips over, so
that there is something to judge; the items sum up what was found, in these calls and all others.
"""

import pytest

from conformance.harness.api.errors import UnsupportedError
from conformance.harness.api.sdk import Ask
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.fidelity.use import Judged
from conformance.harness.wire.proxy.replies import Always, json_reply
from conformance.sdk.cases import each_of, each_operation
from conformance.sdk.conftest import SumUp

IDENTIFIERS = ("a/b", "a//b/", "?a=b#c;d", "50%", "%2F%2e", "+ plus", " padded ", "Zoë 株式会社 🚀", "a\\b:c@d&e")
NOT_FOUND = Always(json_reply(404, {"message": "There is no such organization.", "code": "entity_not_found"}))


@pytest.mark.run_last
@each_of(
    "sdk.request.well-formed",
    "sdk.request.route",
    "sdk.request.once",
    "sdk.request.query-declared",
    "sdk.request.query-style",
    "sdk.request.query-complete",
    "sdk.request.query-adds-nothing",
    "sdk.request.query-adds-default",
    "sdk.request.body-valid",
    "sdk.request.content-type",
    "sdk.request.body-complete",
    "sdk.request.body-values",
    "sdk.request.body-adds-nothing",
    "sdk.request.no-body",
    "sdk.request.authorization",
    "sdk.request.names-release",
)
def test_what_is_sent_is_what_was_given(
    sum_up: SumUp, ordinary_uses: list[Judged], identifier: str, operation: str
) -> None:
    sum_up(ordinary_uses, identifier, operation)


@pytest.mark.run_last
@each_of(
    "sdk.value.fields",
    "sdk.value.object-word",
    "sdk.value.null",
    "sdk.value.timestamps",
    "sdk.value.enums",
    "sdk.value.metadata",
    "sdk.value.nothing-invented",
    "sdk.error.unprovoked",
)
def test_what_is_given_back_is_what_was_served(
    sum_up: SumUp, ordinary_uses: list[Judged], identifier: str, operation: str
) -> None:
    sum_up(ordinary_uses, identifier, operation)


@pytest.mark.run_last
@each_of("sdk.value.page", "sdk.value.cursors")
def test_a_page_is_given_back(
    sdk: SdkUnderTest, sum_up: SumUp, ordinary_uses: list[Judged], identifier: str, operation: str
) -> None:
    if not sdk.supports("list"):
        raise UnsupportedError.for_call(
            ordinary_uses[0].use.as_call({}), "it has no pages, only the iteration over them"
        )
    sum_up(ordinary_uses, identifier, operation)


@each_operation("sdk.request.path-segment")
def test_an_identifier_is_one_segment_of_the_path(sdk: SdkUnderTest, operation: str) -> None:
    parameter = "external_id" if operation == "lookup" else "id"
    for use in sdk.together([Ask(operation, {parameter: given}, NOT_FOUND) for given in IDENTIFIERS]):
        use.check("sdk.request.path-segment")


@each_operation("sdk.request.dot-segment")
def test_dots_are_no_path(sdk: SdkUnderTest, operation: str) -> None:
    parameter = "external_id" if operation == "lookup" else "id"
    for use in sdk.together([Ask(operation, {parameter: given}, NOT_FOUND) for given in (".", "..")]):
        use.check("sdk.request.dot-segment")
