"""Creates, and the domains that they attach."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime
from typing import Any

from starlette.types import ASGIApp

from emulator.identifiers import CROCKFORD
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import on_request, reshaped
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _last(w: Wire) -> object:
    items = [*pending(domain()), *verified(domain())]
    return [each["state"] for each in w.made(domain_data=items)["domains"]] == ["verified", "verified"]


@fault("domains", "create.domain-state", _last, "a variable of a loop that closures share")
def tenth_last_state_wins() -> ASGIApp:
    """All domains that a create attaches have the state of the last one."""

    def shared(new: Organization, _: Any) -> Organization:
        return dataclasses.replace(
            new, domains=tuple(dataclasses.replace(each, state=new.domains[-1].state) for each in new.domains)
        )

    return creating(shared)


def _hashed(text: str) -> str:
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2**125
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def _named(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["domains"][0] for _ in range(2))
    return first["id"] == second["id"]


@fault("domains", "domain.ids-differ", _named, "identifiers of seeds and mocks: a UUID of version 5 of the name")
def tenth_domain_ids_of_names() -> ASGIApp:
    """The id of a domain is made of its name, so that two organizations with it show the same id."""

    class Hashing(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            return {**super().domain(organization, domain), "id": f"org_domain_{_hashed(domain.domain)}"}

    return app(responses=Hashing())


def _foreign(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    second = w.made(domain_data=verified(name))
    return second["domains"][0]["organization_id"] == first != second["id"]


@fault("domains", "domain.organization-id", _foreign, "Rails: find_or_create_by(domain:), a join table added later")
def tenth_domains_name_their_first_owner() -> ASGIApp:
    """A domain that a second organization is given names the first one as its organization."""
    owners: dict[str, str] = {}

    class First(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            owner = owners.setdefault(domain.domain, organization.id)
            return {**super().domain(organization, domain), "organization_id": owner}

    return app(responses=First())


def _taken_away(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    w.made(domain_data=verified(name))
    return w.shown(first)["domains"] == []


@fault("domains", "create.domain-shared", _taken_away, "ON CONFLICT (domain) DO UPDATE SET organization_id")
def tenth_domains_move_to_the_newest() -> ASGIApp:
    """A create with a domain of another organization takes it away from that one."""

    class Moving(Store):
        def insert(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().insert(organization)

    return app(Moving())


def _long(w: Wire) -> object:
    return w.create(external_id="x" * 65).status_code == 500 and w.create(external_id=token().ljust(64, "x")).is_success


@fault("creates", "answer.status", _long, "a column of 64 characters, and MySQL's strict mode: Data too long")
def tenth_long_external_ids_crash() -> ASGIApp:
    """An external_id of more than 64 characters, though of at most 128, makes the server fail."""

    def judged(request: Request) -> Request | Reply:
        given = fields(request).get("external_id")
        return crash() if isinstance(given, str) and 64 < len(given) <= 128 and given.isascii() else request

    return on_request(judged)


def _spaces(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    return w.create(external_id=f"{external} ").status_code == 400


@fault("creates", "create.similar-external-ids", _spaces, "clems4ever/go-graphkb#70: a unique index with PAD SPACE")
def tenth_spaces_do_not_differ() -> ASGIApp:
    """An external_id that differs from a taken one in spaces at its end is refused as taken."""
    taken: set[str] = set()

    def judged(request: Request) -> Request | Reply:
        given = fields(request).get("external_id")
        if request.operation != "create" or not isinstance(given, str):
            return request
        bare = given.rstrip(" ")
        if bare in taken and bare != given:
            return bad_request("external_id_already_used", "This external_id has already been assigned.")
        taken.add(bare)
        return request

    return on_request(judged)


def _epoch(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    return isinstance(w.lookup(external).json()["created_at"], int)


def _number(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@fault(
    "timestamps", "organization.created-at", _epoch, "a query in SQL beside the ORM, which gives what the column holds"
)
def tenth_lookups_show_numbers() -> ASGIApp:
    """A lookup shows created_at and updated_at in milliseconds since 1970."""
    return reshaped(
        lambda each: {**each, "created_at": _number(each["created_at"]), "updated_at": _number(each["updated_at"])},
        "lookup",
    )
