"""What an update makes of the domains."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, verified


def _moved_domain(w: Wire) -> object:
    name = domain()
    first, second = w.made(domain_data=verified(name))["id"], w.made()["id"]
    w.changed(second, domain_data=verified(name))
    return w.shown(first)["domains"] == []


@fault("domains", "update.leaves-others-alone", _moved_domain, "ON CONFLICT (domain) DO UPDATE SET organization_id")
def ninth_update_takes_domains_from_others() -> ASGIApp:
    """An update that gives an organization a domain takes this domain from every other organization."""

    class Taking(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            old = {each.domain for each in known.domains} if known else set()
            for each in organization.domains:
                if each.domain not in old:
                    statement = "DELETE FROM organization_domain WHERE domain = ?"
                    self._connection.execute(statement, (each.domain,))
            super().update(organization)

    return app(Taking())


def _created_again(w: Wire) -> object:
    made = w.made(domain_data=pending(domain()))
    w.changed(made["id"], domain_data=verified(domain()))
    return w.shown(made["id"])["created_at"] != made["created_at"]


@fault("domains", "update.identity", _created_again, "replaceOne of a document that is built anew")
def ninth_domains_move_created_at() -> ASGIApp:
    """An update that changes the domains sets created_at to the present, which its answer does not show yet."""

    class Anew(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and known.domains != organization.domains:
                statement = "UPDATE organization SET created_at = updated_at WHERE id = ?"
                self._connection.execute(statement, (organization.id,))

    return app(Anew())


def _stale_domains(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    changed = w.changed(id, domain_data=verified(domain()))
    return changed["domains"] != w.shown(id)["domains"]


@fault("domains", "update.sets-what-was-sent", _stale_domains, "an association that was loaded before the update")
def ninth_answer_has_old_domains() -> ASGIApp:
    """The answer to an update shows the domains as they were before it."""

    class Before(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            super().update(call)
            changed = self.known(known.id)
            return self.responses.found(dataclasses.replace(changed, domains=known.domains))

    return app(api=Before)


@fault(
    "domains",
    "domain.organization-id",
    lambda w: w.changed(w.made()["id"], domain_data=verified(domain()))["domains"][0]["organization_id"] == "",
    "objects that are shown before they are saved",
)
def ninth_new_domains_name_nobody() -> ASGIApp:
    """In the answer to an update the organization_id of each domain is an empty text."""

    def nameless(organization: Object) -> Object:
        return {**organization, "domains": [{**each, "organization_id": ""} for each in organization["domains"]]}

    return reshaped(nameless, "update")


def _verified_stay(w: Wire) -> object:
    first, second, third = domain(), domain(), domain()
    id = w.made(domain_data=[*verified(first), *pending(second)])["id"]
    return names(w.changed(id, domain_data=pending(third))) == {first, third}


@fault("domains", "update.replaces-domains", _verified_stay, "a guard against losing what was proved")
def ninth_verified_domains_stay() -> ASGIApp:
    """An update that gives domains replaces the pending domains alone; verified ones stay."""

    def made(new: Organization, known: Organization, body: Body) -> Organization:
        if new.domains is known.domains:
            return new
        given = {each.domain for each in new.domains}
        kept = [each for each in known.domains if each.state == "verified" and each.domain not in given]
        return dataclasses.replace(new, domains=(*kept, *new.domains))

    return updating(made)


def _stays_pending(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


class Kept(Changes):
    """Keeps the rows of domains that are there already."""

    def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
        """The known domain in place of a new one of the same name."""
        rows = {each.domain: each for each in known.domains}
        return tuple(rows.get(each.domain, each) for each in super().replaced_domains(known, body, moment))


@fault("domains", "update.sets-what-was-sent", _stays_pending, "ON CONFLICT DO NOTHING")
def ninth_known_domain_keeps_its_state() -> ASGIApp:
    """An update changes no state of a domain that the organization already has."""
    return app(changes=Kept())


def names(organization: dict[str, Any]) -> set[str]:
    """The domains that an organization shows."""
    return {each["domain"] for each in organization["domains"]}
