"""Domains and the objects that show them."""

from __future__ import annotations

import dataclasses
import hashlib

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.identifiers import CROCKFORD
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, verified


def _first(organization: Object) -> Object:
    return dict(organization["domains"][0])


def _kept_state(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return _first(w.changed(id, domain_data=verified(name)))["state"] == "pending"


@fault(
    "domains", "update.sets-what-was-sent", _kept_state, "a comparison by name: insert what is new, delete what left"
)
def eleventh_known_domains_keep_their_state() -> ASGIApp:
    """An update leaves a domain that the organization has already in its old state."""

    def change(new: Organization, known: Organization, _: Body) -> Organization:
        there = {each.domain: each for each in known.domains}
        return dataclasses.replace(new, domains=tuple(there.get(each.domain, each) for each in new.domains))

    return updating(change)


def _added(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    changed = w.changed(id, domains=[second])
    return sorted(each["domain"] for each in changed["domains"]) == sorted([first, second])


@fault("domains", "update.deprecated-domains", _added, "an endpoint that once added domains")
def eleventh_deprecated_domains_add() -> ASGIApp:
    """The deprecated domains of an update come on top of those that are there."""

    class Adding(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            new = super().replaced_domains(known, body, moment)
            if "domain_data" in body or "domains" not in body:
                return new
            names = {each.domain for each in new}
            return (*(each for each in known.domains if each.domain not in names), *new)

    return app(changes=Adding())


@fault(
    "domains",
    "domain.verification-strategy",
    lambda w: _first(w.made(domain_data=verified(domain())))["verification_strategy"] == "MANUAL",
    "the name of an enum's constant",
)
def eleventh_strategy_in_capitals() -> ASGIApp:
    """The verification_strategy of a domain is written in capitals."""
    return showing_domains(lambda s, each: {**s, "verification_strategy": "MANUAL"} if each.strategy else s)


def _same_id(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name)) for _ in range(2))
    return _first(first)["id"] == _first(second)["id"]


@fault("domains", "domain.ids-differ", _same_id, "ids that an import made from names, so that it could be repeated")
def eleventh_domain_ids_from_names() -> ASGIApp:
    """The id of a domain follows from its name, so two organizations with one domain share the id."""

    def change(shown: Object, each: Domain) -> Object:
        digest = hashlib.sha256(each.domain.encode()).digest()
        return {**shown, "id": "org_domain_01" + "".join(CROCKFORD[byte % 32] for byte in digest[:24])}

    return showing_domains(change)


def _taken_away(w: Wire) -> object:
    name = domain()
    first, second = w.made(domain_data=verified(name))["id"], w.made()["id"]
    w.changed(second, domain_data=verified(name))
    return w.shown(first)["domains"] == []


@fault("domains", "update.leaves-others-alone", _taken_away, "ON CONFLICT (domain) DO UPDATE SET organization_id")
def eleventh_update_takes_domains_away() -> ASGIApp:
    """An update that attaches a domain takes it away from every other organization."""

    class Taking(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            statement = "DELETE FROM organization_domain WHERE domain = ? AND organization_id <> ?"
            pairs = [(each.domain, organization.id) for each in organization.domains]
            self._connection.executemany(statement, pairs)

    return app(Taking())


def _pending_hidden(w: Wire) -> object:
    id = w.made(domain_data=[*pending(domain()), *verified(domain())])["id"]
    return [each["state"] for each in w.shown(id)["domains"]] == ["verified"]


@fault("domains", "get.current-state", _pending_hidden, "a view of domains that are in use, for reading")
def eleventh_reads_hide_pending_domains() -> ASGIApp:
    """Get, lookup and list show no pending domains."""

    def change(organization: Object) -> Object:
        shown = [each for each in organization["domains"] if each["state"] != "pending"]
        return {**organization, "domains": shown}

    return reshaped(change, "get", "lookup", "list")
