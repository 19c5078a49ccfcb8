"""What refusals say, beyond their form."""

import pytest

from conformance.harness.api.http import ABSENT, Wire
from strategies.drafts import Drafts

requirement = pytest.mark.requirement


@requirement("error.not-found-entity-id")
@pytest.mark.parametrize("operation", ["get", "lookup", "update", "delete"])
@pytest.mark.reads
@pytest.mark.independent
def test_a_404_names_what_was_asked_for(wire: Wire, drafts: Drafts, operation: str) -> None:
    if operation == "lookup":
        asked = {"external_id": f"{drafts.external_id()} a/b?<&"}
    elif operation == "get":
        asked = {"id": f"{drafts.unknown_id()} a/b?"}
    else:
        asked = {"id": drafts.unknown_id()}
    refused = wire.send(operation, path=asked, body={} if operation == "update" else ABSENT)
    assert refused.status == 404
    [named] = asked.values()
    assert refused.json.get("entity_id", named) == named
