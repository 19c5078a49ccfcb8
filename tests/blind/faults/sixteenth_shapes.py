"""Objects that serializers, type systems and databases shape in their own way."""

from __future__ import annotations

import hashlib
import re
import time
from typing import Any

from starlette.types import ASGIApp

from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, pending, verified


def _in_list(w: Wire, **body: Any) -> Object:
    return w.listed(w.made(**body)["id"])


@fault(
    "shape",
    "organization.object",
    lambda w: "object" not in _in_list(w),
    "the list serializes rows, the others a presenter",
)
def sixteenth_listed_objects_have_no_name() -> ASGIApp:
    """The organizations in a list do not say which object they are."""
    return reshaped(lambda o: without(o, "object"), "list")


def _id_after_update(w: Wire) -> object:
    return "_id" in w.changed(w.made()["id"], name="Other")


@fault("shape", "organization.id", _id_after_update, "Mongoose: findOneAndUpdate(...).lean() skips toJSON")
def sixteenth_update_calls_it_underscore_id() -> ASGIApp:
    """The answer to an update calls the id _id."""
    return reshaped(lambda o: {"_id": o["id"], **without(o, "id")}, "update")


@fault(
    "shape",
    "organization.metadata",
    lambda w: "metadata" not in w.made(),
    'Go: `json:"metadata,omitempty"`',
)
def sixteenth_empty_metadata_omitted() -> ASGIApp:
    """Metadata are left out where there are none."""
    return showing(lambda shown, o: shown if o.metadata else without(shown, "metadata"))


@fault("shape", "organization.domains", lambda w: w.made()["domains"] is None, "Go: a nil slice")
def sixteenth_no_domains_are_null() -> ASGIApp:
    """The domains are null where there are none."""
    return showing(lambda shown, o: shown if o.domains else {**shown, "domains": None})


@fault(
    "shape",
    "organization.external-id",
    lambda w: w.made()["external_id"] == {"String": "", "Valid": False},
    "Go: a sql.NullString that nobody marshals",
)
def sixteenth_external_id_is_null_string() -> ASGIApp:
    """Where there is no external_id, an object of Go's sql.NullString stands in its place."""
    return showing(
        lambda shown, o: (
            shown if o.external_id is not None else {**shown, "external_id": {"String": "", "Valid": False}}
        )
    )


@fault(
    "shape",
    "organization.stripe-customer-id",
    lambda w: w.made().get("stripe_customer_id", "") is None,
    "the serializer of updates is used for creates, every column included",
)
def sixteenth_stripe_customer_null() -> ASGIApp:
    """The stripe_customer_id is null until it is set."""
    return showing(lambda shown, o: {**shown, "stripe_customer_id": o.stripe_customer_id})


@fault(
    "shape",
    "organization.allow-profiles",
    lambda w: w.made()["allow_profiles_outside_organization"] is not False,
    "MySQL: tinyint(1) through a driver without casts",
)
def sixteenth_allow_profiles_is_number() -> ASGIApp:
    """allow_profiles_outside_organization is shown as 0 or 1."""
    return showing(lambda shown, o: {**shown, "allow_profiles_outside_organization": int(o.allow_profiles)})


@fault(
    "timestamps",
    "organization.created-at",
    lambda w: w.made()["created_at"].endswith("+0000"),
    "Jackson before 2.11: StdDateFormat writes +0000",
)
def sixteenth_offset_without_colon() -> ASGIApp:
    """Timestamps end in +0000, without a colon."""

    class Offset(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "+0000")

    return app(responses=Offset())


@fault(
    "timestamps",
    "organization.updated-at",
    lambda w: w.made()["updated_at"] is None,
    "Prisma: updatedAt DateTime? set by the update alone",
)
def sixteenth_never_updated_is_null() -> ASGIApp:
    """updated_at is null until the first update."""
    return showing(lambda shown, o: shown if o.updated_at != o.created_at else {**shown, "updated_at": None})


