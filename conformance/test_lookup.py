"""Finding organizations by external_id."""

import string

import pytest

from conformance.harness.api.http import Organizations, expect_refusal
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run

requirement = pytest.mark.requirement

PRINTABLE = [chr(code) for code in range(0x20, 0x7F) if chr(code) not in string.ascii_letters + string.digits]
CONTROL = [chr(code) for code in (*range(0x01, 0x20), 0x7F)]


@requirement("lookup.answers")
def test_an_organization_can_be_found(availability: Availability) -> None:
    availability.confirm("lookup")


@requirement("lookup.current-state")
def test_each_organization_is_found_as_it_was_written(organizations: Organizations, population: Population) -> None:
    for member in population.members[::3]:
        assert organizations.lookup(member["external_id"]) == member


@requirement("lookup.current-state")
def test_a_lookup_shows_the_latest_change(organizations: Organizations, run: Run, first: Organization) -> None:
    external_id = run.external_id("observed")
    assert expect_refusal(organizations.lookup, external_id).status == 404
    organizations.update(first.id, {"external_id": external_id})
    for number in range(2):
        domains = [{"domain": run.domain(), "state": "pending"}]
        changes = run.draft(f"observed {number}", metadata={"number": str(number)}, domain_data=domains)
        updated = organizations.update(first.id, changes)
        assert organizations.lookup(external_id) == updated


@requirement("lookup.unknown")
def test_an_unknown_external_id_finds_nothing(organizations: Organizations, run: Run) -> None:
    assert expect_refusal(organizations.lookup, run.external_id("unknown")).status == 404


@requirement("lookup.exact")
@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda readonly_org: readonly_org["external_id"].lower(), id="lower case"),
        pytest.param(lambda readonly_org: readonly_org["external_id"][:-1], id="all but the last character"),
        pytest.param(lambda readonly_org: readonly_org["external_id"][1:], id="all but the first character"),
        pytest.param(lambda readonly_org: readonly_org["external_id"] + "0", id="one character more"),
        pytest.param(lambda readonly_org: readonly_org["external_id"] + " ", id="a space behind it"),
        pytest.param(lambda readonly_org: " " + readonly_org["external_id"], id="a space before it"),
        pytest.param(lambda readonly_org: readonly_org["external_id"].replace("-", "_"), id="one character exchanged"),
        pytest.param(lambda readonly_org: "%", id="a wildcard"),
        pytest.param(lambda readonly_org: readonly_org.id, id="the id"),
        pytest.param(lambda readonly_org: readonly_org["name"], id="the name"),
    ],
)
def test_nothing_but_the_external_id_finds_an_organization(
    organizations: Organizations, readonly_org: Organization, other: object
) -> None:
    assert callable(other)
    assert expect_refusal(organizations.lookup, other(readonly_org)).status == 404


@requirement("lookup.exact")
def test_external_ids_may_differ_in_case_alone(
    organizations: Organizations, run: Run, first: Organization, second: Organization
) -> None:
    lower = run.external_id("case" * 11)
    upper = organizations.update(first.id, {"external_id": lower.upper()})
    assert organizations.update(second.id, {"external_id": lower})["external_id"] == lower
    assert organizations.lookup(lower.upper()) == upper
    # Nor is it enough that they begin alike.
    other = lower.upper() + "~"
    assert organizations.update(second.id, {"external_id": other})["external_id"] == other


@requirement("lookup.percent-encoded")
@pytest.mark.parametrize("characters", [f"{''.join(PRINTABLE)} aZ ", "a%2Fb+c", "/../up.json"])
def test_printable_characters_survive_the_path(
    organizations: Organizations, run: Run, first: Organization, characters: str
) -> None:
    external_id = f"{run.external_id()}{characters}"
    organizations.update(first.id, {"external_id": external_id})
    found = organizations.lookup(external_id)
    assert (found.id, found["external_id"]) == (first.id, external_id)


@requirement("lookup.control-characters")
def test_control_characters_survive_the_path(organizations: Organizations, run: Run, first: Organization) -> None:
    external_id = run.external_id("".join(CONTROL))
    organizations.update(first.id, {"external_id": external_id})
    found = organizations.undocumented().lookup(external_id)
    assert (found.id, found["external_id"]) == (first.id, external_id)


@requirement("lookup.after-change")
def test_a_change_moves_the_organization(organizations: Organizations, run: Run, first: Organization) -> None:
    old, new = run.external_id("old"), run.external_id("new")
    organizations.update(first.id, {"external_id": old})
    moved = organizations.update(first.id, {"external_id": new})
    assert organizations.lookup(new) == moved
    assert expect_refusal(organizations.lookup, old).status == 404


@requirement("lookup.after-change")
def test_another_organization_may_take_the_old_external_id(
    organizations: Organizations, run: Run, first: Organization, second: Organization
) -> None:
    old = run.external_id("old")
    organizations.update(first.id, {"external_id": old})
    organizations.update(first.id, {"external_id": run.external_id("new")})
    taken = organizations.update(second.id, {"external_id": old})
    assert organizations.lookup(old) == taken


@requirement("lookup.after-clearing")
def test_a_cleared_external_id_finds_nothing(organizations: Organizations, run: Run, first: Organization) -> None:
    external_id = run.external_id("cleared")
    organizations.update(first.id, {"external_id": external_id})
    organizations.update(first.id, {"external_id": None})
    assert expect_refusal(organizations.lookup, external_id).status == 404
    assert organizations.get(first.id)["external_id"] is None


@pytest.fixture
def first(scratch_orgs: list[Organization]) -> Organization:
    """An organization that goes from one external_id to the next."""
    return scratch_orgs[2]


@pytest.fixture
def second(scratch_orgs: list[Organization]) -> Organization:
    """An organization that takes over what another one left."""
    return scratch_orgs[3]
