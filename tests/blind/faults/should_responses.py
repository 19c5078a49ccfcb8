"""Faults that break a SHOULD: what responses look like."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import opaque
from tests.blind.parts.messages import reply, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import domain, token, verified

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@fault("should", "answer.request-id", lambda w: "x-request-id" not in w.get(UNKNOWN).headers, "R", level=SHOULD)
def refusals_lack_request_id() -> ASGIApp:
    """Only responses to requests that succeed carry an X-Request-ID."""
    return on_response(lambda _, response: response if response.good else response.with_header("x-request-id", None))


@fault("should", "error.not-found-code", lambda w: "code" not in w.get(UNKNOWN).json(), "R", level=SHOULD)
def missing_lacks_code() -> ASGIApp:
    """A 404 holds nothing but a message."""
    return on_response(
        lambda _, response: response.with_json({"message": "Not Found"}) if response.status == 404 else response
    )


@fault("should", "error.not-found-code", lambda w: w.lookup(e := token()).json()["entity_id"] != e, "R", level=SHOULD)
def missing_names_other_entity() -> ASGIApp:
    """The entity_id of a lookup's 404 is the kind of the entity instead of the identifier."""
    return on_response(
        lambda request, response: (
            response.with_json({**response.json, "entity_id": "organization"})
            if response.status == 404 and request.operation == "lookup"
            else response
        )
    )


@fault("should", "error.lists-each-fault", lambda w: "errors" not in w.post("{}").json(), "R", level=SHOULD)
def unprocessable_lists_nothing() -> ASGIApp:
    """A 422 holds a message and a code but lists no errors."""
    return on_response(
        lambda _, response: response.with_json(without(response.json, "errors")) if response.status == 422 else response
    )


@fault("should", "error.bad-request-code", lambda w: "code" not in w.post("{").json(), "O 400", level=SHOULD)
def malformed_body_answers_400_without_code() -> ASGIApp:
    """A body that is no JSON answers 400 without a code."""
    return on_request(
        lambda request: (
            reply(400, {"message": "Unexpected end of JSON input"})
            if request.operation in {"create", "update"} and request.json is None and request.body.strip() != b"null"
            else request
        )
    )


@fault(
    "should", "organization.id-form", lambda w: (id := w.made()["id"]) != f"org_{id[4:].upper()}", "S, R", level=SHOULD
)
def ids_in_small_letters() -> ASGIApp:
    """The ULID within an id is in small letters."""

    class Small(Changes):
        def organization_id(self, moment: int) -> str:
            return super().organization_id(moment).lower()

    return app(changes=Small())


@fault(
    "should", "organization.timestamp-form", lambda w: w.made()["created_at"].endswith("+00:00"), "S, R", level=SHOULD
)
def timestamps_with_offset() -> ASGIApp:
    """Timestamps end in +00:00 instead of Z."""

    class Offset(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "+00:00")

    return app(responses=Offset())


@fault(
    "should",
    "list.cursor-is-object-id",
    lambda w: w.many(2) and not (w.cursors(limit=1, order="desc")[1] or "org_").startswith("org_"),
    "O",
    level=SHOULD,
)
def cursors_are_base64() -> ASGIApp:
    """Cursors are ids in base64."""
    return opaque()


@fault(
    "should",
    "create.new-timestamps",
    lambda w: (made := w.made())["updated_at"] != made["created_at"],
    "R",
    level=SHOULD,
)
def updated_at_later_than_creation() -> ASGIApp:
    """A new organization was updated five milliseconds after it was created."""

    class Later(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            return dataclasses.replace(made, updated_at=made.created_at + 5)

    return app(changes=Later())


@fault(
    "should",
    "create.domain-strategy",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0]["verification_strategy"] == "dns",
    "R",
    level=SHOULD,
)
def domain_strategy_is_dns() -> ASGIApp:
    """A domain made through domain_data shows the strategy dns."""
    return showing_domains(lambda shown, d: {**shown, "verification_strategy": "dns"} if d.strategy else shown)


@fault(
    "should",
    "create.deprecated-domains-state",
    lambda w: w.made(domains=[domain()])["domains"][0]["state"] == "pending",
    "R",
    level=SHOULD,
)
def plain_domains_are_pending() -> ASGIApp:
    """A domain made through the deprecated domains is pending."""

    class Pending(Changes):
        def plain_domain(self, domain: str, moment: int) -> Domain:
            return dataclasses.replace(super().plain_domain(domain, moment), state="pending")

    return app(changes=Pending())
