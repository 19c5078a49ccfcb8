"""Customers of Stripe: an update stores whose customer an organization is, and no two share one."""

from __future__ import annotations

import pytest

from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.judges.judges import Judges
from strategies.drafts import Drafts, random_token

requirement = pytest.mark.requirement


@requirement("update.stripe-customer-id")
@pytest.mark.independent("third", "fourth")
def test_the_stripe_customer_is_stored(
    organizations: Organizations, drafts: Drafts, fourth: Organization, third: Organization
) -> None:
    customer = drafts.stripe_customer_id()
    # Also of an organization that nothing but its id finds.
    updated = organizations.update(fourth.id, {"stripe_customer_id": customer, "external_id": None})
    read = organizations.get(fourth.id)
    shown = [organization for organization in (updated, read) if "stripe_customer_id" in organization]
    for organization in shown:
        assert organization["stripe_customer_id"] == customer
    if not shown:
        # The field is optional in responses. That it was stored shows then in that nobody else may have it.
        taken = expect_refusal(organizations.update, third.id, {"stripe_customer_id": customer})
        assert taken.code == "stripe_customer_id_already_used"


@requirement("update.stripe-customer-id-shown")
@pytest.mark.independent("sixth")
def test_what_an_update_shows_of_the_stripe_customer_is_shown_by_reads(
    organizations: Organizations, ground: Ground, drafts: Drafts, eventually: Eventually, sixth: Organization
) -> None:
    changes = {"stripe_customer_id": drafts.stripe_customer_id(), "external_id": drafts.external_id("customer")}
    updated = ground.update(sixth.id, changes | drafts.searchable(word := random_token()))
    if updated.get("stripe_customer_id") is None:
        return
    reads = [organizations.get(sixth.id), organizations.lookup(changes["external_id"])]
    reads += eventually(lambda: organizations.list(search=word).organizations, [updated])
    assert [read.get("stripe_customer_id") for read in reads] == [changes["stripe_customer_id"]] * 3


@requirement("update.stripe-customer-id-taken")
@pytest.mark.independent("third", "fourth")
def test_a_stripe_customer_belongs_to_one_organization(
    organizations: Organizations, drafts: Drafts, fourth: Organization, third: Organization
) -> None:
    customer = drafts.stripe_customer_id()
    organizations.update(fourth.id, {"stripe_customer_id": customer})
    before = organizations.get(third.id)
    changes = {
        "stripe_customer_id": customer,
        "name": f"{drafts.token} refused",
        "external_id": drafts.external_id("refused"),
        "metadata": {"half": "applied"},
        "domain_data": [{"domain": drafts.domain(), "state": "pending"}],
    }
    refusal = expect_refusal(organizations.update, third.id, changes)
    assert (refusal.status, refusal.code) == (400, "stripe_customer_id_already_used")
    assert organizations.get(third.id) == before
    assert organizations.get(fourth.id).get("stripe_customer_id", customer) == customer


@requirement("update.frees-stripe-customer-id")
@pytest.mark.independent("third", "fourth")
def test_a_replaced_stripe_customer_can_be_used_again(
    organizations: Organizations, drafts: Drafts, judges: Judges, fourth: Organization, third: Organization
) -> None:
    customer = drafts.stripe_customer_id()
    following = customer[:4] + customer[4:].swapcase()
    for known in (customer, following):
        organizations.update(fourth.id, {"stripe_customer_id": known})
    updated = organizations.update(third.id, {"stripe_customer_id": customer})
    judges.needs_met("organization.stripe-customer-id", "update")
    assert updated.get("stripe_customer_id", customer) == customer
