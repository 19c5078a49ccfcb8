"""Updates of some fields, and what they do to the others."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Object, crash, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KEEPS = "update.keeps-the-rest"


SETS = "update.sets-what-was-sent"


def forgetting(*fields: str) -> ASGIApp:
    """An app whose update resets fields that are left out."""
    empty: Object = {
        "external_id": None,
        "metadata": {},
        "domains": (),
        "allow_profiles": False,
        "stripe_customer_id": None,
    }
    names = {"allow_profiles": "allow_profiles_outside_organization"}

    class Forgetting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            gone = {
                f: empty[f]
                for f in fields
                if names.get(f, f) not in body and not (f == "domains" and "domain_data" in body)
            }
            return super().updated(dataclasses.replace(known, **gone), body)

    return app(changes=Forgetting())


def _renamed(field: str, w: Wire, **body: Any) -> object:
    made = w.made(**body)
    w.update(made["id"], name="Renamed")
    return w.shown(made["id"]).get(field) != made.get(field)


@fault(
    "update",
    KEEPS,
    lambda w: _renamed("external_id", w, external_id=token()),
    "github.com/boardsesh/boardsesh/issues/4725",
)
def update_clears_external_id_left_out() -> ASGIApp:
    """An update that leaves external_id out clears it."""
    return forgetting("external_id")


@fault(
    "update",
    KEEPS,
    lambda w: _renamed("domains", w, domain_data=verified(domain())),
    "github.com/quarkusio/quarkus/issues/14325",
)
def update_drops_domains_left_out() -> ASGIApp:
    """An update that leaves the domains out removes them."""
    return forgetting("domains")


@fault(
    "update",
    KEEPS,
    lambda w: _renamed("allow_profiles_outside_organization", w, allow_profiles_outside_organization=True),
    "github.com/dockstore/dockstore/issues/274",
)
def update_resets_allow_profiles_left_out() -> ASGIApp:
    """An update that leaves allow_profiles_outside_organization out resets it to false."""
    return forgetting("allow_profiles")


def _stripe_lost(w: Wire) -> object:
    id = w.made()["id"]
    w.update(id, stripe_customer_id="cus_R9qWAGMQ6nGE7V")
    w.update(id, name="Renamed")
    return "stripe_customer_id" not in w.shown(id)


@fault("update", KEEPS, _stripe_lost, "github.com/boardsesh/boardsesh/issues/4725")
def update_clears_stripe_customer_left_out() -> ASGIApp:
    """An update that leaves stripe_customer_id out clears it."""
    return forgetting("stripe_customer_id")


@fault(
    "update",
    "update.clears-external-id",
    lambda w: (
        w.update((id := w.made(external_id=token())["id"]), external_id=None) and w.shown(id)["external_id"] is not None
    ),
    "github.com/kainotomo/ph-agent-hub/issues/351",
)
def update_takes_null_external_id_for_left_out() -> ASGIApp:
    """An external_id of null in an update counts as left out."""

    class Coalescing(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return super().updated(known, {k: v for k, v in body.items() if k != "external_id" or v is not None})

    return app(changes=Coalescing())


@fault(
    "update",
    SETS,
    lambda w: (
        w.changed(
            w.made(allow_profiles_outside_organization=True)["id"], allow_profiles_outside_organization=False
        ).get("allow_profiles_outside_organization")
        is not False
    ),
    "body.allow || known.allow",
)
def update_cannot_turn_allow_profiles_off() -> ASGIApp:
    """An update can turn allow_profiles_outside_organization on but never off: false counts as left out."""

    class Truthy(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            allow = body.get("allow_profiles_outside_organization") or known.allow_profiles
            return super().updated(known, {**body, "allow_profiles_outside_organization": allow})

    return app(changes=Truthy())


@fault("update", "update.empty", lambda w: w.update(w.made()["id"]).status_code >= 500, "UPDATE ... SET WHERE")
def update_of_nothing_crashes() -> ASGIApp:
    """An update that names no field answers 500."""
    return on_request(lambda request: crash() if request.operation == "update" and request.json == {} else request)


@fault("update", "update.empty", lambda w: w.update(w.made()["id"]).status_code == 422, "minProperties: 1")
def update_of_nothing_refused() -> ASGIApp:
    """An update that names no field is refused with 422."""
    return on_request(
        lambda request: unprocessable() if request.operation == "update" and request.json == {} else request
    )


@fault(
    "update",
    "update.stripe-customer-id",
    lambda w: "stripe_customer_id" not in w.changed(w.made()["id"], stripe_customer_id="cus_R9qWAGMQ6nGE7V"),
    "an unknown property that is ignored",
)
def update_ignores_stripe_customer() -> ASGIApp:
    """A stripe_customer_id in an update is accepted and ignored."""

    class Ignoring(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return super().updated(known, without(dict(body), "stripe_customer_id"))

    return app(changes=Ignoring())


@fault(
    "update",
    SETS,
    lambda w: w.changed(w.made()["id"], name=" ".join(["Acme"] * 30))["name"] != " ".join(["Acme"] * 30),
    "a column of another length in the history table",
)
def update_cuts_name_at_hundred() -> ASGIApp:
    """An update, not a create, cuts a name off at 100 characters."""
    return reading(create=False, name=lambda v: v[:100])


@fault(
    "update",
    SETS,
    lambda w: (
        w.update((id := w.made(external_id=token())["id"]), external_id=(e := token()))
        and w.shown(id)["external_id"] != e
    ),
    "an immutable column",
)
def update_never_changes_external_id() -> ASGIApp:
    """An external_id can be set and cleared, but one that is there is not replaced by another."""

    class Immutable(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            kept = known.external_id is not None and body.get("external_id") is not None
            return super().updated(known, without(dict(body), "external_id") if kept else body)

    return app(changes=Immutable())
