"""Creating organizations."""

import time

import pytest

from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.drafts import Drafts
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import Population

requirement = pytest.mark.requirement

CLOCK_TOLERANCE = 1.25
"""Seconds; clocks may show whole seconds, and drift."""


@requirement("create.answers")
def test_a_name_is_enough(availability: Availability) -> None:
    assert availability.plain.id


@requirement("create.name-alone")
def test_what_is_left_out_is_empty(availability: Availability) -> None:
    created = availability.plain
    assert (created.domains, created.metadata, created["external_id"]) == ({}, {}, None)


@requirement("create.returns-what-was-sent")
@pytest.mark.parametrize("field", ["name", "external_id", "metadata"])
def test_the_response_carries_what_was_sent(readonly_org: Organization, field: str) -> None:
    assert readonly_org[field] == readonly_org.given[field]


@requirement("create.returns-what-was-sent")
def test_the_response_carries_the_domains(readonly_org: Organization) -> None:
    assert sorted(readonly_org.domains) == sorted(item["domain"] for item in readonly_org.given["domain_data"])
    assert len(readonly_org["domains"]) == len(readonly_org.given["domain_data"])


@requirement("create.returns-what-was-sent")
def test_the_response_carries_allow_profiles(readonly_org: Organization) -> None:
    assert readonly_org.get("allow_profiles_outside_organization", True) is True


@requirement("create.domain-state")
def test_each_domain_has_the_state_that_was_sent(readonly_org: Organization, ground: Ground) -> None:
    ground.domains(readonly_org)
    for item in readonly_org.given["domain_data"]:
        assert readonly_org.domains[item["domain"]].get("state", item["state"]) == item["state"]


@requirement("create.domain-strategy")
def test_a_domain_is_vouched_for_by_hand(readonly_org: Organization) -> None:
    for domain in readonly_org.domains.values():
        assert domain.get("verification_strategy", "manual") == "manual"


@requirement("create.deprecated-domains")
def test_plain_domains_are_attached(org_with_plain_domains: Organization) -> None:
    assert sorted(org_with_plain_domains.domains) == sorted(org_with_plain_domains.given["domains"])


@requirement("create.deprecated-domains-state")
def test_a_plain_domain_counts_as_verified(org_with_plain_domains: Organization) -> None:
    for domain in org_with_plain_domains.domains.values():
        assert domain.get("state", "legacy_verified") == "legacy_verified"


@pytest.fixture(scope="module")
def org_with_plain_domains(organizations: Organizations, drafts: Drafts) -> Organization:
    """An organization made with the deprecated list of domains."""
    return organizations.create(drafts.body(domains=[drafts.domain(), drafts.domain()]))


@requirement("create.readable-at-once")
def test_what_was_created_can_be_read_by_id(organizations: Organizations, readonly_org: Organization) -> None:
    assert organizations.get(readonly_org.id) == readonly_org


@requirement("create.readable-at-once")
def test_what_was_created_can_be_read_by_external_id(
    organizations: Organizations, ground: Ground, readonly_org: Organization
) -> None:
    assert organizations.lookup(ground.external_id(readonly_org)) == readonly_org


@requirement("create.same-name")
def test_two_organizations_may_share_a_name(
    organizations: Organizations, readonly_org: Organization, namesake: Organization
) -> None:
    assert namesake.id != readonly_org.id
    assert organizations.get(readonly_org.id) == readonly_org
    assert organizations.get(namesake.id) == namesake


@requirement("create.same-name")
def test_lists_show_both_namesakes(
    organizations: Organizations,
    drafts: Drafts,
    eventually: Eventually,
    availability: Availability,
    readonly_org: Organization,
    namesake: Organization,
) -> None:
    availability.needs("search")
    both = {readonly_org.id, namesake.id}
    assert eventually(lambda: both & set(organizations.list(search=drafts.token, limit=100).ids), both) == both


@pytest.fixture(scope="module")
def namesake(organizations: Organizations, readonly_org: Organization) -> Organization:
    """A second organization under the name of another one."""
    return organizations.create({"name": readonly_org.given["name"]})


@requirement("create.ids-differ")
def test_every_organization_has_an_id_of_its_own(population: Population) -> None:
    assert len(population.ids) == len(population.members)


@requirement("create.accepts-valid-bodies")
def test_external_ids_may_differ_in_case_alone(
    organizations: Organizations, drafts: Drafts, readonly_org: Organization
) -> None:
    other = readonly_org.given["external_id"].swapcase()
    assert organizations.create(drafts.body("other case", external_id=other))["external_id"] == other


@requirement("create.new-timestamps")
def test_a_new_organization_was_updated_when_it_was_created(readonly_org: Organization) -> None:
    assert readonly_org.updated == readonly_org.created


@requirement("organization.clock")
@pytest.mark.run_last
def test_created_at_keeps_step_with_time(
    organizations: Organizations, drafts: Drafts, availability: Availability
) -> None:
    first = availability.plain
    longest = CLOCK_TOLERANCE + first.call.seconds
    time.sleep(max(0.0, first.call.started + 1.25 * longest - time.monotonic()))
    last = organizations.create(drafts.body("last"))
    shown = (last.created - first.created).total_seconds()
    passed = last.call.started - first.call.started
    assert abs(shown - passed) < longest + last.call.seconds


@requirement("create.null-lists")
def test_null_counts_as_left_out(organizations: Organizations, drafts: Drafts) -> None:
    nothing: dict[str, object] = {"domains": None, "domain_data": None, "allow_profiles_outside_organization": None}
    assert organizations.create(drafts.body(metadata={"kept": "yes"}) | nothing).domains == {}
