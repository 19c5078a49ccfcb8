"""Single organizations that are there already, authentication of reads, and every answer to a read."""

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.existing import Existing, are_equal, settled, some
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.judges.shape import judged_requirements
from conformance.test_authentication import OTHER_SCHEMES, WRONG_KEYS
from specs.contract import operations
from specs.requirements import catalogue
from strategies.drafts import random_token

requirement = pytest.mark.requirement
pytestmark = pytest.mark.existing

READS = [name for name, operation in operations().items() if operation.method == "GET"]
each_read = pytest.mark.parametrize("operation", READS)

SHAPES = [
    pytest.param(identifier, operation, marks=requirement(identifier), id=f"{identifier}-{operation}")
    for identifier in judged_requirements()
    for operation in catalogue()[identifier].operations
    if operation in READS
]


# ---- Single organizations


@requirement("get.answers")
def test_an_existing_organization_can_be_read(organizations: Organizations, existing: Existing) -> None:
    for listed in existing.sample:
        assert organizations.get(listed.id).id == listed.id


@requirement("get.current-state")
def test_a_read_and_a_list_agree_on_existing_ones(organizations: Organizations, existing: Existing) -> None:
    def look() -> tuple[Organization, Organization]:
        listed = organizations.list(order="asc", limit=1).organizations[0]
        return listed, organizations.get(listed.id)

    some(existing.sample, "organizations")
    listed, read = settled(look, are_equal)
    assert listed == read


@requirement("get.exact-id")
@pytest.mark.parametrize("part", ["cut off", "without the prefix", "one character more"])
def test_nothing_but_the_id_finds_an_existing_one(wire: Wire, existing: Existing, part: str) -> None:
    known = existing.sample[0].id
    other = {"cut off": known[:-1], "without the prefix": known.removeprefix("org_")}.get(part, known + "0")
    answered = wire.send("get", path={"id": other})
    assert answered.status == 404 or answered.json.get("id") == other


@requirement("get.id-in-another-case")
def test_an_existing_id_in_another_case_finds_nothing(wire: Wire, existing: Existing) -> None:
    other = existing.sample[0].id.swapcase()
    answered = wire.send("get", path={"id": other})
    assert answered.status == 404 or answered.json.get("id") == other


@requirement("lookup.answers")
def test_an_existing_external_id_can_be_looked_up(organizations: Organizations, existing: Existing) -> None:
    for listed in existing.with_external_id:
        assert organizations.lookup(listed["external_id"]).id == listed.id


@requirement("lookup.current-state")
def test_a_lookup_and_a_read_agree_on_existing_ones(organizations: Organizations, existing: Existing) -> None:
    listed = existing.with_external_id[0]
    found, read = settled(
        lambda: (organizations.lookup(listed["external_id"]), organizations.get(listed.id)), are_equal
    )
    assert found == read


@requirement("lookup.exact")
@pytest.mark.parametrize("other", ["the id", "the other case", "cut off", "one character more"])
def test_nothing_but_the_external_id_finds_an_existing_one(wire: Wire, existing: Existing, other: str) -> None:
    listed = existing.with_external_id[0]
    known = str(listed["external_id"])
    asked = {"the id": listed.id, "the other case": known.swapcase(), "cut off": known[:-1]}.get(other, known + "0")
    if asked in ("", known):
        pytest.skip("read-only: nothing can be made of this external_id")
    answered = wire.send("lookup", path={"external_id": asked})
    assert answered.status == 404 or answered.json.get("external_id") == asked


# ---- Authentication


def read(organizations: Organizations, operation: str, existing: Existing) -> object:
    """A call that succeeds with the right key."""
    if operation == "list":
        return organizations.list(limit=1)
    if operation == "get":
        return organizations.get(existing.sample[0].id)
    return organizations.lookup(existing.with_external_id[0]["external_id"])


@requirement("authentication.missing-key")
@each_read
def test_nothing_existing_is_read_without_a_key(wire: Wire, existing: Existing, operation: str) -> None:
    stranger = wire.authorized_by(None, "").organizations
    assert expect_refusal(read, stranger, operation, existing).status == 401


@requirement("authentication.wrong-key")
@each_read
@pytest.mark.parametrize("difference", WRONG_KEYS)
def test_nothing_existing_is_read_with_a_wrong_key(
    wire: Wire, api_key: str, existing: Existing, operation: str, difference: str
) -> None:
    wrong = WRONG_KEYS[difference](api_key)
    stranger = wire.authorized_by(f"Bearer {wrong}", f"Bearer <{difference}>").organizations
    assert expect_refusal(read, stranger, operation, existing).status == 401


@requirement("authentication.other-scheme")
@each_read
@pytest.mark.parametrize("scheme", OTHER_SCHEMES)
def test_nothing_existing_is_read_under_another_scheme(
    wire: Wire, api_key: str, existing: Existing, operation: str, scheme: str
) -> None:
    stranger = wire.authorized_by(OTHER_SCHEMES[scheme](api_key), f"<{scheme}>").organizations
    assert expect_refusal(read, stranger, operation, existing).status == 401


# ---- Every answer


@pytest.mark.run_last
@pytest.mark.parametrize(("identifier", "operation"), SHAPES)
def test_every_answer_to_a_read(judges: Judges, one_of_each_read: None, identifier: str, operation: str) -> None:
    for finding in judges.ledger.findings(identifier, operation):
        raise FindingError(finding)


@pytest.fixture(scope="module")
def one_of_each_read(wire: Wire, existing: Existing) -> None:
    """A success and a refusal of every read, even when nothing else was selected."""
    for listed in existing.page("desc").organizations[:1]:
        wire.send("get", path={"id": listed.id})
    for listed in existing.page("desc").organizations:
        if isinstance(listed.get("external_id"), str):
            wire.send("lookup", path={"external_id": listed["external_id"]})
            break
    for operation, argument in (("get", "id"), ("lookup", "external_id")):
        wire.send(operation, path={argument: random_token()})
