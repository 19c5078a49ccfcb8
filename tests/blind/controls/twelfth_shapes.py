"""Bodies that look otherwise, and say the same."""

from __future__ import annotations

import dataclasses
import json

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Changes
from emulator.records import Domain
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, token, verified


def _escaped(response: Reply) -> Reply:
    body = response.body
    for character in "<>&/":
        escape = "\\/" if character == "/" else f"\\u{ord(character):04x}"
        body = body.replace(character.encode(), escape.encode())
    return response.replaced(body=body) if response.json is not None else response


@control(
    "json",
    "RFC 8259 section 7: any character may be escaped",
    lambda w: b'"\\u003cb\\u003e Q\\u0026A \\/"' in w.create(name="<b> Q&A /").content,
)
def twelfth_json_for_web_pages() -> ASGIApp:
    """JSON has <, >, & and / escaped, as for a web page."""
    return on_response(lambda _, response: _escaped(response))


def _pretty(response: Reply) -> Reply:
    value = response.json
    text = json.dumps(value, ensure_ascii=False, indent="\t", sort_keys=True)
    return response if value is None else response.replaced(body=f"\n{text}\n\n".encode())


@control("json", "RFC 8259: white space and the order of properties mean nothing", lambda w: w.list().text[0] == "\n")
def twelfth_sorted_and_indented() -> ASGIApp:
    """JSON is indented with tabs, its properties in alphabetical order, empty lines around it."""
    return on_response(lambda _, response: _pretty(response))


@control("delete", "O: 200 is documented, without a body", lambda w: w.delete(w.made()["id"]).status_code == 200)
def twelfth_delete_shows_what_it_deleted() -> ASGIApp:
    """A delete answers 200 with the organization that it removed."""

    class Showing(Api):
        def delete(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            self.store.delete(known)
            return self.responses.found(known)

    return app(api=Showing)


def _nothing(w: Wire) -> object:
    found = w.delete(w.made()["id"])
    return found.status_code == 200 and not found.content and "content-type" not in found.headers


@control("delete", "O: 200 is documented, without a body", _nothing)
def twelfth_delete_says_nothing() -> ASGIApp:
    """A delete answers 200 with no body and no Content-Type."""

    def emptied(request: Request, response: Reply) -> Reply:
        deleted = request.operation == "delete" and response.good
        return response.replaced(status=200, body=b"").with_header("content-type", None) if deleted else response

    return on_response(emptied)


def _more(value: Object) -> Object:
    for each in (*value.get("data", ()), *value.get("domains", ())):
        each.update(_more(each))
    if "list_metadata" in value:
        value["list_metadata"] = {"total": 1, "next": None, **value["list_metadata"]}
    links: Object = {"self": {"href": "/organizations"}, "up": None}
    return {"_links": links, "parent": None, "revision": 7, "tags": [], "ratio": 0.5, **value}


@control(
    "shape",
    "O: allow_profiles_outside_organization is optional",
    lambda w: "allow_profiles_outside_organization" not in w.made(allow_profiles_outside_organization=True),
)
def twelfth_no_allow_profiles() -> ASGIApp:
    """Organizations do not show allow_profiles_outside_organization."""
    return showing(lambda shown, _: without(shown, "allow_profiles_outside_organization"))


@control(
    "shape",
    "O: state and verification_strategy are optional",
    lambda w: "state" not in w.made(domain_data=verified(domain()))["domains"][0],
    may_warn=True,
)
def twelfth_domains_without_a_state() -> ASGIApp:
    """Domains show neither a state nor a strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


def _to_verify(shown: dict[str, object], kept: Domain) -> dict[str, object]:
    if kept.state != "pending":
        return shown
    proof = {
        "verification_prefix": "superapp-domain-verification-z3kjny",
        "verification_token": "m5Oztg3jdK4NJLgs8uIlIprMw",
    }
    return {**shown, **proof, "verification_strategy": "dns"}


@control(
    "shape",
    "O: verification_prefix and verification_token are optional; how a pending domain is verified is not documented",
    lambda w: "verification_token" in w.made(domain_data=pending(domain()))["domains"][0],
    may_warn=True,
)
def twelfth_pending_domains_have_a_token() -> ASGIApp:
    """A pending domain shows the prefix and the token of its verification by dns."""
    return showing_domains(_to_verify)


@control(
    "timestamps",
    "O: any RFC 3339 date-time; the form is a SHOULD",
    lambda w: w.made()["created_at"].endswith("000+00:00"),
    may_warn=True,
)
def twelfth_timestamps_with_microseconds() -> ASGIApp:
    """Timestamps have six decimals and the offset +00:00."""

    class Isoformat(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000+00:00")

    return app(responses=Isoformat())


def _checked_later(w: Wire) -> object:
    shown = w.made(domain_data=pending(domain()))["domains"][0]
    return shown["updated_at"] > shown["created_at"]


@control("timestamps", "domain.updated-at: not before it was created", _checked_later)
def twelfth_domains_are_touched_once_made() -> ASGIApp:
    """A domain was last changed five milliseconds after it was created."""

    class Touched(Changes):
        def stated_domain(self, domain: str, state: str, moment: int) -> Domain:
            return dataclasses.replace(super().stated_domain(domain, state, moment), updated_at=moment + 5)

    return app(changes=Touched())


def _alphabetical(w: Wire) -> object:
    names = [domain("z"), domain("a")]
    return [each["domain"] for each in w.made(domain_data=verified(*names))["domains"]] == sorted(names)


@control("domains", "no source says in which order domains are shown", _alphabetical)
def twelfth_domains_in_alphabetical_order() -> ASGIApp:
    """The domains of an organization are shown in alphabetical order."""
    return showing(
        lambda shown, _: {**shown, "domains": sorted(shown["domains"], key=lambda each: str(each["domain"]))}
    )


@control(
    "errors",
    "error.message asks for a message, in no language",
    lambda w: "Keine" in w.get(token()).json()["message"],
)
def twelfth_errors_in_german() -> ASGIApp:
    """The messages of errors are in German, with a reference and a link beside them."""

    def translated(_: Request, response: Reply) -> Reply:
        value = response.json
        if response.status < 400 or not isinstance(value, dict):
            return response
        more = {"reference": token(), "documentation_url": "https://docs.example.com/fehler"}
        return response.with_json({**value, **more, "message": "Keine Antwort möglich: „So geht es nicht“"})

    return on_response(translated)


def _plain_errors(_: Request, response: Reply) -> Reply:
    value = response.json
    if response.status != 422 or not isinstance(value, dict):
        return response
    errors = [{"field": fault["field"], "code": fault["code"]} for fault in value["errors"]]
    return response.with_json({"message": "Validation failed", "errors": errors})


@control(
    "errors",
    "R: recorded bodies of 422 have this form, too",
    lambda w: set(w.create(name=1).json()) == {"message", "errors"},
)
def twelfth_errors_of_field_and_code() -> ASGIApp:
    """A 422 has no code of its own, and its errors have a field and a code and no message."""
    return on_response(_plain_errors)
