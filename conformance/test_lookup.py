"""Finding organizations by external_id."""

import contextlib
import random
import string
from collections.abc import Callable
from functools import partial

import pytest

from conformance.harness.api.errors import CallError, RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal, organization_of
from conformance.harness.fixtures.at_once import at_once
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.ground import Ground, blocked_by_refusal
from conformance.harness.fixtures.population import TOUCHED, Population
from conformance.harness.wire.routes import respelled
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

LONGEST = 128
"""Characters of an external_id, by O: what is longer can only be unknown, and 404 is documented for that."""
PRINTABLE = [chr(code) for code in range(0x20, 0x7F) if chr(code) not in string.ascii_letters + string.digits]
CONTROL = [chr(code) for code in (*range(0x01, 0x20), 0x7F)]


@requirement("lookup.answers")
@pytest.mark.independent
def test_an_organization_can_be_found(
    organizations: Organizations, ground: Ground, availability: Availability, readonly_org: Organization
) -> None:
    availability.needs("lookup")
    assert organizations.lookup(ground.external_id(readonly_org)).id == readonly_org.id


@requirement("lookup.current-state")
@pytest.mark.independent
def test_each_organization_is_found_as_it_was_written(organizations: Organizations, population: Population) -> None:
    members = population.members[TOUCHED : 3 * TOUCHED : TOUCHED]
    known = {member.given.get("external_id", member["external_id"]): member for member in members}
    known.pop(None, None)  # That an update loses it is said elsewhere.
    assert at_once([partial(organizations.lookup, external_id) for external_id in known]) == [*known.values()]


@requirement("lookup.unknown")
@pytest.mark.reads
@pytest.mark.independent
def test_an_unknown_external_id_finds_nothing(unknown_lookup: Callable[[], RefusedError]) -> None:
    assert unknown_lookup().status == 404


@requirement("lookup.unknown")
@pytest.mark.reads
@pytest.mark.independent
def test_an_external_id_that_is_too_long_for_any_finds_nothing(organizations: Organizations, drafts: Drafts) -> None:
    too_long = drafts.external_id("long") + "x" * LONGEST
    assert expect_refusal(organizations.lookup, too_long).status == 404


@requirement("lookup.exact")
@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda org: org.given["external_id"].lower(), id="lower case"),
        pytest.param(lambda org: org.given["external_id"][:-1], id="all but the last character"),
        pytest.param(lambda org: org.given["external_id"] + "0", id="one character more"),
        pytest.param(lambda org: org.given["external_id"] + " ", id="a space behind it"),
        pytest.param(lambda org: org.given["external_id"] + "\n", id="a line break behind it"),
        pytest.param(lambda org: org.given["external_id"].replace("-", ""), id="without its dashes"),
        pytest.param(lambda org: org.given["external_id"].replace("-", "_"), id="one character exchanged"),
        pytest.param(lambda org: "%", id="a wildcard"),
        pytest.param(lambda org: "2", id="a small number"),
        pytest.param(lambda org: org.given["name"], id="the name"),
        pytest.param(lambda org: org.given["domain_data"][0]["domain"], id="a domain"),
    ],
)
@pytest.mark.independent
def test_nothing_but_the_external_id_finds_an_organization(
    wire: Wire, readonly_org: Organization, other: Callable[[Organization], str]
) -> None:
    external_id = other(readonly_org)
    # Somebody else may have one that is not the run's own.
    answered = wire.send("lookup", path={"external_id": external_id})
    if answered.json.get("external_id") != external_id:
        assert answered.status == 404


@requirement("lookup.unknown")
@pytest.mark.independent
def test_bytes_that_are_no_text_find_nothing(wire: Wire) -> None:
    # What stands before the API may refuse them, so that any refusal will do.
    status = wire.undocumented().send("lookup", path={"external_id": "\udcff\0'" + "x" * 250}).status
    assert status in range(400, 500)


@requirement("lookup.exact")
@pytest.mark.independent
def test_an_id_is_no_external_id(organizations: Organizations, namesakes: list[Organization]) -> None:
    # Not even where there is no external_id that could be meant.
    assert namesakes[0].given.get("external_id") is None
    assert expect_refusal(organizations.lookup, namesakes[0].id).status == 404


@requirement("lookup.exact")
@pytest.mark.independent("first", "second")
def test_external_ids_may_differ_in_case_alone(
    organizations: Organizations, ground: Ground, drafts: Drafts, first: Organization, second: Organization
) -> None:
    lower = drafts.external_id("case" * 11)
    upper = ground.update(first.id, {"external_id": lower.upper()})
    with blocked_by_refusal("create.similar-external-ids"):
        updated = organizations.update(second.id, {"external_id": lower})
    assert updated["external_id"] == lower
    assert organizations.lookup(lower.upper()) == upper


@requirement("lookup.percent-encoded")
@pytest.mark.independent("third")
def test_printable_characters_survive_the_path(
    organizations: Organizations, ground: Ground, drafts: Drafts, third: Organization
) -> None:
    external_id = f"{drafts.external_id()}{''.join(PRINTABLE)} aZ "
    ground.update(third.id, {"external_id": external_id})
    found = organizations.lookup(external_id)
    assert (found.id, found["external_id"]) == (third.id, external_id)


