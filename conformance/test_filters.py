"""Listing only what matches: search and domains."""

from functools import partial

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization, by_creation
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.cases.special_names import SpecialNames
from conformance.harness.fixtures.changeable import SCRATCH
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import LONGEST_LIST, NAMES, SHORT_PAGE, Population
from conformance.harness.judges.judges import Judges
from strategies.drafts import Drafts, random_token
from strategies.notorious import Fate, Field, Notorious, notorious

requirement = pytest.mark.requirement

NOBODY: list[str] = []


@requirement("list.search")
@pytest.mark.independent
def test_search_works(availability: Availability) -> None:
    availability.needs("search")


@requirement("list.search")
@pytest.mark.independent
def test_search_lists_what_matches_and_nothing_else(
    organizations: Organizations, population: Population, readonly_org: Organization
) -> None:
    population.needs_search()
    found = [organization.id for organization in population.listed("desc")]
    assert sorted(found) == sorted(population.ids)
    assert readonly_org.id not in found


@pytest.fixture(scope="session")
def pages_of_nothing(organizations: Organizations, drafts: Drafts, population: Population) -> dict[str, Page]:
    """Lists under a filter that is close to what somebody has."""
    word = population.word.replace(f"{drafts.token}a", drafts.token)  # a letter is missing
    domain = population.with_domains[0].domain_names[0]
    return {
        "search": organizations.list(search=word, order="asc"),
        "domains": organizations.list(domains=f"{domain[:1]}-{domain[1:]}", order="normal"),
    }


@requirement("list.search")
@pytest.mark.independent
def test_search_finds_nothing_under_a_word_that_no_name_has(pages_of_nothing: dict[str, Page]) -> None:
    assert pages_of_nothing["search"].ids == []


@requirement("list.empty-page")
@pytest.mark.parametrize("criterion", ["search", "domains"])
@pytest.mark.independent
def test_a_filter_that_matches_nothing_gives_a_page_without_cursors(
    pages_of_nothing: dict[str, Page], criterion: str
) -> None:
    page = pages_of_nothing[criterion]
    if not page.ids:
        assert (page.before, page.after) == (None, None)


@requirement("list.search-special-characters")
@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in notorious(Field.SEARCH, Fate.MUST)])
@pytest.mark.independent(shares=SCRATCH)
def test_a_character_stands_for_itself_in_a_search(
    organizations: Organizations, eventually: Eventually, special_names: SpecialNames, entry: Notorious
) -> None:
    holder, look = special_names.holder(entry), partial(ids_found, organizations, special_names.text(entry))
    found = eventually(look, [holder])
    if found == NOBODY:
        with special_names.put_first(entry):
            found = eventually(look, [holder])
    assert found == [holder]


@pytest.fixture(scope="session")
def special_names(ground: Ground, drafts: Drafts, scratch_orgs: list[Organization]) -> SpecialNames:
    """Names with characters that have a meaning in SQL, in regular expressions, in query languages."""
    return SpecialNames(ground, drafts.token, [(scratch_orgs[0], scratch_orgs[1]), (scratch_orgs[2], scratch_orgs[3])])


def found_among(organizations: Organizations, text: str, candidates: set[str]) -> set[str]:
    """Those of the candidates that a search for the text lists."""
    return candidates & set(organizations.list(search=text, limit=LONGEST_LIST).ids)


@requirement("list.search")
@pytest.mark.independent
def test_search_finds_a_name_as_a_whole(organizations: Organizations, population: Population) -> None:
    population.needs_search()
    member = population.members[2]
    name = member.given.get("name", member["name"])
    assert "& S" in name
    assert organizations.list(search=name).ids == [member.id]


@requirement("list.accepts-valid-queries")
@pytest.mark.independent
def test_a_zero_can_be_searched_for(organizations: Organizations, population: Population) -> None:
    population.needs_search()
    assert population.ids & set(organizations.list(search="0", limit=LONGEST_LIST).ids) == set()


@requirement("list.domain")
@pytest.mark.parametrize("number", [0, 1, -1])
@pytest.mark.independent
def test_a_domain_lists_who_has_it(population: Population, number: int) -> None:
    member = population.with_domains[number]
    for domain in member.domains:
        assert population.with_domain(domain).ids == [member.id]


@requirement("list.domain")
@pytest.mark.independent
def test_a_domain_that_nobody_has_lists_nothing(pages_of_nothing: dict[str, Page]) -> None:
    assert pages_of_nothing["domains"].ids == []


@requirement("list.domain")
@pytest.mark.independent
def test_a_part_of_a_domain_lists_nobody(organizations: Organizations, population: Population) -> None:
    member = population.with_domains[0]
    domain = member.domain_names[0]
    parts = ["example.com", domain.partition(".")[0], f"www.{domain}"]
    assert member.id not in organizations.list(domains=parts, limit=LONGEST_LIST).ids


@requirement("list.commas-are-literal")
@pytest.mark.independent
def test_a_comma_between_domains_may_be_sent_as_it_is(wire: Wire, population: Population) -> None:
    population.domains_of_several(wire)


