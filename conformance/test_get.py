"""Reading organizations by id."""

from functools import partial

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal, organization_of
from conformance.harness.fixtures.at_once import at_once
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.population import WITHOUT_EXTERNAL_ID, Population
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.together import together
from strategies.drafts import Drafts, random_token

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent


@requirement("get.answers")
def test_an_organization_can_be_read(read: Organization, availability: Availability) -> None:
    assert read.id == availability.searched.id


@pytest.fixture(scope="session")
def read(organizations: Organizations, availability: Availability) -> Organization:
    """An organization that a get gave."""
    return organizations.get(availability.searched.id)


@requirement("get.current-state")
def test_each_organization_is_read_as_it_was_written(organizations: Organizations, population: Population) -> None:
    members = population.members[WITHOUT_EXTERNAL_ID % 6 :: 6]
    assert at_once([partial(organizations.get, member.id) for member in members]) == members
    # A cache, if there is one, may keep it in another form.
    assert organizations.get(members[-1].id) == members[-1]


@requirement("get.current-state")
@pytest.mark.run_last
def test_in_the_end_whatever_nobody_has_read_is_as_it_was_written(wire: Wire, judges: Judges) -> None:
    # Each is read anyway before it is removed: to see that it is the run's own.
    together([partial(wire.send, "get", path={"id": identifier}) for identifier in sorted(judges.unread())])
    for finding in judges.ledger.findings("get.current-state", "get"):
        raise FindingError(finding)


@requirement("get.current-state")
@pytest.mark.independent("first")
def test_what_has_changed_is_not_called_unmodified(
    wire: Wire, ground: Ground, drafts: Drafts, read: Organization, first: Organization
) -> None:
    if entity_tag(read.call):
        ground.update(first.id, drafts.searchable(random_token()))
        tag = entity_tag(wire.send("get", path={"id": first.id}))
        changed = ground.update(first.id, drafts.searchable(random_token()))  # of the same length
        again = wire.send("get", path={"id": first.id}, headers={"if-none-match": tag})
        assert organization_of(again) == changed


def entity_tag(call: Call) -> str:
    """The ETag of the response; empty without one."""
    response = call.exchange.response if call.exchange else None
    return response.headers.get("etag", "") if response else ""


@requirement("get.unknown")
@pytest.mark.reads
def test_an_unknown_id_finds_nothing(organizations: Organizations, drafts: Drafts) -> None:
    assert expect_refusal(organizations.get, drafts.unknown_id()).status == 404


@requirement("get.unknown")
def test_what_is_no_id_finds_nothing(wire: Wire) -> None:
    # With signs in it that trip who repeats it in the error, and in a language in which the error may be given.
    assert wire.send("get", path={"id": "in{valid}%s"}, headers={"accept-language": "pt-BR"}).status == 404


@requirement("get.unknown")
def test_bytes_that_are_no_text_find_nothing(wire: Wire) -> None:
    # What stands before the API may refuse them, so that any refusal will do.
    status = wire.undocumented().send("get", path={"id": "\udcff\0'" + "x" * 250}).status
    assert status in range(400, 500)


@requirement("get.id-in-another-case")
def test_an_id_in_another_case_is_another_id(wire: Wire, readonly_org: Organization) -> None:
    prefix, separator, rest = readonly_org.id.rpartition("_")
    other = f"{prefix}{separator}{rest.swapcase()}"  # some read what is behind the prefix alone
    answered = wire.send("get", path={"id": other})
    # Ids may have any form: one without letters has no other case, and another may be somebody else's.
    if answered.json.get("id") != other:
        assert answered.status == 404


def first_domain_id(organization: Organization) -> str:
    """The id of a domain, which is not the id of an organization; the organization's own where there is none."""
    return next((str(domain.get("id")) for domain in organization.domains.values()), organization.id)


@requirement("get.exact-id")
@pytest.mark.parametrize(
    "part",
    [
        pytest.param(lambda org: org.id[:-1], id="all but the last character"),
        pytest.param(lambda org: org.id.removeprefix("org_"), id="without the prefix"),
        pytest.param(lambda org: org.id.replace("org_", "user_"), id="another prefix"),
        pytest.param(lambda org: org.id + "0", id="one character more"),
        pytest.param(lambda org: f"{org.id} ", id="a space behind it"),
        pytest.param(lambda org: f"{org.id}.json", id="a format behind it"),
        pytest.param(lambda org: f"{org.id}/x", id="a slash behind it"),
        pytest.param(lambda org: org.id.replace("0", "O").replace("1", "I"), id="letters for digits"),
        pytest.param(lambda org: org.given["external_id"], id="the external_id"),
        pytest.param(first_domain_id, id="the id of a domain"),
    ],
)
def test_nothing_but_the_id_finds_an_organization(wire: Wire, readonly_org: Organization, part: object) -> None:
    assert callable(part)
    other = part(readonly_org)
    # Ids may have any form: what is made of one may be the same again, or the id of somebody else.
    answered = wire.send("get", path={"id": other})
    if answered.json.get("id") != other:
        assert answered.status == 404
