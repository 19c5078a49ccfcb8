"""What Schemathesis makes of the contract: bodies and criteria that nobody thought of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.cases.profile import Profile
from conformance.harness.fixtures.cases.refusals import Refusals, RefusedCreates, RefusedUpdates, tolerated
from strategies.drafts import Drafts
from strategies.violations import broken_rules

if TYPE_CHECKING:  # Schemathesis takes a while to import, and is not needed to collect
    from conformance.harness.fixtures.cases.generation import AnyCase, Generator

requirement = pytest.mark.requirement
pytestmark = pytest.mark.generated


@pytest.fixture(scope="session")
def generator(profile: Profile, pytestconfig: pytest.Config) -> Generator:
    """Makes cases from the seed of the run."""
    from conformance.harness.fixtures.cases.generation import Generator

    return Generator(profile, pytestconfig.option.seed)


@requirement("create.accepts-valid-bodies")
@pytest.mark.independent("generator")
def test_create_accepts_what_is_valid(generator: Generator, wire: Wire, drafts: Drafts, profile: Profile) -> None:
    def send(case: AnyCase) -> Call:
        return wire.send("create", body=drafts.own(body_of(case)))

    generator.check_valid("create", send, profile.creations)


@requirement("update.accepts-valid-bodies")
@pytest.mark.independent("generator", "fourth")
def test_update_accepts_what_is_valid(
    generator: Generator, organizations: Organizations, wire: Wire, drafts: Drafts, fourth: Organization
) -> None:
    def send(case: AnyCase) -> Call:
        if "metadata" in body_of(case):
            organizations.update(fourth.id, {"metadata": {}})
        return wire.send("update", path={"id": fourth.id}, body=drafts.own(body_of(case)))

    generator.check_valid("update", send)


@requirement("list.accepts-valid-queries")
@pytest.mark.reads
@pytest.mark.independent("generator")
def test_list_accepts_what_is_valid(generator: Generator, wire: Wire) -> None:
    def send(case: AnyCase) -> Call:
        # No cursor that anybody makes up has a meaning.
        criteria = {name: value for name, value in case.query.items() if name not in ("before", "after")}
        return wire.send("list", query=criteria)

    generator.check_valid("list", send)


@requirement("body.invalid")
@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.independent("generator", "refused creates", "invalid request target")
def test_what_is_invalid_is_refused(
    generator: Generator,
    wire: Wire,
    drafts: Drafts,
    invalid_request_target: Organization,
    refusals: dict[str, Refusals],
    operation: str,
) -> None:
    path = {"id": invalid_request_target.id} if operation == "update" else {}
    known = tolerated(refusals[operation], operation)

    def send(case: AnyCase) -> Call:
        if isinstance(case.body, bytes):
            return wire.send(operation, path=path, content=case.body)
        broken = broken_rules(operation, case.body) if is_json(case.body) else None
        assume(broken and not broken & known)
        return wire.send(operation, path=path, body=drafts.marked(case.body))

    generator.check_invalid(operation, send)


@pytest.fixture(scope="session")
def refusals(refused_creates: RefusedCreates, refused_updates: RefusedUpdates) -> dict[str, Refusals]:
    """What came of broken bodies, by operation."""
    return {"create": refused_creates, "update": refused_updates}


def body_of(case: AnyCase) -> dict[str, Any]:
    """The body of a valid case, which is an object."""
    assert isinstance(case.body, dict)
    return case.body


def is_json(body: object) -> bool:
    """Whether the body can be sent as a JSON value: Schemathesis also breaks what surrounds it."""
    return body is None or isinstance(body, (dict, list, str, int, float))


@requirement("lookup.unknown")
@pytest.mark.reads
@pytest.mark.independent("generator")
def test_what_nobody_has_is_not_found(generator: Generator, wire: Wire, drafts: Drafts) -> None:
    def send(case: AnyCase) -> Call:
        call = wire.send("lookup", path={"external_id": f"{drafts.token}?{case.path_parameters['external_id']}"})
        assert call.status == 404
        return call

    generator.check_valid("lookup", send)
