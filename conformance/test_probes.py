"""What nothing decides: the suite asks, writes down the answer, and never fails."""

from collections.abc import Callable

import pytest

from conformance.conftest import Observe
from conformance.harness.api.http import Organizations, RefusedError
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.population import SHORT_PAGE, Population
from conformance.harness.plugin.run import Run, random_token

requirement = pytest.mark.requirement


@pytest.fixture(scope="module")
def asked(organizations: Organizations) -> Organizations:
    """The operations of the target, for questions that nothing documents."""
    return organizations.undocumented()


def outcome(call: Callable[[], object]) -> str:
    """What comes of the call, for the report."""
    try:
        return f"accepted: {call()}"
    except RefusedError as refusal:
        return f"refused with {refusal.status}, code {refusal.code}"


@requirement("create.idempotency-replay")
def test_what_a_repeated_idempotency_key_does(
    asked: Organizations, first_of_key: Organization, key: str, observe: Observe
) -> None:
    again = asked.create(first_of_key.exchange.sent, idempotency_key=key)
    observe("the same organization" if again.id == first_of_key.id else "another organization")


@requirement("create.idempotency-conflict")
def test_what_an_idempotency_key_with_another_body_does(
    asked: Organizations, run: Run, first_of_key: Organization, key: str, observe: Observe
) -> None:
    observe(outcome(lambda: asked.create(run.draft("another body"), idempotency_key=key)))


@pytest.fixture(scope="module")
def key() -> str:
    """An idempotency key that nobody else uses."""
    return random_token()


@pytest.fixture(scope="module")
def first_of_key(asked: Organizations, run: Run, key: str) -> Organization:
    """The organization that was first created with the key."""
    return asked.create(run.draft("idempotent"), idempotency_key=key)


@requirement("create.domain-shared")
def test_whether_a_domain_can_be_shared(
    asked: Organizations, scratch_orgs: list[Organization], readonly_org: Organization, observe: Observe
) -> None:
    shared = [{"domain": next(iter(readonly_org.domains)), "state": "pending"}]
    observe(outcome(lambda: asked.update(scratch_orgs[3].id, {"domain_data": shared})))


@requirement("create.unknown-property")
def test_what_an_unknown_property_does(asked: Organizations, run: Run, observe: Observe) -> None:
    observe(outcome(lambda: asked.create(run.draft("unknown property", colour="blue"))))


@requirement("create.empty-name")
def test_what_an_empty_name_does(asked: Organizations, run: Run, observe: Observe) -> None:
    nameless = {"name": "", "external_id": run.external_id("nameless")}
    observe(outcome(lambda: asked.create(nameless)))


@requirement("list.cursors-without-order")
def test_where_cursors_lead_without_an_order(asked: Organizations, population: Population, observe: Observe) -> None:
    page = asked.list(limit=2, **population.criteria())
    observe(f"before {'set' if page.before else 'null'}, after {'set' if page.after else 'null'}")


@requirement("list.both-cursors")
def test_what_both_cursors_do(asked: Organizations, population: Population, observe: Observe) -> None:
    middle = population.walk("desc", SHORT_PAGE).forward[1]
    assert middle.before
    assert middle.after
    observe(outcome(lambda: asked.list(before=middle.before or "", after=middle.after or "").ids))


@requirement("list.unknown-cursor")
def test_what_an_unknown_cursor_does(asked: Organizations, run: Run, observe: Observe) -> None:
    observe(outcome(lambda: len(asked.list(after=run.ownership.unknown_id()).ids)))


@requirement("list.unknown-parameter")
def test_what_an_unknown_parameter_does(asked: Organizations, observe: Observe) -> None:
    observe(outcome(lambda: len(asked.list(limit=1, colour="blue").ids)))


@requirement("list.search-other-case")
def test_whether_search_minds_the_case(asked: Organizations, population: Population, observe: Observe) -> None:
    found = asked.list(search=population.token.upper()).ids
    observe("upper case finds lower case" if found else "upper case finds nothing")


DOMAIN_ENCODINGS: dict[str, Callable[[str, str], str]] = {
    "list.domains-repeated": lambda one, other: f"domains={one}&domains={other}",
    "list.domains-brackets": lambda one, other: f"domains[]={one}&domains[]={other}",
    "list.domains-indexed": lambda one, other: f"domains[0]={one}&domains[1]={other}",
}


@pytest.mark.parametrize(
    "encode",
    [pytest.param(encode, marks=requirement(name), id=name) for name, encode in DOMAIN_ENCODINGS.items()],
)
def test_how_domains_may_be_encoded(
    asked: Organizations,
    population: Population,
    observe: Observe,
    encode: Callable[[str, str], str],
) -> None:
    one, other, _ = population.with_domains
    exchange = asked.send("list", params=encode(*one.domains, *other.domains))
    response = exchange.response.object if exchange.response else {}
    found = [item.get("id") for item in response.get("data", ())]
    names = {(): "nothing", (other.id, one.id): "both", (one.id,): "the first", (other.id,): "the last"}
    observe(f"{exchange.status}: lists {names.get(tuple(found), 'other organizations too')}")
