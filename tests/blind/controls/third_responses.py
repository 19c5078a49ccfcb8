"""Responses that look otherwise than the emulator's, within what is documented."""

from __future__ import annotations

import json
import random
import secrets
from dataclasses import replace
from datetime import UTC, datetime

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.identifiers import CROCKFORD
from emulator.records import Domain, Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified

LOOKS = "how responses look"
STATE = "what is kept"


def _for_dns(w: Wire) -> bool:
    found = w.made(domain_data=pending(domain()))["domains"][0]
    return found["verification_strategy"] == "dns" and bool(found["verification_token"])


@control(LOOKS, "O: verification fields of a domain; S shows pending with dns", _for_dns, may_warn=True)
def pending_domains_are_verified_by_dns() -> ASGIApp:
    """A pending domain has the strategy dns, a prefix and a token."""

    def shown(value: Object, each: Domain) -> Object:
        if each.state != "pending":
            return value
        prefix = f"superapp-domain-verification-{each.id[-6:].lower()}"
        more = {"verification_prefix": prefix, "verification_token": each.id[-20:], "verification_strategy": "dns"}
        return {**value, **more}

    return showing_domains(shown)


@control(LOOKS, "O: optional and deprecated", lambda w: "allow_profiles_outside_organization" not in w.made())
def a_flag_that_is_false_is_left_out() -> ASGIApp:
    """allow_profiles_outside_organization is shown only when it is true."""
    field = "allow_profiles_outside_organization"
    return showing(lambda value, each: value if each.allow_profiles else without(value, field))


@control(
    LOOKS,
    "the pairs of a JSON object have no order",
    lambda w: [*w.made(metadata={"b": "1", "a": "2"})["metadata"]] == ["a", "b"],
)
def pairs_are_in_the_order_of_their_keys() -> ASGIApp:
    """Metadata are sorted by key, as jsonb does."""
    return showing(lambda value, _: {**value, "metadata": dict(sorted(value["metadata"].items()))})


def _shuffled(w: Wire) -> bool:
    id = w.made(domain_data=verified(*(domain() for _ in range(8))))["id"]
    return len({json.dumps(w.shown(id)["domains"]) for _ in range(6)}) > 1


@control(LOOKS, "no source gives domains an order", _shuffled)
def domains_come_in_any_order() -> ASGIApp:
    """The domains of an organization come in another order each time."""
    return showing(lambda value, _: {**value, "domains": random.sample(value["domains"], len(value["domains"]))})


@control(LOOKS, "JSON may be escaped and indented", lambda w: b"\\u00e9" in w.create(name="\u00e9").content)
def responses_are_indented_and_escaped() -> ASGIApp:
    """JSON is indented, in ASCII, and its properties are sorted."""
    return on_response(
        lambda _, response: (
            response.replaced(body=json.dumps(response.json, indent=2, sort_keys=True).replace("/", "\\/").encode())
            if response.json is not None
            else response
        )
    )


def _deleted_json(w: Wire) -> bool:
    response = w.delete(w.made()["id"])
    return response.status_code == 200 and bool(response.json()["deleted"])


