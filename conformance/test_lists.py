"""That lists are given, what they show, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import httpx
import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization, by_creation
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.ground import Ground, needs_limit, needs_more_behind, needs_none_of
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import (
    ORDERS,
    SHORT_PAGE,
    Population,
)
from conformance.harness.judges.judges import Judges
from specs.contract import operations
from strategies.drafts import Drafts, random_token

requirement = pytest.mark.requirement

NO_ID = "%00\0'][" + "x" * 250
"""A cursor with everything in it that may trip who looks for an id."""
CLIENTS = {
    "curl": {
        "accept": "application/*;q=0.9, text/html;q=0.1",
        "accept-language": "de-CH, de;q=0.9",
        "user-agent": "curl/8.5.0",
        "if-none-match": '"0"',
    },
    "a browser": {
        "accept": "application/json, text/plain, */*",
        "accept-language": "ar-EG, ar;q=0.9",
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0",
        "accept-encoding": "gzip, deflate",
    },
}
STRANGE_QUERIES = {
    "long and empty of meaning": {"search": "long \0\U0001f680 " * 60 + "& '", "domains": "\0"},
    "no UTF-8, and no percent-encoding": "search=%FF&domains=50%",
    "white space and nothing": {"search": "  ", "domains": ""},
    "an operator without operands, and each parameter twice": "search=OR&search=OR&limit=1&limit=1&order=asc&order=asc",
}
"""Texts that trip who reads a query."""
EMPTIED: dict[str, Any] = {"external_id": None, "metadata": {}, "allow_profiles_outside_organization": False}


@requirement("list.answers")
@pytest.mark.reads
@pytest.mark.independent
def test_organizations_can_be_listed(availability: Availability) -> None:
    availability.needs("list")


@requirement("list.any-client")
@pytest.mark.reads
@pytest.mark.parametrize("headers", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.independent
def test_any_client_is_given_a_list(wire: Wire, headers: dict[str, str]) -> None:
    assert wire.send("list", query={"limit": 1}, headers=headers).status == httpx.codes.OK


@requirement("list.any-cursor-answered")
@pytest.mark.independent
def test_a_cursor_of_nobody_gets_an_answer(list_behind_nobody: Call) -> None:
    assert list_behind_nobody.status in sorted(operations()["list"].responses)


@requirement("list.any-cursor-answered")
@pytest.mark.parametrize("cursor", ["that of a deleted organization", "no id at all"])
@pytest.mark.independent
def test_a_cursor_of_any_form_gets_an_answer(wire: Wire, availability: Availability, cursor: str) -> None:
    queries = {
        "that of a deleted organization": {"after": availability.plain.id},
        "no id at all": {"before": NO_ID},
    }
    answered = wire.undocumented().send("list", query=queries[cursor])
    assert answered.status in sorted(operations()["list"].responses)


@requirement("list.any-text-answered")
@pytest.mark.parametrize("query", STRANGE_QUERIES.values(), ids=STRANGE_QUERIES)
@pytest.mark.independent
def test_any_text_gets_an_answer(wire: Wire, query: dict[str, str] | str) -> None:
    call = wire.undocumented().send("list", query=query)
    assert call.status in sorted(operations()["list"].responses)


@requirement("list.current-state")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.independent
def test_a_list_shows_each_organization_as_it_was_written(judges: Judges, population: Population, order: str) -> None:
    population.needs_order(order)
    listed = {organization.id: organization for organization in population.listed(order)}
    judges.needs_met("list.filtered-organizations-whole", "list")
    for member in population.members:
        assert listed.get(member.id) == member


@requirement("list.order")
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.independent
def test_a_list_is_ordered_by_creation(population: Population, order: str) -> None:
    passed = population.passed(order)
    assert passed == by_creation(passed, newest_first=order != "asc")


@requirement("list.newest-first")
@pytest.mark.independent
def test_the_newest_come_first_without_an_order(population: Population) -> None:
    population.needs_search()
    listed = population.newest.organizations
    assert listed == by_creation(listed, newest_first=True)
    assert {organization.id for organization in listed} <= population.ids


@requirement("list.order")
@pytest.mark.independent
def test_a_walk_through_the_environment_is_ordered_by_creation(population: Population) -> None:
    assert population.unfiltered == by_creation(population.unfiltered, newest_first=True)


@dataclass(frozen=True)
class TwoPages:
    """A search that two organizations match, one on each page."""

    word: str
    pages: Callable[..., Page]
    newest: Page
    older: str
    """The id of the organization on the later page."""


@pytest.fixture(scope="session")
def two_pages(
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    eventually: Eventually,
    population: Population,
    scratch_orgs: list[Organization],
    fifth: Organization,
) -> Callable[[], TwoPages]:
    """Two organizations of names that begin alike, in pages of one; made when they are first asked for."""

    @cache
    def made() -> TwoPages:
        population.needs_search()
        population.complete_walk("desc", SHORT_PAGE)
        word, ids = random_token(), {scratch_orgs[3].id, fifth.id}
        for identifier in ids:
            ground.update(identifier, drafts.searchable(word))
        pages = partial(organizations.list, search=word, limit=1, order="desc")
        newest = eventually.until(pages, lambda page: page.after is not None)
        needs_limit(newest, 1)
        needs_more_behind(newest)
        needs_none_of(newest, set(newest.ids) - ids, "list.search")
        return TwoPages(word, pages, newest, (ids - set(newest.ids)).pop())

    return made


@requirement("list.current-state")
@pytest.mark.independent("fourth", "fifth")
def test_a_later_page_shows_the_latest_change(
    ground: Ground, drafts: Drafts, eventually: Eventually, two_pages: Callable[[], TwoPages]
) -> None:
    listed = two_pages()
    filled = {
        "name": f"{listed.word} {drafts.token} {drafts.external_id()}",
        "external_id": drafts.external_id("listed"),
        "metadata": {"number": drafts.external_id()},
        "domain_data": drafts.domain_data("verified"),
        "stripe_customer_id": drafts.stripe_customer_id(),
        "allow_profiles_outside_organization": True,
    }
    emptied = EMPTIED | {"name": f"{listed.word} {drafts.token} {drafts.external_id()}"}
    several: list[dict[str, Any]] = [filled, emptied, {"domain_data": drafts.domain_data("pending")}]
    for changes in several:
        updated = ground.update(listed.older, changes)
        assert eventually(lambda: listed.pages(after=listed.newest.after).organizations, [updated]) == [updated]


@requirement("list.single-page")
@pytest.mark.independent("fourth", "fifth")
def test_what_was_renamed_is_not_counted_as_more(
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    eventually: Eventually,
    two_pages: Callable[[], TwoPages],
) -> None:
    listed = two_pages()
    ground.update(listed.older, drafts.searchable(random_token()))
    left = eventually.until(listed.pages, lambda page: page.after is None)
    if left.after is not None:
        needs_none_of(organizations.list(search=listed.word), {listed.older}, "list.search")
    assert (left.ids, left.after) == (listed.newest.ids, None)
