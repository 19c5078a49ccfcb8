"""Walking through lists, and how much a page holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest

from conformance.harness.api.organization import Organization, by_creation, is_by_creation
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.cases.walks import each_walk
from conformance.harness.fixtures.ground import Ground, needs_limit
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import (
    LONGEST_LIST,
    SHORT_PAGE,
    SIZE,
    Population,
    chunks,
)
from conformance.harness.fixtures.turns import SETTLED
from conformance.harness.judges.finding import FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.together import together
from strategies.drafts import Drafts, random_token

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent
pytest_generate_tests = each_walk

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
def test_the_longest_page_is_full_where_more_are_left(longest_page: Page) -> None:
    if longest_page.after is not None:
        assert len(longest_page.ids) == LONGEST_LIST


@requirement("list.walk-forward")
def test_the_longest_page_leads_on_where_more_are_left(organizations: Organizations, longest_page: Page) -> None:
    if len(longest_page) == LONGEST_LIST and longest_page.after is None:
        assert set(organizations.list(limit=1, order="asc").ids) <= set(longest_page.ids)


@pytest.fixture(scope="session")
def longest_page(organizations: Organizations) -> Page:
    """The newest organizations, as many as one page may hold."""
    return organizations.list(limit=LONGEST_LIST, order="desc")


@pytest.mark.run_last
@requirement("list.full-pages")
@pytest.mark.independent(turn=SETTLED)
def test_the_longest_page_holds_all_of_the_run(missing: set[str]) -> None:
    assert missing == NONE


@pytest.mark.run_last
@requirement("list.walk-forward")
@pytest.mark.independent(turn=SETTLED)
def test_no_page_ends_the_list_before_all_of_the_run_was_shown(page_of_the_run: Page, missing: set[str]) -> None:
    if page_of_the_run.after is None:
        assert missing == NONE


@pytest.mark.run_last
@requirement("list.current-state")
@pytest.mark.independent(turn=SETTLED)
def test_in_the_end_a_list_shows_everything_as_it_was_written(page_of_the_run: Page, judges: Judges) -> None:
    for finding in judges.disagreements(page_of_the_run.call):
        raise FindingError(finding)


@pytest.mark.run_last
@requirement("list.single-page")
@pytest.mark.independent(turn=SETTLED)
def test_what_was_deleted_is_not_counted_as_more(
    population: Population, page_of_the_run: Page, missing: set[str]
) -> None:
    population.needs_search()
    if not missing:
        assert (page_of_the_run.before, page_of_the_run.after) == (None, None)


@pytest.fixture(scope="session")
def page_of_the_run(
    organizations: Organizations, drafts: Drafts, eventually: Eventually, judges: Judges, population: Population
) -> Page:
    """One page with all organizations that the run has made and not deleted; it has deleted the oldest one."""
    return eventually.until(
        lambda: organizations.list(search=drafts.token, limit=LONGEST_LIST),
        lambda page: judges.alive(drafts.token) <= set(page.ids) and not judges.disagreements(page.call),
    )


@pytest.fixture(scope="session")
def missing(drafts: Drafts, judges: Judges, page_of_the_run: Page) -> set[str]:
    """What the run has made and not deleted, and what this page does not hold."""
    return judges.alive(drafts.token) - set(page_of_the_run.ids)


@requirement("list.default-limit")
def test_a_page_holds_at_most_ten_without_a_limit(pages_without_limit: list[Page], population: Population) -> None:
    assert len(population.members) > DEFAULT_LIMIT
    for page in pages_without_limit:
        assert len(page) <= DEFAULT_LIMIT


@requirement("list.default-limit-full")
def test_a_page_holds_ten_without_a_limit(pages_without_limit: list[Page], population: Population) -> None:
    for page in pages_without_limit:
        assert len(page) == DEFAULT_LIMIT


@pytest.fixture(scope="session")
def pages_without_limit(organizations: Organizations, population: Population, newest_page: Page) -> list[Page]:
    """First pages of lists that are longer than a page: a search in two orders, and the whole environment."""
    criteria = population.criteria() if population.can_search else {}
    searches = [partial(organizations.list, **criteria, **order) for order in ({}, {"order": "asc"})]
    return [*together(searches), newest_page]


@requirement("list.default-limit")
def test_a_later_page_holds_at_most_ten_without_a_limit(later_page: Page) -> None:
    assert len(later_page) <= DEFAULT_LIMIT


@requirement("list.default-limit-full")
def test_a_later_page_holds_ten_without_a_limit(later_page: Page) -> None:
    if later_page.after is not None:
        assert len(later_page) == DEFAULT_LIMIT


@pytest.fixture(scope="session")
def later_page(organizations: Organizations, drafts: Drafts, population: Population, interrupted: Interrupted) -> Page:
    """A page behind a cursor, without a limit. Raises BlockedError where the target cannot search."""
    population.needs_search()
    return organizations.list(search=drafts.token, order="desc", after=interrupted.page.after)


@requirement("list.limit")
def test_a_page_of_the_environment_exceeds_no_limit(page_of_the_environment: Page) -> None:
    assert len(page_of_the_environment) <= SIZE


@requirement("list.full-pages")
def test_a_page_of_the_environment_holds_the_limit(page_of_the_environment: Page) -> None:
    assert len(page_of_the_environment) == SIZE


@pytest.fixture(scope="session")
def page_of_the_environment(organizations: Organizations, population: Population) -> Page:
    """The newest organizations, of which there are more than the limit."""
    assert len(population.members) == SIZE
    return organizations.list(limit=SIZE)


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


@requirement("list.middle-page")
def test_the_second_page_of_one_leads_both_ways(pages_of_one: list[Page]) -> None:
    for page in pages_of_one:
        needs_limit(page, 1)
    assert pages_of_one[1].before is not None
    assert pages_of_one[1].after is not None


@pytest.fixture(scope="session")
def pages_of_one(organizations: Organizations, population: Population) -> list[Page]:
    """The first two pages of one organization each."""
    population.needs_order("desc")
    first = organizations.list(order="desc", limit=1, **population.criteria())
    return [first, organizations.list(order="desc", limit=1, **population.criteria(), after=first.after)]


@requirement("list.shows-created")
def test_a_new_organization_appears(
    organizations: Organizations, eventually: Eventually, newcomer: Organization
) -> None:
    word = newcomer.given["name"].partition(" ")[0]
    assert eventually(lambda: organizations.list(search=word).organizations, [newcomer]) == [newcomer]


@requirement("list.walk-forward")
def test_a_walk_goes_on_where_it_was_when_a_new_organization_comes(interrupted: Interrupted) -> None:
    needs_limit(interrupted.page, SHORT_PAGE)
    seen, following = set(interrupted.page.ids), set(interrupted.following.ids)
    assert seen & following == NONE
    assert interrupted.newcomer.id not in following


@requirement("list.newest-first")
def test_the_newest_of_the_environment_come_first(newest_page: Page) -> None:
    listed = newest_page.organizations
    assert listed == by_creation(listed, newest_first=True)


@requirement("list.shows-created")
def test_a_new_organization_appears_among_the_newest(newest_page: Page, newcomer: Organization) -> None:
    listed = newest_page.organizations
    if not all(found.created > newcomer.created for found in listed):
        assert [found for found in listed if found.id == newcomer.id] == [newcomer]


@pytest.fixture(scope="session")
def newest_page(organizations: Organizations, eventually: Eventually, newcomer: Organization) -> Page:
    """The newest organizations, once a new one is among them."""
    return eventually.until(
        organizations.list,
        lambda page: newcomer in page.organizations and is_by_creation(page.organizations, newest_first=True),
    )


@dataclass(frozen=True)
class Interrupted:
    """Two pages of a walk, between which an organization was created."""

    page: Page
    newcomer: Organization
    following: Page


@pytest.fixture(scope="session")
def interrupted(organizations: Organizations, ground: Ground, drafts: Drafts, population: Population) -> Interrupted:
    """A walk from the newest on, behind whose back something newer comes."""
    criteria = {"order": "desc", "limit": SHORT_PAGE} | ({"search": drafts.token} if population.can_search else {})
    # A cache, if there is one, holds the first page of all now.
    page, _ = together([partial(organizations.list, **asked) for asked in (criteria, {})])
    newcomer = ground.create(drafts.searchable(random_token()))
    return Interrupted(page, newcomer, organizations.list(**criteria, after=page.after))


@pytest.fixture(scope="session")
def newcomer(interrupted: Interrupted) -> Organization:
    """An organization that was just created."""
    return interrupted.newcomer
