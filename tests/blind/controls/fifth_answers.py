"""Responses that look otherwise, as far as the sources leave it open."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.validation import Rules
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.changing import creating, updating
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request, reply, without, written
from tests.blind.registry import control
from tests.blind.wire import Wire, deleted, domain, pending, verified

KIND = "fifth: answers"
HOUR = 3_600_000


@control(KIND, "organization.id-form is SHOULD", lambda w: w.made()["id"].startswith("organization-"), may_warn=True)
def fifth_ids_of_another_form() -> ASGIApp:
    """Ids are a longer prefix and small letters."""

    class Small(Changes):
        def organization_id(self, moment: int) -> str:
            return f"organization-{self._ulids.new(moment).lower()}"

        def domain_id(self, moment: int) -> str:
            return f"domain-{self._ulids.new(moment).lower()}"

    return app(changes=Small())


@control(KIND, "RFC 3339", lambda w: w.made()["created_at"].endswith("000+00:00"), may_warn=True)
def fifth_timestamps_with_an_offset() -> ASGIApp:
    """Timestamps have six decimals and the offset +00:00."""

    class Offset(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000+00:00")

    return app(responses=Offset())


@control(KIND, "no source gives the text", lambda w: "größer" in w.list(limit=0).json()["message"])
def fifth_messages_in_german() -> ASGIApp:
    """Messages are in German, and every fault has one of its own."""

    def change(_: Request, response: Reply) -> Reply:
        body = response.json
        if response.status < 400 or not isinstance(body, dict):
            return response
        return response.with_json({**body, "message": "Ungültige Anfrage: Wert ist größer oder kleiner als erlaubt."})

    return on_response(change)


@control(KIND, "objects are open", lambda w: "statusCode" in w.get("org_a").json())
def fifth_errors_as_nestjs_has_them() -> ASGIApp:
    """Errors have a status, a path and a moment as well."""

    def change(request: Request, response: Reply) -> Reply:
        if response.status < 400 or not isinstance(response.json, dict):
            return response
        more = {"statusCode": response.status, "path": request.path, "timestamp": "2026-01-15T12:00:00.000Z"}
        return response.with_json({**more, **response.json, "error": "Error"})

    return on_response(change)


@control(KIND, "O lists 200, without a body", lambda w: "deleted" in w.delete(w.made()["id"]).text)
def fifth_delete_answers_with_json() -> ASGIApp:
    """A delete answers 200 with an object."""
    return on_response(
        lambda request, response: (
            reply(200, {"deleted": True}) if request.operation == "delete" and response.good else response
        )
    )


HEADERS = (
    ("ratelimit-limit", "6000"),
    ("ratelimit-remaining", "5"),
    ("ratelimit-reset", "3"),
    ("retry-after", "5"),
    ("cache-control", "no-store"),
    ("set-cookie", "__cf_bm=a; path=/; HttpOnly; Secure"),
    ("access-control-allow-origin", "*"),
    ("server-timing", "db;dur=5"),
    ("link", '</organizations?after=a>; rel="next"'),
)


@control(KIND, "no source speaks of other headers", lambda w: "retry-after" in w.list().headers)
def fifth_headers_of_a_gateway() -> ASGIApp:
    """Every response has headers on rates, cookies and caches, Retry-After among them."""
    return on_response(lambda _, response: response.replaced(headers=(*response.headers, *HEADERS)))


def an_hour_behind(w: Wire) -> bool:
    made = w.made()
    date = w.http.get("/organizations").headers.get("date", "")
    return bool(made["created_at"][11:13] != date[17:19])


@control(KIND, "no source says that clocks agree", an_hour_behind)
def fifth_clock_an_hour_behind() -> ASGIApp:
    """The server's clock is an hour behind."""

    class Behind(Changes):
        def now(self) -> int:
            return super().now() - HOUR

    return app(changes=Behind())


