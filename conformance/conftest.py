"""The suite's options and fixtures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from conformance.harness.api.errors import CallError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.drafts import Drafts
from conformance.harness.fixtures.ground import Ground
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.population import Population
from conformance.harness.fixtures.profile import PROFILES, Profile
from conformance.harness.fixtures.refusals import RefusedCreates, RefusedUpdates
from conformance.harness.fixtures.verbatim import NAMES_CREATED, Verbatim, few_loads
from conformance.harness.judges.finding import BlockedError
from conformance.harness.judges.judges import Judges
from conformance.harness.plugin import allure as allure_results
from conformance.harness.plugin import obstacle, options, reaper, selection, session
from conformance.harness.plugin.items import Items
from conformance.harness.plugin.judge import Judge
from conformance.harness.plugin.run import Run
from conformance.harness.plugin.terminal import Screen
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from specs.requirements import Requirement
from strategies.notorious import Field, notorious

Observe: TypeAlias = Callable[[object], None]

EMBEDDED_KEY = "sk_test_embedded_emulator"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the suite's options."""
    options.add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Refuses an address that is empty, before pytest-base-url takes it for one that was not given.

    With -n, keeps each file on one worker, so that its fixtures are made once, unless --dist says otherwise.
    """
    if config.option.base_url is not None and not config.option.base_url.strip():
        session.refuse(config, "--base-url: is empty; without the option the embedded emulator is judged")
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "loadfile"


def pytest_configure(config: pytest.Config) -> None:
    """Starts the embedded emulator where no target is named, and registers the judge."""
    config.addinivalue_line("markers", "requirement(id): the promise that the test checks")
    config.addinivalue_line("markers", "run_last: judges what all other tests did, so runs last")
    config.addinivalue_line("markers", "reads: sends nothing but GET, so that it runs with --read-only too")
    config.addinivalue_line("markers", "existing: judges what is there; without --read-only others ask the same")
    config.addinivalue_line("markers", "generated: makes up its requests, more than anybody would read")
    try:
        options.settle_options(config)
    except pytest.UsageError as error:
        session.refuse(config, str(error))
    if not config.option.base_url and not is_only_looking(config):
        emulator = contextlib.ExitStack()
        config.option.api_key, config.option.embedded = EMBEDDED_KEY, True
        config.option.base_url = emulator.enter_context(serving(Api(Store(), EMBEDDED_KEY).app()))
        config.add_cleanup(emulator.close)
    config.pluginmanager.register(Items(), "conformance-items")
    if is_only_looking(config) or config.option.reap:
        return
    session.end_on_sigterm(config)
    accepted = session.accepted_deviations(config)
    judge = Judge(config, session.verdict_of(config), accepted)
    config.pluginmanager.register(judge, "conformance-judge")
    config.pluginmanager.register(obstacle.Obstacles(config, judge), "conformance-obstacles")
    allure_results.register(config, judge)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Screen(config, judge.verdict), "conformance-screen")
        config.pluginmanager.register(session.Session(config, judge.verdict, accepted), "conformance-session")


def is_only_looking(config: pytest.Config) -> bool:
    """Whether no test will run, so that no target is needed."""
    option = config.option
    return bool(option.collectonly or option.help or option.version or option.showfixtures or option.markers)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves what the options ask for."""
    selection.select(config, items)


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With --reap, removes leftovers in the place of running tests."""
    if not session.config.option.reap:
        return None
    session.testsfailed = reaper.report(session.config)
    return True


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run: the way to the target, the judges along it, what was created there."""
    started = Run(options.target_of(pytestconfig), pytestconfig.option.output)
    judge = pytestconfig.pluginmanager.get_plugin("conformance-judge")
    assert isinstance(judge, Judge)
    judge.run = started
    return started


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> Profile:
    """How much the run spends."""
    return PROFILES[pytestconfig.option.profile]


@pytest.fixture(scope="session", autouse=True)
def availability(run: Run) -> Availability:
    """Which operations are there at all."""
    return Availability(run.organizations, run.judges, run.drafts, run.eventually, not run.target.read_only)


