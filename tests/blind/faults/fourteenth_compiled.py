"""Emulators in C#, Kotlin, Rust and Elixir, with a framework that binds and parses for them."""

from __future__ import annotations

import dataclasses
import json
import re

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.records import Organization
from emulator.refusals import Taken
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

ORDERS = {"0": "asc", "1": "desc", "2": "normal"}


@fault("order", "list.order-unknown", lambda w: w.list(order="1").status_code == 200, "C#: Enum.TryParse")
def fourteenth_orders_are_numbered() -> ASGIApp:
    """An order of 0, 1 or 2 is taken for asc, desc or normal."""

    def read(request: Request) -> Request:
        if request.operation != "list":
            return request
        query = re.sub("(^|&)order=([012])(?=&|$)", lambda found: f"{found[1]}order={ORDERS[found[2]]}", request.query)
        return request.replaced(query=query)

    return on_request(read)


@fault(
    "domains",
    "domain.state",
    lambda w: w.made(domains=[domain()])["domains"][0]["state"] == "legacyVerified",
    "C#: JsonStringEnumConverter with JsonNamingPolicy.CamelCase",
)
def fourteenth_state_is_in_camel_case() -> ASGIApp:
    """The state legacy_verified is written legacyVerified."""
    return showing_domains(lambda shown, _: {**shown, "state": shown["state"].replace("legacy_v", "legacyV")})


@fault(
    "external_id",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id="   ").status_code == 422,
    "Kotlin: require(externalId.isNotBlank())",
)
def fourteenth_blanks_are_empty() -> ASGIApp:
    """An external_id of nothing but blanks is refused as an empty one."""

    def refused(body: Object) -> Reply | None:
        id = body.get("external_id")
        blank = isinstance(id, str) and id and not id.strip(" ")
        return unprocessable("external_id", "must not be blank") if blank else None

    return strict(refused)


@fault(
    "errors",
    "error.message",
    lambda w: w.post('{"name": ').headers["content-type"].startswith("text/plain"),
    "Rust: axum's JsonRejection",
)
def fourteenth_malformed_is_said_in_plain_text() -> ASGIApp:
    """A body that is no JSON is refused with a line of plain text."""

    def rejected(request: Request) -> Request | Reply:
        if request.operation not in ("create", "update") or _is_json(request.body):
            return request
        text = b"Failed to parse the request body as JSON: EOF while parsing an object at line 1 column 9"
        return Reply(400, (("content-type", "text/plain; charset=utf-8"),), text)

    return on_request(rejected)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode())
    except (ValueError, RecursionError):
        return False
    return True


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "Annotated" /* from the CRM */}').status_code == 201,
    "C#: JsonCommentHandling.Skip; Jackson: ALLOW_COMMENTS",
)
def fourteenth_comments_are_skipped() -> ASGIApp:
    """A body with comments between slashes and asterisks is taken."""

    def read(request: Request) -> Request:
        if request.operation not in ("create", "update") or _is_json(request.body):
            return request
        return request.replaced(body=re.sub(rb"/\*.*?\*/", b"", request.body, flags=re.DOTALL))

    return on_request(read)


def _name_ignored(w: Wire) -> object:
    id = w.made(name="Before")["id"]
    return w.changed(id, name="Later", domain_data=verified(domain()))["name"] == "Before"


@fault(
    "updates", "update.sets-what-was-sent", _name_ignored, "when (...) with a branch for domains and one for the rest"
)
def fourteenth_update_of_domains_does_nothing_else() -> ASGIApp:
    """An update that names domains ignores the other fields that it names."""

    def changed(made: Organization, known: Organization, body: Body) -> Organization:
        if not ("domains" in body or "domain_data" in body):
            return made
        return dataclasses.replace(known, domains=made.domains, updated_at=made.updated_at)

    return updating(changed)


def _own_customer(w: Wire) -> object:
    id, customer = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=customer)
    return w.update(id, stripe_customer_id=customer).status_code == 400


@fault("updates", "update.own-external-id", _own_customer, "organizations.Any(o => o.StripeCustomerId == value)")
def fourteenth_own_customer_is_taken() -> ASGIApp:
    """An update that repeats the organization's own stripe_customer_id is refused as taken."""

    def changed(made: Organization, known: Organization, body: Body) -> Organization:
        if "stripe_customer_id" in body and made.stripe_customer_id == known.stripe_customer_id:
            raise Taken("stripe_customer_id")
        return made

    return updating(changed)


def _by_external_id(w: Wire) -> object:
    id = token()
    w.made(external_id=id)
    return w.update(id, name="Found").status_code == 200


@fault("updates", "update.unknown", _by_external_id, "one find() for all routes, mended for GET alone")
def fourteenth_update_takes_an_external_id() -> ASGIApp:
    """An update under an external_id in the place of the id changes the organization that has it."""

    class Either(Api):
        def update(self, call: Call) -> Response:
            found = self.store.by_external_id(call.path["id"])
            return super().update(dataclasses.replace(call, path={"id": found.id}) if found else call)

    return app(api=Either)


def _unmoved(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("timestamps", "update.moves-updated-at", _unmoved, "Ecto: a change of an association alone writes no parent row")
def fourteenth_domains_do_not_touch_the_parent() -> ASGIApp:
    """An update of nothing but the domains does not move updated_at."""
    return updating(
        lambda made, known, body: (
            dataclasses.replace(made, updated_at=known.updated_at) if {*body} <= {"domains", "domain_data"} else made
        )
    )


def _atoms(w: Wire) -> object:
    return w.create(metadata={"a.b": "c"}).status_code == 422


@fault("metadata", "body.metadata-keys-verbatim", _atoms, "keys are made properties of a generated class")
def fourteenth_keys_must_be_identifiers() -> ASGIApp:
    """Metadata with a key that is no identifier, as one with a dot or a blank, are refused."""

    def refused(body: Object) -> Reply | None:
        given = body.get("metadata")
        names = given if isinstance(given, dict) else {}
        odd = any(not re.fullmatch(r"[A-Za-z_][\w-]*", key) for key in names)
        return unprocessable("metadata", "has a key that is not valid") if odd else None

    return strict(refused)
