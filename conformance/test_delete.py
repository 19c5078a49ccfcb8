"""Deleting organizations."""

import pytest

from conformance.harness.api.http import Organizations, expect_refusal
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run, random_token

requirement = pytest.mark.requirement

NOBODY: list[str] = []


@pytest.fixture(scope="module")
def word() -> str:
    """Begins the name of what is deleted, so that lists can be searched for it."""
    return random_token()


@pytest.fixture(scope="module")
def deleted(organizations: Organizations, run: Run, word: str, scratch_orgs: list[Organization]) -> Organization:
    """An organization that was there, was listed, and is deleted."""
    created = organizations.create(
        {
            "name": f"{word} {run.token}",
            "external_id": run.external_id("deleted"),
            "domain_data": [{"domain": run.domain(), "state": "pending"}],
        }
    )
    organizations.update(
        scratch_orgs[3].id, {"external_id": created["external_id"] + "-too", "metadata": {"kept": "too"}}
    )
    known = organizations.update(created.id, {"stripe_customer_id": run.stripe_customer_id()})
    run.eventually(lambda: organizations.list(domains=",".join(created.domains)).ids, [created.id])
    run.eventually(lambda: organizations.list(search=word).ids, [created.id])
    # Whatever remembers answers has one of each operation now.
    organizations.get(created.id)
    organizations.lookup(created["external_id"])
    organizations.delete(created.id)
    return known


@requirement("delete.answers")
def test_an_organization_can_be_deleted(availability: Availability) -> None:
    availability.confirm("delete")


@requirement("delete.answers")
def test_the_answer_says_that_it_is_done(availability: Availability) -> None:
    assert availability.deletion().status in (200, 202)


@requirement("delete.gone")
def test_it_cannot_be_read(organizations: Organizations, deleted: Organization) -> None:
    assert expect_refusal(organizations.get, deleted.id).status == 404


@requirement("delete.gone")
def test_it_cannot_be_found(organizations: Organizations, deleted: Organization) -> None:
    assert expect_refusal(organizations.lookup, deleted["external_id"]).status == 404


@requirement("delete.gone-from-lists")
def test_it_leaves_the_search(organizations: Organizations, run: Run, deleted: Organization, word: str) -> None:
    assert run.eventually(lambda: organizations.list(search=word).ids, NOBODY) == NOBODY


@requirement("delete.gone-from-lists")
def test_it_leaves_the_list_of_its_domain(organizations: Organizations, run: Run, deleted: Organization) -> None:
    assert run.eventually(lambda: organizations.list(domains=",".join(deleted.domains)).ids, NOBODY) == NOBODY


@requirement("delete.gone-from-lists")
def test_it_leaves_the_list_of_all(organizations: Organizations, run: Run, deleted: Organization) -> None:
    assert run.eventually(lambda: deleted.id in organizations.list(limit=100).ids, False) is False


@requirement("delete.gone")
def test_it_cannot_be_changed(organizations: Organizations, run: Run, deleted: Organization) -> None:
    assert expect_refusal(organizations.update, deleted.id, run.draft("revived")).status == 404
    assert expect_refusal(organizations.get, deleted.id).status == 404


@requirement("delete.leaves-others-alone")
def test_no_other_organization_is_deleted(
    organizations: Organizations, deleted: Organization, population: Population, readonly_org: Organization
) -> None:
    for neighbour in (*population.members[::6], readonly_org):
        assert organizations.get(neighbour.id) == neighbour


@pytest.mark.run_last
@requirement("delete.leaves-others-alone")
def test_everything_that_nobody_deleted_is_there(organizations: Organizations, run: Run) -> None:
    listed = organizations.list(search=run.token, limit=100).ids
    for identifier in run.alive() - set(listed):
        assert organizations.get(identifier).id == identifier


@requirement("delete.frees-external-id")
def test_the_external_id_can_be_used_again(organizations: Organizations, run: Run) -> None:
    first = organizations.create(run.draft("first", external_id=run.external_id("used twice")))
    organizations.delete(first.id)
    second = organizations.create(run.draft("second", external_id=first["external_id"]))
    assert organizations.lookup(first["external_id"]) == second


@requirement("delete.frees-external-id")
def test_another_organization_may_take_what_was_its_own(
    organizations: Organizations, deleted: Organization, scratch_orgs: list[Organization]
) -> None:
    taken = {"external_id": deleted["external_id"], **deleted.exchange.sent}
    assert organizations.update(scratch_orgs[2].id, taken)["external_id"] == deleted["external_id"]


@requirement("delete.unknown")
def test_an_unknown_id_finds_nothing_to_delete(organizations: Organizations, run: Run) -> None:
    assert expect_refusal(organizations.delete, run.ownership.unknown_id()).status == 404


@requirement("delete.twice")
def test_a_second_delete_finds_nothing(organizations: Organizations, deleted: Organization) -> None:
    assert expect_refusal(organizations.delete, deleted.id).status == 404
