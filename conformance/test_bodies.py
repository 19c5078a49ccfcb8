"""Which bodies create and update take, and which they refuse."""

import contextlib
import struct
from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest

from conformance.harness.api.call import Call
from conformance.harness.api.errors import RefusedError
from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import organization_of
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.cases.acceptance import TAKEN, Acceptance, updating
from conformance.harness.fixtures.cases.refusals import RefusedCreates, RefusedUpdates, external_ids_of_refused
from conformance.harness.fixtures.changeable import SCRATCH
from conformance.harness.fixtures.chunks import takes_chunks
from conformance.harness.fixtures.ground import Ground
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.together import AT_ONCE
from specs.contract import Bounds
from specs.requirements import for_violation
from strategies.bodies import Boundary, boundaries
from strategies.drafts import Drafts
from strategies.query_violations import QueryViolation, query_violations
from strategies.violations import Violation, body_violations

requirement = pytest.mark.requirement

INVALID_METADATA = ("body.metadata-too-many", "body.metadata-long-key", "body.metadata-long-value")
EITHER_STATUS = ("body.metadata-type", "body.not-an-object")

BOUNDS = {
    ("create", Bounds.NARROW): "create.accepts-valid-bodies",
    ("create", Bounds.DOCUMENTED): "create.accepts-documented-bounds",
    ("update", Bounds.NARROW): "update.accepts-valid-bodies",
    ("update", Bounds.DOCUMENTED): "update.accepts-documented-bounds",
}
SIZES = {
    "metadata - 10 pairs of 40 and 600 characters": "body.ten-full-pairs",
    "metadata - 50 pairs of 40 and 600 characters": "body.fifty-full-pairs",
    "domain_data - ten domains": "body.ten-domains",
}


def accepted(operation: str) -> pytest.MarkDecorator:
    """The boundaries of an operation, each under the requirement of its reading."""
    found = [(SIZES.get(known.label, BOUNDS[operation, known.bounds]), known) for known in boundaries(operation)]
    return pytest.mark.parametrize(
        ("operation", "boundary"),
        [pytest.param(operation, known, marks=requirement(name), id=f"{name}-{known.label}") for name, known in found],
    )


def refused(operation: str) -> pytest.MarkDecorator:
    """The violations of an operation, each under the requirement that asks for its refusal."""
    violations = query_violations() if operation == "list" else body_violations(operation)
    return pytest.mark.parametrize(
        ("operation", "violation"),
        [
            pytest.param(operation, violation, marks=requirement(name), id=f"{name}-{operation} {violation.label}")
            for violation in violations
            for name in [requirement_of(operation, violation)]
        ],
    )


def requirement_of(operation: str, violation: Violation | QueryViolation) -> str:
    """The requirement that asks for the refusal of this violation."""
    place = violation.parameter if isinstance(violation, QueryViolation) else violation.place
    return for_violation(operation, place, violation.keyword).id


def assert_refused(call: Call, requirement: str) -> None:
    """Status and, where one is documented, code are those of the refusal that the requirement asks for."""
    if requirement in INVALID_METADATA:
        assert (call.status, call.json.get("code")) == (400, "invalid_metadata")
    elif requirement in EITHER_STATUS:
        assert call.status in (400, 422)
    else:
        assert call.status == 422


@accepted("create")
@pytest.mark.independent("created at bounds")
def test_create_takes_a_value_at_its_bound(created_at_bounds: Acceptance, operation: str, boundary: Boundary) -> None:
    created_at_bounds.confirm(boundary)


@refused("create")
@pytest.mark.independent("refused creates")
def test_create_refuses_what_breaks_a_rule(
    refused_creates: RefusedCreates, operation: str, violation: Violation
) -> None:
    assert_refused(refused_creates.call(violation), requirement_of(operation, violation))


@requirement("create.refusal-leaves-nothing")
@pytest.mark.independent("refused creates")
def test_no_refused_create_leaves_an_organization(refused_creates: RefusedCreates) -> None:
    assert refused_creates.left_behind() == []


@accepted("update")
@pytest.mark.independent(*SCRATCH)
def test_update_takes_a_value_at_its_bound(updated_at_bounds: Acceptance, operation: str, boundary: Boundary) -> None:
    updated_at_bounds.confirm(boundary)


@refused("update")
@pytest.mark.independent("invalid request target")
def test_update_refuses_what_breaks_a_rule(
    refused_updates: RefusedUpdates, operation: str, violation: Violation
) -> None:
    assert_refused(refused_updates.call(violation), requirement_of(operation, violation))


@requirement("update.refusal-changes-nothing")
@pytest.mark.independent("invalid request target")
def test_no_refused_update_changes_anything(
    organizations: Organizations, refused_updates: RefusedUpdates, invalid_request_target: Organization
) -> None:
    for before, after in refused_updates.changes():
        assert after == before
    for external_id in external_ids_of_refused(refused_updates, "update", "metadata")[:1]:
        with contextlib.suppress(RefusedError):
            assert organizations.lookup(external_id).id != invalid_request_target.id


@requirement("update.accepts-valid-bodies")
@pytest.mark.independent("sixth", "invalid request target")
def test_update_takes_a_body_in_any_form_of_http(update_in_chunks: Callable[[], Call]) -> None:
    call = update_in_chunks()
    if call.json.get("code") != TAKEN:
        # Whether each letter comes back is for other scenarios: here the body must not be lost as a whole.
        assert "in chunks" in str(organization_of(call)["name"]).lower()


@requirement("update.refusal-changes-nothing")
@pytest.mark.independent("sixth", "invalid request target")
def test_the_external_id_of_a_refused_update_is_free(update_in_chunks: Callable[[], Call]) -> None:
    call = update_in_chunks()
    assert call.json.get("code") != TAKEN


