"""What is there already: with --read-only it is all that is judged, and nothing but GET is sent.

Others may be at work. So a scenario compares what does not change by itself, or looks again before it
calls two answers contradictory.
"""

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.drafts import random_token
from conformance.harness.fixtures.existing import PIECE, Existing, settled, some
from conformance.harness.fixtures.population import BACKWARD, FORWARD, LONGEST_LIST, is_by_creation
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.judges.shape import judged_requirements
from conformance.test_authentication import OTHER_SCHEMES, WRONG_KEYS
from specs.contract import operations
from specs.requirements import catalogue

requirement = pytest.mark.requirement
pytestmark = pytest.mark.existing

READS = [name for name, operation in operations().items() if operation.method == "GET"]
each_order = pytest.mark.parametrize("order", ["asc", "desc", "normal"])
each_read = pytest.mark.parametrize("operation", READS)

SHAPES = [
    pytest.param(identifier, operation, marks=requirement(identifier), id=f"{identifier}-{operation}")
    for identifier in judged_requirements()
    for operation in catalogue()[identifier].operations
    if operation in READS
]


@pytest.fixture(scope="module")
def existing(organizations: Organizations) -> Existing:
    """What others have at the target."""
    return Existing(organizations)


# ---- Lists


@requirement("list.order")
@each_order
def test_existing_organizations_are_ordered_by_creation(existing: Existing, order: str) -> None:
    assert is_by_creation(existing.page(order).organizations, newest_first=order != "asc")


@requirement("list.newest-first")
def test_the_newest_existing_ones_come_first_without_an_order(organizations: Organizations) -> None:
    assert is_by_creation(organizations.list(limit=LONGEST_LIST).organizations, newest_first=True)


@requirement("list.limit")
@pytest.mark.parametrize("limit", [1, 10, LONGEST_LIST])
def test_a_page_of_existing_ones_exceeds_no_limit(organizations: Organizations, limit: int) -> None:
    assert len(organizations.list(limit=limit).ids) <= limit


@requirement("list.full-pages")
@each_order
def test_a_page_of_existing_ones_is_full_where_more_are_left(existing: Existing, order: str) -> None:
    for page in existing.window(order).pieces:
        assert len(page.ids) == PIECE or page.cursor(FORWARD[order]) is None


@requirement("list.default-limit")
def test_a_page_of_existing_ones_holds_at_most_ten_without_a_limit(organizations: Organizations) -> None:
    assert len(organizations.list().ids) <= 10


@requirement("list.default-limit-full")
def test_a_page_of_existing_ones_holds_ten_without_a_limit(organizations: Organizations, existing: Existing) -> None:
    assert len(organizations.list().ids) == min(10, len(existing.page("desc")))


@requirement("list.walk-forward")
@each_order
def test_pages_of_existing_ones_follow_each_other(existing: Existing, order: str) -> None:
    window = existing.window(order)
    assert window.met == window.whole.ids


@requirement("list.walk-back")
@each_order
def test_pages_of_existing_ones_lead_back(existing: Existing, order: str) -> None:
    window = existing.window(order)
    assert [page.ids for page in window.back] == [page.ids for page in window.pieces[-2::-1]]


@requirement("list.after-is-exclusive")
@each_order
def test_a_cursor_of_an_existing_one_leads_past_it(existing: Existing, order: str) -> None:
    window = existing.window(order)
    assert window.anchor not in window.whole.ids
    assert len(set(window.met)) == len(window.met)


@requirement("list.middle-page")
@each_order
def test_a_page_between_existing_ones_leads_both_ways(existing: Existing, order: str) -> None:
    for page in existing.window(order).pieces[:-1]:
        assert page.before is not None
        assert page.after is not None


@requirement("list.cursor-is-object-id")
@each_order
def test_cursors_are_ids_of_existing_ones(existing: Existing, order: str) -> None:
    for page in existing.window(order).pieces:
        assert page.cursor(FORWARD[order]) in (None, *page.ids[-1:])
        assert page.cursor(BACKWARD[order]) in (None, *page.ids[:1])


