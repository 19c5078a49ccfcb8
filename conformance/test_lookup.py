"""Finding organizations by external_id."""

import string

import pytest

from conformance.harness.api.http import Organizations, refusal_of
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run

promise = pytest.mark.requirement

PRINTABLE = [chr(code) for code in range(0x20, 0x7F) if chr(code) not in string.ascii_letters + string.digits]
CONTROL = [chr(code) for code in (*range(0x01, 0x20), 0x7F)]


@promise("lookup.answers")
def test_an_organization_can_be_found(availability: Availability) -> None:
    availability.confirm("lookup")


@promise("lookup.current-state")
def test_each_organization_is_found_as_it_was_written(organizations: Organizations, population: Population) -> None:
    for member in population.members[::3]:
        assert organizations.lookup(member["external_id"]) == member


@promise("lookup.current-state")
def test_a_lookup_shows_the_latest_change(organizations: Organizations, run: Run, wanderer: Organization) -> None:
    external_id = run.external_id("observed")
    assert refusal_of(organizations.lookup, external_id).status == 404
    organizations.update(wanderer.id, {"external_id": external_id})
    for number in range(2):
        domains = [{"domain": run.domain(), "state": "pending"}]
        changes = run.draft(f"observed {number}", metadata={"number": str(number)}, domain_data=domains)
        updated = organizations.update(wanderer.id, changes)
        assert organizations.lookup(external_id) == updated


@promise("lookup.unknown")
def test_an_unknown_external_id_finds_nothing(organizations: Organizations, run: Run) -> None:
    assert refusal_of(organizations.lookup, run.external_id("unknown")).status == 404


@promise("lookup.exact")
@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda specimen: specimen["external_id"].lower(), id="lower case"),
        pytest.param(lambda specimen: specimen["external_id"][:-1], id="all but the last character"),
        pytest.param(lambda specimen: specimen["external_id"][1:], id="all but the first character"),
        pytest.param(lambda specimen: specimen["external_id"] + "0", id="one character more"),
        pytest.param(lambda specimen: specimen["external_id"] + " ", id="a space behind it"),
        pytest.param(lambda specimen: " " + specimen["external_id"], id="a space before it"),
        pytest.param(lambda specimen: specimen["external_id"].replace("-", "_"), id="one character exchanged"),
        pytest.param(lambda specimen: "%", id="a wildcard"),
        pytest.param(lambda specimen: specimen.id, id="the id"),
        pytest.param(lambda specimen: specimen["name"], id="the name"),
    ],
)
def test_nothing_but_the_external_id_finds_an_organization(
    organizations: Organizations, specimen: Organization, other: object
) -> None:
    assert callable(other)
    assert refusal_of(organizations.lookup, other(specimen)).status == 404


@promise("lookup.exact")
def test_external_ids_may_differ_in_case_alone(
    organizations: Organizations, run: Run, wanderer: Organization, settler: Organization
) -> None:
    lower = run.external_id("case" * 11)
    upper = organizations.update(wanderer.id, {"external_id": lower.upper()})
    assert organizations.update(settler.id, {"external_id": lower})["external_id"] == lower
    assert organizations.lookup(lower.upper()) == upper
    # Nor is it enough that they begin alike.
    other = lower.upper() + "~"
    assert organizations.update(settler.id, {"external_id": other})["external_id"] == other


@promise("lookup.percent-encoded")
@pytest.mark.parametrize("characters", [f"{''.join(PRINTABLE)} aZ ", "a%2Fb+c", "/../up.json"])
def test_printable_characters_survive_the_path(
    organizations: Organizations, run: Run, wanderer: Organization, characters: str
) -> None:
    external_id = f"{run.external_id()}{characters}"
    organizations.update(wanderer.id, {"external_id": external_id})
    found = organizations.lookup(external_id)
    assert (found.id, found["external_id"]) == (wanderer.id, external_id)


@promise("lookup.control-characters")
def test_control_characters_survive_the_path(organizations: Organizations, run: Run, wanderer: Organization) -> None:
    external_id = run.external_id("".join(CONTROL))
    organizations.update(wanderer.id, {"external_id": external_id})
    found = organizations.asked_freely().lookup(external_id)
    assert (found.id, found["external_id"]) == (wanderer.id, external_id)


@promise("lookup.after-change")
def test_a_change_moves_the_organization(organizations: Organizations, run: Run, wanderer: Organization) -> None:
    old, new = run.external_id("old"), run.external_id("new")
    organizations.update(wanderer.id, {"external_id": old})
    moved = organizations.update(wanderer.id, {"external_id": new})
    assert organizations.lookup(new) == moved
    assert refusal_of(organizations.lookup, old).status == 404


@promise("lookup.after-change")
def test_another_organization_may_take_the_old_external_id(
    organizations: Organizations, run: Run, wanderer: Organization, settler: Organization
) -> None:
    old = run.external_id("old")
    organizations.update(wanderer.id, {"external_id": old})
    organizations.update(wanderer.id, {"external_id": run.external_id("new")})
    taken = organizations.update(settler.id, {"external_id": old})
    assert organizations.lookup(old) == taken


@promise("lookup.after-clearing")
def test_a_cleared_external_id_finds_nothing(organizations: Organizations, run: Run, wanderer: Organization) -> None:
    external_id = run.external_id("cleared")
    organizations.update(wanderer.id, {"external_id": external_id})
    organizations.update(wanderer.id, {"external_id": None})
    assert refusal_of(organizations.lookup, external_id).status == 404
    assert organizations.get(wanderer.id)["external_id"] is None


@pytest.fixture
def wanderer(spares: list[Organization]) -> Organization:
    """An organization that goes from one external_id to the next."""
    return spares[2]


@pytest.fixture
def settler(spares: list[Organization]) -> Organization:
    """An organization that takes over what another one left."""
    return spares[3]
