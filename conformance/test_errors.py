"""What refusals say, beyond their form."""

import pytest

from conformance.harness.api.http import ABSENT, Wire
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

ENDINGS = {"get": " a/b?", "update": " Zo\u00eb", "delete": " Zo\u00eb" + "0" * 300}
"""What the id of nobody ends with, as no id of the API does: it has to be decoded, or is long as well."""


@requirement("error.not-found-entity-id")
@pytest.mark.parametrize("operation", ["lookup", *ENDINGS])
@pytest.mark.reads
@pytest.mark.independent
def test_a_404_names_what_was_asked_for(wire: Wire, drafts: Drafts, operation: str) -> None:
    if operation == "lookup":
        asked = {"external_id": f"{drafts.external_id()} a/b?<&"}
    else:
        asked = {"id": drafts.unknown_id(ENDINGS[operation])}
    refused = wire.send(operation, path=asked, body={} if operation == "update" else ABSENT)
    assert refused.status == 404
    [named] = asked.values()
    assert refused.json.get("entity_id", named) == named
