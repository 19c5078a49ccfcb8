"""Responses that look unusual and are legal: identifiers, timestamps, optional properties."""

from __future__ import annotations

import dataclasses
import itertools
import json
import secrets
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page
from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import on_response
from tests.blind.parts.listing import opaque
from tests.blind.parts.messages import Object, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, verified


class Ticking(Changes):
    """Changes under a clock that gives no moment twice, for ids that do not sort by themselves."""

    def __init__(self) -> None:
        super().__init__()
        self._last = 0

    def now(self) -> int:
        """A moment that was not given before."""
        self._last = max(super().now(), self._last + 1)
        return self._last


def identified(new: Callable[[], str]) -> ASGIApp:
    """An app whose organizations have other ids."""

    class Identified(Ticking):
        def organization_id(self, moment: int) -> str:
            return new()

    return app(changes=Identified())


def timed(write: Callable[[datetime], str]) -> ASGIApp:
    """An app that writes moments otherwise."""

    class Timed(Responses):
        def timestamp(self, moment: int) -> str:
            return write(datetime.fromtimestamp(moment // 1000, UTC) + timedelta(milliseconds=moment % 1000))

    return app(responses=Timed())


def _domain(w: Wire, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = w.made(**(body or {"domain_data": verified(domain())}))["domains"][0]
    return found


OPEN = "FACTS: objects are open (O)"


@control("shape", OPEN, lambda w: "logo_url" in w.made())
def unknown_properties_everywhere() -> ASGIApp:
    """Organizations, domains, lists and list_metadata carry properties that nobody documents."""

    class Wordy(Responses):
        def organization(self, organization: Organization) -> Object:
            more = {"logo_url": None, "seats": 12, "_links": {"self": f"/organizations/{organization.id}"}}
            return {**super().organization(organization), **more}

        def domain(self, organization: Organization, domain: Domain) -> Object:
            return {**super().domain(organization, domain), "primary": False, "checks": [1, 2]}

        def page(self, page: Page) -> Object:
            shown = super().page(page)
            metadata = {**shown["list_metadata"], "total": None}
            return {**shown, "list_metadata": metadata, "has_more": page.after is not None}

    return app(responses=Wordy())


@control(
    "shape",
    "organization.id asks for a string that is not empty; id-form is SHOULD",
    lambda w: "-" in w.made()["id"],
    may_warn=True,
)
def ids_are_uuids() -> ASGIApp:
    """Ids of organizations are UUIDs, in no order."""
    return identified(lambda: str(uuid.uuid4()))


@control("shape", "organization.id asks for a string that is not empty", lambda w: ":" in w.made()["id"], may_warn=True)
def ids_with_colons() -> ASGIApp:
    """Ids of organizations hold colons, as URNs do."""
    return identified(lambda: f"urn:org:{secrets.token_hex(6)}")


@control(
    "shape", "organization.id asks for a string that is not empty", lambda w: w.made()["id"].isdecimal(), may_warn=True
)
def ids_are_digits() -> ASGIApp:
    """Ids of organizations are small numbers, as texts."""
    counter = itertools.count(1001)
    return identified(lambda: str(next(counter)))


@control(
    "shape",
    "organization.id asks for a string that is not empty",
    lambda w: w.made()["id"].endswith("~"),
    may_warn=True,
)
def ids_with_other_alphabet() -> ASGIApp:
    """Ids of organizations hold small letters, dots, hyphens and tildes."""
    return identified(lambda: f"o.{secrets.token_urlsafe(9)}~")


@control("shape", "domain.id asks for a string that is not empty", lambda w: "-" in _domain(w)["id"], may_warn=True)
def domain_ids_are_uuids() -> ASGIApp:
    """Ids of domains are UUIDs."""

    class Other(Changes):
        def domain_id(self, moment: int) -> str:
            return str(uuid.uuid4())

    return app(changes=Other())


@control("shape", "O date-time; three decimals are SHOULD", lambda w: "." not in w.made()["created_at"], may_warn=True)
def timestamps_without_milliseconds() -> ASGIApp:
    """Timestamps are shown in whole seconds."""
    return timed(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}")


@control("shape", "O date-time; three decimals are SHOULD", lambda w: len(w.made()["created_at"]) == 27, may_warn=True)
def timestamps_with_microseconds() -> ASGIApp:
    """Timestamps have six decimals."""
    return timed(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z")


@control("shape", "O date-time; Z is SHOULD", lambda w: w.made()["created_at"].endswith("+05:30"), may_warn=True)
def timestamps_in_other_zone() -> ASGIApp:
    """Timestamps are in another zone than UTC, with its offset."""
    zone = timezone(timedelta(hours=5, minutes=30))
    return timed(lambda moment: moment.astimezone(zone).isoformat(timespec="milliseconds"))


@control(
    "shape",
    "FACTS promises no accuracy of the clock; organization.clock asks for its steps",
    lambda w: abs((datetime.fromisoformat(w.made()["created_at"]) - datetime.now(UTC)).total_seconds()) > 3000,
)
def clock_an_hour_behind() -> ASGIApp:
    """The server's clock is an hour behind."""

    class Behind(Changes):
        def now(self) -> int:
            return super().now() - 3_600_000

    return app(changes=Behind())


@control(
    "shape",
    "no source gives an order of domains",
    lambda w: (
        [d["domain"] for d in w.made(domain_data=verified("aa.example.com", "bb.example.com"))["domains"]]
        == ["bb.example.com", "aa.example.com"]
    ),
)
def domains_in_other_order() -> ASGIApp:
    """The domains of an organization are shown in another order than they were sent."""
    return showing(lambda shown, _: {**shown, "domains": shown["domains"][::-1]})


@control("shape", "O optional and deprecated", lambda w: "allow_profiles_outside_organization" not in w.made())
def allow_profiles_left_out() -> ASGIApp:
    """allow_profiles_outside_organization is never shown."""
    return showing(lambda shown, _: without(shown, "allow_profiles_outside_organization"))


@control("shape", "O state and verification_strategy are optional", lambda w: "state" not in _domain(w), may_warn=True)
def domain_state_and_strategy_left_out() -> ASGIApp:
    """Domains show neither state nor verification_strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


@control(
    "shape",
    "O verification_prefix and verification_token are optional strings",
    lambda w: "verification_token" in _domain(w),
)
def domain_verification_shown() -> ASGIApp:
    """Every domain shows a verification_prefix and a verification_token."""
    return showing_domains(
        lambda shown, d: {
            **shown,
            "verification_prefix": "app-domain-verification-z3kjny",
            "verification_token": d.id[-20:],
        }
    )


@control(
    "shape", "RFC 8259: objects are unordered, white space is free", lambda w: w.create().content.startswith(b"{\n")
)
def json_sorted_and_indented() -> ASGIApp:
    """JSON is indented, its properties sorted, metadata too, with an empty line at its end."""
    return on_response(
        lambda _, response: (
            response.replaced(
                body=json.dumps(response.json, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n\n"
            )
            if response.json is not None
            else response
        )
    )


@control("shape", "RFC 8259: any character may be escaped", lambda w: b"\\u00e9" in w.create(name="Caf\u00e9").content)
def json_escaped() -> ASGIApp:
    """Every character beyond ASCII is escaped in JSON, and so is every slash."""
    return on_response(
        lambda _, response: (
            response.replaced(body=json.dumps(response.json).replace("/", "\\/").encode())
            if response.json is not None
            else response
        )
    )


@control(
    "shape",
    "create.new-timestamps is SHOULD",
    lambda w: (made := w.made())["updated_at"] > made["created_at"],
    may_warn=True,
)
def updated_at_after_created_at() -> ASGIApp:
    """A new organization was updated some milliseconds after it was created."""

    class Later(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            return dataclasses.replace(made, updated_at=made.created_at + 3)

    return app(changes=Later())


@control(
    "shape",
    "list.cursor-is-object-id is SHOULD",
    lambda w: w.many(2) and not (w.cursors(limit=1, order="desc")[1] or "org_").startswith("org_"),
    may_warn=True,
)
def cursors_opaque() -> ASGIApp:
    """Cursors are opaque texts."""
    return opaque()