@control(LOOKS, "O: DELETE answers 200 or 202, of the body nothing is said", _deleted_json)
def a_delete_answers_in_json() -> ASGIApp:
    """A delete is answered with 200 and a JSON object."""

    def shown(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        with_type = response.with_header("content-type", "application/json; charset=utf-8")
        return with_type.replaced(status=200).with_json({"id": request.last, "deleted": True})

    return on_response(shown)


@control(LOOKS, "RFC 9110", lambda w: "etag" in w.list().headers)
def responses_have_tags_and_many_headers() -> ASGIApp:
    """Responses have ETag, Cache-Control, Vary, Set-Cookie and limits of rate."""
    more = {
        "etag": 'W/"1"',
        "cache-control": "private, max-age=0",
        "vary": "Accept-Encoding",
        "set-cookie": "s=1; Path=/; HttpOnly",
        "x-ratelimit-remaining": "5999",
        "strict-transport-security": "max-age=1",
    }

    def shown(_: Request, response: Reply) -> Reply:
        for name, value in more.items():
            response = response.with_header(name, value)
        return response

    return on_response(shown)


def _moment_without_zeros(text: str) -> str:
    return text[:-1].rstrip("0").rstrip(".") + "Z"


@control(
    LOOKS,
    "RFC 3339; three decimals are a SHOULD",
    lambda w: any(len(w.made()["created_at"]) < 24 for _ in range(60)),
    may_warn=True,
)
def zeros_at_the_end_of_moments_are_left_out() -> ASGIApp:
    """Moments have no more decimals than they need, as RFC3339Nano in Go."""

    def shown(value: Object, _: Organization) -> Object:
        times = {name: _moment_without_zeros(value[name]) for name in ("created_at", "updated_at")}
        domains = [
            {**each, **{name: _moment_without_zeros(each[name]) for name in ("created_at", "updated_at")}}
            for each in value["domains"]
        ]
        return {**value, **times, "domains": domains}

    return showing(shown)


def _more_everywhere(w: Wire) -> bool:
    w.made(domain_data=verified(domain()))
    page = w.list().json()
    return {"url"} <= {*page} and "total" in page["list_metadata"] and "extra" in page["data"][0]["domains"][0]


@control(LOOKS, "objects are open", _more_everywhere)
def everything_has_properties_more() -> ASGIApp:
    """Lists, their list_metadata, organizations and domains have unknown properties, null and nested ones too."""

    def more(value: Object) -> Object:
        domains = [{**each, "extra": None, "verified_by": {"id": "user_1"}} for each in value["domains"]]
        return {"_links": {"self": None}, **value, "domains": domains, "slug": None, "tags": [], "seats": 1.5}

    def page(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        value = response.json
        metadata = {"total": len(value["data"]), **value["list_metadata"], "has_more": None}
        return response.with_json({"url": "/organizations", **value, "list_metadata": metadata})

    return on_response(page, reshaped(more))


def _small(w: Wire) -> bool:
    name = domain()
    return bool(w.made(domain_data=verified(name.upper()))["domains"][0]["domain"] == name)


@control(STATE, "domains have no case (RFC 4343)", _small)
def domains_are_kept_in_small_letters() -> ASGIApp:
    """Domains are kept in small letters."""

    class Lower(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            lowered = [{**item, "domain": item["domain"].lower()} for item in body.get("domain_data", ())]
            plain = [each.lower() for each in body.get("domains", ())]
            return super().domains({**body, "domain_data": lowered, "domains": plain}, moment)

    return app(changes=Lower())


def _same_id(w: Wire) -> bool:
    name = domain()
    made = w.made(domain_data=verified(name))
    changed = w.changed(made["id"], domain_data=verified(name, domain()))
    return made["domains"][0]["id"] in [each["id"] for each in changed["domains"]]


@control(STATE, "nothing says whether a domain that is given again is another one", _same_id)
def domains_that_stay_keep_their_ids() -> ASGIApp:
    """A domain that an update gives again keeps its id and its moment of creation."""

    class Keeping(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            there = {each.domain: each for each in known.domains}
            found = super().replaced_domains(known, body, moment)
            return tuple(
                replace(each, id=there[each.domain].id, created_at=there[each.domain].created_at)
                if each.domain in there
                else each
                for each in found
            )

    return app(changes=Keeping())


def _out_of_order(w: Wire) -> bool:
    ids = w.many(40)
    return sorted(ids) != ids


@control(STATE, "ids are opaque; lists are by creation", _out_of_order)
def ids_made_in_one_millisecond_have_no_order() -> ASGIApp:
    """Ids are ULIDs whose last characters are random, so that those of one millisecond have no order."""

    class Random(Changes):
        def organization_id(self, moment: int) -> str:
            made = super().organization_id(moment // 8 * 8)
            return made[:14] + "".join(secrets.choice(CROCKFORD) for _ in range(16))

        def now(self) -> int:
            return super().now()

    return app(changes=Random())


def _ahead(w: Wire) -> bool:
    return datetime.fromisoformat(w.made()["created_at"]).timestamp() > datetime.now(UTC).timestamp() + 1000


@control(STATE, "no source says that clocks agree", _ahead)
def the_clock_is_an_hour_ahead() -> ASGIApp:
    """The server's clock is an hour ahead of the client's."""

    class Ahead(Changes):
        def now(self) -> int:
            return super().now() + 3_600_000

    return app(changes=Ahead())


def _pending_is_taken(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=pending(name))
    return w.create(domain_data=pending(name)).status_code == 409


class DomainTaken(Taken):
    """A domain that belongs to another organization."""

    status = 409


@control(STATE, "FACTS: a pending domain in several organizations is SHOULD", _pending_is_taken, may_warn=True)
def a_pending_domain_has_one_organization() -> ASGIApp:
    """A pending domain that another organization has is refused with 409."""

    class Unique(Store):
        def _insert_domains(self, organization: Organization) -> None:
            for each in organization.domains:
                others = "SELECT TRUE FROM organization_domain WHERE domain = ? AND organization_id <> ?"
                found = self._connection.execute(others, (each.domain, organization.id)).fetchone()
                if found and each.state == "pending":
                    raise DomainTaken("domain")
            super()._insert_domains(organization)

    return app(Unique())