@pytest.fixture(autouse=True)
def requirement(request: pytest.FixtureRequest) -> Requirement | None:
    """The requirement under test; the name of each item carries its id."""
    return getattr(request, "param", None)


@pytest.fixture(scope="session")
def organizations(run: Run) -> Organizations:
    """The operations of the target."""
    return run.organizations


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
def ground(organizations: Organizations) -> Ground:
    """Creates and changes what a scenario needs and does not ask about."""
    return Ground(organizations)


@pytest.fixture
def observe(request: pytest.FixtureRequest) -> Observe:
    """Notes what an INFO probe saw."""
    return lambda seen: request.node.user_properties.append(("observed", str(seen)))


@pytest.fixture(scope="session")
def readonly_org(organizations: Organizations, drafts: Drafts) -> Organization:
    """One organization with every field in use. Scenarios read it and never change it."""
    body = drafts.body(
        "read-only of Zoë & 株式会社",
        external_id=drafts.external_id("ReadOnly"),
        metadata={"Tier Level": "Diamond", "seats": "0250", "padded": " both sides ", "empty": ""},
        domain_data=drafts.domain_data("pending", "verified"),
        allow_profiles_outside_organization=True,
    )
    return organizations.create(body)


@pytest.fixture(scope="session")
def verbatim_creates(organizations: Organizations, drafts: Drafts) -> Verbatim:
    """Creates with notorious values; a domain carries the run token."""

    def create(body: dict[str, Any]) -> Organization:
        plain = {"name": f"{drafts.token} verbatim", "domain_data": drafts.domain_data("verified")}
        return organizations.create(plain | body)

    return Verbatim(create, organizations, f"{drafts.token} create", few_loads(NAMES_CREATED))


@pytest.fixture(scope="session")
def org_with_plain_domains(organizations: Organizations, drafts: Drafts) -> Organization:
    """An organization made with the deprecated list of domains, under a name that is not in normal form."""
    [decomposed] = [entry for entry in notorious(Field.NAME) if entry.id == "name.decomposed"]
    body = {"name": decomposed.value(drafts.token), "external_id": drafts.external_id("plain domains")}
    return organizations.create({**body, "domains": [drafts.domain(), drafts.domain()]})


@pytest.fixture(scope="session")
def scratch_orgs(
    request: pytest.FixtureRequest,
    organizations: Organizations,
    ground: Ground,
    drafts: Drafts,
    verbatim_creates: Verbatim,
) -> list[Organization]:
    """Four organizations that every scenario may change, so that none may rely on what they look like.

    They were made for scenarios of create; where the target refuses those bodies, with plain ones.
    """
    made = verbatim_creates.written()[:3]
    with contextlib.suppress(CallError, BlockedError):
        made.append(request.getfixturevalue("org_with_plain_domains"))
    for organization in made:
        with contextlib.suppress(CallError, BlockedError):
            organizations.update(organization.id, {"metadata": {}})
    return made + [ground.create(drafts.body(f"scratch {number}")) for number in range(len(made), 4)]


@pytest.fixture(scope="session")
def invalid_request_target(availability: Availability) -> Organization:
    """An organization for broken requests: what a target makes of them spoils no other scenario."""
    return availability.searched


@pytest.fixture(scope="session")
def refused_creates(wire: Wire, drafts: Drafts) -> RefusedCreates:
    """Creates that break a rule."""
    return RefusedCreates(wire, drafts)


@pytest.fixture(scope="session")
def refused_updates(wire: Wire, drafts: Drafts, invalid_request_target: Organization) -> RefusedUpdates:
    """Updates that break a rule."""
    return RefusedUpdates(wire, drafts, invalid_request_target.id)


@pytest.fixture(scope="session")
def subject(organizations: Organizations, ground: Ground, drafts: Drafts) -> Organization:
    """One organization with every field in use, for scenarios that change it. Each reads first what it finds."""
    body = drafts.body(
        "subject",
        external_id=drafts.external_id("subject"),
        metadata={"Tier": "Gold", "seats": "007", "note": " padded "},
        domain_data=drafts.domain_data("verified"),
        allow_profiles_outside_organization=False,
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
