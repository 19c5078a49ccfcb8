"""Organizations and domains that look otherwise, and are as good."""

from __future__ import annotations

import dataclasses
import itertools
import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified


@control(
    "responses",
    "organization.id: a string that is not empty; the form of ids is a SHOULD",
    lambda w: w.made()["id"].count("-") == 4,
    may_warn=True,
)
def eighth_ids_are_uuids() -> ASGIApp:
    """Ids of organizations and domains are UUIDs in small letters that rise with time."""

    class Uuids(Changes):
        def __init__(self) -> None:
            super().__init__()
            self._numbers = itertools.count()

        def organization_id(self, moment: int) -> str:
            return str(uuid.UUID(int=moment << 80 | next(self._numbers)))

        def domain_id(self, moment: int) -> str:
            return self.organization_id(moment)

    return app(changes=Uuids())


@control(
    "responses",
    "organization.id: a string that is not empty; the form of ids is a SHOULD",
    lambda w: w.made()["id"].isdecimal(),
    may_warn=True,
)
def eighth_ids_are_digits() -> ASGIApp:
    """Ids of organizations and domains are decimal numbers of one row of numbers, as texts."""

    class Numbers(Changes):
        def __init__(self) -> None:
            super().__init__()
            self._numbers = itertools.count(1_000_001)

        def organization_id(self, moment: int) -> str:
            return str(next(self._numbers))

        def domain_id(self, moment: int) -> str:
            return str(next(self._numbers))

    return app(changes=Numbers())


@control("responses", "O: objects are open, unknown properties may appear at any time", lambda w: "_links" in w.made())
def eighth_everything_has_more_fields() -> ASGIApp:
    """Organizations, domains, lists and refusals have further properties: objects, arrays, numbers and nulls."""
    more = {"_links": {"self": {"href": "/somewhere"}}, "_version": 3, "tags": [], "parent": None, "url": "x"}

    class Wider(Responses):
        def organization(self, organization: Organization) -> Object:
            return {**more, **super().organization(organization)}

        def domain(self, organization: Organization, domain: Domain) -> Object:
            return {**more, **super().domain(organization, domain)}

    def altered(_: Request, response: Reply) -> Reply:
        value = response.json
        if not isinstance(value, dict) or "id" in value:
            return response
        return response.with_json({**more, **value, "total_count": 1_000, "has_more": False, "type": "object"})

    return on_response(altered, app(responses=Wider()))


@control(
    "timestamps",
    "organization.created-at: RFC 3339; the number of decimals is a SHOULD",
    lambda w: len(w.made()["created_at"]) == len("2026-01-15T12:00:00.000000Z"),
    may_warn=True,
)
def eighth_timestamps_in_microseconds() -> ASGIApp:
    """Timestamps have six decimals."""

    class Micro(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).replace("Z", "000Z")

    return app(responses=Micro())


@control(
    "timestamps",
    "organization.created-at: RFC 3339; UTC with Z is a SHOULD",
    lambda w: w.made()["created_at"].endswith("+05:30"),
    may_warn=True,
)
def eighth_timestamps_of_another_zone() -> ASGIApp:
    """Timestamps are given in the time of India, with its offset."""
    india = timezone(timedelta(hours=5, minutes=30))

    class There(Responses):
        def timestamp(self, moment: int) -> str:
            exact = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=moment)
            return exact.astimezone(india).isoformat(timespec="milliseconds")

    return app(responses=There())


@control("responses", "RFC 8259: white space and escapes are a matter of form", lambda w: b"\n    " in w.list().content)
def eighth_json_is_indented_and_escaped() -> ASGIApp:
    """JSON is indented, sorted by property, and escapes every character beyond ASCII."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.json is None:
            return response
        return response.replaced(body=json.dumps(response.json, indent=4, sort_keys=True).encode() + b"\n")

    return on_response(altered)


def _bare_domain(w: Wire) -> object:
    shown = w.made(domain_data=verified(domain()))
    return "state" not in shown["domains"][0] and "allow_profiles_outside_organization" not in shown


@control(
    "domains",
    "domain.state, domain.verification-strategy and organization.allow-profiles: where it is given",
    _bare_domain,
    may_warn=True,
)
def eighth_optional_fields_are_left_out() -> ASGIApp:
    """Domains have no state and no strategy, organizations no allow_profiles_outside_organization."""

    def bare(shown: Object, _: Organization) -> Object:
        domains = [without(each, "state", "verification_strategy") for each in shown["domains"]]
        return {**without(shown, "allow_profiles_outside_organization"), "domains": domains}

    return showing(bare)


def _to_be_verified(w: Wire) -> object:
    found = w.made(domain_data=pending(domain()))["domains"][0]
    return found["verification_strategy"] == "dns" and "verification_token" in found


@control("domains", "S: a pending domain with strategy dns, a prefix and a token", _to_be_verified)
def eighth_pending_domains_say_how_to_verify() -> ASGIApp:
    """A pending domain has the strategy dns, a verification_prefix and a verification_token."""
    how = {
        "verification_strategy": "dns",
        "verification_prefix": "mock-verification",
        "verification_token": "m5Oztg3jdK",
    }
    return showing_domains(lambda shown, found: {**shown, **how} if found.state == "pending" else shown)


def _short_keys_first(w: Wire) -> object:
    return list(w.made(metadata={"zebra": "1", "ant": "2", "bee": "3"})["metadata"]) == ["ant", "bee", "zebra"]


@control("metadata", "RFC 8259: an object is unordered; JSONB of PostgreSQL keeps keys so", _short_keys_first)
def eighth_metadata_keys_by_length() -> ASGIApp:
    """Metadata come with the shortest keys first, then by letter."""

    def sorted_pairs(shown: Object, found: Organization) -> Object:
        ordered = sorted(found.metadata.items(), key=lambda pair: (len(pair[0]), pair[0]))
        return {**shown, "metadata": dict(ordered)}

    return showing(sorted_pairs)


def _last_first(w: Wire) -> object:
    first, second = domain(), domain()
    return [each["domain"] for each in w.made(domain_data=verified(first, second))["domains"]] == [second, first]


@control("domains", "organization.domains: an array; no source gives it an order", _last_first)
def eighth_domains_come_last_first() -> ASGIApp:
    """The domains of an organization come in the reverse of the order in which they were sent."""
    return showing(lambda shown, _: {**shown, "domains": shown["domains"][::-1]})


def _kept(w: Wire) -> object:
    name = domain()
    made = w.made(domain_data=pending(name))
    return w.changed(made["id"], domain_data=verified(name))["domains"][0]["id"] == made["domains"][0]["id"]


@control("domains", "update.replaces-domains says nothing of the ids of domains that stay", _kept)
def eighth_domains_that_stay_keep_their_id() -> ASGIApp:
    """A domain that an update names again keeps its id and its created_at."""

    class Keeping(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            before = {each.domain: each for each in known.domains}
            found = super().replaced_domains(known, body, moment)
            return tuple(_as_before(each, before.get(each.domain)) for each in found)

    return app(changes=Keeping())


def _as_before(new: Domain, before: Domain | None) -> Domain:
    """The domain with the id and the moment of creation that it had."""
    return new if before is None else dataclasses.replace(new, id=before.id, created_at=before.created_at)
