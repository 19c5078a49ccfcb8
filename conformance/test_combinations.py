"""Lists under an order, a limit, a cursor and filters together: none of them changes what another one means."""

from __future__ import annotations

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.cases.combinations import BOTH, DOMAINS, Combination, Combinations
from conformance.harness.fixtures.population import Population

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent

WITH_MIDDLE_PAGE = (
    Combination(DOMAINS, "asc", limit=2),
    Combination(DOMAINS, "normal", limit=2),
    Combination(BOTH, "desc", limit=2),
)
OF_TWO_PAGES = (
    Combination(DOMAINS, "desc", limit=2, domains=4),  # the second page is full
    Combination(BOTH, "asc", limit=3),
)
LEADING_BACK = (WITH_MIDDLE_PAGE[0], OF_TWO_PAGES[0])
each_combination = pytest.mark.parametrize("combination", WITH_MIDDLE_PAGE + OF_TWO_PAGES, ids=str)


@pytest.fixture(scope="session")
def combinations(organizations: Organizations, population: Population, wire: Wire) -> Combinations:
    """Pages of lists, each asked for once."""
    return Combinations(organizations, population, wire)


@requirement("list.filters-combine")
@each_combination
def test_the_first_page_holds_what_matches(combinations: Combinations, combination: Combination) -> None:
    ids = combinations.first(combination).ids
    assert ids == combinations.matching(combination)[: len(ids) or 1]


@requirement("list.first-page")
@each_combination
def test_the_first_page_leads_no_further_back(combinations: Combinations, combination: Combination) -> None:
    combinations.second(combination)
    assert combinations.first(combination).backward is None


@requirement("list.walk-forward")
@each_combination
def test_the_first_page_leads_to_what_follows(combinations: Combinations, combination: Combination) -> None:
    following = combinations.matching(combination)[len(combinations.first(combination).ids) :]
    second = combinations.second(combination)
    assert second.ids == following[: len(second.ids) or 1]
    assert second.ids == following or second.forward is not None


@requirement("list.middle-page")
@pytest.mark.parametrize("combination", WITH_MIDDLE_PAGE, ids=str)
def test_a_page_in_between_leads_both_ways(combinations: Combinations, combination: Combination) -> None:
    second = combinations.second(combination)
    assert second.backward is not None
    assert second.forward is not None


@requirement("list.last-page")
@pytest.mark.parametrize("combination", OF_TWO_PAGES, ids=str)
def test_the_last_page_leads_no_further(combinations: Combinations, combination: Combination) -> None:
    second = combinations.second(combination)
    if second.ids[-1:] == combinations.matching(combination)[-1:]:
        assert second.forward is None


@requirement("list.walk-back")
@pytest.mark.parametrize("combination", LEADING_BACK, ids=str)
def test_the_second_page_leads_back(combinations: Combinations, combination: Combination) -> None:
    ids = combinations.before_second(combination).ids
    assert ids == combinations.first(combination).ids[-len(ids) or -1 :]
