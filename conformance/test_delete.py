"""Deleting organizations."""

import math
from functools import partial

import httpx
import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal, organization_of, value_of
from conformance.harness.fixtures.at_once import at_once
from conformance.harness.fixtures.cases.acceptance import TAKEN
from conformance.harness.fixtures.ground import Ground, blocked_by_failures, blocked_by_refusal
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.turns import GONE, TAKEN_OVER
from conformance.harness.judges.judges import Judges
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

NOBODY: list[str] = []
NONE: set[str] = set()


@requirement("list.domain")
def test_a_domain_lists_all_of_one_name_that_have_it(listed_before: set[str] | Exception, sharing: set[str]) -> None:
    if isinstance(listed_before, Exception):
        raise listed_before
    assert listed_before == sharing


@requirement("delete.answers")
def test_an_organization_can_be_deleted(deletion: Call) -> None:
    assert deletion.status in (200, 202)


@requirement("delete.gone")
@pytest.mark.independent(turn=GONE)
def test_it_cannot_be_read(organizations: Organizations, deleted: Organization) -> None:
    assert expect_refusal(organizations.get, deleted.id).status == 404


@requirement("delete.gone")
@pytest.mark.independent(turn=GONE)
def test_it_cannot_be_found(organizations: Organizations, deleted: Organization) -> None:
    assert expect_refusal(organizations.lookup, deleted.given["external_id"]).status == 404


@requirement("delete.gone-from-lists")
@pytest.mark.independent(turn=GONE)
def test_it_leaves_the_search(
    organizations: Organizations, eventually: Eventually, deleted: Organization, deleted_word: str
) -> None:
    assert eventually(lambda: organizations.list(search=deleted_word, order="asc").ids, NOBODY) == NOBODY


@requirement("delete.gone-from-lists")
@pytest.mark.independent(turn=GONE)
def test_it_leaves_the_list_of_its_domain(
    organizations: Organizations, eventually: Eventually, deleted: Organization
) -> None:
    domains = deleted.domain_names
    assert eventually(lambda: organizations.list(domains=domains, order="normal").ids, NOBODY) == NOBODY


@requirement("delete.leaves-others-alone")
def test_a_newer_organization_is_as_it_was(newer_afterwards: Call, newer: Organization) -> None:
    assert organization_of(newer_afterwards) == newer


@requirement("delete.leaves-others-alone")
@pytest.mark.independent(turn=GONE)
def test_what_shared_its_name_and_domains_is_as_it_was(
    organizations: Organizations,
    eventually: Eventually,
    deleted: Organization,
    readonly_org: Organization,
    listed_before: set[str] | Exception,
) -> None:
    assert organizations.get(readonly_org.id) == readonly_org
    if isinstance(listed_before, set) and readonly_org.id in listed_before:
        domain = readonly_org.given["domain_data"][-1]["domain"]
        listed = eventually.until(lambda: organizations.list(domains=domain).ids, lambda ids: readonly_org.id in ids)
        assert {readonly_org.id} <= set(listed)


@requirement("delete.unknown")
@pytest.mark.independent(turn=GONE)
def test_an_unknown_id_finds_nothing_to_delete(organizations: Organizations, drafts: Drafts) -> None:
    assert expect_refusal(organizations.delete, drafts.unknown_id()).status == 404


@requirement("delete.twice")
@pytest.mark.independent(turn=TAKEN_OVER)
def test_a_second_delete_finds_nothing(organizations: Organizations, deleted: Organization) -> None:
    assert expect_refusal(organizations.delete, deleted.id).status == 404


@requirement("delete.gone-from-lists")
@pytest.mark.independent(turn=GONE)
def test_it_leaves_the_list_of_all(deleted: Organization, list_afterwards: Page) -> None:
    assert {deleted.id} & set(list_afterwards.ids) == NONE


@requirement("list.walk-forward")
@pytest.mark.independent(turn=GONE)
def test_what_was_deleted_takes_no_place_on_a_page(
    organizations: Organizations, eventually: Eventually, deleted: Organization
) -> None:
    assert eventually.until(lambda: organizations.list(limit=1), lambda page: page.ids != []).ids != []


@requirement("list.first-page")
@pytest.mark.independent(turn=GONE)
def test_what_was_deleted_is_not_counted_as_newer(list_afterwards: Page) -> None:
    assert list_afterwards.before is None


@pytest.fixture(scope="session")
def list_afterwards(organizations: Organizations, eventually: Eventually, deleted: Organization) -> Page:
    """The newest organizations, once the two that were newer than these are deleted."""
    return eventually.until(lambda: organizations.list(limit=100), lambda page: deleted.id not in page.ids)


