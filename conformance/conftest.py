"""The suite's fixtures; its options and hooks come from harness/plugin/hooks.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, TypeAlias

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.errors import NotExpressibleError, RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import expect_refusal
from conformance.harness.fixtures.at_once import at_once
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.cases.acceptance import TAKEN
from conformance.harness.fixtures.cases.generated import Generator, generating
from conformance.harness.fixtures.cases.profile import PROFILES, Profile
from conformance.harness.fixtures.cases.refusals import RefusedCreates, RefusedUpdates
from conformance.harness.fixtures.cases.verbatim import NAMES_CREATED, Verbatim, few_loads
from conformance.harness.fixtures.changeable import changeable_orgs as changeable_orgs
from conformance.harness.fixtures.changeable import fifth as fifth
from conformance.harness.fixtures.changeable import first as first
from conformance.harness.fixtures.changeable import fourth as fourth
from conformance.harness.fixtures.changeable import scratch_orgs as scratch_orgs
from conformance.harness.fixtures.changeable import second as second
from conformance.harness.fixtures.changeable import sixth as sixth
from conformance.harness.fixtures.changeable import third as third
from conformance.harness.fixtures.chunks import create_in_chunks as create_in_chunks
from conformance.harness.fixtures.chunks import idempotency_key as idempotency_key
from conformance.harness.fixtures.deletion import deletable as deletable
from conformance.harness.fixtures.deletion import deleted as deleted
from conformance.harness.fixtures.deletion import deleted_customer as deleted_customer
from conformance.harness.fixtures.deletion import deleted_once as deleted_once
from conformance.harness.fixtures.deletion import deleted_word as deleted_word
from conformance.harness.fixtures.deletion import deletion as deletion
from conformance.harness.fixtures.deletion import external_id_used_twice as external_id_used_twice
from conformance.harness.fixtures.deletion import listed_before as listed_before
from conformance.harness.fixtures.deletion import made_at_once as made_at_once
from conformance.harness.fixtures.deletion import newer as newer
from conformance.harness.fixtures.deletion import newer_afterwards as newer_afterwards
from conformance.harness.fixtures.deletion import sharing as sharing
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import Population
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.failures import finding_of
from conformance.harness.judges.finding import BlockedError
from conformance.harness.judges.judges import Judges
from conformance.harness.plugin.hooks import pytest_addoption as pytest_addoption
from conformance.harness.plugin.hooks import pytest_cmdline_main as pytest_cmdline_main
from conformance.harness.plugin.hooks import pytest_collection_finish as pytest_collection_finish
from conformance.harness.plugin.hooks import pytest_collection_modifyitems as pytest_collection_modifyitems
from conformance.harness.plugin.hooks import pytest_configure as pytest_configure
from conformance.harness.plugin.hooks import pytest_runtestloop as pytest_runtestloop
from conformance.harness.plugin.items import observing
from conformance.harness.plugin.judging.judge import Judge
from conformance.harness.plugin.output.terminal import Screen
from conformance.harness.plugin.run import Run
from conformance.harness.plugin.settings import options
from conformance.harness.plugin.settings import subject as sdk_under_test
from conformance.harness.plugin.workers import session_of
from specs.requirements import Requirement
from strategies.drafts import Drafts
from strategies.notorious import Field, notorious

Observe: TypeAlias = Callable[[object], None]

SIMILAR_NAMES = ("victim Sons, Inc.", "Victim Sons Inc")
"""Names of two organizations that differ in case and punctuation alone, so that some make one short name of them."""


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run: the way to the target, the judges along it, what was created there."""
    option = pytestconfig.option
    host = sdk_under_test.host_of(pytestconfig)
    started = Run(options.target_of(pytestconfig), option.output, session=session_of(pytestconfig), host=host)
    judge = pytestconfig.pluginmanager.get_plugin("conformance-judge")
    assert isinstance(judge, Judge)
    judge.run = started
    judge.ending.watch(started.limits)
    screen = pytestconfig.pluginmanager.get_plugin("conformance-screen")
    if isinstance(screen, Screen):
        started.tell_waits(screen.show_wait)
    return started


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> Profile:
    """How much the run spends."""
    return PROFILES[pytestconfig.option.profile]


