"""What an update changes, and what it should not."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient, strict
from tests.blind.parts.messages import Object, Reply, Request, crash, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


@fault(
    "updates",
    "update.accepts-valid-bodies",
    lambda w: w.update(w.made()["id"], metadata={"a": "b"}).status_code == 422,
    "the update uses the schema of the create",
)
def seventh_update_wants_name() -> ASGIApp:
    """An update without a name answers 422."""
    return strict(lambda body: None if "name" in body else unprocessable("name", "is required"), "update")


def _cleared(w: Wire) -> object:
    return w.changed(w.made(external_id=token())["id"], name="Other")["external_id"] is None


@fault("updates", "update.keeps-the-rest", _cleared, "body.external_id ?? null")
def seventh_omitted_external_id_is_cleared() -> ASGIApp:
    """An update that leaves external_id out clears it."""
    return lenient(lambda body: {"external_id": None, **body}, "update")


@fault(
    "updates",
    "update.empty",
    lambda w: w.update(w.made()["id"]).status_code == 500,
    "UPDATE organizations SET WHERE id = $1",
)
def seventh_empty_update_fails() -> ASGIApp:
    """An update that names no field answers 500."""
    return strict(lambda body: None if body else crash(), "update")


@fault(
    "updates",
    "body.name-type",
    lambda w: w.update(w.made()["id"], name=None).status_code == 200,
    "SET name = COALESCE($1, name)",
)
def seventh_null_name_keeps_name() -> ASGIApp:
    """A name of null in an update is taken for none."""
    return lenient(lambda body: without(body, "name") if body.get("name", "") is None else body, "update")


def _not_cleared(w: Wire) -> object:
    return w.changed(w.made(external_id=token())["id"], external_id=None)["external_id"] is not None


@fault("updates", "update.clears-external-id", _not_cleared, "omitempty and a pointer that is nil")
def seventh_null_external_id_is_left_out() -> ASGIApp:
    """An external_id of null in an update counts as left out."""
    return lenient(lambda body: without(body, "external_id") if body.get("external_id", "") is None else body, "update")


def _still_allowed(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, allow_profiles_outside_organization=False)["allow_profiles_outside_organization"] is True


@fault("updates", "update.sets-what-was-sent", _still_allowed, "gorm's Updates with a struct skips zero values")
def seventh_false_is_not_written() -> ASGIApp:
    """An update ignores allow_profiles_outside_organization where it is false."""
    name = "allow_profiles_outside_organization"
    return lenient(lambda body: without(body, name) if body.get(name) is False else body, "update")


def _not_moved(w: Wire) -> object:
    made = w.made()
    changed = w.changed(made["id"], domain_data=verified(domain()))
    return changed["updated_at"] == made["updated_at"] and len(changed["domains"]) == 1


@fault("updates", "update.moves-updated-at", _not_moved, "touching a child does not touch its parent")
def seventh_domains_alone_do_not_touch() -> ASGIApp:
    """An update of domains alone leaves updated_at as it was."""

    def untouched(made: Organization, known: Organization, body: Body) -> Organization:
        alone = set(body) <= {"domains", "domain_data"}
        return dataclasses.replace(made, updated_at=known.updated_at) if alone else made

    return updating(untouched)


def _reborn(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], name="Other")["created_at"] != made["created_at"]


@fault("updates", "update.identity", _reborn, "REPLACE INTO of MySQL writes a new row with its defaults")
def seventh_rename_moves_created_at() -> ASGIApp:
    """An update of the name sets created_at to the present moment."""

    class Replacing(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            statement = "UPDATE organization SET created_at = ? WHERE id = ?"
            self._connection.execute(statement, (organization.created_at, organization.id))

    class Renaming(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            made = super().updated(known, body)
            return dataclasses.replace(made, created_at=made.updated_at) if "name" in body else made

    return app(Replacing(), changes=Renaming())


def _same_state(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=[{"domain": name, "state": "pending"}])["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault("updates", "update.replaces-domains", _same_state, "INSERT ... ON CONFLICT (organization, domain) DO NOTHING")
def seventh_known_domain_keeps_state() -> ASGIApp:
    """A domain that an organization has keeps its state, whatever state an update sends."""

    def kept(made: Organization, known: Organization, _: Body) -> Organization:
        states = {each.domain: each.state for each in known.domains}
        domains = (dataclasses.replace(each, state=states.get(each.domain, each.state)) for each in made.domains)
        return dataclasses.replace(made, domains=tuple(domains))

    return updating(kept)


def _legacy_stays(w: Wire) -> object:
    id = w.made(domains=[domain()])["id"]
    return len(w.changed(id, domain_data=verified(domain()))["domains"]) == 2


@fault("updates", "update.replaces-domains", _legacy_stays, "each field synchronizes the rows that it made")
def seventh_domain_data_leave_legacy_domains() -> ASGIApp:
    """domain_data in an update replace only the domains that came from domain_data."""

    def left(made: Organization, known: Organization, body: Body) -> Organization:
        if "domain_data" not in body:
            return made
        names = {each.domain for each in made.domains}
        legacy = [each for each in known.domains if each.state == "legacy_verified" and each.domain not in names]
        return dataclasses.replace(made, domains=(*legacy, *made.domains))

    return updating(left)


def _ignored(w: Wire) -> object:
    return w.changed(w.made()["id"], domains=[domain()])["domains"] == []


@fault("updates", "update.deprecated-domains", _ignored, "the deprecated field was taken out of the update")
def seventh_update_ignores_deprecated_domains() -> ASGIApp:
    """An update ignores the deprecated domains."""
    return lenient(lambda body: without(body, "domains"), "update")


@fault(
    "updates",
    "update.unknown",
    lambda w: w.update("org_01ARZ3NDEKTSV4RRFFQ69G5FAV", name="New").status_code == 200,
    "an upsert: PUT creates what is not there",
)
def seventh_update_creates_unknown() -> ASGIApp:
    """An update of an unknown id creates an organization, where it has a name."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body: Object | None = request.json
        if request.operation != "update" or response.status != 404 or not body or "name" not in body:
            return response
        made = await forward(request.replaced(method="POST", path="/organizations"))
        return made.replaced(status=200) if made.status == 201 else made

    return intercepting(handle)


def _lost_customer(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()}")
    return "stripe_customer_id" not in w.changed(id, domain_data=verified(domain()))


@fault("updates", "update.keeps-the-rest", _lost_customer, "a nested save writes the whole row from what it selected")
def seventh_domains_drop_stripe_customer() -> ASGIApp:
    """An update with domain_data and without a stripe_customer_id clears the stripe_customer_id."""

    def dropped(made: Organization, _: Organization, body: Body) -> Organization:
        drops = "domain_data" in body and "stripe_customer_id" not in body
        return dataclasses.replace(made, stripe_customer_id=None) if drops else made

    return updating(dropped)
