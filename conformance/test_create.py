"""Creating organizations."""

import contextlib
import functools
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

import httpx
import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import organization_of
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.cases.acceptance import TAKEN
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import Population
from conformance.harness.judges.finding import BlockedError
from conformance.harness.judges.judges import Judges
from strategies.drafts import Drafts

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent

NONE: list[str] = []
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


@requirement("create.returns-what-was-sent")
def test_metadata_needs_no_other_field(namesakes: list[Organization]) -> None:
    assert [namesake.metadata for namesake in namesakes] == [namesake.given["metadata"] for namesake in namesakes]


@requirement("create.domain-state")
def test_each_domain_has_the_state_that_was_sent(readonly_org: Organization, ground: Ground) -> None:
    ground.domains(readonly_org)
    for item in readonly_org.given["domain_data"]:
        assert readonly_org.domains[item["domain"]].get("state", item["state"]) == item["state"]


@requirement("create.domain-strategy")
def test_a_domain_is_vouched_for_by_hand(readonly_org: Organization) -> None:
    for domain in readonly_org.domains.values():
        if domain.get("state") == "verified":
            assert domain.get("verification_strategy", "manual") == "manual"


@requirement("create.deprecated-domains")
def test_plain_domains_are_attached(org_with_plain_domains: Organization) -> None:
    assert sorted(org_with_plain_domains.domains) == sorted(org_with_plain_domains.given["domains"])


@requirement("create.deprecated-domains-state")
def test_a_plain_domain_counts_as_verified(org_with_plain_domains: Organization) -> None:
    for domain in org_with_plain_domains.domains.values():
        assert domain.get("state", "legacy_verified") == "legacy_verified"


@requirement("body.name-not-nfc")
@pytest.mark.parametrize("operation", ["create"])
def test_a_name_that_is_not_in_normal_form_is_kept(
    judges: Judges, org_with_plain_domains: Organization, operation: str
) -> None:
    judges.needs_kept(operation, "name")
    assert org_with_plain_domains["name"] == org_with_plain_domains.given["name"]


@requirement("create.readable-at-once")
def test_what_was_created_can_be_read_by_id(organizations: Organizations, readonly_org: Organization) -> None:
    assert organizations.get(readonly_org.id) == readonly_org


@requirement("create.readable-at-once")
def test_what_was_created_can_be_read_by_external_id(
    organizations: Organizations, ground: Ground, readonly_org: Organization
) -> None:
    assert organizations.lookup(ground.external_id(readonly_org)) == readonly_org


@requirement("create.same-name")
@pytest.mark.independent(shares=["fifth", "namesake"])
def test_several_organizations_may_share_a_name(
    organizations: Organizations, readonly_org: Organization, namesakes: list[Organization]
) -> None:
    assert readonly_org.id not in {namesake.id for namesake in namesakes}
    for holder in (readonly_org, *namesakes):
        assert organizations.get(holder.id)["name"] == readonly_org["name"]


@requirement("create.same-name")
@pytest.mark.independent(shares=["fifth", "namesake"])
def test_lists_show_all_namesakes(
    organizations: Organizations, eventually: Eventually, readonly_org: Organization, namesakes: list[Organization]
) -> None:
    ids = {readonly_org.id, *(namesake.id for namesake in namesakes)}
    look = partial(organizations.list, search=readonly_org.given["name"])
    assert eventually(lambda: ids & set(look().ids), ids) == ids


@requirement("create.ids-differ")
def test_equal_creates_at_once_make_an_organization_each(namesakes: list[Organization]) -> None:
    assert len({namesake.id for namesake in namesakes}) == len(namesakes)


@requirement("create.ids-differ")
def test_every_organization_has_an_id_of_its_own(population: Population) -> None:
    assert len(population.ids) == len(population.members)


@requirement("create.similar-external-ids")
def test_external_ids_may_differ_in_case_alone(other_case: Call) -> None:
    assert other_case.json.get("code") != TAKEN
    if other_case.status == httpx.codes.CREATED:
        assert other_case.json.get("external_id") == other_case.body["external_id"]


@requirement("body.name-long")
@pytest.mark.parametrize("operation", ["create"])
def test_a_long_name_is_kept(judges: Judges, other_case: Call, operation: str) -> None:
    judges.needs_kept(operation, "name")
    if other_case.status == httpx.codes.CREATED:
        assert other_case.json.get("name") == other_case.body["name"]


@requirement("create.domain-shared")
def test_a_verified_domain_may_belong_to_several(
    organizations: Organizations, other_case: Call, readonly_org: Organization
) -> None:
    if other_case.json.get("code") == TAKEN:
        return
    created = organization_of(other_case)
    assert created.domain_names == [item["domain"] for item in created.given["domain_data"]]
    assert organizations.get(created.id) == created
    assert organizations.get(readonly_org.id) == readonly_org


