"""How organizations and their domains are shown."""

from __future__ import annotations

import re
import time

from starlette.types import ASGIApp

from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.messages import Object
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire, domain, verified


def domain_showing(name: str, value: object) -> Proof:
    """Shows where a new domain has this property."""
    return lambda w: w.made(domain_data=verified(domain()))["domains"][0][name] == value


@fault("domains", "domain.object", domain_showing("object", "domain"), "the name of the table")
def seventh_domain_calls_itself_domain() -> ASGIApp:
    """A domain calls itself "domain"."""
    return showing_domains(lambda shown, _: {**shown, "object": "domain"})


@fault("domains", "domain.state", domain_showing("state", "VERIFIED"), "enums of Java and Prisma are written as named")
def seventh_state_is_in_capitals() -> ASGIApp:
    """The state of a domain is written in capitals."""
    return showing_domains(lambda shown, _: {**shown, "state": shown["state"].upper()})


def _first_owner(w: Wire) -> object:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    return w.shown(second)["domains"][0]["organization_id"] == first


@fault("domains", "domain.organization-id", _first_owner, "a table of domains with unique names, and one of relations")
def seventh_shared_domain_names_first_owner() -> ASGIApp:
    """A domain that several organizations have names the first of them as its organization."""

    class Owned(Responses):
        def __init__(self) -> None:
            self.owners: dict[str, str] = {}

        def domain(self, organization: Organization, domain: Domain) -> Object:
            owner = self.owners.setdefault(domain.domain, organization.id)
            return {**super().domain(organization, domain), "organization_id": owner}

    return app(responses=Owned())


def _moved(w: Wire) -> object:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    return w.shown(first)["domains"] == [] and len(w.shown(second)["domains"]) == 1


@fault("domains", "create.domain-shared", _moved, "connectOrCreate of Prisma moves the row to its new parent")
def seventh_shared_domain_moves() -> ASGIApp:
    """A domain that is given to an organization is taken from the one that had it."""

    class Moving(Store):
        def _insert_domains(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super()._insert_domains(organization)

    return app(Moving())


DATABASE = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


@fault(
    "timestamps",
    "organization.created-at",
    lambda w: re.fullmatch(DATABASE, w.made()["created_at"]),
    "DATETIME of MySQL, as PHP's driver gives it",
)
def seventh_timestamps_of_the_database() -> ASGIApp:
    """An organization's timestamps have a space before the time, and no zone."""

    def change(shown: Object, _: Organization) -> Object:
        moments = {name: shown[name][:19].replace("T", " ") for name in ("created_at", "updated_at")}
        return {**shown, **moments}

    return showing(change)


def _stands_still(w: Wire) -> object:
    first = w.made()
    time.sleep(0.3)
    return w.made()["created_at"] == first["created_at"]


@fault(
    "timestamps", "organization.clock", _stands_still, "default=datetime.utcnow() is evaluated when the module loads"
)
def seventh_created_at_is_the_start_of_the_process() -> ASGIApp:
    """Each organization was created when the first one was."""

    class Standing(Responses):
        def __init__(self) -> None:
            self.start: list[str] = []

        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            self.start = self.start or [shown["created_at"]]
            return {**shown, "created_at": self.start[0]}

    return app(responses=Standing())
