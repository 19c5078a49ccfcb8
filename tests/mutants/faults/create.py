"""Creates that fail, lose domains, or mistake one organization for another."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.identifiers import Ulids
from emulator.paging import Pages
from emulator.records import Domain, Organization
from emulator.refusals import InvalidMetadata, InvalidParameters, Refusal
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing, Rules, invalid_body
from tests.mutants.parts.bodies import relaxed, taken_in
from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.parts.objects import convert, domains, mixed_up, organizations, put_if_present
from tests.mutants.parts.replies import always_fails, replies, to_status
from tests.mutants.planting import mutant, plant


class NameTaken(Refusal):
    """Another organization has this name."""

    status = 409


# fmt: off
plant("create-needs-domains", "create.answers", "A create needs domain_data.",
      relaxed(lambda schema: schema.update({"required": ["name", "domain_data"]}), ("create",)), operation="create")
plant("create-fails", "create.answers", "create answers 500, always.", always_fails("create"))
plant("create-answers-404", "create.answers", "create answers 404, always.", replies(to_status(404), 201, "create"))

plant("external-id-empty", "create.name-alone", "No external_id is shown as an empty text.",
      organizations(convert("external_id", lambda value: value or "")))

plant("all-domains-pending", "create.domain-state", "Domains are pending, whatever was sent.",
      taken_in("domain_data", lambda value: [{**item, "state": "pending"} for item in value]),
      occasion="create.accepts-valid-bodies")
plant("domain-state-mixed-up", "create.domain-state", "state of a domain is that of the domain that was shown before.",
      domains(mixed_up("state")))

plant("strategy-is-dns", "create.domain-strategy", "A domain whose state was given waits for DNS.",
      domains(put_if_present("verification_strategy", "dns")))

plant("domains-dropped-on-create", "create.deprecated-domains", "A create ignores the deprecated domains.",
      taken_in("domains", lambda value: [], ("create",)), occasion="create.accepts-valid-bodies")
plant("one-plain-domain-only", "create.deprecated-domains", "Only the first of domains is taken.",
      taken_in("domains", lambda value: value[:1]), occasion="create.accepts-valid-bodies")
# fmt: on


@mutant("ids-shortened", "create.answers")
class IdsShortened(Changes):
    """Ids made in the same ten seconds are the same."""

    def organization_id(self, moment: int) -> str:
        return f"org_{'0' * 16}{moment // 10_000:010}"


@mutant("another-id-is-answered", "create.readable-at-once")
class AnotherIdIsAnswered(Responses):
    """A create answers with an id that it did not store."""

    def created(self, organization: Organization) -> Any:
        return super().created(dataclasses.replace(organization, id=f"org_{Ulids().new(organization.created_at)}"))


@mutant("ids-repeated", "create.ids-differ")
class IdsRepeated(Middleware):
    """Every fifth new organization is shown with the id of the one before."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._ids: list[str] = []

    def alter(self, request: Request, reply: Reply) -> None:
        if request.operation != "create" or not reply.succeeds:
            return
        self._ids.append(reply.json["id"])
        if len(self._ids) % 5 == 0:
            reply.json = {**reply.json, "id": self._ids[-2]}


@mutant("names-unique", "create.same-name")
class NamesUnique(Store):
    """No two organizations may have the same name."""

    def insert(self, organization: Organization) -> None:
        if self._one("SELECT * FROM organization WHERE name = ?", organization.name):
            raise NameTaken("Another organization has this name.")
        super().insert(organization)


@mutant("namesakes-merged", "create.same-name")
class NamesakesMerged(Api):
    """A create with a name that is known answers with the organization that has it."""

    def create(self, call: Call) -> Response:
        name = self.rules.create(call.content)["name"]
        known = self.store._one("SELECT * FROM organization WHERE name = ?", name)
        return self.responses.created(known) if known else super().create(call)


@mutant("namesakes-lost", "create.same-name")
class NamesakesLost(Pages):
    """Of organizations with one name on a page, only the first is listed."""

    def organizations(self, listing: Listing) -> list[Organization]:
        found = super().organizations(listing)
        each = {organization.name: organization for organization in found[::-1]}
        return [organization for organization in found if each[organization.name] is organization]


@mutant("updated-after-creation", "create.new-timestamps")
class UpdatedAfterCreation(Changes):
    """A new organization was updated a second after its creation."""

    def created(self, body: Body) -> Organization:
        new = super().created(body)
        return dataclasses.replace(new, updated_at=new.created_at + 1000)


@mutant("null-lists-refused", "create.null-lists")
class NullListsRefused(Rules):
    """null for a list of domains is refused."""

    def given(self, body: Any) -> dict[str, Any]:
        if None in (body.get("domains", ()), body.get("domain_data", ())):
            raise invalid_body("invalid_type", "null is no list")
        return super().given(body)


@mutant("plain-domain-is-pending", "create.deprecated-domains-state")
class PlainDomainIsPending(Changes):
    """A domain of the deprecated list is pending."""

    def plain_domain(self, domain: str, moment: int) -> Domain:
        return self.stated_domain(domain, "pending", moment)


@mutant("refused-create-stays", "create.refusal-leaves-nothing")
class RefusedCreateStays(Api):
    """A create that is refused leaves an organization of its name."""

    def create(self, call: Call) -> Response:
        try:
            return super().create(call)
        except (InvalidParameters, InvalidMetadata) as refusal:
            try:
                name = self.rules.parsed(call.content)["name"]
            except (InvalidParameters, KeyError, TypeError):
                raise refusal from None
            self.store.insert(self.changes.created({"name": str(name)}))
            return self.responses.refused(refusal)


@mutant("bad-metadata-dropped", "create.refusal-leaves-nothing")
class BadMetadataDropped(Api):
    """A create with bad metadata is refused, but leaves an organization without them."""

    def create(self, call: Call) -> Response:
        try:
            return super().create(call)
        except InvalidMetadata as refusal:
            self.store.insert(self.changes.created({"name": self.rules.parsed(call.content)["name"]}))
            return self.responses.refused(refusal)