@pytest.fixture(scope="session")
def generator(profile: Profile, pytestconfig: pytest.Config) -> Iterator[Generator]:
    """Tries cases that Schemathesis makes from the seed of the run."""
    with generating(profile, pytestconfig.option.seed) as generator:
        yield generator


@pytest.fixture(scope="session", autouse=True)
def drawn_ahead(request: pytest.FixtureRequest) -> None:
    """Has the cases drawn while the first tests run, where any test needs them."""
    if any("generator" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("generator")


@pytest.fixture(scope="session", autouse=True)
def availability(run: Run) -> Availability:
    """Which operations are there at all."""
    may_write = not run.target.read_only
    return Availability(run.wire.organizations, run.judges, run.drafts, run.eventually, may_write)


@pytest.fixture(autouse=True)
def requirement(request: pytest.FixtureRequest) -> Requirement | None:
    """The requirement under test; the name of each item carries its id."""
    return getattr(request, "param", None)


@pytest.fixture(scope="session")
def organizations(run: Run) -> Organizations:
    """The operations of the target."""
    return run.organizations


@pytest.fixture(scope="session")
def sdk(run: Run) -> SdkUnderTest:
    """The SDK under test."""
    assert run.sdk is not None, "without --sdk nothing that needs one is selected"
    return run.sdk


@pytest.fixture(scope="session")
def wire(run: Run) -> Wire:
    """Requests that no client library could send."""
    return run.wire


@pytest.fixture(scope="session")
def drafts(run: Run) -> Drafts:
    """Bodies, ids and domains that nobody else has."""
    return run.drafts


@pytest.fixture(scope="session")
def eventually(run: Run) -> Eventually:
    """Looks again until lists may no longer lag."""
    return run.eventually


@pytest.fixture(scope="session")
def judges(run: Run) -> Judges:
    """What was found by holding every exchange and every call against the contract."""
    return run.judges


@pytest.fixture(scope="session")
def ground(run: Run) -> Ground:
    """Creates and changes what a scenario needs and does not ask about, by plain HTTP: an SDK may be unable to."""
    return Ground(run.wire.organizations, run.judges)


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Observe:
    """Notes what an INFO probe saw."""
    return observing(request.node)


@pytest.fixture(scope="session")
def readonly_org(organizations: Organizations, ground: Ground, drafts: Drafts) -> Organization:
    """One organization with every field in use. Scenarios read it and never change it."""
    body = drafts.body(
        "read-only of Zoë 株式会社",
        external_id=drafts.external_id("ReadOnly-and-looked-up"),
        metadata={"TierLevel": "Diamond", "seats": "twelve"},
        domain_data=drafts.domain_data("pending", "verified"),
        allow_profiles_outside_organization=True,
    )
    try:
        return organizations.create(body)
    except NotExpressibleError:
        return ground.create(body)


@pytest.fixture(scope="session")
def unknown_lookup(organizations: Organizations, drafts: Drafts) -> Callable[[], RefusedError]:
    """The refusal of a lookup that finds nothing, made when it is first asked for.

    The external_id has signs in it that trip who reads the path, or repeats it in the error.
    """
    return cache(lambda: expect_refusal(organizations.lookup, drafts.external_id('un"know\\x{0}{id}%s$&< a/b?')))


@pytest.fixture(scope="session")
def verbatim_creates(organizations: Organizations, drafts: Drafts) -> Verbatim:
    """Creates with notorious values; a domain carries the run token."""

    def create(body: dict[str, Any]) -> Organization:
        plain = {"name": f"{drafts.token} verbatim", "domain_data": drafts.domain_data("verified")}
        return organizations.create(plain | body)

    sends = [create] * len(NAMES_CREATED)
    return Verbatim(sends, organizations, f"{drafts.token} create", few_loads(NAMES_CREATED))


@pytest.fixture(scope="session")
def namesakes(organizations: Organizations, readonly_org: Organization) -> list[Organization]:
    """Two organizations under the name of another one, made at the same moment from the same body."""
    body = {"metadata": {"namesake": "yes"}, "name": readonly_org.given["name"]}
    try:
        return at_once([partial(organizations.create, body)] * 2)
    except RefusedError as refusal:
        requirement = "create.accepts-valid-bodies" if refusal.code == TAKEN else "create.same-name"
        raise BlockedError(finding_of(requirement, refusal)) from None


@pytest.fixture(scope="session")
def longer(wire: Wire, drafts: Drafts, readonly_org: Organization) -> Call:
    """A create with another organization's external_id and a space behind it, and with nothing in three fields."""
    nothing: dict[str, object] = {"domains": None, "domain_data": None, "allow_profiles_outside_organization": None}
    body = drafts.body("longer", external_id=f"{readonly_org.given['external_id']} ") | nothing
    return wire.send("create", body=body)


@pytest.fixture(scope="session")
def org_with_plain_domains(organizations: Organizations, drafts: Drafts) -> Organization:
    """An organization made with the deprecated list of domains, under a name that is not in normal form."""
    [decomposed] = [entry for entry in notorious(Field.NAME) if entry.id == "name.decomposed"]
    body = {"name": decomposed.value(drafts.token), "external_id": drafts.external_id("plain domains")}
    return organizations.create({**body, "domains": [drafts.domain(), drafts.domain()]})


@pytest.fixture(scope="session")
def invalid_request_target(availability: Availability) -> Organization:
    """An organization for broken requests: what a target makes of them spoils no other scenario."""
    return availability.searched


@pytest.fixture(scope="session")
def list_behind_nobody(wire: Wire, drafts: Drafts) -> Call:
    """A list behind a cursor that no organization has: how it is answered, and what it shows."""
    return wire.undocumented().send("list", query={"after": drafts.unknown_id(), "order": "asc"})


@pytest.fixture(scope="session")
def refused_creates(request: pytest.FixtureRequest, wire: Wire, drafts: Drafts) -> RefusedCreates:
    """Creates that break a rule."""
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    selected = [
        given["violation"] for given in parameters if given.get("operation") == "create" and "violation" in given
    ]
    return RefusedCreates(wire, drafts, selected)


@pytest.fixture(scope="session")
def refused_updates(wire: Wire, drafts: Drafts, invalid_request_target: Organization) -> RefusedUpdates:
    """Updates that break a rule."""
    return RefusedUpdates(wire, drafts, invalid_request_target.id)


@pytest.fixture(scope="session")
def subject(organizations: Organizations, ground: Ground, drafts: Drafts) -> Organization:
    """One organization with every field in use, for scenarios that change it. Each reads first what it finds."""
    body = drafts.body(
        SIMILAR_NAMES[1],
        external_id=drafts.external_id("subject"),
        metadata={"Tier": "Gold", "seats": "007", "note": " padded "},
        domain_data=drafts.domain_data("pending"),
        allow_profiles_outside_organization=True,
    )
    created = ground.create(body)
    return ground.update(created.id, {"stripe_customer_id": drafts.stripe_customer_id()})


@pytest.fixture(scope="session")
def population(
    organizations: Organizations, ground: Ground, drafts: Drafts, eventually: Eventually, availability: Availability
) -> Population:
    """A dozen organizations with a search word of their own, all listed. Scenarios never change them."""
    return Population(organizations, ground, drafts, eventually, availability)


@pytest.fixture(scope="session")
def api_key(run: Run) -> str:
    """The key of the target, for scenarios that misuse it."""
    return run.target.api_key


@pytest.fixture
def updates_set_external_id(judges: Judges) -> None:
    """Blocks a scenario that rests on updates of external_id, where they are known to be lost."""
    judges.needs_kept("update", "external_id")
