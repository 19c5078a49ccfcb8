"""Domains as ORMs and unique indexes of real back ends kept them."""

from __future__ import annotations

from typing import ClassVar

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import Refusal
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient
from tests.blind.parts.messages import without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, verified


def _added(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=verified(domain()))["domains"]) == 2


@fault("domains", "update.replaces-domains", _added, "JPA: a collection without orphanRemoval")
def seventeenth_updates_add_domains() -> ASGIApp:
    """The domains of an update are added to those that the organization has."""

    class Adding(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            given = super().replaced_domains(known, body, moment)
            names = {each.domain for each in given}
            return (*(each for each in known.domains if each.domain not in names), *given)

    return app(changes=Adding())


@fault(
    "domains",
    "create.deprecated-domains",
    lambda w: len(w.made(domains=[domain()], domain_data=verified(domain()))["domains"]) == 1,
    "body.domain_data ?? body.domains",
)
def seventeenth_domain_data_hide_domains() -> ASGIApp:
    """The deprecated domains are ignored where there is domain_data."""
    return lenient(lambda body: without(body, "domains") if isinstance(body.get("domain_data"), list) else body)


class Elsewhere(Refusal):
    """Another organization has the domain."""

    status: ClassVar[int] = 409


def _not_shared(w: Wire) -> object:
    name = domain()
    return [w.create(domain_data=verified(name)).status_code for _ in range(2)] == [201, 409]


@fault("domains", "create.domain-shared", _not_shared, "a unique index over the domain alone")
def seventeenth_domains_are_unique() -> ASGIApp:
    """A domain that another organization has is refused with 409."""

    class Unique(Store):
        def _insert_domains(self, organization: Organization) -> None:
            for each in organization.domains:
                query = "SELECT TRUE FROM organization_domain WHERE domain = ?"
                if self._connection.execute(query, (each.domain,)).fetchone():
                    raise Elsewhere("Another organization has this domain.")
            super()._insert_domains(organization)

    return app(Unique())


def _taken_away(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    w.made(domain_data=verified(name))
    return w.shown(first)["domains"] == []


@fault("domains", "create.domain-shared", _taken_away, "SQL: ON CONFLICT (domain) DO UPDATE SET organization_id")
def seventeenth_domains_move() -> ASGIApp:
    """A domain that is given to another organization leaves the one that had it."""

    class Moving(Store):
        def _insert_domains(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super()._insert_domains(organization)

    return app(Moving())