@fault(
    "timestamps",
    "organization.clock",
    lambda w: w.made()["created_at"].startswith("1970-01-"),
    "JavaScript: new Date(seconds)",
)
def sixteenth_seconds_taken_for_milliseconds() -> ASGIApp:
    """Timestamps lie in January 1970, where time passes a thousand times too slowly."""

    class Slow(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment // 1000)

    return app(responses=Slow())


@fault(
    "timestamps",
    "organization.timestamp-form",
    lambda w: re.search(r"\.\d{6}Z$", w.made()["created_at"]),
    "Python: isoformat()",
    level=SHOULD,
)
def sixteenth_microseconds() -> ASGIApp:
    """Timestamps have six decimals."""

    class Six(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000Z")

    return app(responses=Six())


def _one_domain(w: Wire, state: str = "verified") -> Object:
    shown: Object = w.made(domain_data=[{"domain": domain(), "state": state}])["domains"][0]
    return shown


@fault("domains", "domain.object", lambda w: _one_domain(w)["object"] == "domain", "named after the table")
def sixteenth_domain_calls_itself_domain() -> ASGIApp:
    """A domain calls itself "domain"."""
    return showing_domains(lambda shown, _: {**shown, "object": "domain"})


@fault("domains", "domain.id", lambda w: isinstance(_one_domain(w)["id"], int), "the child table kept its serial key")
def sixteenth_domain_id_is_number() -> ASGIApp:
    """The id of a domain is a number."""
    numbers: dict[str, int] = {}
    return showing_domains(lambda shown, d: {**shown, "id": numbers.setdefault(d.id, len(numbers) + 1)})


def _same_ids(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["domains"][0]["id"] for _ in range(2))
    return first == second


@fault("domains", "domain.ids-differ", _same_ids, "uuid5(NAMESPACE_DNS, domain)")
def sixteenth_domain_id_from_its_name() -> ASGIApp:
    """The id of a domain is made from its name alone."""
    return showing_domains(
        lambda shown, d: {**shown, "id": f"org_domain_01{hashlib.sha256(d.domain.encode()).hexdigest()[:24].upper()}"}
    )


def _names_first_owner(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    return w.made(domain_data=verified(name))["domains"][0]["organization_id"] == first


@fault("domains", "domain.organization-id", _names_first_owner, "INSERT ... ON CONFLICT (domain) DO NOTHING")
def sixteenth_domain_names_first_owner() -> ASGIApp:
    """A domain that several organizations have names the first of them as its organization."""

    class First(Responses):
        def __init__(self) -> None:
            self.owners: dict[str, str] = {}

        def domain(self, organization: Organization, domain: Domain) -> Object:
            owner = self.owners.setdefault(domain.domain, organization.id)
            return {**super().domain(organization, domain), "organization_id": owner}

    return app(responses=First())


@fault(
    "domains",
    "domain.organization-id",
    lambda w: _one_domain(w)["organization_id"] is None,
    "children are built before the parent has its id",
)
def sixteenth_new_domain_names_nobody() -> ASGIApp:
    """In the answer to a create the organization_id of each domain is null."""
    return reshaped(lambda o: {**o, "domains": [{**each, "organization_id": None} for each in o["domains"]]}, "create")


@fault(
    "domains",
    "organization.domains",
    lambda w: isinstance(_in_list(w, domain_data=pending(domain()))["domains"][0], str),
    "the list was written when domains were plain names",
)
def sixteenth_listed_domains_are_names() -> ASGIApp:
    """A list shows the domains of an organization as plain names."""
    return reshaped(lambda o: {**o, "domains": [each["domain"] for each in o["domains"]]}, "list")


@fault("domains", "domain.state", lambda w: _one_domain(w)["state"] == "VERIFIED", "Java: enum.name()")
def sixteenth_state_in_capitals() -> ASGIApp:
    """The state of a domain is written in capitals."""
    return showing_domains(lambda shown, d: {**shown, "state": d.state.upper()})


@fault(
    "domains",
    "domain.verification-token",
    lambda w: _one_domain(w).get("verification_token", "") is None,
    "the token is cleared once it was used, the serializer shows it",
)
def sixteenth_token_of_verified_is_null() -> ASGIApp:
    """The verification_token of a verified domain is null."""
    return showing_domains(
        lambda shown, d: {**shown, "verification_token": None if d.state == "verified" else "token0123"}
    )


@fault(
    "domains",
    "domain.verification-strategy",
    lambda w: w.made(domains=[domain()])["domains"][0].get("verification_strategy") == "",
    "Go: the zero value of a string",
)
def sixteenth_no_strategy_is_empty_text() -> ASGIApp:
    """The verification_strategy of a domain without one is the empty text."""
    return showing_domains(lambda shown, d: {**shown, "verification_strategy": d.strategy or ""})


@fault(
    "domains",
    "domain.created-at",
    lambda w: _one_domain(w)["created_at"].startswith("0001"),
    "Go: the zero value of time.Time",
)
def sixteenth_domains_of_the_year_one() -> ASGIApp:
    """The created_at of a domain lies in the year 1."""
    return showing_domains(lambda shown, _: {**shown, "created_at": "0001-01-01T00:00:00.000Z"})


def _older_than_created(w: Wire) -> object:
    id = w.made()["id"]
    time.sleep(0.01)
    shown = w.changed(id, domain_data=verified(domain()))["domains"][0]
    return shown["updated_at"] < shown["created_at"]


@fault("domains", "domain.updated-at", _older_than_created, "a join with two columns called updated_at")
def sixteenth_domain_updated_before_created() -> ASGIApp:
    """The updated_at of a domain is the moment at which its organization was made."""

    class Mixed(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            shown = super().domain(organization, domain)
            return {**shown, "updated_at": self.timestamp(organization.created_at)}

    return app(responses=Mixed())
