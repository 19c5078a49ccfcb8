"""Reading organizations by id."""

import pytest

from conformance.harness.api.http import Organizations, refusal_of
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run

promise = pytest.mark.requirement


@promise("get.answers")
def test_an_organization_can_be_read(availability: Availability) -> None:
    availability.confirm("get")


@promise("get.current-state")
def test_each_organization_is_read_as_it_was_written(organizations: Organizations, population: Population) -> None:
    for member in population.members[1::3]:
        assert organizations.get(member.id) == member


@promise("get.unknown")
def test_an_unknown_id_finds_nothing(organizations: Organizations, run: Run) -> None:
    assert refusal_of(organizations.get, run.ownership.made_up()).status == 404


@promise("get.exact-id")
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(lambda specimen: specimen.id[:-1], id="all but the last character"),
        pytest.param(lambda specimen: specimen.id.removeprefix("org_"), id="without the prefix"),
        pytest.param(lambda specimen: specimen.id + "0", id="one character more"),
        pytest.param(lambda specimen: specimen.id.swapcase(), id="the other case"),
        pytest.param(lambda specimen: specimen["external_id"], id="the external_id"),
        pytest.param(lambda specimen: next(iter(specimen["domains"]))["id"], id="the id of a domain"),
    ],
)
def test_nothing_but_the_id_finds_an_organization(
    organizations: Organizations, specimen: Organization, part: object
) -> None:
    assert callable(part)
    other = part(specimen)
    # Ids may have any form: what is made of one may be the same again, or the id of somebody else.
    answer = organizations.send("get", {"id": other}).answer
    assert answer is not None
    assert answer.status == 404 or answer.object.get("id") == other
