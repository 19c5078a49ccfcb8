"""Changing organizations."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pytest

from conformance.harness.api.errors import CallError, RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import OPTIONAL, Organization
from conformance.harness.api.page import Page
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.cases.changes import FIELDS, Changes, new_body
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import LONGEST_LIST, Population
from conformance.harness.fixtures.turns import TAKEN_OVER
from conformance.harness.judges.failures import finding_of
from conformance.harness.judges.finding import BlockedError, Finding, FindingError
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.together import together
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

LONG_AGO = "2001-02-03T04:05:06.789Z"

COARSEST_CLOCK = 1.1
"""Seconds after which a clock that shows whole seconds has moved."""

NOTHING: list[Finding] = []


@pytest.fixture(scope="session")
def history(organizations: Organizations, drafts: Drafts, subject: Organization) -> Changes:
    """The changes of one field after the other."""
    return Changes(organizations, drafts, subject)


@requirement("update.answers")
@pytest.mark.independent("sixth")
def test_an_organization_can_be_changed(organizations: Organizations, drafts: Drafts, sixth: Organization) -> None:
    assert organizations.update(sixth.id, drafts.body("changed")).id == sixth.id


@requirement("update.sets-what-was-sent")
@pytest.mark.parametrize("field", ["name", "external_id"])
@pytest.mark.independent("subject")
def test_a_field_takes_its_new_value(judges: Judges, history: Changes, field: str) -> None:
    judges.needs_kept("update", field)
    change = history[field]
    assert change.answered[field] == change.answered.given[field]
    assert change.read[field] == change.answered.given[field]


@requirement("update.sets-what-was-sent")
@pytest.mark.independent("subject")
def test_metadata_take_their_new_pairs(judges: Judges, history: Changes) -> None:
    judges.needs_kept("update", "metadata")
    change = history["metadata"]
    new = change.answered.given["metadata"]
    assert {key: change.answered.metadata.get(key) for key in new} == new
    assert {key: change.read.metadata.get(key) for key in new} == new


@requirement("update.accepts-valid-bodies")
@pytest.mark.independent("subject")
def test_a_field_may_be_given_the_value_that_it_has(organizations: Organizations, history: Changes) -> None:
    known = history[FIELDS[-1]].read
    assert organizations.update(known.id, {"name": known["name"]}).id == known.id


@requirement("update.keeps-the-rest")
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.independent("subject")
def test_the_other_fields_keep_their_values(history: Changes, field: str) -> None:
    change = history[field]
    touched = {"domains" if field == "domain_data" else field, "updated_at"}
    for after in (change.answered, change.read):
        fields = {**change.before.fields, **{name: after[name] for name in touched if name in after}}
        assert after == Organization(fields, change.before.call)
    # What a read showed before, a read does not leave out now.
    hidden = {name for name in OPTIONAL if name in change.before and name not in change.read}
    assert hidden - touched == set()


@requirement("update.sets-what-was-sent")
@pytest.mark.independent("sixth")
def test_several_fields_change_together(
    organizations: Organizations, drafts: Drafts, judges: Judges, sixth: Organization
) -> None:
    for field in ("name", "external_id", "metadata"):
        judges.needs_kept("update", field)
    changes = {
        "name": f"{drafts.token} together",
        "external_id": drafts.external_id("together"),
        "metadata": {"tier": "iron"},
        "stripe_customer_id": drafts.stripe_customer_id(),
    }
    organizations.update(sixth.id, changes)
    read = organizations.get(sixth.id)
    assert (read["name"], read["external_id"]) == (changes["name"], changes["external_id"])
    assert read.metadata.get("tier") == "iron"
    assert read.get("stripe_customer_id", changes["stripe_customer_id"]) == changes["stripe_customer_id"]


@requirement("update.empty")
@pytest.mark.independent("sixth")
def test_an_empty_update_changes_nothing(organizations: Organizations, sixth: Organization) -> None:
    before = organizations.get(sixth.id)
    organizations.update(sixth.id, {})
    after = organizations.get(sixth.id)
    assert after == Organization({**before.fields, "updated_at": after["updated_at"]}, before.call)


@requirement("update.identity")
@pytest.mark.independent("sixth", "invalid request target")
def test_id_and_time_of_creation_stay(
    organizations: Organizations,
    wire: Wire,
    drafts: Drafts,
    sixth: Organization,
    invalid_request_target: Organization,
) -> None:
    body = drafts.body("identity")
    try:
        asked = body | {"id": invalid_request_target.id, "created_at": LONG_AGO}
        updated = wire.undocumented().organizations.update(sixth.id, asked)
    except RefusedError:  # as a property that is not documented may be
        updated = organizations.update(sixth.id, body)
    assert (updated.id, updated.created) == (sixth.id, sixth.created)


@requirement("update.sets-what-was-sent")
@pytest.mark.independent("sixth")
def test_a_name_may_change_in_case_alone(
    organizations: Organizations, ground: Ground, drafts: Drafts, judges: Judges, sixth: Organization
) -> None:
    judges.needs_kept("update", "name")
    name = ground.update(sixth.id, drafts.body("Mc Case")).given["name"]
    assert organizations.update(sixth.id, {"name": name.swapcase()})["name"] == name.swapcase()


@requirement("update.moves-updated-at")
@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.independent("subject")
def test_a_change_moves_updated_at(organizations: Organizations, drafts: Drafts, history: Changes, field: str) -> None:
    before, answered = history[field].before, history[field].answered
    if answered.updated == before.updated:
        time.sleep(COARSEST_CLOCK)
        before = organizations.get(before.id)
        answered = organizations.update(before.id, new_body(drafts, field, before))
    assert answered.updated > before.updated


@requirement("update.clears-external-id")
@pytest.mark.independent("sixth")
def test_null_clears_the_external_id(clearing: Callable[[], Clearing]) -> None:
    assert clearing().cleared()["external_id"] is None


@requirement("update.moves-updated-at")
@pytest.mark.independent("sixth")
def test_clearing_moves_updated_at(
    organizations: Organizations, drafts: Drafts, clearing: Callable[[], Clearing]
) -> None:
    before, cleared = clearing().before, clearing().outcome
    if isinstance(cleared, CallError):
        raise BlockedError(finding_of("update.clears-external-id", cleared))
    if cleared.updated == before.updated:
        before = organizations.update(before.id, {"external_id": drafts.external_id("to clear")})
        time.sleep(COARSEST_CLOCK)
        cleared = organizations.update(before.id, {"external_id": None})
    assert cleared.updated > before.updated


@dataclass(frozen=True)
class Clearing:
    """An update that takes an external_id away."""

    before: Organization
    outcome: Organization | CallError

    def cleared(self) -> Organization:
        """The organization as the update answered. Raises what the call has raised."""
        if isinstance(self.outcome, CallError):
            raise self.outcome
        return self.outcome


@pytest.fixture(scope="session")
def clearing(
    organizations: Organizations, ground: Ground, drafts: Drafts, sixth: Organization
) -> Callable[[], Clearing]:
    """The clearing of an organization that has a stripe_customer_id as well; done when it is first asked for."""

    @functools.cache
    def done() -> Clearing:
        known = {"external_id": drafts.external_id("to clear"), "stripe_customer_id": drafts.stripe_customer_id()}
        before = ground.update(sixth.id, known)
        try:
            return Clearing(before, organizations.update(before.id, {"external_id": None}))
        except CallError as error:
            return Clearing(before, error)

    return done


@requirement("update.clears-external-id")
@pytest.mark.independent("namesake")
def test_null_may_be_set_where_there_is_none(
    organizations: Organizations, drafts: Drafts, namesakes: list[Organization]
) -> None:
    # Nor are there domains: other fields hold without them.
    others = {"metadata": {"kept": "yes"}, "allow_profiles_outside_organization": True}
    body = {"external_id": None, "stripe_customer_id": drafts.stripe_customer_id(), **others}
    assert organizations.update(namesakes[0].id, body)["external_id"] is None


@requirement("update.own-external-id")
@pytest.mark.independent("sixth")
def test_the_own_external_id_is_no_conflict(
    organizations: Organizations, ground: Ground, drafts: Drafts, availability: Availability, sixth: Organization
) -> None:
    own = {"external_id": drafts.external_id("own"), "stripe_customer_id": drafts.stripe_customer_id()}
    ground.update(sixth.id, own)
    again = organizations.update(sixth.id, {**own, "name": f"{drafts.token} again"})
    assert again["external_id"] == own["external_id"]
    availability.needs("lookup")
    assert organizations.lookup(own["external_id"]) == again


@requirement("update.unknown")
@pytest.mark.independent
def test_an_unknown_id_finds_nothing_to_change(organizations: Organizations, drafts: Drafts) -> None:
    assert expect_refusal(organizations.update, drafts.unknown_id(), drafts.body("nobody")).status == 404


@requirement("update.unknown")
@pytest.mark.independent("fifth")
def test_an_external_id_is_no_id_to_change(
    organizations: Organizations, ground: Ground, drafts: Drafts, fifth: Organization
) -> None:
    external_id = drafts.unknown_id()
    ground.update(fifth.id, {"external_id": external_id})
    assert expect_refusal(organizations.update, external_id, drafts.body("under another id")).status == 404


@requirement("update.leaves-others-alone")
@pytest.mark.independent("subject", turn=TAKEN_OVER)
def test_no_other_organization_changes(
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    eventually: Eventually,
    judges: Judges,
    subject: Organization,
    population: Population,
    readonly_org: Organization,
) -> None:
    neighbours = [population.members[-1], readonly_org]
    alike = {"name": readonly_org.given["name"], "external_id": ground.external_id(readonly_org) + "-alike"}
    ground.update(subject.id, alike)
    verified = [{**item, "state": "verified"} for item in readonly_org.given["domain_data"]]
    with contextlib.suppress(CallError):  # That it may have these domains, too, is asked elsewhere.
        organizations.update(subject.id, {"domain_data": verified})
    changes = new_body(drafts, "metadata", subject) | new_body(drafts, "stripe_customer_id", subject)
    organizations.update(subject.id, changes | {"allow_profiles_outside_organization": True})
    # The domains that it shared are its own no more.
    organizations.update(subject.id, new_body(drafts, "name", subject) | new_body(drafts, "domain_data", subject))
    assert together([partial(organizations.get, neighbour.id) for neighbour in neighbours]) == neighbours
    look = partial(organizations.list, search=drafts.token, limit=LONGEST_LIST)
    for finding in eventually(lambda: changed_by_updates(judges, look()), NOTHING):
        raise FindingError(finding)


def changed_by_updates(judges: Judges, page: Page) -> list[Finding]:
    """What a list shows of organizations that updates of others changed."""
    found = judges.disagreements(page.call)
    return [finding for finding in found if finding.requirement == "update.leaves-others-alone"]
