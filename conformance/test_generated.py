"""What Schemathesis makes of the contract: bodies and criteria that nobody thought of."""

from __future__ import annotations

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.cases.generated import Case, Generator
from conformance.harness.fixtures.cases.refusals import Refusals, RefusedCreates, RefusedUpdates, tolerated
from strategies.drafts import Drafts

requirement = pytest.mark.requirement
pytestmark = pytest.mark.generated


@requirement("create.accepts-valid-bodies")
@pytest.mark.independent("generator")
def test_create_accepts_what_is_valid(generator: Generator, wire: Wire, drafts: Drafts) -> None:
    def send(case: Case) -> Call:
        return wire.send("create", body=drafts.own(case.body))

    generator.check_valid("create", send)


@requirement("update.accepts-valid-bodies")
@pytest.mark.independent("generator", "fourth")
def test_update_accepts_what_is_valid(
    generator: Generator, organizations: Organizations, wire: Wire, drafts: Drafts, fourth: Organization
) -> None:
    def send(case: Case) -> Call:
        if "metadata" in case.body:
            organizations.update(fourth.id, {"metadata": {}})
        return wire.send("update", path={"id": fourth.id}, body=drafts.own(case.body))

    generator.check_valid("update", send)


@requirement("list.accepts-valid-queries")
@pytest.mark.reads
@pytest.mark.independent("generator")
def test_list_accepts_what_is_valid(generator: Generator, wire: Wire) -> None:
    def send(case: Case) -> Call:
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

    def send(case: Case) -> Call:
        if case.content is not None:
            return wire.send(operation, path=path, content=case.content)
        return wire.send(operation, path=path, body=drafts.marked(case.body))

    generator.check_invalid(operation, send, tolerated(refusals[operation], operation))


@pytest.fixture(scope="session")
def refusals(refused_creates: RefusedCreates, refused_updates: RefusedUpdates) -> dict[str, Refusals]:
    """What came of broken bodies, by operation."""
    return {"create": refused_creates, "update": refused_updates}


@requirement("lookup.unknown")
@pytest.mark.reads
@pytest.mark.independent("generator")
def test_what_nobody_has_is_not_found(generator: Generator, wire: Wire, drafts: Drafts) -> None:
    def send(case: Case) -> Call:
        return wire.send("lookup", path={"external_id": f"{drafts.token}?{case.path['external_id']}"})

    generator.check_valid("lookup", send, status=404)
