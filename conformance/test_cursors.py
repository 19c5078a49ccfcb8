"""Where the cursors of lists lead."""

from __future__ import annotations

import itertools

import pytest

from conformance.harness.api.organization import Organization, by_creation
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.cases.walks import each_walk
from conformance.harness.fixtures.ground import needs_limit
from conformance.harness.fixtures.population import (
    BACKWARD,
    FORWARD,
    LONGEST_LIST,
    SHORT_PAGE,
    SIZE,
    Population,
)
from strategies.drafts import random_token

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent
pytest_generate_tests = each_walk

MIDDLE = SIZE // 2
NONE: set[str] = set()
NOTHING: list[str] = []


@requirement("list.walk-back")
def test_the_way_back_leads_over_the_same_pages(population: Population, order: str, limit: int) -> None:
    walk = population.complete_walk(order, limit)
    assert [page.ids for page in walk.backward] == [page.ids for page in walk.forward[-2::-1]]


@requirement("list.walk-back")
def test_the_way_back_leads_forward_again(organizations: Organizations, population: Population, order: str) -> None:
    walk = population.complete_walk(order, SHORT_PAGE)
    needs_limit(walk.forward[0], SHORT_PAGE)
    assert len(walk.backward) == len(walk.forward) - 1
    cursor = walk.backward[-1].cursor(FORWARD[order])
    assert cursor is not None
    if cursor == walk.forward[0].cursor(FORWARD[order]):
        return  # Where it leads to is known.
    again = organizations.list(**population.criteria(), order=order, limit=SHORT_PAGE, **{FORWARD[order]: cursor})
    assert again.ids == walk.forward[1].ids


@requirement("list.after-is-exclusive")
def test_a_cursor_leads_past_what_was_shown(population: Population, order: str, limit: int) -> None:
    pages = population.walk(order, limit).forward
    for page, following in itertools.pairwise(pages):
        assert set(page.ids) & set(following.ids) == NONE


@requirement("list.last-page")
def test_the_last_page_leads_no_further(population: Population, order: str, limit: int) -> None:
    population.needs_search()
    pages = population.complete_walk(order, limit).forward
    if limit > SIZE and len(pages[0]) == SIZE:
        return  # What a page leads to that is not full, and the only one, is asked elsewhere.
    assert pages[-1].cursor(FORWARD[order]) is None
    if len(pages) > 1:
        assert pages[-1].ids != []


@requirement("list.first-page")
def test_the_first_page_leads_no_further_back(population: Population, order: str, limit: int) -> None:
    population.needs_search()
    walk = population.complete_walk(order, limit)
    for first in (walk.forward[0], *walk.backward[-1:]):
        assert first.cursor(BACKWARD[order]) is None


@requirement("list.middle-page")
def test_a_page_in_between_leads_both_ways(population: Population, order: str, limit: int) -> None:
    walk = population.complete_walk(order, limit)
    for page in (*walk.forward[1:-1], *walk.backward[:-1]):
        assert page.before is not None
        assert page.after is not None


@requirement("list.cursor-is-object-id")
def test_cursors_are_the_ids_at_the_ends_of_the_page(population: Population, order: str, limit: int) -> None:
    for page in population.walk(order, limit).forward:
        ids = page.ids
        assert page.cursor(FORWARD[order]) in (None, *ids[-1:])
        assert page.cursor(BACKWARD[order]) in (None, *ids[:1])


@requirement("list.walk-forward")
def test_a_cursor_leads_forward_through_the_environment(organizations: Organizations, population: Population) -> None:
    population.complete_walk("asc", SHORT_PAGE)
    middle, *following = population.listed("asc")[MIDDLE:]
    if cursors_are_ids(population):
        page = organizations.list(order="asc", limit=SHORT_PAGE, after=middle.id)
        needs_limit(page, SHORT_PAGE)
        assert page.ids != []
        assert ids_outside(page, middle, following[SHORT_PAGE - 1]) == NOTHING
        shown = members_on(page, population)
        assert shown == [member.id for member in following[: len(shown)]]


@requirement("list.walk-back")
def test_a_cursor_leads_back_through_the_environment(organizations: Organizations, population: Population) -> None:
    population.complete_walk("desc", SHORT_PAGE)
    *newer, middle = population.listed("desc")[: MIDDLE + 1]
    if cursors_are_ids(population):
        page = organizations.list(order="desc", limit=SHORT_PAGE, before=middle.id)
        needs_limit(page, SHORT_PAGE)
        assert page.ids != []
        assert ids_outside(page, middle, newer[-SHORT_PAGE]) == NOTHING
        shown = members_on(page, population)
        assert shown == [member.id for member in newer[len(newer) - len(shown) :]]


def ids_outside(page: Page, one: Organization, other: Organization) -> list[str]:
    """The ids of what was not created between these two."""
    earliest, latest = sorted((one.created, other.created))
    return [found.id for found in page.organizations if not earliest <= found.created <= latest]


def members_on(page: Page, population: Population) -> list[str]:
    """The ids of a page without those of what others have created in between."""
    return [identifier for identifier in page.ids if identifier in population.ids]


@requirement("list.beyond-the-end")
def test_behind_the_last_organization_is_nothing(organizations: Organizations, population: Population) -> None:
    population.complete_walk("desc", LONGEST_LIST)
    oldest = population.listed("desc")[-1]
    if cursors_are_ids(population):
        assert organizations.list(**population.criteria(), order="desc", after=oldest.id).ids == []


@requirement("list.short-page-back")
@pytest.mark.parametrize(("order", "number"), [("desc", 0), ("asc", 1)])
def test_a_page_back_holds_no_more_than_what_is_before_the_cursor(
    organizations: Organizations, population: Population, order: str, number: int
) -> None:
    population.complete_walk(order, LONGEST_LIST)
    ids = [member.id for member in population.listed(order)]
    if cursors_are_ids(population):
        page = organizations.list(**population.criteria(), order=order, limit=SHORT_PAGE, before=ids[number])
        assert page.ids == ids[:number]


def cursors_are_ids(population: Population) -> bool:
    """Whether the ids of organizations are cursors. Raises BlockedError where lists are out of order."""
    population.needs_order("desc")
    first = population.walked("desc", SHORT_PAGE).forward[0]
    return first.after in first.ids


@requirement("list.single-page")
def test_a_single_page_has_no_cursors(population: Population, order: str) -> None:
    population.needs_search()
    single = population.complete_walk(order, LONGEST_LIST).forward[0]
    if len(single) == SIZE:
        assert (single.before, single.after) == (None, None)


@requirement("list.empty-page")
@pytest.mark.reads
def test_an_empty_page_has_no_cursors(organizations: Organizations) -> None:
    page = organizations.list(search=random_token(), order="desc")
    assert (page.ids, page.before, page.after) == ([], None, None)


@requirement("list.normal-reverses-cursors")
def test_before_leads_to_older_ones_under_normal(population: Population) -> None:
    population.needs_order("normal")
    population.needs_search()
    walk = population.walked("normal", SHORT_PAGE)
    newest = walk.forward[0]
    needs_limit(newest, SHORT_PAGE)
    assert newest.before is not None
    for older in walk.forward[1:2]:
        assert set(older.ids) & set(newest.ids) == NONE
        both = [*newest.organizations, *older.organizations]
        assert both == by_creation(both, newest_first=True)
    assert [page.ids for page in walk.backward[-1:]] == [newest.ids]
