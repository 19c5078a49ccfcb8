"""Creating organizations."""

import pytest

from conformance.harness.api.http import Organizations
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run

requirement = pytest.mark.requirement

CLOCK_TOLERANCE = 1.25
"""Seconds; clocks may show whole seconds, and drift."""


@requirement("create.answers")
def test_a_name_is_enough(availability: Availability) -> None:
    availability.confirm("create")


@requirement("create.name-alone")
def test_what_is_left_out_is_empty(availability: Availability) -> None:
    created = availability.plain()
    assert (created.domains, created.metadata, created["external_id"]) == ({}, {}, None)


@requirement("create.returns-what-was-sent")
@pytest.mark.parametrize("field", ["name", "external_id", "metadata"])
def test_the_answer_carries_what_was_sent(readonly_org: Organization, field: str) -> None:
    assert readonly_org[field] == readonly_org.exchange.sent[field]


@requirement("create.returns-what-was-sent")
def test_the_answer_carries_the_domains(readonly_org: Organization) -> None:
    sent = {item["domain"] for item in readonly_org.exchange.sent["domain_data"]}
    assert readonly_org.domains.keys() == sent
    assert len(readonly_org["domains"]) == len(sent)


@requirement("create.returns-what-was-sent")
def test_the_answer_carries_allow_profiles(readonly_org: Organization) -> None:
    assert readonly_org.get("allow_profiles_outside_organization", True) is True


@requirement("create.domain-state")
def test_each_domain_has_the_state_that_was_sent(readonly_org: Organization) -> None:
    for item in readonly_org.exchange.sent["domain_data"]:
        assert item["domain"] in readonly_org.domains
        assert readonly_org.domains[item["domain"]].get("state", item["state"]) == item["state"]


@requirement("create.domain-strategy")
def test_a_domain_is_vouched_for_by_hand(readonly_org: Organization) -> None:
    for domain in readonly_org.domains.values():
        assert domain.get("verification_strategy", "manual") == "manual"


@requirement("create.deprecated-domains")
def test_plain_domains_are_attached(plain: Organization) -> None:
    assert sorted(plain.domains) == sorted(plain.exchange.sent["domains"])


@requirement("create.deprecated-domains-state")
def test_a_plain_domain_counts_as_verified(plain: Organization) -> None:
    for domain in plain.domains.values():
        assert domain.get("state", "legacy_verified") == "legacy_verified"


@pytest.fixture(scope="module")
def plain(organizations: Organizations, run: Run) -> Organization:
    """An organization made with the deprecated list of domains."""
    return organizations.create(run.draft(domains=[run.domain(), run.domain()]))


@requirement("create.readable-at-once")
def test_what_was_created_can_be_read_by_id(organizations: Organizations, readonly_org: Organization) -> None:
    assert organizations.get(readonly_org.id) == readonly_org


@requirement("create.readable-at-once")
def test_what_was_created_can_be_read_by_external_id(organizations: Organizations, readonly_org: Organization) -> None:
    assert organizations.lookup(readonly_org["external_id"]) == readonly_org


@requirement("create.same-name")
def test_two_organizations_may_share_a_name(organizations: Organizations, run: Run, readonly_org: Organization) -> None:
    namesake = organizations.create({"name": readonly_org["name"]})
    both = {readonly_org.id, namesake.id}
    assert len(both) == 2
    assert organizations.get(readonly_org.id) == readonly_org
    assert organizations.get(namesake.id) == namesake
    assert run.eventually(lambda: both & set(organizations.list(search=run.token, limit=100).ids), both) == both


@requirement("create.ids-differ")
def test_every_organization_has_an_id_of_its_own(population: Population) -> None:
    assert len(population.ids) == len(population.members)


@requirement("create.accepts-valid-bodies")
def test_external_ids_may_differ_in_case_alone(
    organizations: Organizations, run: Run, readonly_org: Organization
) -> None:
    other = readonly_org["external_id"].swapcase()
    assert organizations.create(run.draft("other case", external_id=other))["external_id"] == other


@requirement("create.new-timestamps")
def test_a_new_organization_was_updated_when_it_was_created(readonly_org: Organization) -> None:
    assert readonly_org.updated == readonly_org.created


@requirement("organization.clock")
@pytest.mark.run_last
def test_created_at_keeps_step_with_time(organizations: Organizations, run: Run, availability: Availability) -> None:
    first = availability.plain()
    longest = CLOCK_TOLERANCE + first.exchange.seconds
    run.wait_since(first.id, 1.25 * longest)
    last = organizations.create(run.draft("last"))
    shown = (last.created - first.created).total_seconds()
    assert abs(shown - run.seconds_between(first.id, last.id)) < longest + last.exchange.seconds


@requirement("create.null-lists")
def test_null_counts_as_left_out(organizations: Organizations, run: Run) -> None:
    nothing: dict[str, object] = {"domains": None, "domain_data": None, "allow_profiles_outside_organization": None}
    assert organizations.create(run.draft(metadata={"kept": "yes"}) | nothing).domains == {}
