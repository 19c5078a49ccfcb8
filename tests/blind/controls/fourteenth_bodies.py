"""Bodies that are written, refused and understood in other legal ways."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import Fault, InvalidParameters, Refusal
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified

ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "+": "\\u002b", "'": "\\u0027"}


@control(
    "json",
    "RFC 8259 section 7: any character may be escaped",
    lambda w: "\\u003cb\\u003e" in w.create(name="<b>").text,
)
def fourteenth_html_is_escaped() -> ASGIApp:
    """JSON is written as System.Text.Json does: what means something in HTML is escaped."""

    def escaped(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        text = re.sub("[<>&+']", lambda found: ESCAPES[found[0]], response.body.decode())
        return response.replaced(body=text.encode())

    return on_response(escaped)


def _sorted_and_indented(w: Wire) -> object:
    text = w.create(metadata={"b": "1", "a": "2"}).text
    return text.startswith("{\n    ") and text.index('"created_at"') < text.index('"id"') < text.index('"object"')


@control("json", "JSON objects have no order", _sorted_and_indented)
def fourteenth_recordings_are_canonical() -> ASGIApp:
    """Every JSON body is indented, its keys sorted, the metadata's too, with a line feed at its end."""

    def canonical(_: Request, response: Reply) -> Reply:
        value = response.json
        text = json.dumps(value, indent=4, sort_keys=True) + "\n"
        return response if value is None else response.replaced(body=text.encode())

    return on_response(canonical)


def _statuses(w: Wire) -> object:
    return bool(w.get("org_unknown").json().get("statusCode") == 404)


@control("errors", "objects are open; message is there", _statuses)
def fourteenth_errors_say_more() -> ASGIApp:
    """Errors carry statusCode, error, timestamp and path as well, as a framework's filter writes them."""

    def more(request: Request, response: Reply) -> Reply:
        if response.status < 400 or not isinstance(response.json, dict):
            return response
        extra = {
            "statusCode": response.status,
            "error": "Error",
            "timestamp": "2026-01-15T12:00:00.000Z",
            "path": request.path,
        }
        return response.with_json({**response.json, **extra})

    return on_response(more)


@control(
    "errors", "the text of a message is free", lambda w: w.get("org_unknown").json()["message"] == "Nicht möglich: 404"
)
def fourteenth_messages_are_german() -> ASGIApp:
    """Messages of errors are in German."""

    def german(_: Request, response: Reply) -> Reply:
        value = response.json
        if response.status < 400 or not isinstance(value, dict):
            return response
        return response.with_json({**value, "message": f"Nicht möglich: {response.status}"})

    return on_response(german)


KNOWN = {
    "name",
    "domains",
    "domain_data",
    "metadata",
    "external_id",
    "stripe_customer_id",
    "allow_profiles_outside_organization",
}


@control("bodies", "create.unknown-property is INFO", lambda w: w.create(unheard_of=1).status_code == 422)
def fourteenth_unknown_properties_are_refused() -> ASGIApp:
    """A body with a property that is not documented answers 422."""
    return strict(lambda body: None if body.keys() <= KNOWN else unprocessable("body", "has unknown properties"))


