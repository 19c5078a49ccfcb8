"""Objects as serializers of well known stacks write them by default."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

from starlette.types import ASGIApp

from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import on_request, on_response, relisted, reshaped
from tests.blind.parts.messages import Object, Reply, Request, crash, not_found, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified


def _domain(w: Wire, **more: Any) -> Object:
    return dict(w.made(domain_data=verified(domain()), **more)["domains"][0])


@fault(
    "organization",
    "organization.stripe-customer-id",
    lambda w: w.made().get("stripe_customer_id", "") is None,
    "every column of the table in the answer",
)
def fifteenth_stripe_customer_id_is_null() -> ASGIApp:
    """A stripe_customer_id that is not set is shown as null."""
    return showing(lambda shown, made: {**shown, "stripe_customer_id": made.stripe_customer_id})


@fault(
    "domains",
    "domain.verification-token",
    lambda w: _domain(w).get("verification_token", "") is None,
    "Jackson: JsonInclude.ALWAYS",
)
def fifteenth_verification_token_is_null() -> ASGIApp:
    """The verification_token of a domain is null."""
    return showing_domains(lambda shown, _: {**shown, "verification_token": None})


@fault("domains", "domain.state", lambda w: _domain(w)["state"] == "VERIFIED", "Java: Enum.name()")
def fifteenth_states_are_capitals() -> ASGIApp:
    """The state of a domain is in capital letters."""
    return showing_domains(lambda shown, _: {**shown, "state": shown["state"].upper()})


@fault(
    "organization",
    "organization.allow-profiles",
    lambda w: (
        isinstance(w.made()["allow_profiles_outside_organization"], str | int)
        and not isinstance(w.made()["allow_profiles_outside_organization"], bool)
    ),
    "MySQL: BOOLEAN is TINYINT(1)",
)
def fifteenth_booleans_are_numbers() -> ASGIApp:
    """The allow_profiles_outside_organization is 0 or 1."""
    field = "allow_profiles_outside_organization"
    return showing(lambda shown, _: {**shown, field: int(shown[field])})


@fault("domains", "domain.id", lambda w: isinstance(_domain(w)["id"], int), "the child table has an AUTO_INCREMENT")
def fifteenth_domain_ids_are_numbers() -> ASGIApp:
    """The id of a domain is a number."""
    numbers: dict[str, int] = {}
    return showing_domains(lambda shown, _: {**shown, "id": numbers.setdefault(shown["id"], len(numbers) + 1)})


def _same_ids(w: Wire) -> object:
    shared = domain()
    first, second = (w.made(domain_data=verified(shared)) for _ in range(2))
    return first["domains"][0]["id"] == second["domains"][0]["id"]


@fault("domains", "domain.ids-differ", _same_ids, "uuid5(NAMESPACE_DNS, domain) as the id")
def fifteenth_domain_ids_follow_from_names() -> ASGIApp:
    """The id of a domain follows from its name alone."""
    return showing_domains(
        lambda shown, _: {
            **shown,
            "id": f"org_domain_{uuid.uuid5(uuid.NAMESPACE_DNS, shown['domain']).hex[:26].upper()}",
        }
    )


@fault(
    "domains",
    "domain.organization-id",
    lambda w: _domain(w)["organization_id"] is None,
    "SQLAlchemy: a foreign key before the flush",
)
def fifteenth_new_domains_know_no_organization() -> ASGIApp:
    """In the answer to a create the organization_id of each domain is null."""
    return reshaped(
        lambda shown: {**shown, "domains": [{**each, "organization_id": None} for each in shown["domains"]]}, "create"
    )


@fault(
    "timestamps",
    "organization.updated-at",
    lambda w: w.made()["updated_at"] is None,
    "SQLAlchemy: onupdate=func.now() without a default",
)
def fifteenth_updated_at_begins_as_null() -> ASGIApp:
    """The updated_at of an organization that was never updated is null."""
    return showing(
        lambda shown, made: {**shown, "updated_at": None if made.updated_at == made.created_at else shown["updated_at"]}
    )


@fault(
    "timestamps",
    "domain.created-at",
    lambda w: (
        (made := w.made(domain_data=verified(domain())))["domains"][0]["created_at"][:13] < made["created_at"][:13]
    ),
    "node-postgres: TIMESTAMP WITHOUT TIME ZONE is read as local time",
)
def fifteenth_domains_live_in_another_zone() -> ASGIApp:
    """The timestamps of domains lie five hours before the moment, with a Z behind."""

    class Local(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            hours = 5 * 3_600_000
            earlier = dataclasses.replace(
                domain, created_at=domain.created_at - hours, updated_at=domain.updated_at - hours
            )
            return super().domain(organization, earlier)

    return app(responses=Local())


@fault(
    "timestamps",
    "organization.timestamp-form",
    lambda w: w.made()["created_at"].endswith("+00:00"),
    "Python: datetime.now(UTC).isoformat()",
    level=SHOULD,
)
def fifteenth_moments_have_an_offset() -> ASGIApp:
    """Timestamps have six decimals and +00:00."""

    class Isoformat(Responses):
        def timestamp(self, moment: int) -> str:
            return f"{super().timestamp(moment)[:-1]}000+00:00"

    return app(responses=Isoformat())


@fault(
    "ids",
    "organization.id-form",
    lambda w: len(w.made()["id"]) == 40,
    "prefix + crypto.randomUUID()",
    level=SHOULD,
)
def fifteenth_ids_are_uuids() -> ASGIApp:
    """The id of an organization is org_ and a UUID."""
    return creating(lambda made, _: dataclasses.replace(made, id=f"org_{uuid.uuid4()}"))


@fault(
    "lists",
    "list.cursors",
    lambda w: "listMetadata" in w.list().json(),
    "an emulator that answers with the objects of the JavaScript SDK",
)
def fifteenth_list_metadata_is_camel_case() -> ASGIApp:
    """The list_metadata of a list are called listMetadata."""
    return relisted(lambda page: {**without(page, "list_metadata"), "listMetadata": page["list_metadata"]})


@fault("lists", "list.object", lambda w: "object" not in w.list().json(), "res.json({ data, list_metadata })")
def fifteenth_lists_have_no_object() -> ASGIApp:
    """A list has no object."""
    return relisted(lambda page: without(page, "object"))


@fault(
    "organization",
    "get.current-state",
    lambda w: "stripe_customer_id" not in w.shown(_with_stripe(w)),
    "a column that the query of one repository method does not select",
)
def fifteenth_get_selects_no_stripe_customer() -> ASGIApp:
    """A get leaves the stripe_customer_id out."""
    return reshaped(lambda shown: without(shown, "stripe_customer_id"), "get")


def _with_stripe(w: Wire) -> str:
    return str(w.changed(w.made()["id"], stripe_customer_id=f"cus_{token()}")["id"])


@fault(
    "domains",
    "body.ten-domains",
    lambda w: len(w.made(domain_data=verified(*(domain() for _ in range(10))))["domains"]) == 5,
    "GraphQL behind REST: domains(first: 5)",
)
def fifteenth_five_domains_are_shown() -> ASGIApp:
    """Of an organization's domains the first five are shown."""
    return showing(lambda shown, _: {**shown, "domains": shown["domains"][:5]})


