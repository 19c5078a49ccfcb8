"""What nothing decides: the suite asks, writes down the answer, and never fails."""

from collections.abc import Callable

import pytest

from conformance.conftest import Observe
from conformance.harness.api.call import Call
from conformance.harness.api.errors import RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import organization_of, page_of
from conformance.harness.fixtures.population import Population
from strategies.drafts import Drafts

requirement = pytest.mark.requirement
pytestmark = pytest.mark.independent


@pytest.fixture(scope="session")
def asked(wire: Wire) -> Organizations:
    """The operations of the target, for questions that nothing documents."""
    return wire.undocumented().organizations


def outcome(call: Callable[[], object]) -> str:
    """What comes of the call, for the report."""
    try:
        return f"accepted: {call()}"
    except RefusedError as refusal:
        return f"refused with {refusal.status}, code {refusal.code}: {refusal.message}"


@requirement("create.idempotency-replay")
def test_what_a_repeated_idempotency_key_does(
    asked: Organizations, create_in_chunks: Call, idempotency_key: str, observe: Observe
) -> None:
    # Who does not know the key refuses its external_id, which is taken by now.
    first = organization_of(create_in_chunks)
    same, another = "the same organization", "another organization"
    observe(
        outcome(lambda: same if asked.create(first.given, idempotency_key=idempotency_key).id == first.id else another)
    )


@requirement("create.idempotency-conflict")
def test_what_an_idempotency_key_with_another_body_does(
    asked: Organizations, drafts: Drafts, create_in_chunks: Call, idempotency_key: str, observe: Observe
) -> None:
    # Whatever comes of U+0000, no server may fail because of it.
    another = drafts.body("another body", external_id=drafts.external_id("another\0"))
    observe(outcome(lambda: asked.create(another, idempotency_key=idempotency_key)))


@requirement("create.unknown-property")
def test_what_an_unknown_property_does(asked: Organizations, readonly_org: Organization, observe: Observe) -> None:
    # With an external_id that is taken, so that a target that ignores the property has a reason to refuse as well.
    body = {**readonly_org.given, "colour": "blue"}
    observe(outcome(lambda: asked.create(body)))


@requirement("create.empty-name")
def test_what_an_empty_name_does(asked: Organizations, drafts: Drafts, observe: Observe) -> None:
    nameless = {"name": "", "external_id": drafts.external_id("nameless")}
    observe(outcome(lambda: asked.create(nameless)))


@requirement("list.cursors-without-order")
def test_where_cursors_lead_without_an_order(asked: Organizations, population: Population, observe: Observe) -> None:
    page = asked.list(limit=2, **population.criteria())
    observe(f"before {'set' if page.before else 'null'}, after {'set' if page.after else 'null'}")


@requirement("list.both-cursors")
def test_what_both_cursors_do(asked: Organizations, population: Population, observe: Observe) -> None:
    first, second, third = (member.id for member in population.members[:3])
    observe(outcome(lambda: asked.list(before=first, after=third, limit=1).ids == [second]))


@requirement("list.unknown-cursor")
@pytest.mark.reads
def test_what_an_unknown_cursor_does(list_behind_nobody: Call, observe: Observe) -> None:
    observe(outcome(lambda: len(page_of(list_behind_nobody).ids)))


@requirement("list.unknown-parameter")
@pytest.mark.reads
def test_what_an_unknown_parameter_does(asked: Organizations, observe: Observe) -> None:
    observe(outcome(lambda: len(asked.list(limit=1, colour="blue").ids)))


@requirement("list.empty-parameters")
@pytest.mark.reads
@pytest.mark.parametrize("parameters", [("search", "after"), ("limit", "order")], ids=" and ".join)
def test_what_empty_parameters_do(asked: Organizations, observe: Observe, parameters: tuple[str, ...]) -> None:
    observe(outcome(lambda: len(asked.list(**dict.fromkeys(parameters, "")).ids)))


@requirement("update.domain-twice")
@pytest.mark.independent("sixth")
def test_what_a_domain_that_is_given_twice_does(
    asked: Organizations, drafts: Drafts, sixth: Organization, observe: Observe
) -> None:
    twice = drafts.domain_data("verified") * 2
    observe(outcome(lambda: len(asked.update(sixth.id, {"domain_data": twice})["domains"])))


@requirement("list.search-other-case")
def test_whether_search_minds_the_case(asked: Organizations, population: Population, observe: Observe) -> None:
    found = asked.list(search=population.word.upper()).ids
    observe("upper case finds lower case" if found else "upper case finds nothing")


@requirement("list.search-several-words")
def test_whether_several_words_are_searched_for(asked: Organizations, population: Population, observe: Observe) -> None:
    member = population.members[2]
    words = str(member.given.get("name", member["name"])).split()
    found = asked.list(search=f"{words[0]} {words[-1]}").ids
    observe("finds the name that holds both" if member.id in found else "finds nothing")


@requirement("list.search-word-beginning")
def test_whether_the_beginning_of_a_word_is_searched_for(
    asked: Organizations, population: Population, observe: Observe
) -> None:
    found = asked.list(search=population.word[:-3], limit=100).ids
    observe("finds the whole word" if population.members[0].id in found else "finds nothing")


DOMAIN_ENCODINGS: dict[str, Callable[[str, str], str]] = {
    "list.commas-encoded": lambda one, other: f"domains={one}%2C{other}",
    "list.domains-repeated": lambda one, other: f"domains={one}&domains={other}",
    "list.domains-brackets": lambda one, other: f"domains[]={one}&domains[]={other}",
}


@pytest.mark.parametrize(
    "encode",
    [pytest.param(encode, marks=requirement(name), id=name) for name, encode in DOMAIN_ENCODINGS.items()],
)
def test_how_domains_may_be_encoded(
    wire: Wire,
    population: Population,
    observe: Observe,
    encode: Callable[[str, str], str],
) -> None:
    first, second, *_ = population.with_domains
    call = wire.undocumented().send("list", query=encode(first.domain_names[0], second.domain_names[0]))
    listed = page_of(call).ids if call.status == 200 else []
    names = {(): "nothing", (second.id, first.id): "both", (first.id,): "the first", (second.id,): "the last"}
    observe(f"{call.status}: lists {names.get(tuple(listed), 'other organizations too')}")
