"""What every answer must look like, whichever scenario asked for it.

Each exchange of the run is judged as it passes: its status, its content type, its body against
the schema, and what it says of organizations against what was last written. The items here sum
up those judgements, one for each requirement and operation, so they run last.
"""

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.fixtures.availability import Availability
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.judges.shape import judged_requirements
from specs.requirements import catalogue
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

ENOUGH = 20
"""Exchanges of an operation among which there are successes and refusals."""
JUDGED = [
    pytest.param(identifier, operation, marks=requirement(identifier), id=f"{identifier}-{operation}")
    for identifier in judged_requirements()
    for operation in catalogue()[identifier].operations
]


@pytest.mark.run_last
@pytest.mark.parametrize(("identifier", "operation"), JUDGED)
def test_every_answer(judges: Judges, one_of_each: None, identifier: str, operation: str) -> None:
    for finding in judges.ledger.findings(identifier, operation):
        raise FindingError(finding)


@pytest.fixture(scope="session")
def one_of_each(wire: Wire, drafts: Drafts, availability: Availability, judges: Judges) -> None:
    """An exchange of every operation, success and refusal, where little else was selected."""
    known = availability.searched
    unknown = drafts.unknown_id()
    for operation, arguments in (
        ("get", {"path": {"id": known.id}}),
        ("get", {"path": {"id": unknown}}),
        ("lookup", {"path": {"external_id": known.given["external_id"]}}),
        ("list", {"query": {"limit": 2}}),
        ("update", {"path": {"id": known.id}, "body": drafts.full_body("update")}),
        ("update", {"path": {"id": unknown}, "body": {}}),
        ("delete", {"path": {"id": unknown}}),
    ):
        if availability.has(operation) and judges.ledger.by_operation[operation] < ENOUGH:
            wire.send(operation, **arguments)