@requirement("list.first-page")
@each_order
def test_the_first_page_of_existing_ones_leads_no_further_back(existing: Existing, order: str) -> None:
    assert existing.page(order).cursor(BACKWARD[order]) is None


@requirement("list.last-page")
@pytest.mark.parametrize("order", ["desc", "normal"])
def test_the_oldest_existing_ones_lead_no_further(organizations: Organizations, existing: Existing, order: str) -> None:
    oldest = some(existing.page("asc").ids[: PIECE + 1], "organizations")
    page = organizations.list(order=order, limit=PIECE, **{FORWARD[order]: oldest[-1]})
    assert (page.ids, page.cursor(FORWARD[order])) == (oldest[-2::-1], None)


@requirement("list.normal-reverses-cursors")
def test_before_leads_to_older_existing_ones_under_normal(existing: Existing) -> None:
    assert existing.window("normal").whole.ids == existing.window("desc").whole.ids


@requirement("list.search")
def test_a_search_finds_existing_names_and_no_others(organizations: Organizations, existing: Existing) -> None:
    for organization, word in existing.words:
        page = organizations.list(search=word, limit=LONGEST_LIST)
        assert organization.id in page.ids or len(page) == LONGEST_LIST
        assert all(word.casefold() in str(found["name"]).casefold() for found in page.organizations)


@requirement("list.search")
def test_a_search_for_what_nobody_is_called_finds_nothing(organizations: Organizations) -> None:
    assert organizations.list(search=random_token()).ids == []


@requirement("list.filter-survives-paging")
def test_a_search_for_existing_names_holds_on_the_next_page(organizations: Organizations, existing: Existing) -> None:
    for _, word in existing.words:
        page = organizations.list(search=word, limit=1, order="desc")
        if page.after is not None:
            page = organizations.list(search=word, limit=1, order="desc", after=page.after)
        assert all(word.casefold() in str(found["name"]).casefold() for found in page.organizations)


@requirement("list.domain")
def test_an_existing_domain_lists_who_has_it(organizations: Organizations, existing: Existing) -> None:
    for organization in existing.with_domains:
        domain = organization.domain_names[0]
        page = organizations.list(domains=domain, limit=LONGEST_LIST)
        assert organization.id in page.ids
        assert all(domain in found.domains for found in page.organizations)


@requirement("list.domain")
def test_a_domain_that_no_existing_one_has_lists_nobody(organizations: Organizations) -> None:
    page = organizations.list(domains=f"{random_token()}.example.com")
    assert (page.ids, page.before, page.after) == ([], None, None)


@requirement("list.several-domains")
def test_several_existing_domains_list_who_has_any_of_them(organizations: Organizations, existing: Existing) -> None:
    wanted = {organization.domain_names[0]: organization.id for organization in existing.with_domains}
    page = organizations.list(domains=list(wanted), limit=LONGEST_LIST)
    assert set(wanted.values()) <= set(page.ids)
    assert all(wanted.keys() & found.domains.keys() for found in page.organizations)


@requirement("list.filters-combine")
def test_search_and_an_existing_domain_list_what_matches_both(organizations: Organizations, existing: Existing) -> None:
    organization = existing.with_domains[0]
    domain, name = organization.domain_names[0], str(organization["name"])
    assert organization.id in organizations.list(domains=domain, search=name, limit=LONGEST_LIST).ids
    assert organizations.list(domains=domain, search=random_token()).ids == []


@requirement("list.filtered-organizations-whole")
def test_a_filter_hides_nothing_of_existing_ones(organizations: Organizations, existing: Existing) -> None:
    domain = existing.with_domains[0].domain_names[0]

    def look() -> tuple[Organization, Organization]:
        found = organizations.list(domains=domain, limit=1).organizations[0]
        return found, organizations.get(found.id)

    found, read = settled(look, are_equal)
    assert found == read


# ---- Single organizations


def are_equal(pair: tuple[Organization, Organization]) -> bool:
    """Whether two looks at an organization agree."""
    return pair[0] == pair[1]


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
