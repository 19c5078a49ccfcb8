"""Responses that say the same in another way."""

from __future__ import annotations

import dataclasses
import gzip
import json
import re

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Domain, Organization
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_response, relisted
from tests.blind.parts.messages import Object, Reply, Request, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified


@control(
    "json",
    "RFC 8259 section 7: any character may be escaped",
    lambda w: b"R\\u0026D \\u003cx\\u003e" in w.create(name="R&D <x>").content,
)
def seventh_angle_brackets_are_escaped() -> ASGIApp:
    """Ampersands and angle brackets in texts are written as escapes, as Go does."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        body = response.body.replace(b"&", b"\\u0026").replace(b"<", b"\\u003c").replace(b">", b"\\u003e")
        return response.replaced(body=body)

    return on_response(altered)


@control(
    "json",
    "RFC 8259 section 7: any character may be escaped",
    lambda w: b"and\\/or \\u00e9" in w.create(name="and/or é").content,
)
def seventh_slashes_are_escaped() -> ASGIApp:
    """Slashes and what is not ASCII are written as escapes, as PHP does."""

    def altered(_: Request, response: Reply) -> Reply:
        value = response.json
        return response if value is None else response.replaced(body=json.dumps(value).replace("/", "\\/").encode())

    return on_response(altered)


@control(
    "deletes",
    "delete.answers: 200 or 202; no document gives it a body",
    lambda w: b'"deleted":true' in w.delete(w.made()["id"]).content,
)
def seventh_delete_answers_with_an_object() -> ASGIApp:
    """A delete answers 200 with an object that says what was deleted."""

    def altered(request: Request, response: Reply) -> Reply:
        deleted = request.operation == "delete" and response.good
        return reply(200, {"object": "organization", "id": request.last, "deleted": True}) if deleted else response

    return on_response(altered)


def _sorted(w: Wire) -> object:
    first, second = domain("z"), domain("a")
    return [each["domain"] for each in w.made(domain_data=verified(first, second))["domains"]] == [second, first]


@control("domains", "no source gives the domains of an organization an order", _sorted)
def seventh_domains_are_sorted() -> ASGIApp:
    """The domains of an organization are shown in alphabetical order."""
    return showing(
        lambda shown, _: {**shown, "domains": sorted(shown["domains"], key=lambda each: str(each["domain"]))}
    )


def _same_id(w: Wire) -> object:
    name = domain()
    made = w.made(domain_data=verified(name))
    changed = w.changed(made["id"], domain_data=verified(domain(), name))
    return made["domains"][0]["id"] in [each["id"] for each in changed["domains"]]


@control("domains", "update.replaces-domains says nothing of the ids of those that stay", _same_id)
def seventh_domain_that_stays_keeps_its_id() -> ASGIApp:
    """A domain that an organization has and an update names again keeps its id and its moment of creation."""

    def kept(made: Organization, known: Organization, body: Body) -> Organization:
        former = {each.domain: each for each in known.domains}
        if not {"domains", "domain_data"} & set(body):
            return made

        def again(each: Domain) -> Domain:
            old = former.get(each.domain, each)
            return dataclasses.replace(each, id=old.id, created_at=old.created_at)

        return dataclasses.replace(made, domains=tuple(map(again, made.domains)))

    return updating(kept)


@control(
    "metadata",
    "RFC 8259 section 4: the properties of an object have no order",
    lambda w: [*w.made(metadata={"plan": "gold", "id": "7", "a": "b"})["metadata"]] == ["a", "id", "plan"],
)
def seventh_short_keys_come_first() -> ASGIApp:
    """Metadata are shown with shorter keys first, as jsonb of PostgreSQL keeps them."""

    def change(shown: Object, _: Organization) -> Object:
        ordered = sorted(shown["metadata"].items(), key=lambda pair: (len(pair[0].encode()), pair[0]))
        return {**shown, "metadata": dict(ordered)}

    return showing(change)


@control(
    "shapes",
    "objects are open: unknown properties may appear at any time (O)",
    lambda w: w.list().json()["list_metadata"].get("has_more") is False,
)
def seventh_lists_say_more() -> ASGIApp:
    """Lists carry a total, a URL, and in their list_metadata whether there is more."""

    def change(shown: Object) -> Object:
        more = {**shown["list_metadata"], "has_more": shown["list_metadata"]["after"] is not None, "total": None}
        return {**shown, "url": "/organizations", "list_metadata": more}

    return relisted(change)


@control(
    "errors",
    "R: recorded 422 bodies have message and errors of field and code",
    lambda w: w.post("{}").json()["errors"] == [{"field": "name", "code": "required"}],
)
def seventh_422_in_the_other_recorded_form() -> ASGIApp:
    """A 422 has no code of its own, and lists field and code of each fault."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]]
        return response.with_json({"message": "Validation failed", "errors": errors})

    return on_response(altered)


@control(
    "domains",
    "O: state, token, prefix and strategy are optional, and dns is one of the strategies",
    lambda w: w.made(domain_data=pending(domain()))["domains"][0].get("verification_strategy") == "dns",
)
def seventh_pending_domains_have_tokens() -> ASGIApp:
    """A pending domain is to be verified by DNS, and shows the prefix and the token for it."""

    def change(shown: Object, kept: Domain) -> Object:
        if kept.state != "pending":
            return shown
        token = {"verification_prefix": "superapi-domain-verification", "verification_token": kept.id[-12:]}
        return {**shown, "verification_strategy": "dns", **token}

    return showing_domains(change)


@control("http", "RFC 9110 section 12.5.3: the client said that it reads gzip", lambda w: _compressed(w))
def seventh_responses_are_compressed() -> ASGIApp:
    """Responses are compressed with gzip, and labelled so, where the client reads it."""

    def altered(request: Request, response: Reply) -> Reply:
        if "gzip" not in request.header("accept-encoding") or not response.body:
            return response
        packed = response.replaced(body=gzip.compress(response.body))
        return packed.with_header("content-encoding", "gzip").with_header("vary", "Accept-Encoding")

    return on_response(altered)


def _compressed(w: Wire) -> object:
    response = w.list()
    return response.headers.get("content-encoding") == "gzip" and response.json()["object"] == "list"


def _in_chunks(head: bytes, body: bytes) -> bytes:
    if not body:
        return head + body
    head = re.sub(rb"(?i)content-length: \d+", b"Transfer-Encoding: chunked", head)
    halves = (body[: len(body) // 2], body[len(body) // 2 :])
    return head + b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves if half) + b"0\r\n\r\n"


@control(
    "http",
    "RFC 9112 section 7.1: a response may come in chunks",
    lambda w: w.create().headers.get("transfer-encoding") == "chunked",
    serve=altering(_in_chunks),
)
def seventh_responses_come_in_chunks() -> ASGIApp:
    """Responses have no Content-Length and come in two chunks."""
    return app()
