"""Walking through lists: limits and cursors."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest

from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.cases.profile import PROFILES
from conformance.harness.fixtures.ground import Ground, needs_limit
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import (
    BACKWARD,
    FORWARD,
    LONGEST_LIST,
    ORDERS,
    SHORT_PAGE,
    SIZE,
    Population,
    by_creation,
    chunks,
)
from conformance.harness.judges.judges import Judges
from strategies.drafts import Drafts, random_token

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent

DEFAULT_LIMIT = 10
NONE: set[str] = set()


@requirement("list.walk-forward")
def test_a_walk_through_the_environment_misses_nothing(population: Population) -> None:
    met = [organization.id for organization in population.unfiltered]
    newest_first = [member.id for member in population.listed("desc")]
    members = [identifier for identifier in met if identifier in population.ids]
    assert len(set(met)) == len(met)
    assert members == newest_first[: len(members)]


@requirement("list.full-pages")
@pytest.mark.reads
def test_the_longest_page_is_full_where_more_are_left(organizations: Organizations) -> None:
    page = organizations.list(limit=LONGEST_LIST, order="desc")
    if page.after is not None:
        assert len(page.ids) == LONGEST_LIST


@pytest.mark.run_last
@requirement("list.full-pages")
def test_the_longest_page_holds_all_of_the_run(
    organizations: Organizations, drafts: Drafts, eventually: Eventually, judges: Judges, population: Population
) -> None:
    missing = eventually(
        lambda: judges.alive(drafts.token) - set(organizations.list(search=drafts.token, limit=LONGEST_LIST).ids), NONE
    )
    assert missing == NONE


@requirement("list.default-limit")
def test_a_page_holds_at_most_ten_without_a_limit(pages_without_limit: list[Page], population: Population) -> None:
    assert len(population.members) > DEFAULT_LIMIT
    for page in pages_without_limit:
        assert len(page) <= DEFAULT_LIMIT


@requirement("list.default-limit-full")
def test_a_page_holds_ten_without_a_limit(pages_without_limit: list[Page], population: Population) -> None:
    for page in pages_without_limit:
        assert len(page) == DEFAULT_LIMIT


@pytest.fixture(scope="module")
def pages_without_limit(organizations: Organizations, population: Population) -> list[Page]:
    """Pages of more organizations than there are on one: of a search in two orders, of the environment."""
    criteria = population.criteria() if population.can_search else {}
    return [organizations.list(**criteria), organizations.list(**criteria, order="asc"), organizations.list()]


@requirement("list.default-limit-full")
def test_a_later_page_holds_ten_without_a_limit(
    organizations: Organizations, drafts: Drafts, population: Population, interrupted: Interrupted
) -> None:
    population.needs_search()
    later = organizations.list(search=drafts.token, order="desc", after=interrupted.page.after)
    if later.after is not None:
        assert len(later.ids) == DEFAULT_LIMIT


@requirement("list.limit")
def test_a_page_of_the_environment_exceeds_no_limit(organizations: Organizations, population: Population) -> None:
    assert len(organizations.list(limit=SHORT_PAGE).ids) <= SHORT_PAGE


@requirement("list.full-pages")
def test_a_page_of_the_environment_holds_the_limit(organizations: Organizations, population: Population) -> None:
    assert len(organizations.list(limit=SIZE).ids) == len(population.members)


@requirement("list.limit")
def test_no_page_exceeds_its_limit(population: Population, order: str, limit: int) -> None:
    for page in population.walked(order, limit).forward:
        assert len(page) <= limit


@requirement("list.full-pages")
def test_a_page_holds_as_many_as_the_limit_says(population: Population, order: str, limit: int) -> None:
    walk = population.complete_walk(order, limit)
    sizes = [len(population.shown(page)) for page in walk.forward]
    assert sizes == [len(chunk) for chunk in chunks(population.members, limit)]


@requirement("list.walk-forward")
def test_a_walk_meets_every_organization_once(population: Population, order: str, limit: int) -> None:
    pages = population.exclusive_walk(order, limit).forward
    met = [organization for page in pages for organization in population.shown(page)]
    assert sorted(found.id for found in met) == sorted(population.ids)
    assert met == by_creation(met, newest_first=order != "asc")


@requirement("list.limit")
def test_a_page_of_one_holds_no_more(pages_of_one: list[Page]) -> None:
    for page in pages_of_one:
        assert len(page) <= 1


@requirement("list.walk-forward")
def test_pages_of_one_follow_each_other(pages_of_one: list[Page], population: Population) -> None:
    needs_limit(pages_of_one[0], 1)
    met = [identifier for page in pages_of_one for identifier in page.ids]
    assert met == [member.id for member in population.listed("desc")[: len(met) or 1]]


@pytest.fixture(scope="module")
def pages_of_one(organizations: Organizations, population: Population) -> list[Page]:
    """The first two pages of one organization each."""
    population.needs_order("desc")
    first = organizations.list(order="desc", limit=1, **population.criteria())
    return [first, organizations.list(order="desc", limit=1, **population.criteria(), after=first.after)]


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


@requirement("list.single-page")
def test_a_single_page_has_no_cursors(population: Population, order: str) -> None:
    population.needs_search()
    single = population.complete_walk(order, LONGEST_LIST).forward[0]
    if len(single) == SIZE:
        assert (single.before, single.after) == (None, None)


@requirement("list.empty-page")
@pytest.mark.reads
def test_an_empty_page_has_no_cursors(organizations: Organizations, order: str) -> None:
    page = organizations.list(search=random_token(), order=order)
    assert (page.ids, page.before, page.after) == ([], None, None)


@requirement("list.shows-created")
def test_a_new_organization_appears(
    organizations: Organizations, eventually: Eventually, newcomer: Organization
) -> None:
    word = newcomer.given["name"].partition(" ")[0]
    assert eventually(lambda: organizations.list(search=word).organizations, [newcomer]) == [newcomer]


@requirement("list.normal-reverses-cursors")
def test_before_leads_to_older_ones_under_normal(organizations: Organizations, population: Population) -> None:
    population.needs_order("normal")
    criteria = {**population.criteria(), "order": "normal", "limit": SHORT_PAGE}
    newest = organizations.list(**criteria)
    needs_limit(newest, SHORT_PAGE)
    assert newest.before is not None
    older = organizations.list(**criteria, before=newest.before)
    assert set(older.ids) & set(newest.ids) == NONE
    both = [*newest.organizations, *older.organizations]
    assert both == by_creation(both, newest_first=True)
    assert organizations.list(**criteria, after=older.after).ids == newest.ids


@requirement("list.walk-forward")
def test_a_walk_goes_on_where_it_was_when_a_new_organization_comes(interrupted: Interrupted) -> None:
    needs_limit(interrupted.page, SHORT_PAGE)
    seen, following = set(interrupted.page.ids), set(interrupted.following.ids)
    assert seen & following == NONE
    assert interrupted.newcomer.id not in following


@requirement("list.newest-first")
def test_the_newest_of_the_environment_come_first(
    organizations: Organizations, eventually: Eventually, newcomer: Organization
) -> None:
    looks: list[list[Organization]] = []

    def is_on_top() -> bool:
        looks.append(organizations.list(limit=LONGEST_LIST).organizations)
        return newcomer in looks[-1] and looks[-1] == by_creation(looks[-1], newest_first=True)

    eventually(is_on_top, True)
    listed = looks[-1]
    assert listed == by_creation(listed, newest_first=True)
    assert [found for found in listed if found.id == newcomer.id] == [newcomer]


@dataclass(frozen=True)
class Interrupted:
    """Two pages of a walk, between which an organization was created."""

    page: Page
    newcomer: Organization
    following: Page


@pytest.fixture(scope="module")
def interrupted(organizations: Organizations, ground: Ground, drafts: Drafts, population: Population) -> Interrupted:
    """A walk from the newest on, behind whose back something newer comes."""
    criteria = {"order": "desc", "limit": SHORT_PAGE} | ({"search": drafts.token} if population.can_search else {})
    page = organizations.list(**criteria)
    newcomer = ground.create(drafts.searchable(random_token()))
    return Interrupted(page, newcomer, organizations.list(**criteria, after=page.after))


@pytest.fixture(scope="module")
def newcomer(interrupted: Interrupted) -> Organization:
    """An organization that was just created."""
    return interrupted.newcomer


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Walks are judged under every order, with every page size of the profile."""
    profile = PROFILES[metafunc.config.option.profile]
    if "limit" in metafunc.fixturenames:
        metafunc.parametrize("limit", [size or SIZE for size in profile.limits], ids="by {}".format)
    if "order" in metafunc.fixturenames and not metafunc.definition.get_closest_marker("parametrize"):
        metafunc.parametrize("order", ORDERS)