@requirement("lookup.percent-encoded")
@pytest.mark.independent("third")
def test_a_path_may_be_encoded_in_any_spelling(wire: Wire, ground: Ground, drafts: Drafts, third: Organization) -> None:
    external_id = f"{drafts.external_id()}/+; aZ"
    ground.update(third.id, {"external_id": external_id})
    found = organization_of(wire.send("lookup", path={"external_id": external_id}, encode=respelled))
    assert (found.id, found["external_id"]) == (third.id, external_id)


@requirement("lookup.control-characters")
@pytest.mark.independent("fourth")
def test_control_characters_survive_the_path(
    organizations: Organizations, wire: Wire, drafts: Drafts, fourth: Organization
) -> None:
    external_id = drafts.external_id("".join(CONTROL))
    organizations.update(fourth.id, {"external_id": external_id})
    found = wire.undocumented().organizations.lookup(external_id)
    assert (found.id, found["external_id"]) == (fourth.id, external_id)


@requirement("lookup.after-change")
@pytest.mark.independent("fifth")
def test_a_change_moves_the_organization(
    organizations: Organizations, ground: Ground, drafts: Drafts, fifth: Organization
) -> None:
    old, new = drafts.external_id("old"), drafts.external_id("new")
    ground.update(fifth.id, {"external_id": old})
    assert organizations.lookup(old).id == fifth.id
    moved = ground.update(fifth.id, {"external_id": new})
    assert organizations.lookup(new) == moved
    assert expect_refusal(organizations.lookup, old).status == 404
    # What minds a new external_id alone may overlook one that comes with others.
    ground.update(fifth.id, drafts.body("moved", external_id=drafts.external_id("newer"), metadata={"is": "moved"}))
    assert expect_refusal(organizations.lookup, new).status == 404


@requirement("lookup.after-change")
@pytest.mark.independent("first", "second")
def test_another_organization_may_take_the_old_external_id(
    organizations: Organizations, ground: Ground, drafts: Drafts, first: Organization, second: Organization
) -> None:
    old, new = drafts.external_id("old"), drafts.external_id("new")
    ground.update(first.id, {"external_id": old})
    assert organizations.lookup(old).id == first.id
    ground.update(first.id, {"external_id": new})
    with blocked_by_refusal("update.frees-external-id"):
        taken = organizations.update(second.id, {"external_id": old})
    assert organizations.lookup(old) == taken
    ground.update(first.id, {"external_id": None})
    with blocked_by_refusal("update.frees-external-id"):
        organizations.update(second.id, {"external_id": new})


@requirement("lookup.after-clearing")
@pytest.mark.independent("sixth")
def test_a_cleared_external_id_finds_nothing(
    organizations: Organizations, ground: Ground, drafts: Drafts, sixth: Organization
) -> None:
    external_id = drafts.external_id("cleared")
    ground.update(sixth.id, {"external_id": external_id})
    with contextlib.suppress(CallError):
        organizations.lookup(external_id)  # A cache, if there is one, holds it now.
    ground.update(sixth.id, {"external_id": None})
    assert expect_refusal(organizations.lookup, external_id).status == 404


@requirement("lookup.current-state")
@pytest.mark.independent("sixth")
def test_a_lookup_shows_the_latest_change(
    organizations: Organizations, ground: Ground, drafts: Drafts, sixth: Organization
) -> None:
    external_id = drafts.external_id("observed")
    assert expect_refusal(organizations.lookup, external_id).status == 404
    named = drafts.body("observed", metadata={"is": "observed"}, external_id=external_id)
    # A cache may notice a new name, and overlook that only the domains have changed.
    for changes in (named, {}):
        updated = ground.update(sixth.id, changes | {"domain_data": drafts.domain_data("pending")})
        ground.keeps_external_id(updated, external_id)
        assert organizations.lookup(external_id) == updated


@requirement("lookup.current-state")
@pytest.mark.independent("sixth")
def test_whatever_external_id_is_taken_is_found(
    organizations: Organizations, drafts: Drafts, sixth: Organization
) -> None:
    external_id = drafts.external_id("x" * LONGEST)[:LONGEST]
    try:
        updated = organizations.update(sixth.id, {"external_id": external_id})
    except RefusedError:  # An older guide allows 64 characters.
        return
    if updated["external_id"] == external_id:
        assert organizations.lookup(external_id) == updated


@requirement("lookup.exact")
@pytest.mark.independent("fourth")
def test_no_equal_number_and_no_other_id_finds_an_organization(
    organizations: Organizations, ground: Ground, drafts: Drafts, fourth: Organization
) -> None:
    number, customer = str(random.SystemRandom().randrange(10**11, 10**12)), drafts.stripe_customer_id()
    ground.update(fourth.id, {"external_id": f"0{number}", "stripe_customer_id": customer})
    for other in (number, f"00{number}", customer):
        assert expect_refusal(organizations.lookup, other).status == 404
