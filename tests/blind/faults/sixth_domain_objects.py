"""How domains look."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from starlette.types import ASGIApp

from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, verified


def _domain(w: Wire, **body: object) -> Object:
    return dict(w.made(**(body or {"domain_data": verified(domain())}))["domains"][0])


@fault(
    "domains",
    "domain.id",
    lambda w: _domain(w)["id"] is None,
    "an ORM that knows the ids of related rows only when they were read back",
)
def sixth_created_domains_have_no_id_yet() -> ASGIApp:
    """The answer to a create shows domains with an id of null."""
    return reshaped(
        lambda shown: {**shown, "domains": [{**each, "id": None} for each in shown["domains"]]},
        "create",
    )


def _shared(w: Wire) -> tuple[Object, Object]:
    name = verified(domain())
    return _domain(w, domain_data=name), _domain(w, domain_data=name)


def _same_id(w: Wire) -> object:
    first, second = _shared(w)
    return first["id"] == second["id"]


@fault("domains", "domain.ids-differ", _same_id, "a UUID made from a name")
def sixth_domain_id_from_its_name() -> ASGIApp:
    """The id of a domain follows from its name, so that two organizations with one domain share it."""

    def named(shown: Object, domain: Domain) -> Object:
        return {**shown, "id": f"org_domain_{uuid.uuid5(uuid.NAMESPACE_DNS, domain.domain).hex[:26].upper()}"}

    return showing_domains(named)


def _of_the_first(w: Wire) -> object:
    first, second = _shared(w)
    return first["organization_id"] == second["organization_id"]


@fault("domains", "domain.organization-id", _of_the_first, "one row for each name, made by an upsert")
def sixth_shared_domain_names_first_organization() -> ASGIApp:
    """A domain that several organizations have names the first of them in all."""
    first: dict[str, str] = {}

    class Upserted(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            shown = super().domain(organization, domain)
            return {**shown, "organization_id": first.setdefault(domain.domain, organization.id)}

    return app(responses=Upserted())


@fault(
    "domains",
    "domain.created-at",
    lambda w: _domain(w, domains=[domain()])["created_at"].startswith("0001"),
    "the zero value of a moment",
)
def sixth_legacy_domain_is_from_year_1() -> ASGIApp:
    """A domain made through the deprecated domains was created in the year 1."""
    zero = {"created_at": "0001-01-01T00:00:00.000Z"}
    return showing_domains(lambda shown, domain: {**shown, **(zero if domain.state == "legacy_verified" else {})})


def _before_created(w: Wire) -> object:
    shown = _domain(w)
    return bool(shown["updated_at"] < shown["created_at"])


@fault("domains", "domain.updated-at", _before_created, "a trigger of the database that writes the local time")
def sixth_domain_updated_in_local_time() -> ASGIApp:
    """updated_at of a domain is the local time in New York, labelled as UTC."""

    def local(shown: Object, domain: Domain) -> Object:
        moment = datetime.fromtimestamp(domain.updated_at / 1000, UTC) - timedelta(hours=5)
        return {**shown, "updated_at": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"}

    return showing_domains(local)
