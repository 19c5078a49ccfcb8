"""What organizations, domains and lists look like."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response, relisted, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _domain(w: Wire) -> Object:
    return dict(w.made(domain_data=verified(domain()))["domains"][0])


@fault(
    "shape",
    "organization.object",
    lambda w: "object" not in w.lookup(w.made(external_id=token())["external_id"]).json(),
    "a serializer of its own",
)
def lookup_lacks_object() -> ASGIApp:
    """A lookup shows the organization without its `object`."""
    return reshaped(lambda shown: without(shown, "object"), "lookup")


@fault("shape", "organization.domains", lambda w: w.made()["domains"] is None, "Go's nil slice")
def no_domains_are_null() -> ASGIApp:
    """domains is null for an organization without any."""
    return showing(lambda shown, _: {**shown, "domains": shown["domains"] or None})


@fault(
    "shape", "organization.stripe-customer-id", lambda w: w.made().get("stripe_customer_id", "") is None, "O never null"
)
def no_stripe_customer_is_null() -> ASGIApp:
    """stripe_customer_id is null until it is set."""
    return showing(lambda shown, _: {"stripe_customer_id": None, **shown})


@fault("shape", "organization.external-id", lambda w: "external_id" not in w.made(), "omitempty")
def no_external_id_is_left_out() -> ASGIApp:
    """external_id is left out where there is none."""
    return showing(lambda shown, _: without(shown, "external_id") if shown["external_id"] is None else shown)


@fault("shape", "organization.metadata", lambda w: "metadata" not in w.made(), "omitempty")
def no_metadata_are_left_out() -> ASGIApp:
    """metadata is left out where there is none."""
    return showing(lambda shown, _: shown if shown["metadata"] else without(shown, "metadata"))


@fault(
    "shape",
    "organization.allow-profiles",
    lambda w: (
        w.made()["allow_profiles_outside_organization"] is not False
        and w.made()["allow_profiles_outside_organization"] == 0
    ),
    "MySQL's tinyint(1)",
)
def allow_profiles_is_number() -> ASGIApp:
    """allow_profiles_outside_organization is shown as 0 or 1."""
    return showing(lambda shown, o: {**shown, "allow_profiles_outside_organization": int(o.allow_profiles)})


@fault("shape", "domain.object", lambda w: _domain(w)["object"] == "domain", "S organization_domain")
def domain_calls_itself_domain() -> ASGIApp:
    """The object of a domain is "domain"."""
    return showing_domains(lambda shown, _: {**shown, "object": "domain"})


@fault(
    "shape",
    "domain.organization-id",
    lambda w: (
        w.changed(w.made(domain_data=verified(domain()))["id"], name="New")["domains"][0]["organization_id"] is None
    ),
    "a relation that is not loaded",
)
def domain_lacks_owner_after_update() -> ASGIApp:
    """In the response to an update the domains have no organization_id: it is null."""
    return reshaped(
        lambda shown: {**shown, "domains": [{**d, "organization_id": None} for d in shown["domains"]]}, "update"
    )


def _owners(w: Wire) -> object:
    mark = token()
    w.made(name=mark, domain_data=verified(domain()))
    w.made(name=mark, domain_data=verified(domain()))
    return any(each["domains"][0]["organization_id"] != each["id"] for each in w.list(search=mark).json()["data"])


@fault("shape", "domain.organization-id", _owners, "a variable captured by a closure")
def domains_in_lists_name_first_owner() -> ASGIApp:
    """In a list every domain names the first organization of the page as its owner."""

    def altered(value: Object) -> Object:
        first = value["data"][0]["id"] if value["data"] else None
        return {
            **value,
            "data": [{**o, "domains": [{**d, "organization_id": first} for d in o["domains"]]} for o in value["data"]],
        }

    return relisted(altered)


@fault("shape", "domain.state", lambda w: _domain(w)["state"] == "VERIFIED", "the names of an enumeration")
def domain_state_in_capitals() -> ASGIApp:
    """The state of a domain is shown in capital letters."""
    return showing_domains(lambda shown, _: {**shown, "state": shown["state"].upper()})


@fault(
    "shape",
    "domain.verification-strategy",
    lambda w: w.made(domains=[domain()])["domains"][0].get("verification_strategy", "") is None,
    "a string where it is given",
)
def domain_strategy_is_null() -> ASGIApp:
    """The verification_strategy of a legacy domain is null."""
    return showing_domains(lambda shown, _: {"verification_strategy": None, **shown})


@fault(
    "shape",
    "domain.verification-token",
    lambda w: w.made(domain_data=pending(domain()))["domains"][0].get("verification_token", "") is None,
    "a string where it is given",
)
def domain_token_is_null() -> ASGIApp:
    """The verification_token of a pending domain is null until somebody asks for it."""
    return showing_domains(lambda shown, d: {**shown, "verification_token": None} if d.state == "pending" else shown)


@fault("shape", "organization.object", lambda w: "organization" in w.create().json(), "Rails' root in JSON")
def create_answer_is_wrapped() -> ASGIApp:
    """The response to a create holds the organization under `organization`."""
    return reshaped(lambda shown: {"organization": shown}, "create")


@fault(
    "shape",
    "list.data",
    lambda w: isinstance(w.list(search=w.made(name=token())["name"]).json()["data"], dict),
    "a conversion from XML",
)
def single_match_is_no_array() -> ASGIApp:
    """data is the organization itself when a page holds only one."""
    return relisted(lambda value: {**value, "data": value["data"][0] if len(value["data"]) == 1 else value["data"]})


@fault("shape", "list.cursors", lambda w: "listMetadata" in w.list().json(), "camel case from a model")
def list_metadata_in_camel_case() -> ASGIApp:
    """The cursors of a list stand under listMetadata."""
    return relisted(lambda value: {**without(value, "list_metadata"), "listMetadata": value["list_metadata"]})


@fault(
    "shape",
    "domain.object",
    lambda w: isinstance(w.made(domain_data=verified(domain())) and w.list().json()["data"][0]["domains"][0], str),
    "a lighter serializer for lists",
)
def domains_in_lists_are_names() -> ASGIApp:
    """In lists the domains of an organization are plain names."""
    return reshaped(lambda shown: {**shown, "domains": [d["domain"] for d in shown["domains"]]}, "list")


@fault(
    "shape",
    "organization.domains",
    lambda w: "domains" not in w.changed(w.made()["id"], name="New"),
    "a response with what changed",
)
def update_answer_lacks_domains() -> ASGIApp:
    """The response to an update lacks the domains."""
    return reshaped(lambda shown: without(shown, "domains"), "update")


@fault("shape", "create.answers", lambda w: w.create().status_code == 200, "O 201 of create")
def create_answers_200() -> ASGIApp:
    """A create answers 200."""
    return on_response(lambda _, response: response.replaced(status=200) if response.status == 201 else response)


@fault("shape", "create.answers", lambda w: w.create().content == b"", "201 with a Location alone")
def create_answers_without_body() -> ASGIApp:
    """A create answers 201 with a Location and no body."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 201:
            return response
        return response.with_header("location", f"/organizations/{response.json['id']}").replaced(body=b"")

    return on_response(altered)


@fault(
    "shape", "create.name-alone", lambda w: (made := w.made())["external_id"] == made["id"], "a default of one's own"
)
def external_id_defaults_to_id() -> ASGIApp:
    """An organization made without an external_id gets its id for one."""

    class Defaulting(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            return dataclasses.replace(made, external_id=made.external_id or made.id)

    return app(changes=Defaulting())


@fault("shape", "create.name-alone", lambda w: w.made()["metadata"] != {}, "a default of one's own")
def metadata_default_says_source() -> ASGIApp:
    """An organization made without metadata gets a pair that says where it came from."""

    class Defaulting(Changes):
        def first_metadata(self, body: Body) -> Mapping[str, str]:
            return super().first_metadata(body) or {"source": "api"}

    return app(changes=Defaulting())