@pytest.mark.run_last
@requirement("delete.leaves-others-alone")
@pytest.mark.independent
def test_everything_that_nobody_deleted_is_there(organizations: Organizations, judges: Judges) -> None:
    alive = judges.alive()  # before the list is asked for: another one may be created meanwhile
    listed = organizations.list(limit=100).ids
    for identifier in alive - set(listed):
        assert organizations.get(identifier).id == identifier


@requirement("delete.frees-external-id")
@pytest.mark.independent(shares=["deleted once", "again"], turn=TAKEN_OVER)
def test_the_external_id_can_be_used_again(organizations: Organizations, again: Call) -> None:
    assert again.json.get("code") != TAKEN
    if again.status == httpx.codes.CREATED:
        created = organization_of(again)
        assert created.metadata == {}
        assert organizations.lookup(created.given["external_id"]) == created


@requirement("delete.frees-domain")
@pytest.mark.independent(shares=["deleted once", "again"], turn=TAKEN_OVER)
def test_its_domain_can_be_used_again(organizations: Organizations, again: Call, deleted: Organization) -> None:
    if again.json.get("code") != TAKEN:
        asked = [deleted.given["domain_data"][0]["domain"]]
        created = organization_of(again)
        assert created.domain_names == asked
        assert organizations.get(created.id).domain_names == asked


@requirement("delete.frees-domain")
@pytest.mark.independent("second", turn=TAKEN_OVER)
def test_an_update_may_use_its_domain_again(
    organizations: Organizations, deleted: Organization, second: Organization
) -> None:
    # Another one than the create took: a pending domain need not be shared.
    freed = deleted.given["domain_data"][1]
    assert organizations.update(second.id, {"domain_data": [freed]}).domain_names == [freed["domain"]]


@pytest.fixture(scope="session")
def again(wire: Wire, drafts: Drafts, deleted: Organization, deletion: Call, external_id_used_twice: str) -> Call:
    """A create that asks for an external_id and a domain of what was deleted."""
    freed = {"external_id": external_id_used_twice, "domain_data": deleted.given["domain_data"][:1]}
    return wire.send("create", body=drafts.body("again", **freed))


@requirement("delete.frees-external-id")
@pytest.mark.independent("third", turn=TAKEN_OVER)
def test_another_organization_may_take_its_external_id(
    organizations: Organizations, deleted: Organization, third: Organization
) -> None:
    external_id = deleted.given["external_id"]
    assert organizations.update(third.id, {"external_id": external_id})["external_id"] == external_id


@requirement("delete.frees-stripe-customer-id")
@pytest.mark.independent("fourth", turn=TAKEN_OVER)
def test_another_organization_may_take_its_stripe_customer(
    organizations: Organizations, judges: Judges, deleted: Organization, deleted_customer: str, fourth: Organization
) -> None:
    updated = organizations.update(fourth.id, {"stripe_customer_id": deleted_customer})
    judges.needs_met("organization.stripe-customer-id", "update")
    assert updated.get("stripe_customer_id", deleted_customer) == deleted_customer


@requirement("delete.leaves-others-alone")
@pytest.mark.independent("third", "again", turn=TAKEN_OVER)
def test_an_external_id_stays_with_who_has_taken_it_over(
    organizations: Organizations, wire: Wire, ground: Ground, again: Call, third: Organization
) -> None:
    # The delete may look at what the organization was created with, in place of what it has by now.
    with blocked_by_failures():
        holder = organization_of(again)
    ground.update(holder.id, {"external_id": None})
    external_id = holder.given["external_id"]
    with blocked_by_refusal("update.frees-external-id"):
        organizations.update(third.id, {"external_id": external_id})
    with blocked_by_failures():
        taken_over = organizations.lookup(external_id)
    # Of two at once, the second may find nothing any more. That none of them crashes is judged by itself.
    deletes = at_once([partial(wire.send, "delete", path={"id": holder.id})] * 2)
    with blocked_by_failures():
        value_of(min(deletes, key=lambda call: call.status or math.inf))
    assert organizations.lookup(external_id) == taken_over


@requirement("delete.gone")
@pytest.mark.independent("deleted once", turn=TAKEN_OVER)
def test_it_cannot_be_changed(organizations: Organizations, drafts: Drafts, deleted_once: Organization) -> None:
    # After all others, which ask what is left of it: an update may bring it back.
    assert expect_refusal(organizations.update, deleted_once.id, drafts.body("revived")).status == 404
    assert expect_refusal(organizations.get, deleted_once.id).status == 404