@control(
    KIND,
    "O: state and strategy are optional",
    lambda w: "state" not in w.made(domain_data=verified(domain()))["domains"][0],
    may_warn=True,
)
def fifth_domains_without_state() -> ASGIApp:
    """Domains show neither state nor strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


def same_record(w: Wire) -> bool:
    made = w.made(domain_data=pending(domain()))
    changed = w.changed(made["id"], domain_data=verified(made["domains"][0]["domain"]))
    return bool(changed["domains"][0]["id"] == made["domains"][0]["id"])


@control(KIND, "no source says that a domain gets another record", same_record)
def fifth_update_keeps_records_of_domains() -> ASGIApp:
    """An update keeps id and created_at of the domains that stay."""

    def kept(new: Domain, old: Domain | None) -> Domain:
        if old is None:
            return new
        moment = old.updated_at if new.state == old.state else new.updated_at
        return replace(new, id=old.id, created_at=old.created_at, updated_at=moment)

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        old = {each.domain: each for each in known.domains}
        return replace(new, domains=tuple(kept(each, old.get(each.domain)) for each in new.domains))

    return updating(change)


def unmoved(w: Wire) -> bool:
    made = w.made(name="A")
    return bool(w.changed(made["id"], name="A")["updated_at"] == made["updated_at"])


@control(KIND, "update.moves-updated-at: a change", unmoved)
def fifth_update_without_effect_keeps_updated_at() -> ASGIApp:
    """An update that gives the name its present value does not move updated_at."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        same = replace(new, updated_at=known.updated_at) == known
        return known if same else new

    return updating(change)


def other_form(w: Wire) -> bool:
    return sorted(w.post(b"{}").json()) == ["errors", "message"]


@control(KIND, "R: such 422 bodies", other_form)
def fifth_422_of_fields_and_codes() -> ASGIApp:
    """A 422 lists fields and codes, and has no code of its own."""

    def change(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]]
        return response.with_json({"message": "Validation failed", "errors": errors})

    return on_response(change)


@control(
    KIND,
    "create.new-timestamps is SHOULD",
    lambda w: (made := w.made())["updated_at"] > made["created_at"],
    may_warn=True,
)
def fifth_updated_three_milliseconds_later() -> ASGIApp:
    """A new organization was last updated three milliseconds after it was created."""
    return creating(lambda new, body: replace(new, updated_at=new.updated_at + 3))


@control(KIND, "RFC 8259: no parameter", lambda w: w.list().headers["content-type"] == "application/json")
def fifth_json_without_charset() -> ASGIApp:
    """JSON is labelled application/json without a charset."""
    return on_response(
        lambda _, response: (
            response.with_header("content-type", "application/json")
            if "json" in dict(response.headers).get("content-type", "")
            else response
        )
    )


@control(
    KIND,
    "body.consumer-domain is SHOULD",
    lambda w: w.create(domain_data=verified("gmail.com")).status_code == 201,
    may_warn=True,
)
def fifth_consumer_domains_accepted() -> ASGIApp:
    """Consumer domains are accepted."""

    class Open(Rules):
        def check_domains(self, body: Body) -> None:
            pass

    return app(rules=Open())


@control(KIND, "delete.twice is SHOULD", lambda w: w.delete(deleted(w)["id"]).status_code == 202, may_warn=True)
def fifth_delete_of_nothing_accepted() -> ASGIApp:
    """A delete of an unknown id answers 202."""
    return on_response(
        lambda request, response: (
            response.replaced(status=202, body=written({}))
            if request.operation == "delete" and response.status == 404
            else response
        )
    )


@control(
    KIND,
    "authentication.lower-case-scheme is INFO",
    lambda w: w.other(f"bearer {w.key}").get("/organizations").status_code == 401,
)
def fifth_scheme_in_exact_case() -> ASGIApp:
    """The scheme is Bearer and nothing else, and a 401 says so in WWW-Authenticate."""

    class Exact(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "").startswith("Bearer ") and super().authorized(headers)

    return on_response(
        lambda _, response: (
            response.with_header("www-authenticate", 'Bearer realm="api", error="invalid_token"')
            if response.status == 401
            else response
        ),
        app(api=Exact),
    )


@control(KIND, "objects are open", lambda w: "version" in w.made(domain_data=verified(domain()))["domains"][0])
def fifth_more_properties_in_domains() -> ASGIApp:
    """Domains have more properties."""
    return showing_domains(lambda shown, _: {**shown, "links": {}, "version": 3})
