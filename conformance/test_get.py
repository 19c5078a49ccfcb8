"""Reading organizations by id."""

import pytest

from conformance.harness.api.http import Organizations, expect_refusal
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run

requirement = pytest.mark.requirement


@requirement("get.answers")
def test_an_organization_can_be_read(availability: Availability) -> None:
    availability.confirm("get")


@requirement("get.current-state")
def test_each_organization_is_read_as_it_was_written(organizations: Organizations, population: Population) -> None:
    for member in population.members[1::3]:
        assert organizations.get(member.id) == member


@requirement("get.unknown")
def test_an_unknown_id_finds_nothing(organizations: Organizations, run: Run) -> None:
    assert expect_refusal(organizations.get, run.ownership.unknown_id()).status == 404


@requirement("get.exact-id")
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(lambda readonly_org: readonly_org.id[:-1], id="all but the last character"),
        pytest.param(lambda readonly_org: readonly_org.id.removeprefix("org_"), id="without the prefix"),
        pytest.param(lambda readonly_org: readonly_org.id + "0", id="one character more"),
        pytest.param(lambda readonly_org: readonly_org.id.swapcase(), id="the other case"),
        pytest.param(lambda readonly_org: readonly_org["external_id"], id="the external_id"),
        pytest.param(lambda readonly_org: next(iter(readonly_org["domains"]))["id"], id="the id of a domain"),
    ],
)
def test_nothing_but_the_id_finds_an_organization(
    organizations: Organizations, readonly_org: Organization, part: object
) -> None:
    assert callable(part)
    other = part(readonly_org)
    # Ids may have any form: what is made of one may be the same again, or the id of somebody else.
    response = organizations.send("get", {"id": other}).response
    assert response is not None
    assert response.status == 404 or response.object.get("id") == other
