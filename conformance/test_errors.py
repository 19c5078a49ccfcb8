"""What refusals say, beyond their form."""

from collections.abc import Callable

import pytest

from conformance.harness.api.errors import RefusedError
from conformance.harness.api.http import ABSENT, Wire
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

ENDINGS = {"get": " a/b?", "update": " Zo\u00eb", "delete": " Zo\u00eb" + "0" * 300}
"""What the id of nobody ends with, as no id of the API does: it has to be decoded, or is long as well."""


@requirement("error.not-found-entity-id")
@pytest.mark.parametrize("operation", ENDINGS)
@pytest.mark.reads
@pytest.mark.independent
def test_a_404_names_what_was_asked_for(wire: Wire, drafts: Drafts, operation: str) -> None:
    named = drafts.unknown_id(ENDINGS[operation])
    refused = wire.send(operation, path={"id": named}, body={} if operation == "update" else ABSENT)
    assert refused.status == 404
    assert refused.json.get("entity_id", named) == named


@requirement("error.not-found-entity-id")
@pytest.mark.parametrize("operation", ["lookup"])
@pytest.mark.reads
@pytest.mark.independent
def test_a_404_names_the_external_id_that_was_asked_for(
    unknown_lookup: Callable[[], RefusedError], operation: str
) -> None:
    refusal = unknown_lookup()
    named = refusal.call.arguments["external_id"]
    assert refusal.status == 404
    assert refusal.call.json.get("entity_id", named) == named
