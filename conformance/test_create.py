"""Creating organizations."""

import pytest

from conformance.harness.api.http import Organizations
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.population import Population
from conformance.harness.plugin.run import Run

promise = pytest.mark.requirement

CLOCK_TOLERANCE = 1.25
"""Seconds; clocks may show whole seconds, and drift."""


@promise("create.answers")
def test_a_name_is_enough(availability: Availability) -> None:
    availability.confirm("create")


@promise("create.name-alone")
def test_what_is_left_out_is_empty(availability: Availability) -> None:
    created = availability.plain()
    assert (created.domains, created.metadata, created["external_id"]) == ({}, {}, None)


@promise("create.returns-what-was-sent")
@pytest.mark.parametrize("field", ["name", "external_id", "metadata"])
def test_the_answer_carries_what_was_sent(specimen: Organization, field: str) -> None:
    assert specimen[field] == specimen.exchange.sent[field]


@promise("create.returns-what-was-sent")
def test_the_answer_carries_the_domains(specimen: Organization) -> None:
    sent = {item["domain"] for item in specimen.exchange.sent["domain_data"]}
    assert specimen.domains.keys() == sent
    assert len(specimen["domains"]) == len(sent)


@promise("create.returns-what-was-sent")
def test_the_answer_carries_allow_profiles(specimen: Organization) -> None:
    assert specimen.get("allow_profiles_outside_organization", True) is True


@promise("create.domain-state")
def test_each_domain_has_the_state_that_was_sent(specimen: Organization) -> None:
    for item in specimen.exchange.sent["domain_data"]:
        assert item["domain"] in specimen.domains
        assert specimen.domains[item["domain"]].get("state", item["state"]) == item["state"]


@promise("create.domain-strategy")
def test_a_domain_is_vouched_for_by_hand(specimen: Organization) -> None:
    for domain in specimen.domains.values():
        assert domain.get("verification_strategy", "manual") == "manual"


@promise("create.deprecated-domains")
def test_plain_domains_are_attached(plain: Organization) -> None:
    assert sorted(plain.domains) == sorted(plain.exchange.sent["domains"])


@promise("create.deprecated-domains-state")
def test_a_plain_domain_counts_as_verified(plain: Organization) -> None:
    for domain in plain.domains.values():
        assert domain.get("state", "legacy_verified") == "legacy_verified"


@pytest.fixture(scope="module")
def plain(organizations: Organizations, run: Run) -> Organization:
    """An organization made with the deprecated list of domains."""
    return organizations.create(run.draft(domains=[run.domain(), run.domain()]))


@promise("create.readable-at-once")
def test_what_was_created_can_be_read_by_id(organizations: Organizations, specimen: Organization) -> None:
    assert organizations.get(specimen.id) == specimen


@promise("create.readable-at-once")
def test_what_was_created_can_be_read_by_external_id(organizations: Organizations, specimen: Organization) -> None:
    assert organizations.lookup(specimen["external_id"]) == specimen


@promise("create.same-name")
def test_two_organizations_may_share_a_name(organizations: Organizations, run: Run, specimen: Organization) -> None:
    namesake = organizations.create({"name": specimen["name"]})
    both = {specimen.id, namesake.id}
    assert len(both) == 2
    assert organizations.get(specimen.id) == specimen
    assert organizations.get(namesake.id) == namesake
    assert run.eventually(lambda: both & set(organizations.list(search=run.word, limit=100).ids), both) == both


@promise("create.ids-differ")
def test_every_organization_has_an_id_of_its_own(population: Population) -> None:
    assert len(population.ids) == len(population.members)


@promise("create.accepts-valid-bodies")
def test_external_ids_may_differ_in_case_alone(organizations: Organizations, run: Run, specimen: Organization) -> None:
    other = specimen["external_id"].swapcase()
    assert organizations.create(run.draft("other case", external_id=other))["external_id"] == other


@promise("create.new-timestamps")
def test_a_new_organization_was_updated_when_it_was_created(specimen: Organization) -> None:
    assert specimen.updated == specimen.created


@promise("organization.clock")
@pytest.mark.sums_up
def test_created_at_keeps_step_with_time(organizations: Organizations, run: Run, availability: Availability) -> None:
    first = availability.plain()
    longest = CLOCK_TOLERANCE + first.exchange.seconds
    run.wait_since(first.id, 1.25 * longest)
    last = organizations.create(run.draft("last"))
    shown = (last.created - first.created).total_seconds()
    assert abs(shown - run.seconds_between(first.id, last.id)) < longest + last.exchange.seconds


@promise("create.null-lists")
def test_null_counts_as_left_out(organizations: Organizations, run: Run) -> None:
    nothing: dict[str, object] = {"domains": None, "domain_data": None, "allow_profiles_outside_organization": None}
    assert organizations.create(run.draft(metadata={"kept": "yes"}) | nothing).domains == {}
