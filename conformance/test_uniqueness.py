"""One external_id, one organization."""

import functools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from conformance.conftest import Observe
from conformance.harness.api.call import Call
from conformance.harness.api.errors import CallError, RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.at_once import at_once
from conformance.harness.fixtures.cases.acceptance import TAKEN
from conformance.harness.fixtures.changeable import SCRATCH
from conformance.harness.fixtures.ground import Ground
from conformance.harness.judges.finding import BlockedError
from conformance.harness.wire.together import together
from strategies.drafts import Drafts, random_token

requirement = pytest.mark.requirement

RIVALS = 4


@pytest.fixture(scope="session")
def rival(wire: Wire, ground: Ground, drafts: Drafts, readonly_org: Organization) -> Call:
    """A create with the external_id of another organization."""
    return wire.send("create", body=drafts.searchable(random_token(), external_id=ground.external_id(readonly_org)))


@requirement("create.external-id-taken")
@pytest.mark.independent
def test_a_taken_external_id_is_refused(organizations: Organizations, rival: Call, readonly_org: Organization) -> None:
    call = rival  # a value of the test's own is what its finding shows
    assert (call.status, call.json.get("code")) == (400, "external_id_already_used")
    assert organizations.lookup(readonly_org.given["external_id"]) == readonly_org


@requirement("create.conflict-text")
@pytest.mark.independent
def test_what_a_conflict_says(rival: Call, observe: Observe) -> None:
    observe(f"{rival.status}: {rival.json.get('message')}")


@requirement("create.refusal-leaves-nothing")
@pytest.mark.independent
def test_a_create_with_a_taken_external_id_leaves_nothing(organizations: Organizations, rival: Call) -> None:
    if rival.status != httpx.codes.CREATED:
        assert organizations.list(search=rival.body["name"].split()[0]).ids == []


@requirement("create.external-id-taken")
@pytest.mark.independent("sixth")
def test_an_external_id_that_an_update_took_is_refused(
    organizations: Organizations, ground: Ground, drafts: Drafts, sixth: Organization
) -> None:
    taken = ground.update(sixth.id, {"external_id": drafts.external_id("taken")})
    refusal = expect_refusal(organizations.create, drafts.body("rival", external_id=ground.external_id(taken)))
    assert (refusal.status, refusal.code) == (400, "external_id_already_used")


@dataclass(frozen=True)
class Attempt:
    """An update that asks for the external_id of another organization, and for everything else besides."""

    before: Organization
    call: Call
    found: list[str] | Exception
    """The ids that a search for the name that was asked for lists right afterwards, or why it lists none."""


@pytest.fixture(scope="session")
def attempt(
    organizations: Organizations,
    wire: Wire,
    ground: Ground,
    drafts: Drafts,
    readonly_org: Organization,
    scratch_orgs: list[Organization],
) -> Callable[[], Attempt]:
    """The attempt of an organization of which it is known what it was before; made when it is first asked for."""

    @functools.cache
    def made() -> Attempt:
        ground.update(scratch_orgs[0].id, {"domain_data": drafts.domain_data("verified")})
        before = organizations.get(scratch_orgs[0].id)
        word = random_token()
        changes = drafts.searchable(word) | {
            "external_id": ground.external_id(readonly_org),
            "metadata": {"half": "applied"},
            "domain_data": drafts.domain_data("pending"),
            "stripe_customer_id": drafts.stripe_customer_id(),
            "allow_profiles_outside_organization": not before.get("allow_profiles_outside_organization", False),
        }
        call = wire.send("update", path={"id": before.id}, body=changes)
        try:
            return Attempt(before, call, organizations.list(search=word).ids)
        except (CallError, BlockedError) as error:
            return Attempt(before, call, error)

    return made


@requirement("update.external-id-taken")
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.independent("first")
def test_an_update_cannot_take_the_external_id_of_another(
    organizations: Organizations, attempt: Callable[[], Attempt], readonly_org: Organization
) -> None:
    call = attempt().call
    assert (call.status, call.json.get("code")) == (400, "external_id_already_used")
    assert organizations.lookup(readonly_org.given["external_id"]) == readonly_org


@requirement("update.refusal-changes-nothing")
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.independent("first")
def test_an_update_to_a_taken_external_id_changes_nothing(
    organizations: Organizations, attempt: Callable[[], Attempt]
) -> None:
    made = attempt()
    if made.call.status != httpx.codes.OK:
        assert organizations.get(made.before.id) == made.before
        if isinstance(made.found, Exception):
            raise made.found
        assert made.found == []


@requirement("create.external-id-race")
@pytest.mark.independent
def test_one_of_several_creates_at_once_succeeds(organizations: Organizations, drafts: Drafts) -> None:
    external_id = drafts.external_id("race")
    names = [f"rival {number}" for number in range(1, RIVALS)]
    bodies = [drafts.body(name, external_id=external_id, domain_data=drafts.domain_data("pending")) for name in names]
    successes, losers = race([partial(organizations.create, body) for body in bodies])
    assert len(successes) == 1
    assert {refusal.code for refusal in losers} == {"external_id_already_used"}
    assert organizations.lookup(external_id) == successes[0]