def _by_slug(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.get(external_id).status_code == 200


@fault("ids", "get.exact-id", _by_slug, "Rails: friendly_id, and WHERE id = $1 OR external_id = $1")
def fifteenth_get_takes_external_ids() -> ASGIApp:
    """A get finds an organization by its external_id too."""

    def read(request: Request) -> Request:
        if request.operation == "get" and not request.last.startswith("org_"):
            return request.replaced(path=f"/organizations/external_id/{request.last}")
        return request

    return on_request(read)


@fault(
    "ids",
    "get.id-in-another-case",
    lambda w: w.get(w.made()["id"].lower()).status_code == 200,
    "MySQL: a CHAR(30) primary key under a collation without case",
)
def fifteenth_ids_are_found_in_any_case() -> ASGIApp:
    """A get finds an id in small letters too."""

    def read(request: Request) -> Request:
        if request.operation == "get" and request.last.lower().startswith("org_"):
            return request.replaced(path=f"/organizations/org_{request.last[4:].upper()}")
        return request

    return on_request(read)


@fault(
    "ids",
    "get.unknown",
    lambda w: w.get("acme").status_code == 500,
    "PostgreSQL: invalid input syntax for type uuid; Mongoose: CastError",
)
def fifteenth_ids_of_another_form_fail() -> ASGIApp:
    """A get, update or delete of an id without the prefix org_ answers 500."""

    def judged(request: Request) -> Request | Reply:
        known = request.operation not in ("get", "update", "delete") or request.last.startswith("org_")
        return request if known else crash()

    return on_request(judged)


@fault(
    "ids",
    "error.not-found-entity-id",
    lambda w: w.lookup("a b/c%").json().get("entity_id") == "a%20b%2Fc%25",
    "the raw path in the text of an error",
    level=SHOULD,
)
def fifteenth_entity_ids_stay_encoded() -> ASGIApp:
    """The entity_id of a lookup's 404 is still percent-encoded."""
    return on_response(
        lambda request, response: (
            not_found(request.last) if request.operation == "lookup" and response.status == 404 else response
        )
    )
