"""Responses that look otherwise and keep every promise."""

from __future__ import annotations

import json
import random
from typing import Any

from starlette.types import ASGIApp

from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Object, Reply, Request, written
from tests.blind.registry import control
from tests.blind.wire import Wire, deleted, domain, pending, verified


def _stub(w: Wire) -> object:
    id = w.made()["id"]
    response = w.delete(id)
    return response.status_code == 200 and response.json() == {"id": id, "object": "organization", "deleted": True}


@control("deletes", "delete.answers: 200 or 202, and no body is documented", _stub)
def tenth_delete_answers_with_a_stub() -> ASGIApp:
    """A delete answers 200 with the id and a word that it is deleted, as Stripe's API does."""

    def stub(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        body = written({"id": request.last, "object": "organization", "deleted": True})
        return response.replaced(status=200, body=body).with_header("content-type", "application/json")

    return on_response(stub)


def _pretty(w: Wire) -> object:
    text = w.create(name="Zoë / 😀").text
    return text.startswith('{\r\n\t"') and "Zo\\u00eb \\/ \\ud83d\\ude00" in text


@control("bytes", "RFC 8259: white space between tokens, and escapes, mean nothing", _pretty)
def tenth_json_of_other_writers() -> ASGIApp:
    """JSON comes with tabs and CRLF, and with escapes for slashes and all that is not ASCII."""

    def pretty(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        text = json.dumps(response.json, indent="\t").replace("/", "\\/").replace("\n", "\r\n")
        return response.replaced(body=text.encode())

    return on_response(pretty)


EXTRA: Object = {
    "slug": None,
    "member_count": 0,
    "created": 1,
    "data": [],
    "list_metadata": None,
    "settings": {"id": "settings_1", "object": "organization_settings", "domains": [None]},
}


@control("fields", "O: objects are open", lambda w: "settings" in w.made())
def tenth_fields_of_tomorrow() -> ASGIApp:
    """Organizations have further fields, some of them with names that are known from elsewhere."""
    return showing(lambda shown, _: {**shown, **EXTRA})


def _verification(w: Wire) -> object:
    shown = w.made(domain_data=pending(domain()))["domains"][0]
    return {"verification_prefix", "verification_token"} <= shown.keys() and shown["verification_strategy"] == "dns"


@control("fields", "S: a pending domain shows its prefix, its token and the strategy dns", _verification)
def tenth_pending_domains_are_verified_by_dns() -> ASGIApp:
    """A pending domain has the strategy dns, a prefix and a token."""

    def shown(shown: Object, domain: Domain) -> Object:
        if domain.state != "pending":
            return shown
        prefix = f"app-domain-verification-{domain.id[-6:].lower()}"
        more = {"verification_prefix": prefix, "verification_token": domain.id[-20:], "verification_strategy": "dns"}
        return {**shown, **more}

    return showing_domains(shown)


def _sparse(w: Wire) -> object:
    made = w.made(domain_data=pending(domain()))
    return "state" not in made["domains"][0] and "allow_profiles_outside_organization" not in made


@control("fields", "O: these are optional in a response; the strategy is a SHOULD", _sparse, may_warn=True)
def tenth_optional_fields_are_left_out() -> ASGIApp:
    """No optional field of an organization or a domain is shown, but stripe_customer_id."""

    class Sparse(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            del shown["allow_profiles_outside_organization"]
            return shown

        def domain(self, organization: Organization, domain: Domain) -> Object:
            shown = super().domain(organization, domain)
            return {name: v for name, v in shown.items() if name not in ("state", "verification_strategy")}

    return app(responses=Sparse())


def _sorted(w: Wire) -> object:
    names = sorted((domain("b"), domain("a"), domain("c")), reverse=True)
    return [each["domain"] for each in w.made(domain_data=verified(*names))["domains"]] == sorted(names)


@control("fields", "no source gives domains an order", _sorted)
def tenth_domains_are_sorted() -> ASGIApp:
    """Domains are shown in alphabetical order."""
    return showing(lambda shown, _: {**shown, "domains": sorted(shown["domains"], key=lambda each: each["domain"])})


def _mixed(w: Wire) -> object:
    orders = {tuple(w.shown(w.made(metadata={"a": "1", "b": "2", "c": "3"})["id"])) for _ in range(5)}
    return len(orders) > 1


def _shuffled(value: Any) -> Any:
    if isinstance(value, list):
        return [_shuffled(each) for each in value]
    if not isinstance(value, dict):
        return value
    names = [*value]
    random.shuffle(names)
    return {name: _shuffled(value[name]) for name in names}


@control("bytes", "RFC 8259: the members of an object have no order", _mixed)
def tenth_members_in_any_order() -> ASGIApp:
    """The members of each object come in another order with each response, as with maps of Go."""
    return on_response(
        lambda _, response: response if response.json is None else response.with_json(_shuffled(response.json))
    )


def _refused(w: Wire) -> object:
    response = w.other(None).get("/organizations")
    return response.headers.get("www-authenticate") == 'Bearer realm="api"' and "error" in response.json()


@control("errors", "D: 401 with a message; its words and further fields are free", _refused)
def tenth_401_says_more() -> ASGIApp:
    """A 401 has a challenge, a code, and another message with letters of other languages."""

    def said(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        body = {"message": "Schlüssel ungültig — 認証に失敗しました。", "error": "invalid_token", "docs": None}
        return response.with_json(body).with_header("www-authenticate", 'Bearer realm="api"')

    return on_response(said)


def _plain_errors(w: Wire) -> object:
    body = w.create(name=5).json()
    return body.keys() == {"message", "errors"} and body["errors"][0].keys() == {"field", "code"}


@control("errors", "R: {message, errors: [{field, code}]}", _plain_errors)
def tenth_422_in_the_other_form() -> ASGIApp:
    """A 422 has no code of its own, and names the field and the code of each fault."""

    def other(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        faults = [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]]
        return response.with_json({"message": "Validation failed", "errors": faults})

    return on_response(other)


def _long(w: Wire) -> object:
    return len(w.get(deleted(w)["id"]).json()["message"]) > 5000


@control("errors", "O: the message is any string", _long)
def tenth_messages_with_a_stack_trace() -> ASGIApp:
    """The message of a 404 has a stack trace of many lines behind it."""

    def traced(_: Request, response: Reply) -> Reply:
        if response.status != 404 or not isinstance(response.json, dict):
            return response
        trace = "\n".join(f"    at OrganizationsService.find (/app/dist/service.js:{at}:11)" for at in range(100))
        return response.with_json({**response.json, "message": f"{response.json['message']}\n{trace}"})

    return on_response(traced)