@requirement("list.filtered-organizations-whole")
@pytest.mark.independent
def test_a_filter_hides_nothing_of_an_organization(population: Population) -> None:
    member = population.with_domains[-1]
    for domain in member.domain_names:
        assert population.with_domain(domain).organizations == [member]


@requirement("list.several-domains")
@pytest.mark.independent
def test_several_domains_list_who_has_any_of_them_once(wire: Wire, population: Population) -> None:
    population.domains_of_several(wire)
    found = population.with_several_domains()
    assert sorted(found.ids) == sorted(member.id for member in population.with_domains)
    assert found.organizations == by_creation(found.organizations, newest_first=True)


@requirement("list.several-domains")
@pytest.mark.independent
def test_a_domain_that_nobody_has_does_not_disturb_the_others(
    organizations: Organizations, population: Population, drafts: Drafts
) -> None:
    member = population.with_domains[0]
    unknown = [drafts.domain() for _ in range(16)]
    twice = member.domain_names * 2
    assert organizations.list(domains=[*unknown, *twice]).ids == [member.id]


@requirement("list.filters-combine")
@pytest.mark.independent
def test_search_and_domains_together_list_what_matches_both(
    organizations: Organizations, ground: Ground, population: Population, readonly_org: Organization
) -> None:
    population.needs_search()
    first, *_, last = population.with_domains
    assert organizations.list(domains=first.domain_names, search=random_token()).ids == []
    # More than ten match the search before it.
    assert organizations.list(domains=last.domain_names[0], search=population.word, order="asc").ids == [last.id]
    outside = ground.domains(readonly_org)[0]
    assert organizations.list(domains=outside, search=population.word).ids == []


@requirement("list.filter-survives-paging")
@pytest.mark.parametrize("order", ["asc", "desc", "normal"])
@pytest.mark.independent
def test_a_walk_over_a_search_stays_among_its_matches(population: Population, order: str) -> None:
    population.needs_search()
    walk = population.walk(order, SHORT_PAGE)
    for page in (*walk.forward, *walk.backward):
        assert set(page.ids) <= population.ids


def ids_found(organizations: Organizations, word: str) -> list[str]:
    """The ids that a search for the word lists."""
    return organizations.list(search=word).ids


@requirement("list.search")
@pytest.mark.independent("second")
def test_search_looks_into_nothing_but_the_name(
    organizations: Organizations, ground: Ground, scratch_orgs: list[Organization]
) -> None:
    # One word, whose name has another letter at its end: some forgive one, or look at 32 characters.
    text = "".join(random_token() for _ in range(4))
    holder = scratch_orgs[1].id
    domains = [{"domain": f"{text}.example.com", "state": "pending"}]
    similar = f"{text[:-1]}{'x' if text[-1] != 'x' else 'y'}"
    ground.update(holder, {"name": similar, "external_id": text, "metadata": {"text": text}, "domain_data": domains})
    assert organizations.list(search=text).ids == []
    assert holder not in organizations.list(search=holder).ids


@requirement("list.search")
@pytest.mark.independent("first")
def test_search_follows_a_change_of_name(
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    eventually: Eventually,
    first: Organization,
) -> None:
    old, new = random_token(), f"{random_token()} \U0001f680"
    for word in (old, new):
        ground.update(first.id, drafts.searchable(word))
        assert eventually(partial(ids_found, organizations, word), [first.id]) == [first.id]
    assert eventually(partial(ids_found, organizations, old), NOBODY) == NOBODY


@requirement("list.search-later-word")
@pytest.mark.independent
def test_search_finds_a_later_word(
    organizations: Organizations, eventually: Eventually, population: Population
) -> None:
    population.needs_search()
    ids = {population.members[0].id}
    found = partial(found_among, organizations, NAMES[0], ids)  # behind the word that all of them share
    assert eventually(found, ids) == ids


@requirement("list.search")
@pytest.mark.independent("second")
def test_a_search_may_be_for_a_short_or_a_common_word(
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    eventually: Eventually,
    readonly_org: Organization,
    second: Organization,
) -> None:
    for word in ("q7", "the"):
        holder = ground.update(second.id, drafts.searchable(word))
        others = {readonly_org.id} if word not in drafts.token else set()
        found = partial(found_among, organizations, word, {holder.id} | others)
        assert eventually(found, {holder.id}) == {holder.id}


@requirement("list.domain")
@pytest.mark.independent("third")
def test_a_domain_that_was_replaced_or_taken_away_lists_nobody(
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    judges: Judges,
    eventually: Eventually,
    third: Organization,
) -> None:
    several = drafts.domain_data(*["pending"] * 5)
    old, new = several[-1]["domain"], drafts.domain()
    ground.update(third.id, {"domain_data": several})
    assert eventually(lambda: organizations.list(domains=old).ids, [third.id]) == [third.id]
    ground.update(third.id, {"domains": [new]})
    judges.needs_met("update.deprecated-domains", "update")
    ground.update(third.id, drafts.body("renamed"))
    assert eventually(lambda: organizations.list(domains=new).ids, [third.id]) == [third.id]
    cleared = ground.update(third.id, {"domain_data": []})
    gone = [old, new] if not cleared.domains else [old]  # whether none replace them is asked elsewhere
    assert eventually(lambda: organizations.list(domains=gone).ids, NOBODY) == NOBODY