@pytest.fixture(scope="session")
def update_in_chunks(
    wire: Wire, drafts: Drafts, sixth: Organization, refused_updates: RefusedUpdates
) -> Callable[[], Call]:
    """An update that is sent in chunks, with the external_id of an update that was refused, when first asked for."""

    @cache
    def sent() -> Call:
        external_id = (external_ids_of_refused(refused_updates, "update") or [drafts.external_id("chunks")])[-1]
        body, path = drafts.body("in chunks", external_id=external_id), {"id": sixth.id}
        headers = {"content-type": "Application/JSON;charset=UTF-8"}
        return wire.send("update", path=path, body=body, headers=headers, chunked=takes_chunks(sixth))

    return sent


@requirement("body.json-escapes")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.independent("sixth")
def test_a_text_may_be_written_with_escapes(
    wire: Wire, drafts: Drafts, judges: Judges, sixth: Organization, operation: str
) -> None:
    for field in ("name", "metadata"):
        judges.needs_kept(operation, field)
    text = "Zo\u00eb / \U0001f3e2"
    escaped = "".join(f"\\u{unit:04X}" for unit in utf_16_units(text)).replace("\\u002F", "\\/")
    metadata = '"metadata"\n:\n{\n\t"indented" : "yes"\n}'
    spaced = rf'{{ {metadata} , "\u006eame" : "{drafts.token} {escaped}" }}'
    updated = organization_of(wire.send(operation, path={"id": sixth.id}, content=f"\n{spaced}\n".encode()))
    assert updated["name"] == f"{drafts.token} {text}"
    assert updated.metadata.get("indented") == "yes"


def utf_16_units(text: str) -> Iterator[int]:
    """What JSON's escapes stand for: beyond the basic plane two of them make a character."""
    return (unit for (unit,) in struct.iter_unpack(">H", text.encode("utf-16-be")))


@requirement("create.accepts-valid-bodies")
@pytest.mark.independent
def test_create_takes_a_body_in_any_form_of_http(create_in_chunks: Call) -> None:
    if create_in_chunks.json.get("code") != TAKEN:
        assert "in chunks" in str(organization_of(create_in_chunks)["name"]).lower()


@requirement("create.refusal-leaves-nothing")
@pytest.mark.independent
def test_the_external_id_of_a_refused_create_is_free(create_in_chunks: Call) -> None:
    assert create_in_chunks.json.get("code") != TAKEN


@requirement("create.refusal-leaves-nothing")
@pytest.mark.independent(*SCRATCH, "created at bounds")
def test_no_refused_create_keeps_an_external_id(
    created_at_bounds: Acceptance, updated_at_bounds: Acceptance, refused_creates: RefusedCreates
) -> None:
    for accepted in (created_at_bounds, updated_at_bounds):
        accepted.confirm_free(external_ids_of_refused(refused_creates, "create"))


@refused("list")
@pytest.mark.reads
@pytest.mark.independent
def test_list_refuses_what_breaks_a_rule(
    wire: Wire, drafts: Drafts, availability: Availability, operation: str, violation: QueryViolation
) -> None:
    others = {"domains": drafts.domain(), "search": drafts.domain(), "order": "asc", **availability.cursor}
    broken = {violation.parameter: violation.value}
    query = broken if violation.is_alone else broken | others | broken  # it stands first, for those who read it
    assert wire.send("list", query=query).status == 422


@requirement("body.invalid")
@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.independent(shares=["invalid request target"])
def test_a_body_in_which_everything_is_wrong_is_refused(
    wire: Wire, invalid_request_target: Organization, operation: str
) -> None:
    path = {"id": invalid_request_target.id} if operation == "update" else {}
    body = {violation.place[1:]: violation.value for violation in body_violations(operation) if violation.is_of_a_field}
    assert wire.send(operation, path=path, body=body).status in (400, 422)


@requirement("body.consumer-domain")
@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.independent(shares=["invalid request target"])
def test_a_consumer_domain_is_refused(
    wire: Wire, drafts: Drafts, invalid_request_target: Organization, operation: str
) -> None:
    path = {"id": invalid_request_target.id} if operation == "update" else {}
    body = drafts.body("consumer", domain_data=[{"domain": "gmail.com", "state": "pending"}])
    status = wire.send(operation, path=path, body=body).status
    assert status in range(400, 500)


@pytest.fixture(scope="session")
def created_at_bounds(drafts: Drafts, organizations: Organizations, refused_creates: RefusedCreates) -> Acceptance:
    """Creates with values at their bounds, and with external_ids of creates that were refused because of metadata.

    Metadata may be looked at after all else.
    """
    free = partial(external_ids_of_refused, refused_creates, "create", "metadata")
    return Acceptance(drafts, [organizations.create] * AT_ONCE, boundaries("create"), free)


@pytest.fixture(scope="session")
def updated_at_bounds(
    drafts: Drafts,
    organizations: Organizations,
    ground: Ground,
    scratch_orgs: list[Organization],
    refused_creates: RefusedCreates,
) -> Acceptance:
    """Updates of several organizations with values at their bounds, and with the external_ids of refused creates."""
    refused = partial(external_ids_of_refused, refused_creates, "create")

    def free() -> list[str]:
        asked_by_creates = refused("metadata")
        left = refused()[:-1]  # the last one is for the create in chunks
        return [external_id for external_id in left if external_id not in asked_by_creates]

    sends = [updating(organizations, ground, holder.id) for holder in scratch_orgs]
    return Acceptance(drafts, sends, boundaries("update"), free)
