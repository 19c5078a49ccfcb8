"""What recordings show and the contract does not demand: a run warns, and fails with --strict."""

from __future__ import annotations

import base64
import dataclasses
import json
import uuid
from typing import Any

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.validation import Listing, Rules, invalid_body
from tests.mutants.altering import domains, errors, organizations, put_if_there, through, without
from tests.mutants.planting import mutant, plant

FORM = "only samples and recordings show the form"
RECORDED = "only R shows it"


@mutant("organization.id-form", weak=FORM)
class IdsAreUuids(Changes):
    """Ids are UUIDs."""

    def organization_id(self, moment: int) -> str:
        return str(uuid.uuid4())


@mutant("domain.id-form", weak=FORM)
class DomainIdsAreUuids(Changes):
    """Ids of domains are UUIDs."""

    def domain_id(self, moment: int) -> str:
        return str(uuid.uuid4())


def to_the_second(value: str) -> str:
    """A time without a fraction."""
    return f"{value[:19]}Z"


plant("times-to-the-second", "organization.timestamp-form", "Times have no fraction of a second.",
      organizations(through("updated_at", to_the_second)), weak=FORM)  # fmt: skip
plant("domain-times-to-the-second", "domain.timestamp-form", "Times of domains have no fraction of a second.",
      domains(through("updated_at", to_the_second)), weak=FORM)  # fmt: skip
plant("bad-request-without-code", "error.bad-request-code", "A 400 has no code.",
      errors(without("code"), 400), weak="a recorded 400 has none")  # fmt: skip
plant("strategy-is-dns", "create.domain-strategy", "A domain whose state was given waits for DNS.",
      domains(put_if_there("verification_strategy", "dns")), weak="S shows dns, R manual")  # fmt: skip


@mutant("create.deprecated-domains-state", weak=RECORDED)
class PlainDomainIsPending(Changes):
    """A domain of the deprecated list is pending."""

    def plain_domain(self, domain: str, moment: int) -> Domain:
        return self.stated_domain(domain, "pending", moment)


@mutant("create.new-timestamps", weak=RECORDED)
class UpdatedAfterCreation(Changes):
    """A new organization was updated a second after its creation."""

    def created(self, body: Body) -> Organization:
        new = super().created(body)
        return dataclasses.replace(new, updated_at=new.created_at + 1000)


@mutant("create.null-lists", weak="O does not allow null")
class NullListsRefused(Rules):
    """null for a list of domains is refused."""

    def given(self, body: Any) -> dict[str, Any]:
        if None in (body.get("domains", ()), body.get("domain_data", ())):
            raise invalid_body("invalid_type", "null is no list")
        return super().given(body)


@mutant("list.cursor-is-object-id", weak="the cursors of S are no ids of the page")
class OpaqueCursors(Pages):
    """Cursors are ids in another alphabet."""

    def page(self, listing: Listing) -> Page:
        opened = dataclasses.replace(listing, before=opened_id(listing.before), after=opened_id(listing.after))
        page = super().page(opened)
        return dataclasses.replace(page, before=sealed(page.before), after=sealed(page.after))


def sealed(cursor: str | None) -> str | None:
    """An id as a cursor."""
    return cursor and base64.b16encode(cursor.encode()).decode()


def opened_id(cursor: str | None) -> str | None:
    """The id in a cursor; what is none stays as it is."""
    try:
        return cursor and base64.b16decode(cursor).decode()
    except ValueError:
        return cursor


@mutant("lookup.control-characters", weak="no guide mentions them")
class ControlCharactersLost(Api):
    """A lookup does not see control characters."""

    def lookup(self, call: Call) -> Response:
        path = {name: "".join(filter(str.isprintable, value)) for name, value in call.path.items()}
        return super().lookup(dataclasses.replace(call, path=path))


@mutant("update.accepts-documented-bounds", weak="the sources disagree")
class OlderGuideOnUpdate(Rules):
    """An update takes no more than ten pairs of metadata."""

    def update(self, content: bytes) -> dict[str, Any]:
        if len(json.loads(content).get("metadata") or ()) > 10:
            raise invalid_body("too_many", "at most ten pairs")
        return super().update(content)
