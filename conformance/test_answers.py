"""What every answer must look like, whichever scenario asked for it.

Each exchange of the run is judged as it passes: its status, its content type, its body against
the schema, and what it says of organizations against what was last written. The items here sum
up those judgements, one for each requirement and operation, so they run last.
"""

import pytest

from conformance.harness.api.http import Organizations
from conformance.harness.api.organization import Organization
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.shape import judged_requirements
from conformance.harness.plugin.run import Run
from specs.requirements import catalogue

requirement = pytest.mark.requirement

JUDGED = [
    pytest.param(identifier, operation, marks=requirement(identifier), id=f"{identifier}-{operation}")
    for identifier in judged_requirements()
    for operation in catalogue()[identifier].operations
]


@pytest.mark.run_last
@pytest.mark.parametrize(("identifier", "operation"), JUDGED)
def test_every_answer(run: Run, one_of_each: None, identifier: str, operation: str) -> None:
    for finding in run.ledger.findings(identifier, operation):
        raise FindingError(finding)


@pytest.fixture(scope="module")
def one_of_each(organizations: Organizations, run: Run, readonly_org: Organization, subject: Organization) -> None:
    """An exchange of every operation, success and refusal, even when nothing else was selected."""
    unknown = run.ownership.unknown_id()
    send = organizations.send
    send("get", {"id": readonly_org.id})
    send("get", {"id": unknown})
    send("lookup", {"external_id": readonly_org["external_id"]})
    send("list", params={"limit": 2})
    send("update", {"id": subject.id}, json=run.draft("one of each"))
    send("update", {"id": unknown}, json={})
    send("delete", {"id": unknown})
