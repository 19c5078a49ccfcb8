"""One external_id, one organization."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest

from conformance.harness.api.http import Organizations, RefusedError, expect_refusal
from conformance.harness.api.organization import Organization
from conformance.harness.plugin.run import Run, random_token

requirement = pytest.mark.requirement

RIVALS = 4
ROUNDS = 2


@requirement("create.external-id-taken")
def test_a_taken_external_id_is_refused(organizations: Organizations, run: Run, readonly_org: Organization) -> None:
    word = random_token()
    rival = {"name": f"{word} {run.token}", "external_id": readonly_org["external_id"]}
    refusal = expect_refusal(organizations.create, rival)
    assert (refusal.status, refusal.code) == (400, "external_id_already_used")
    assert organizations.lookup(readonly_org["external_id"]) == readonly_org
    assert organizations.list(search=word).ids == []


@requirement("create.external-id-taken")
def test_an_external_id_that_an_update_took_is_refused(
    organizations: Organizations, run: Run, scratch_orgs: list[Organization]
) -> None:
    taken = organizations.update(scratch_orgs[0].id, {"external_id": run.external_id("taken")})
    refusal = expect_refusal(organizations.create, run.draft("rival", external_id=taken["external_id"]))
    assert (refusal.status, refusal.code) == (400, "external_id_already_used")


@requirement("update.external-id-taken")
def test_an_update_cannot_take_the_external_id_of_another(
    organizations: Organizations, run: Run, readonly_org: Organization, scratch_orgs: list[Organization]
) -> None:
    before = organizations.get(scratch_orgs[0].id)
    allowed = not before.get("allow_profiles_outside_organization", False)
    changes = {
        "name": f"{run.token} rival",
        "external_id": readonly_org["external_id"],
        "metadata": {"half": "applied"},
        "domain_data": [{"domain": run.domain(), "state": "pending"}],
        "stripe_customer_id": run.stripe_customer_id(),
        "allow_profiles_outside_organization": allowed,
    }
    refusal = expect_refusal(organizations.update, before.id, changes)
    assert (refusal.status, refusal.code) == (400, "external_id_already_used")
    assert organizations.get(before.id) == before
    assert organizations.lookup(readonly_org["external_id"]) == readonly_org


@requirement("create.external-id-race")
def test_one_of_several_creates_at_once_succeeds(
    organizations: Organizations, run: Run, scratch_orgs: list[Organization]
) -> None:
    for updates in range(ROUNDS):
        external_id = run.external_id("race")
        drafts = [run.draft(f"rival {number}", external_id=external_id) for number in range(updates, RIVALS)]
        creating = [partial(organizations.create, body) for body in drafts]
        updating = [
            partial(organizations.update, rival.id, {"external_id": external_id}) for rival in scratch_orgs[:updates]
        ]
        winners, losers = race([*creating, *updating])
        assert len(winners) == 1
        assert {refusal.code for refusal in losers} == {"external_id_already_used"}
        assert organizations.lookup(external_id) == winners[0]


@requirement("update.external-id-race")
def test_one_of_several_updates_at_once_succeeds(
    organizations: Organizations, run: Run, scratch_orgs: list[Organization]
) -> None:
    for _ in range(ROUNDS):
        changes = {"external_id": run.external_id("race")}
        winners, losers = race([partial(organizations.update, rival.id, changes) for rival in scratch_orgs])
        assert len(winners) == 1
        assert {refusal.code for refusal in losers} == {"external_id_already_used"}
        assert organizations.lookup(changes["external_id"]) == winners[0]


def race(calls: list[Callable[[], Organization]]) -> tuple[list[Organization], list[RefusedError]]:
    """Makes all calls at the same moment: what succeeded, and what was refused."""
    start = Barrier(len(calls))

    def run_one(call: Callable[[], Organization]) -> Organization | RefusedError:
        start.wait()
        try:
            return call()
        except RefusedError as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        results = list(pool.map(run_one, calls))
    return (
        [result for result in results if isinstance(result, Organization)],
        [result for result in results if isinstance(result, RefusedError)],
    )