@requirement("update.metadata-race")
@pytest.mark.independent("second")
def test_updates_at_once_keep_each_other_s_metadata(organizations: Organizations, second: Organization) -> None:
    organizations.update(second.id, {"metadata": {}})
    pairs = [{f"key{rival}": "set"} for rival in range(RIVALS)]
    race([partial(organizations.update, second.id, {"metadata": pair}) for pair in pairs])
    assert sorted(organizations.get(second.id).metadata) == sorted(key for pair in pairs for key in pair)


def race(calls: Sequence[Callable[[], Organization]]) -> tuple[list[Organization], list[RefusedError]]:
    """Makes all calls at the same moment: what succeeded, and what was refused."""

    def outcome(call: Callable[[], Organization]) -> Organization | RefusedError:
        try:
            return call()
        except RefusedError as refusal:
            return refusal

    results = at_once([partial(outcome, call) for call in calls])
    return (
        [result for result in results if isinstance(result, Organization)],
        [result for result in results if isinstance(result, RefusedError)],
    )


@requirement("create.similar-external-ids")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.parametrize(
    ("ending", "number"),
    [
        pytest.param(ending, number, marks=pytest.mark.independent(SCRATCH[number]))
        for number, ending in enumerate(("~", "  ", f"-long-{'x' * 80}1", f"-long-{'x' * 80}2"))
    ],
    ids=["a tilde", "two spaces", "long 1", "long 2"],
)
def test_external_ids_may_begin_alike(
    wire: Wire, readonly_org: Organization, scratch_orgs: list[Organization], ending: str, number: int, operation: str
) -> None:
    other, holder = readonly_org.given["external_id"] + ending, scratch_orgs[number]
    # An older guide bounds them at 64 characters: that a longer one is refused says nothing of its being taken.
    call = wire.send("update", path={"id": holder.id}, body={"external_id": other})
    assert call.json.get("code") != TAKEN
    if call.status == httpx.codes.OK:
        assert call.json.get("external_id") == other


@requirement("create.similar-external-ids")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.independent("second")
def test_external_ids_may_be_the_same_but_for_signs(
    organizations: Organizations, readonly_org: Organization, scratch_orgs: list[Organization], operation: str
) -> None:
    other = readonly_org.given["external_id"].replace("-", "")
    assert organizations.update(scratch_orgs[1].id, {"external_id": other})["external_id"] == other


@requirement("create.similar-external-ids")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.independent("third", "fourth")
def test_external_ids_may_be_the_same_number(
    organizations: Organizations, ground: Ground, third: Organization, fourth: Organization, operation: str
) -> None:
    number = str(random.SystemRandom().randrange(10**11, 10**12))
    ground.update(third.id, {"external_id": number})
    other = f"0{number}"
    assert organizations.update(fourth.id, {"external_id": other})["external_id"] == other


@requirement("create.similar-external-ids")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.independent("first")
def test_an_external_id_may_be_the_id_of_another_organization(
    wire: Wire, readonly_org: Organization, first: Organization, operation: str
) -> None:
    call = wire.send("update", path={"id": first.id}, body={"external_id": readonly_org.id})
    assert call.json.get("code") != TAKEN


@requirement("update.external-id-race")
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.independent(*SCRATCH)
def test_one_of_several_updates_at_once_succeeds(
    organizations: Organizations, drafts: Drafts, scratch_orgs: list[Organization]
) -> None:
    external_id = drafts.external_id("race")
    bodies = [{"external_id": external_id, "domain_data": drafts.domain_data("pending")} for _ in scratch_orgs]
    rivals = [partial(organizations.update, rival.id, body) for rival, body in zip(scratch_orgs, bodies, strict=True)]
    successes, losers = race(rivals)
    assert len(successes) == 1
    assert {refusal.code for refusal in losers} == {"external_id_already_used"}
    assert organizations.lookup(external_id) == successes[0]


@requirement("create.accepts-dot-segments")
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.parametrize("external_id", [".", ".."])
@pytest.mark.independent("first", "second")
def test_an_external_id_may_be_a_dot_segment(dot_segments: Callable[[], dict[str, Call]], external_id: str) -> None:
    assert dot_segments()[external_id].json.get("external_id") == external_id


@requirement("lookup.dot-segments")
@pytest.mark.parametrize("external_id", [".", ".."])
@pytest.mark.independent("first", "second")
def test_a_dot_segment_that_was_accepted_is_found(
    organizations: Organizations, dot_segments: Callable[[], dict[str, Call]], external_id: str
) -> None:
    taken = dot_segments()[external_id]
    if taken.json.get("external_id") == external_id:
        assert organizations.lookup(external_id)["external_id"] == external_id


@pytest.fixture(scope="session")
def dot_segments(wire: Wire, scratch_orgs: list[Organization]) -> Callable[[], dict[str, Call]]:
    """Two organizations that ask for the external_ids "." and ".."; done when it is first asked for."""

    @functools.cache
    def asked() -> dict[str, Call]:
        asks = {
            external_id: partial(wire.send, "update", path={"id": holder.id}, body={"external_id": external_id})
            for external_id, holder in zip((".", ".."), scratch_orgs, strict=False)
        }
        return dict(zip(asks, together(list(asks.values())), strict=True))

    return asked
