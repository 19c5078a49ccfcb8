"""Domains that a service of their own keeps."""

from __future__ import annotations

import hashlib

from starlette.types import ASGIApp

from emulator.records import Domain
from tests.blind.parts.apps import showing_domains
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, verified


def _nobodys(w: Wire) -> object:
    return w.made(domain_data=verified(domain()))["domains"][0]["organization_id"] is None


@fault("domains", "domain.organization-id", _nobodys, "Rails: the answer is built before the parent has been saved")
def eighth_new_domains_name_no_organization() -> ASGIApp:
    """In the answer to a create the organization_id of each domain is null."""

    def orphaned(shown: Object) -> Object:
        return {**shown, "domains": [{**each, "organization_id": None} for each in shown["domains"]]}

    return reshaped(orphaned, "create")


def _one_id(w: Wire) -> object:
    name = domain()
    ids = [w.made(domain_data=verified(name))["domains"][0]["id"] for _ in range(2)]
    return ids[0] == ids[1]


@fault("domains", "domain.ids-differ", _one_id, "a service of domains that has one row for each name")
def eighth_domain_id_follows_from_its_name() -> ASGIApp:
    """The same domain has the same id in two organizations."""

    def shown(value: Object, found: Domain) -> Object:
        digest = hashlib.sha256(found.domain.encode()).hexdigest().upper()
        return {**value, "id": f"org_domain_0{digest[:25]}"}

    return showing_domains(shown)


def _year_one(w: Wire) -> object:
    return w.made(domain_data=verified(domain()))["domains"][0]["updated_at"].startswith("0001")


@fault("domains", "domain.updated-at", _year_one, "Go: the zero value of time.Time in JSON")
def eighth_new_domain_was_updated_in_year_one() -> ASGIApp:
    """The updated_at of a domain is the first moment of the year 1."""
    return showing_domains(lambda value, _: {**value, "updated_at": "0001-01-01T00:00:00Z"})