@control("names", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def fourteenth_empty_names_are_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name") if body.get("name") == "" else None)


@control("names", "body.name-long: refused whole", lambda w: w.create(name="n" * 256).status_code == 422)
def fourteenth_names_have_a_bound() -> ASGIApp:
    """A name of more than 255 characters answers 422."""

    def refused(body: Object) -> Reply | None:
        name = body.get("name")
        return unprocessable("name", "is too long") if isinstance(name, str) and len(name) > 255 else None

    return strict(refused)


@control("names", "body.name-control-characters", lambda w: w.create(name="bell\x07").status_code == 422)
def fourteenth_control_characters_are_refused() -> ASGIApp:
    """A name with control characters answers 422."""

    def refused(body: Object) -> Reply | None:
        name = body.get("name")
        return unprocessable("name") if isinstance(name, str) and re.search("[\x00-\x1f\x7f]", name) else None

    return strict(refused)


def _kept(w: Wire) -> object:
    id = w.made(metadata={"tier": "gold"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"tier": "gold"}


@control("metadata", "update.metadata-null is INFO", _kept)
def fourteenth_null_metadata_change_nothing() -> ASGIApp:
    """Metadata of null in an update leave the pairs as they are."""

    def kept(made: Organization, known: Organization, body: Body) -> Organization:
        return dataclasses.replace(made, metadata=known.metadata) if body.get("metadata", "") is None else made

    return updating(kept)


def _same_twice(w: Wire) -> object:
    name = domain()
    return w.create(domain_data=verified(name, name)).status_code == 422


@control("domains", "update.domain-twice is INFO", _same_twice)
def fourteenth_domain_given_twice_is_refused() -> ASGIApp:
    """A body that gives a domain twice answers 422."""

    class Once(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            names = [*(each["domain"] for each in body.get("domain_data", ())), *body.get("domains", ())]
            if len({*names}) < len(names):
                raise InvalidParameters([Fault("duplicate", "domains", "a domain is given twice")])
            return super().domains(body, moment)

    return app(changes=Once())


def _bare(w: Wire) -> object:
    return "allow_profiles_outside_organization" not in w.made()


@control("shape", "the deprecated field is optional", _bare)
def fourteenth_deprecated_field_is_not_shown() -> ASGIApp:
    """No organization shows allow_profiles_outside_organization."""
    return showing(lambda shown, _: without(shown, "allow_profiles_outside_organization"))


def _required_alone(w: Wire) -> object:
    return "state" not in w.made(domain_data=verified(domain()))["domains"][0]


@control("shape", "state and verification_strategy are optional", _required_alone, may_warn=True)
def fourteenth_domains_show_what_is_required() -> ASGIApp:
    """A domain shows its required properties and no others."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


def _to_verify(w: Wire) -> object:
    shown = w.made(domain_data=pending(domain()))["domains"][0]
    return shown["verification_strategy"] == "dns" and bool(shown.get("verification_token"))


@control("shape", "the sample of S: how a pending domain is verified", _to_verify)
def fourteenth_pending_domains_wait_for_dns() -> ASGIApp:
    """A pending domain shows the strategy dns, a prefix and a token."""
    dns = {"verification_strategy": "dns", "verification_prefix": "emulator", "verification_token": "m5Oztg3jdK4N"}
    return showing_domains(lambda shown, of: {**shown, **dns} if of.state == "pending" else shown)


def _more_fields(w: Wire) -> object:
    made = w.made()
    page = w.list(limit=1).json()
    return made.get("slug", "") is None and page["has_more"] is False and "total_count" in page


@control("shape", "objects are open", _more_fields)
def fourteenth_objects_have_more_properties() -> ASGIApp:
    """Organizations, domains and lists carry properties that are not documented."""

    class More(Responses):
        def json(self, status: int, value: Any) -> Response:
            if value.get("object") == "organization":
                value = {**value, "slug": None, "_links": {"self": f"/organizations/{value['id']}"}, "connections": []}
            if value.get("object") == "list":
                value = {**value, "has_more": False, "total_count": len(value["data"]), "url": "/organizations"}
            return super().json(status, value)

    return app(responses=More())


def _digits(w: Wire) -> object:
    return re.fullmatch("org_0[0-9]{25}", w.made()["id"])


@control("ids", "org_ and 26 characters of a ULID, which may all be digits", _digits)
def fourteenth_ids_are_counted() -> ASGIApp:
    """The ids of organizations are numbers that are counted up, in 26 digits."""

    class Counting(Changes):
        def __init__(self) -> None:
            super().__init__()
            self.count = 0

        def organization_id(self, moment: int) -> str:
            self.count += 1
            return f"org_{self.count:026}"

    return app(changes=Counting())


LATER = 5 * 365 * 24 * 3600 * 1000
"""Milliseconds."""


@control("timestamps", "organization.clock: it keeps step", lambda w: w.made()["created_at"] > "2030")
def fourteenth_clock_is_ahead() -> ASGIApp:
    """The server's clock is five years ahead, and runs as any clock."""

    class Ahead(Changes):
        def now(self) -> int:
            return super().now() + LATER

    return app(changes=Ahead())


class Owned(Refusal):
    """Another organization has the domain."""

    status = 409


def _another_has_it(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.create(domain_data=pending(name)).status_code == 409


@control("domains", "create.domain-shared-pending is a SHOULD; 409 is documented", _another_has_it, may_warn=True)
def fourteenth_pending_domain_has_one_owner() -> ASGIApp:
    """A create with a pending domain that is pending in another organization answers 409."""

    class OneOwner(Store):
        def insert(self, organization: Organization) -> None:
            for each in organization.domains:
                asked = "SELECT TRUE FROM organization_domain WHERE domain = ? AND state = 'pending'"
                if each.state == "pending" and self._connection.execute(asked, (each.domain,)).fetchone():
                    raise Owned("Another organization waits for this domain.")
            super().insert(organization)

    return app(OneOwner())
