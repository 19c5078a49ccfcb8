"""Domains of organizations."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import NEWEST
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app, reading
from tests.blind.parts.messages import Object
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, verified

RETURNS = "create.returns-what-was-sent"

Domains: TypeAlias = tuple[Domain, ...]


def _names(shown: Object) -> set[str]:
    return {each["domain"] for each in shown["domains"]}


def _replaced(w: Wire, **body: Any) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    w.update(id, **body)
    (given,) = body.values()
    return _names(w.shown(id)) != {each if isinstance(each, str) else each["domain"] for each in given}


def changing(change: Callable[[Domains, Organization, Body], Domains]) -> ASGIApp:
    """An app that replaces domains in its own way."""

    class Changing(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            return change(super().replaced_domains(known, body, moment), known, body)

    return app(changes=Changing())


@fault(
    "domains", "update.replaces-domains", lambda w: _replaced(w, domain_data=verified(domain())), "an upsert of each"
)
def update_adds_domains() -> ASGIApp:
    """The domains of an update are added to those that were there."""

    def added(domains: Domains, known: Organization, body: Body) -> Domains:
        new = {each.domain for each in domains}
        return (*(each for each in known.domains if each.domain not in new), *domains)

    return changing(added)


@fault(
    "domains", "update.replaces-domains", lambda w: _replaced(w, domains=[domain()]), "a deprecated property dropped"
)
def update_ignores_plain_domains() -> ASGIApp:
    """The deprecated domains of an update are accepted and ignored."""
    return changing(lambda domains, known, body: domains if "domain_data" in body else known.domains)


def _state_kept(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    w.update(id, domain_data=verified(name))
    return w.shown(id)["domains"][0]["state"] == "pending"


@fault("domains", "update.sets-what-was-sent", _state_kept, "INSERT ... ON CONFLICT DO NOTHING")
def update_keeps_state_of_known_domain() -> ASGIApp:
    """An update that gives a known domain another state leaves its state as it was."""

    def kept(domains: Domains, known: Organization, body: Body) -> Domains:
        states = {each.domain: each.state for each in known.domains}
        return tuple(dataclasses.replace(each, state=states.get(each.domain, each.state)) for each in domains)

    return changing(kept)


def _state_lost(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    w.update(id, name="Renamed")
    return w.shown(id)["domains"][0]["state"] != "verified"


@fault("domains", "update.keeps-the-rest", _state_lost, "a save of the whole tree with defaults")
def update_resets_state_of_domains() -> ASGIApp:
    """An update that leaves the domains out sets their state to pending."""

    def reset(domains: Domains, known: Organization, body: Body) -> Domains:
        if "domains" in body or "domain_data" in body:
            return domains
        return tuple(dataclasses.replace(each, state="pending") for each in domains)

    return changing(reset)


@fault(
    "domains",
    "create.domain-state",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0]["state"] == "pending",
    "verification always by DNS",
)
def create_makes_every_domain_pending() -> ASGIApp:
    """A domain made by create is pending, whatever state was sent."""

    class Pending(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            return dataclasses.replace(
                made, domains=tuple(dataclasses.replace(d, state="pending") if d.strategy else d for d in made.domains)
            )

    return app(changes=Pending())


@fault(
    "domains",
    "create.deprecated-domains",
    lambda w: w.made(domains=[domain()])["domains"] == [],
    "a deprecated property dropped",
)
def create_ignores_plain_domains() -> ASGIApp:
    """The deprecated domains of a create are accepted and ignored."""

    class Ignoring(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            return super().domains({k: v for k, v in body.items() if k != "domains"}, moment)

    return app(changes=Ignoring())


@fault(
    "domains",
    "create.deprecated-domains",
    lambda w: len(w.made(domains=[domain()], domain_data=verified(domain()))["domains"]) != 2,
    "either ... or",
)
def create_ignores_plain_domains_beside_data() -> ASGIApp:
    """The deprecated domains are ignored where domain_data is given as well."""

    class Either(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            if body.get("domain_data"):
                body = {k: v for k, v in body.items() if k != "domains"}
            return super().domains(body, moment)

    return app(changes=Either())


@fault(
    "domains",
    RETURNS,
    lambda w: len(w.made(domain_data=verified(domain(), domain()))["domains"]) != 2,
    "a column for one domain",
)
def create_keeps_first_domain_only() -> ASGIApp:
    """Only the first domain of domain_data is kept."""
    return reading(domain_data=lambda v: v[:1])


@fault("domains", RETURNS, lambda w: _names(w.made(domain_data=verified(d := domain()))) != {d}, "tldextract")
def domain_reduced_to_registrable_part() -> ASGIApp:
    """A domain is reduced to its last two labels."""

    def reduced(name: str) -> str:
        return ".".join(name.split(".")[-2:])

    return reading(
        domain_data=lambda v: [{**d, "domain": reduced(d["domain"])} for d in v],
        domains=lambda v: [reduced(d) for d in v],
    )


@fault(
    "domains",
    "none: FACTS, Questions decided: one domain in several organizations MUST be accepted as verified",
    lambda w: w.made(domain_data=verified(d := domain())) and w.create(domain_data=verified(d)).status_code == 409,
    "R of 2020",
)
def domain_verified_twice_refused() -> ASGIApp:
    """A verified domain that another organization has is refused with 409."""

    class Single(Api):
        def create(self, call: Call) -> Response:
            body = self.rules.create(call.content)
            for each in self.changes.domains(body, 0):
                if self.store.older(NEWEST, 1, "", each.domain):
                    return self.responses.failed(409, f"An Organization with the domain {each.domain} already exists.")
            return super().create(call)

    return app(api=Single)


def _stolen(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    w.made(domain_data=verified(name))
    return w.shown(first)["domains"] == []


@fault("domains", "get.current-state", _stolen, "an upsert by the domain's name")
def domain_moves_to_newcomer() -> ASGIApp:
    """A create with a domain that another organization has takes it away from that one."""

    class Moving(Store):
        def _insert_domains(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute(
                    "DELETE FROM organization_domain WHERE domain = ? AND organization_id <> ?",
                    (each.domain, organization.id),
                )
            super()._insert_domains(organization)

    return app(Moving())


def _foreign(w: Wire) -> object:
    name = domain()
    w.made(domain_data=verified(name))
    second = w.made()["id"]
    response = w.update(second, domain_data=verified(name))
    return response.status_code == 200 and _names(w.shown(second)) == set()


@fault("domains", "update.sets-what-was-sent", _foreign, "INSERT OR IGNORE on a unique column")
def update_ignores_domain_of_others() -> ASGIApp:
    """An update that names a domain of another organization answers 200 and leaves the domain out."""

    class Ignoring(Store):
        def update(self, organization: Organization) -> None:
            free = tuple(
                each
                for each in organization.domains
                if self._connection.execute(
                    "SELECT 1 FROM organization_domain WHERE domain = ? AND organization_id <> ?",
                    (each.domain, organization.id),
                ).fetchone()
                is None
            )
            super().update(dataclasses.replace(organization, domains=free))

    return app(Ignoring())


@fault(
    "domains",
    RETURNS,
    lambda w: _names(w.made(domain_data=verified(d := f"xn--{domain()}"))) != {d},
    "an IDNA library that decodes",
)
def domain_in_punycode_loses_prefix() -> ASGIApp:
    """A domain that begins with xn-- loses this prefix."""
    return reading(domain_data=lambda v: [{**d, "domain": d["domain"].removeprefix("xn--")} for d in v])
