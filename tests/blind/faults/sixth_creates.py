"""What a create makes, keeps and refuses."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, lenient, strict
from tests.blind.parts.messages import Reply, Request, bad_request, pairs, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _inherited(w: Wire) -> object:
    w.changed(w.made()["id"], metadata={"plan": "gold"})
    return w.made()["metadata"] == {"plan": "gold"}


@fault("create", "create.name-alone", _inherited, "a dictionary as default value, changed in place")
def sixth_default_metadata_are_shared() -> ASGIApp:
    """What an update adds to an organization made without metadata, later ones made without metadata begin with."""

    class Shared(Changes):
        def __init__(self) -> None:
            super().__init__()
            self.default: dict[str, str] = {}
            self.sharing: set[str] = set()

        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if not body.get("metadata"):
                self.sharing.add(made.id)
            return made

        def first_metadata(self, body: Body) -> Mapping[str, str]:
            return body.get("metadata") or dict(self.default)

        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            metadata = super().next_metadata(known, body)
            if known.id in self.sharing and "metadata" in body:
                self.default = dict(metadata)
            return metadata

    return app(changes=Shared())


@fault(
    "create",
    "create.returns-what-was-sent",
    lambda w: (
        w.made(domain_data=verified(domain()), allow_profiles_outside_organization=True)[
            "allow_profiles_outside_organization"
        ]
        is False
    ),
    "a rule that only organizations without domains are open",
)
def sixth_profiles_ignored_with_domains() -> ASGIApp:
    """allow_profiles_outside_organization is not kept by a create that gives domains as well."""
    return creating(lambda made, _: dataclasses.replace(made, allow_profiles=made.allow_profiles and not made.domains))


def _asked_before(w: Wire) -> object:
    known = token()
    w.lookup(known)
    w.made(external_id=known)
    return w.lookup(known).status_code == 404


@fault("staleness", "create.readable-at-once", _asked_before, "a cache that keeps what it did not find")
def sixth_missing_external_id_is_cached() -> ASGIApp:
    """A lookup that found nothing is repeated for thirty seconds, whatever is made in the meantime."""
    missing: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "lookup" or not request.authorized:
            return response
        if response.status == 404:
            missing.setdefault(request.path, time.monotonic())
        if time.monotonic() - missing.get(request.path, -60.0) < 30:
            return await forward(request.replaced(path="/organizations/org_none"))
        return response

    return intercepting(handle)


def _twice(w: Wire) -> object:
    name = token()
    return w.made(name=name)["id"] == w.made(name=name)["id"]


@fault("create", "create.same-name", _twice, "a guard against forms that are sent twice")
def sixth_same_body_is_same_create() -> ASGIApp:
    """A create with the same body as one within the last five seconds is answered with what that one made."""
    made: dict[bytes, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            return await forward(request)
        moment, response = made.get(request.body, (0.0, None))
        if response and time.monotonic() - moment < 5:
            return response
        response = await forward(request)
        if response.good:
            made[request.body] = (time.monotonic(), response)
        return response

    return intercepting(handle)


@fault(
    "create",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata={"cost center": "7"}).status_code == 400,
    "keys as names of variables",
)
def sixth_metadata_keys_without_spaces() -> ASGIApp:
    """A create refuses metadata keys with a space."""
    return strict(
        lambda body: bad_request("invalid_metadata") if any(" " in key for key in pairs(body)) else None, "create"
    )


def _verified_elsewhere(w: Wire) -> object:
    name = domain()
    w.made(domain_data=verified(name))
    again = w.create(domain_data=pending(name))
    return again.status_code == 201 and again.json()["domains"][0]["state"] == "verified"


@fault("create", "create.domain-state", _verified_elsewhere, "verification kept by name, not by organization")
def sixth_verified_elsewhere_is_verified() -> ASGIApp:
    """A domain that was verified for one organization is verified for each later one that sends it as pending."""
    known: set[str] = set()

    class Remembering(Changes):
        def stated_domain(self, domain: str, state: str, moment: int) -> Domain:
            if state == "verified":
                known.add(domain)
            return super().stated_domain(domain, "verified" if domain in known else state, moment)

    return app(changes=Remembering())


@fault(
    "create",
    "create.deprecated-domains",
    lambda w: w.made(domains=[domain()], domain_data=[])["domains"] == [],
    "body.domain_data ?? body.domains",
)
def sixth_empty_domain_data_hides_domains() -> ASGIApp:
    """A create that gives domain_data, an empty one too, does not look at domains."""
    return lenient(
        lambda body: without(body, "domains") if isinstance(body.get("domain_data"), list) else body, "create"
    )


def _moved(w: Wire) -> object:
    name = verified(domain())
    first = w.made(domain_data=name)["id"]
    w.made(domain_data=name)
    return w.shown(first)["domains"] == []


@fault("create", "create.domain-shared", _moved, "INSERT ... ON CONFLICT (domain) DO UPDATE SET organization_id")
def sixth_shared_domain_moves() -> ASGIApp:
    """A domain that is given to a second organization leaves the first."""

    class Moving(Store):
        def insert(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().insert(organization)

    return app(Moving())
