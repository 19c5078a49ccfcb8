"""Lists of organizations that are there already."""

import pytest

from conformance.harness.api.organization import Organization, by_creation
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.existing import PIECE, Existing, are_equal, settled, some
from conformance.harness.fixtures.population import BACKWARD, FORWARD, LONGEST_LIST, ORDERS
from strategies.drafts import random_token

requirement = pytest.mark.requirement
pytestmark = pytest.mark.existing

each_order = pytest.mark.parametrize("order", ORDERS)


@requirement("list.order")
@each_order
def test_existing_organizations_are_ordered_by_creation(existing: Existing, order: str) -> None:
    listed = existing.page(order).organizations
    assert listed == by_creation(listed, newest_first=order != "asc")


@requirement("list.newest-first")
def test_the_newest_existing_ones_come_first_without_an_order(organizations: Organizations) -> None:
    listed = organizations.list(limit=LONGEST_LIST).organizations
    assert listed == by_creation(listed, newest_first=True)


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
