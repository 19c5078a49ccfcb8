"""What is sent comes back: values that careless code reads as something else, or changes on their way."""

from functools import partial
from typing import Any

import pytest

from conformance.harness.api.http import Wire
from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.api.results import organization_of
from conformance.harness.fixtures.cases.verbatim import NAMES_CREATED, Verbatim, all_loads, few_loads
from conformance.harness.fixtures.changeable import CHANGEABLE
from conformance.harness.fixtures.ground import Ground
from conformance.harness.judges.judges import Judges
from conformance.harness.judges.state import verbatim
from strategies.drafts import Drafts
from strategies.notorious import HOST_NAMES, Fate, Field, Notorious, notorious

requirement = pytest.mark.requirement

REQUIREMENTS = {
    Field.EXTERNAL_ID: "body.external-id-verbatim",
    Field.METADATA_KEY: "body.metadata-keys-verbatim",
    Field.METADATA_VALUE: "body.metadata-values-verbatim",
}
SINGLE_NAMES = {
    "create": ("name.null-character",),
    "update": (
        "name.padded",
        "name.compatibility",
        "name.null-character",
        "name.control-characters",
        "name.lone-surrogate",
        "name.5000-characters",
    ),
}
"""Names that a target may refuse, or that only a SHOULD is about: each is sent by itself."""


def requirement_of(entry: Notorious) -> str:
    """The requirement that is broken when the value does not come back."""
    return REQUIREMENTS.get(entry.field) or verbatim.of_name(entry.template) or "body.name-verbatim"


@requirement("body.external-id-verbatim")
@pytest.mark.parametrize("operation", ["update"])
@pytest.mark.independent("third")
def test_a_null_character_is_kept_or_refused(
    wire: Wire, drafts: Drafts, judges: Judges, third: Organization, operation: str
) -> None:
    judges.needs_kept(operation, "external_id")
    external_id = f"{drafts.external_id()}\0"
    call = wire.send(operation, path={"id": third.id}, body={"external_id": external_id})
    assert call.status in range(200, 500)
    if call.status not in range(400, 500):
        assert organization_of(call)["external_id"] == external_id


@requirement("body.domain-names-verbatim")
@pytest.mark.parametrize(
    ("operation", "entry"), [pytest.param("update", entry, id=f"update {entry.id}") for entry in HOST_NAMES]
)
@pytest.mark.independent("fifth")
def test_a_domain_comes_back_as_it_was_sent(verbatim_domains: Verbatim, operation: str, entry: Notorious) -> None:
    for organization in verbatim_domains.shown(entry):
        assert verbatim_domains.value(entry) in organization.domain_names


@pytest.fixture(scope="session")
def verbatim_domains(organizations: Organizations, drafts: Drafts, fifth: Organization) -> Verbatim:
    """One update with notorious domains, which is read back."""

    def update(body: dict[str, Any]) -> Organization:
        return organizations.get(organizations.update(fifth.id, body).id)

    return Verbatim([update], organizations, f"{drafts.token} domains", [HOST_NAMES])


def each_value(operation: str) -> list[Any]:
    """The values that the operation is tried with, each under its requirement."""
    loads = all_loads() if operation == "update" else few_loads(NAMES_CREATED)
    return [
        pytest.param(operation, entry, marks=requirement(name), id=f"{name}-{operation} {entry.id}")
        for load in loads
        for entry in load
        for name in [requirement_of(entry)]
    ]


@pytest.mark.parametrize(("operation", "entry"), [*each_value("create"), *each_value("update")])
@pytest.mark.independent(*CHANGEABLE)
def test_a_value_comes_back_as_it_was_sent(
    verbatim_creates: Verbatim, verbatim_updates: Verbatim, judges: Judges, operation: str, entry: Notorious
) -> None:
    judges.needs_kept(operation, str(entry.field).partition(" ")[0])
    sent = verbatim_creates if operation == "create" else verbatim_updates
    value = sent.value(entry)
    for organization in sent.shown(entry):
        if entry.field is Field.METADATA_KEY:
            assert value in organization.metadata
        elif entry.field is Field.METADATA_VALUE:
            assert value in organization.metadata.values()  # A key that was changed is reported by itself.
        else:
            assert organization[str(entry.field)] == value


@requirement("lookup.percent-encoded")
@pytest.mark.usefixtures("updates_set_external_id")
@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=entry.id) for entry in notorious(Field.EXTERNAL_ID, Fate.MUST)]
)
@pytest.mark.independent(*CHANGEABLE)
def test_an_external_id_of_any_form_finds_its_organization(verbatim_updates: Verbatim, entry: Notorious) -> None:
    for found in verbatim_updates.found(entry):
        assert found["external_id"] == verbatim_updates.value(entry)


@pytest.fixture(scope="session")
def verbatim_updates(
    organizations: Organizations, ground: Ground, drafts: Drafts, changeable_orgs: list[Organization]
) -> Verbatim:
    """Updates with notorious values, of several organizations at the same time."""

    def update(id: str, body: dict[str, Any]) -> Organization:
        if "metadata" in body:
            ground.empty_metadata(id)
        return organizations.update(id, body)

    sends = [partial(update, holder.id) for holder in changeable_orgs]
    return Verbatim(sends, organizations, f"{drafts.token} update", all_loads())


def single_names() -> list[Any]:
    """The names that are sent by themselves, each under its requirement, to one organization after the other."""
    named = {entry.id: entry for entry in notorious(Field.NAME)}
    sent = [(operation, named[name]) for operation, names in SINGLE_NAMES.items() for name in names]
    found = []
    for number, (operation, entry) in enumerate(sent):
        promise, holder = requirement_of(entry), number % len(CHANGEABLE)
        changed = [CHANGEABLE[holder]] if operation == "update" else []
        marks = [requirement(promise), pytest.mark.independent(*changed)]
        found.append(pytest.param(operation, entry, holder, marks=marks, id=f"{promise}-{operation} {entry.id}"))
    return found


@pytest.mark.parametrize(("operation", "entry", "holder"), single_names())
def test_a_name_is_kept_as_it_is_or_refused(
    wire: Wire,
    drafts: Drafts,
    judges: Judges,
    changeable_orgs: list[Organization],
    operation: str,
    entry: Notorious,
    holder: int,
) -> None:
    judges.needs_kept(operation, "name")
    name = entry.value(drafts.token)
    if operation == "create":
        call = wire.send("create", body={"name": name, "external_id": drafts.external_id("single")})
    else:
        call = wire.send("update", path={"id": changeable_orgs[holder].id}, body={"name": name})
    if entry.fate is Fate.EITHER:
        assert call.status in range(200, 500)
        if call.status in range(400, 500):
            return
    written = organization_of(call)
    assert written["name"] == name
    assert wire.organizations.get(written.id)["name"] == name