@requirement("list.domain")
@pytest.mark.independent
def test_a_domain_lists_all_that_have_it(
    organizations: Organizations, eventually: Eventually, other_case: Call, readonly_org: Organization
) -> None:
    if other_case.status == httpx.codes.CREATED:
        ids = {organization_of(other_case).id, readonly_org.id}
        look = partial(organizations.list, domains=other_case.body["domain_data"][0]["domain"])
        assert eventually(lambda: ids & set(look().ids), ids) == ids


@pytest.fixture(scope="session")
def other_case(wire: Wire, drafts: Drafts, readonly_org: Organization) -> Call:
    """A create with a long name, the external_id of another organization in the other case, and its domain."""
    shared = [item for item in readonly_org.given["domain_data"] if item["state"] == "verified"]
    external_id = readonly_org.given["external_id"].swapcase()
    body = {"name": f"{drafts.token} {'n' * 189}", "external_id": external_id, "domain_data": shared}
    return wire.send("create", body=body)


@requirement("create.domain-shared-pending")
@pytest.mark.independent("fourth")
def test_a_pending_domain_may_belong_to_several(
    organizations: Organizations, readonly_org: Organization, scratch_orgs: list[Organization]
) -> None:
    shared = next(item for item in readonly_org.given["domain_data"] if item["state"] == "pending")
    assert organizations.update(scratch_orgs[3].id, {"domain_data": [shared]}).domain_names == [shared["domain"]]


@requirement("domain.ids-differ")
@pytest.mark.parametrize("operation", ["create", "update"])
def test_every_domain_has_an_id_of_its_own(
    population: Population, subject: Organization, readonly_org: Organization, operation: str
) -> None:
    organizations = [readonly_org, *population.with_domains] if operation == "create" else [readonly_org, subject]
    ids = [domain.get("id") for organization in organizations for domain in organization.domains.values()]
    assert ids_met_twice(map(str, ids)) == NONE


def ids_met_twice(ids: Iterable[str]) -> list[str]:
    """The ids that are there more than once."""
    return [identifier for identifier, times in Counter(ids).items() if times > 1]


@requirement("create.new-timestamps")
def test_a_new_organization_was_updated_when_it_was_created(readonly_org: Organization) -> None:
    assert readonly_org.updated == readonly_org.created


@requirement("organization.clock")
@pytest.mark.run_last
@pytest.mark.independent("first")
def test_created_at_keeps_step_with_time(
    organizations: Organizations, drafts: Drafts, availability: Availability, last_create: Callable[[], Call]
) -> None:
    first = availability.plain
    longest = CLOCK_TOLERANCE + first.call.seconds
    is_created = last_create().status == httpx.codes.CREATED
    last = organization_of(last_create()) if is_created else organizations.create(drafts.body("last"))
    shown = (last.created - first.created).total_seconds()
    passed = last.call.started - first.call.started
    seconds_apart = abs(shown - passed)
    assert seconds_apart < longest + last.call.seconds


@requirement("update.frees-external-id")
@pytest.mark.run_last
@pytest.mark.independent("first")
def test_an_external_id_that_an_update_replaced_can_be_used_again(last_create: Callable[[], Call]) -> None:
    assert last_create().json.get("code") != TAKEN


@pytest.fixture(scope="session")
def last_create(
    wire: Wire, ground: Ground, drafts: Drafts, availability: Availability, scratch_orgs: list[Organization]
) -> Callable[[], Call]:
    """A create some time after the first one, with an external_id that another organization has lost by an update.

    It is sent when it is first asked for.
    """

    @functools.cache
    def sent() -> Call:
        first = availability.plain.call
        time.sleep(max(0.0, first.started + 1.25 * (CLOCK_TOLERANCE + first.seconds) - time.monotonic()))
        former, following = drafts.external_id("former"), drafts.external_id("following")
        with contextlib.suppress(BlockedError):
            ground.update(scratch_orgs[0].id, {"external_id": former})
            ground.update(scratch_orgs[0].id, {"external_id": following})
        return wire.send("create", body=drafts.body("last", external_id=former))

    return sent


@requirement("create.null-lists")
def test_null_counts_as_left_out(longer: Call) -> None:
    if longer.json.get("code") != TAKEN:
        assert organization_of(longer).domains == {}


@requirement("create.similar-external-ids")
def test_external_ids_may_begin_alike(longer: Call) -> None:
    assert longer.json.get("code") != TAKEN
