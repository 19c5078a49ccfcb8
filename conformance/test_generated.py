"""What Schemathesis makes of the contract: bodies and criteria that nobody thought of."""

from typing import Any

import pytest
from hypothesis import assume
from schemathesis import GenerationMode

from conformance.harness.api.http import Organizations
from conformance.harness.api.organization import Organization
from conformance.harness.fixtures.generation import AnyCase, Generator
from conformance.harness.fixtures.refusals import Refusals, RefusedCreates, RefusedUpdates, tolerated
from conformance.harness.plugin.profile import Profile
from conformance.harness.plugin.run import Run
from conformance.harness.wire.exchange import Exchange
from strategies.violations import broken_rules

requirement = pytest.mark.requirement
pytestmark = pytest.mark.generated


@pytest.fixture(scope="session")
def generator(profile: Profile, pytestconfig: pytest.Config) -> Generator:
    """Makes cases from the seed of the run."""
    return Generator(profile, pytestconfig.option.seed)


@requirement("create.accepts-valid-bodies")
def test_create_accepts_what_is_valid(
    generator: Generator, organizations: Organizations, run: Run, profile: Profile
) -> None:
    def send(case: AnyCase) -> Exchange:
        return organizations.send("create", json=run.own(body_of(case)))

    generator.check_each("create", GenerationMode.POSITIVE, send, profile.creations)


@requirement("update.accepts-valid-bodies")
def test_update_accepts_what_is_valid(
    generator: Generator, organizations: Organizations, run: Run, scratch_orgs: list[Organization]
) -> None:
    def send(case: AnyCase) -> Exchange:
        if "metadata" in body_of(case):
            organizations.update(scratch_orgs[0].id, {"metadata": {}})
        return organizations.send("update", {"id": scratch_orgs[0].id}, json=run.own(body_of(case)))

    generator.check_each("update", GenerationMode.POSITIVE, send)


@requirement("list.accepts-valid-queries")
def test_list_accepts_what_is_valid(generator: Generator, organizations: Organizations) -> None:
    def send(case: AnyCase) -> Exchange:
        # No cursor that anybody makes up has a meaning.
        criteria = {name: value for name, value in case.query.items() if name not in ("before", "after")}
        return organizations.send("list", params=criteria)

    generator.check_each("list", GenerationMode.POSITIVE, send)


@requirement("body.invalid")
@pytest.mark.parametrize("operation", ["create", "update"])
def test_what_is_invalid_is_refused(
    generator: Generator,
    organizations: Organizations,
    run: Run,
    invalid_request_target: Organization,
    refusals: dict[str, Refusals],
    operation: str,
) -> None:
    path = {"id": invalid_request_target.id} if operation == "update" else {}
    known = tolerated(refusals[operation], operation)

    def send(case: AnyCase) -> Exchange:
        if isinstance(case.body, bytes):
            headers = {"content-type": "application/json"}
            return organizations.send(operation, path, content=case.body, headers=headers)
        broken = broken_rules(operation, case.body) if is_json(case.body) else None
        assume(broken and not broken & known)
        return organizations.send(operation, path, json=signed(run, case.body))

    generator.check_each(operation, GenerationMode.NEGATIVE, send)


@pytest.fixture(scope="module")
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


def signed(run: Run, body: object) -> object:
    """The body with the word of the run in it, in case that it makes an organization after all."""
    if not isinstance(body, dict):
        return body
    name = {"name": f"{run.token} {body['name']}"} if isinstance(body.get("name"), str) else {}
    return {"external_id": run.external_id(), **body, **name}


@requirement("lookup.unknown")
def test_what_nobody_has_is_not_found(generator: Generator, organizations: Organizations, run: Run) -> None:
    def send(case: AnyCase) -> Exchange:
        exchange = organizations.send("lookup", {"external_id": f"{run.token}?{case.path_parameters['external_id']}"})
        assert exchange.status == 404
        return exchange

    generator.check_each("lookup", GenerationMode.POSITIVE, send)
