"""How responses look, where their sources leave a choice."""

from __future__ import annotations

import dataclasses
import json

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.identifiers import now
from emulator.paging import Page
from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.interception import on_response, reshaped
from tests.blind.parts.messages import Json, Object, Reply, Request, without
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, pending, verified

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value


@control("fields", "RFC 8259: the members of an object have no order", lambda w: [*w.made()] == sorted(w.made()))
def ninth_names_in_order() -> ASGIApp:
    """The properties of every object are sorted by name."""

    def changed(_: Request, response: Reply) -> Reply:
        return response if response.json is None else response.with_json(_sorted(response.json))

    return on_response(changed)


@control("fields", "FACTS, Objects: objects are open", lambda w: "environment" in w.made())
def ninth_more_properties() -> ASGIApp:
    """Organizations, domains, lists and list_metadata have further properties, objects and nulls among them."""
    more: Object = {"environment": {"id": "environment_1", "type": "sandbox"}, "deleted_at": None, "labels": []}

    class More(Responses):
        def organization(self, organization: Organization) -> Object:
            return {**super().organization(organization), **more}

        def domain(self, organization: Organization, domain: Domain) -> Object:
            return {**super().domain(organization, domain), **more}

        def page(self, page: Page) -> Object:
            shown = super().page(page)
            cursors = {**shown["list_metadata"], "total": None, "has_more": page.after is not None}
            return {**shown, "list_metadata": cursors, "url": ORGANIZATIONS}

    return app(responses=More())


@control("bytes", "RFC 8259: white space and escapes", lambda w: b"\\u00e9" in w.create(name="Café").content)
def ninth_indented_ascii() -> ASGIApp:
    """JSON is indented, ends with a line feed, and has escapes for all that is not ASCII."""

    def changed(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        return response.replaced(body=json.dumps(response.json, indent=4).encode() + b"\n")

    return on_response(changed)


@control(
    "headers",
    "RFC 9110: media types and their parameters in any case",
    lambda w: w.create().headers["content-type"] == 'Application/JSON;Charset="UTF-8"',
)
def ninth_capital_media_type() -> ASGIApp:
    """JSON is labelled with capitals and a quoted charset."""

    def changed(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        return response.with_header("content-type", 'Application/JSON;Charset="UTF-8"')

    return on_response(changed)


def _to_verify(w: Wire) -> object:
    made = w.made(domain_data=pending(domain()))["domains"][0]
    return "verification_prefix" in made and made["verification_strategy"] == "dns"


@control("domains", "S: the samples show it so", _to_verify)
def ninth_pending_domains_say_how_to_verify() -> ASGIApp:
    """A pending domain has the strategy dns, a prefix and a token; others have neither prefix nor token."""

    def shown(value: Object, known: Domain) -> Object:
        if known.state != "pending":
            return value
        how = {"verification_prefix": "app-domain-verification-x1", "verification_token": known.id[-20:]}
        return {**value, "verification_strategy": "dns", **how}

    return showing_domains(shown)


def _no_state(w: Wire) -> object:
    return "state" not in w.made(domain_data=verified(domain()))["domains"][0]


@control("domains", "O: state and verification_strategy are optional", _no_state, may_warn=True)
def ninth_domains_without_state() -> ASGIApp:
    """Domains show neither state nor verification_strategy."""
    return showing_domains(lambda value, _: without(value, "state", "verification_strategy"))


class LongIds(Changes):
    """Ids with a region at their end."""

    def organization_id(self, moment: int) -> str:
        """A longer id of an organization."""
        return f"{super().organization_id(moment)}.eu-1"

    def domain_id(self, moment: int) -> str:
        """A longer id of a domain."""
        return f"{super().domain_id(moment)}.eu-1"


@control(
    "fields", "organization.id-form is SHOULD: O asks for a string", lambda w: ".eu-1" in w.made()["id"], may_warn=True
)
def ninth_ids_with_a_region() -> ASGIApp:
    """Ids have a dot and a region behind their ULID."""
    return app(changes=LongIds())


class Offset(Responses):
    """Moments with an offset."""

    def timestamp(self, moment: int) -> str:
        """RFC 3339, two hours east of UTC."""
        return super().timestamp(moment + 7_200_000).removesuffix("Z") + "+02:00"


@control(
    "fields",
    "organization.timestamp-form is SHOULD: O asks for a date-time",
    lambda w: w.made()["created_at"].endswith("+02:00"),
    may_warn=True,
)
def ninth_offset_of_two_hours() -> ASGIApp:
    """Timestamps are in a zone two hours east of UTC, and say so."""
    return app(responses=Offset())


def _ahead(w: Wire) -> object:
    return w.made()["created_at"] > Responses().timestamp(now() + 500_000)


@control("fields", "organization.clock: no source says whose clock is right", _ahead)
def ninth_clock_ten_minutes_ahead() -> ASGIApp:
    """The server's clock is ten minutes ahead."""

    class Ahead(Changes):
        def now(self) -> int:
            return super().now() + 600_000

    return app(changes=Ahead())


def _by_name(w: Wire) -> object:
    first, second = domain("z"), domain("a")
    shown = w.made(domain_data=verified(first, second))["domains"]
    return [each["domain"] for each in shown] == [second, first]


@control("domains", "no source gives the domains of an organization an order", _by_name)
def ninth_domains_by_name() -> ASGIApp:
    """The domains of an organization are sorted by name."""

    def shown(found: Object) -> Object:
        return {**found, "domains": sorted(found["domains"], key=lambda each: str(each["domain"]))}

    return reshaped(shown)


@control("deletes", "O: 200, whatever its body", lambda w: b"deleted" in w.delete(w.made()["id"]).content)
def ninth_delete_answers_an_object() -> ASGIApp:
    """A delete answers 200 with an object."""

    def changed(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        headers = response.with_header("content-type", "application/json").replaced(status=200)
        return headers.with_json({"id": request.last, "object": "organization", "deleted": True})

    return on_response(changed)


def _kept_row(w: Wire) -> object:
    name = domain()
    made = w.made(domain_data=pending(name))
    changed = w.changed(made["id"], domain_data=verified(name))["domains"][0]
    return changed["id"] == made["domains"][0]["id"] and changed["state"] == "verified"


@control("domains", "R: domains are replaced; whether an equal one is a new object is open", _kept_row)
def ninth_equal_domains_stay() -> ASGIApp:
    """A domain that an update names again keeps its id and created_at."""

    class Keeping(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            rows = {each.domain: each for each in known.domains}
            return tuple(_kept(rows.get(new.domain), new) for new in super().replaced_domains(known, body, moment))

    return app(changes=Keeping())


def _kept(known: Domain | None, new: Domain) -> Domain:
    return dataclasses.replace(new, id=known.id, created_at=known.created_at) if known else new
