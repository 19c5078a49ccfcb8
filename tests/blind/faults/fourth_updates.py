"""Updates that do something else than they say, each only under one condition."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import Refusal, Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient
from tests.blind.parts.messages import without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

FLAG = "allow_profiles_outside_organization"
KIND = "fourth: updates"
NONE = "none: not looked up"


def false_with_name(w: Wire) -> bool:
    id = w.made(**{FLAG: True})["id"]
    return bool(w.changed(id, name="Other", **{FLAG: False})[FLAG])


@fault(KIND, NONE, false_with_name, "`if body.flag` in a PATCH of several columns")
def fourth_false_ignored_with_others() -> ASGIApp:
    """An update with allow_profiles_outside_organization false keeps true when it has other fields as well."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        return replace(new, allow_profiles=known.allow_profiles) if body.get(FLAG) is False and len(body) > 1 else new

    return updating(change)


def own_stripe(w: Wire) -> bool:
    id, customer = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=customer)
    return w.update(id, name="Other", stripe_customer_id=customer).status_code == 400


@fault(KIND, NONE, own_stripe, "Laravel's unique rule without ignore()")
def fourth_own_stripe_customer_taken() -> ASGIApp:
    """An update that sends the stripe_customer_id which the organization has is refused as if it were taken."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        if known.stripe_customer_id and body.get("stripe_customer_id") == known.stripe_customer_id:
            raise Taken("stripe_customer_id")
        return new

    return updating(change)


def back_again(w: Wire) -> bool:
    first, second = token(), token()
    id = w.made(external_id=first)["id"]
    w.changed(id, external_id=second)
    return w.update(id, external_id=first).status_code == 400


@fault(KIND, NONE, back_again, "a history table with a unique index")
def fourth_former_external_id_refused() -> ASGIApp:
    """An organization cannot get back an external_id that it had before."""
    past: set[tuple[str, str]] = set()

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        if known.external_id and new.external_id != known.external_id:
            past.add((known.id, known.external_id))
        if new.external_id != known.external_id and (new.id, new.external_id) in past:
            raise Taken("external_id")
        return new

    return updating(change)


def passed_on(w: Wire) -> bool:
    first, second = token(), token()
    id = w.made(external_id=first)["id"]
    w.changed(id, external_id=second)
    return w.update(w.made()["id"], external_id=first).status_code == 400


@fault(KIND, NONE, passed_on, "a lock row for each external_id that only a null removes")
def fourth_exchanged_external_id_stays_taken_for_updates() -> ASGIApp:
    """An external_id that was exchanged for another one cannot be given to another organization by an update."""
    left: dict[str, str] = {}

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        if known.external_id and new.external_id and new.external_id != known.external_id:
            left[known.external_id] = known.id
        if new.external_id and left.get(new.external_id, new.id) != new.id:
            raise Taken("external_id")
        return new

    return updating(change)


def stripe_of_deleted(w: Wire) -> bool:
    id, customer = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=customer)
    w.delete(id)
    return w.update(w.made()["id"], stripe_customer_id=customer).status_code == 400


@fault(KIND, NONE, stripe_of_deleted, "a table of billing customers without a cascade")
def fourth_stripe_customer_of_deleted_taken() -> ASGIApp:
    """The stripe_customer_id of a deleted organization stays taken."""

    class Billing(Store):
        customers: set[str]

        def delete(self, organization: Organization) -> None:
            if organization.stripe_customer_id:
                self.customers.add(organization.stripe_customer_id)
            super().delete(organization)

        def update(self, organization: Organization) -> None:
            if organization.stripe_customer_id in self.customers:
                raise Taken("stripe_customer_id")
            super().update(organization)

    store = Billing()
    store.customers = set()
    return app(store)


def state_kept(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return bool(w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending")


@fault(KIND, NONE, state_kept, "INSERT ... ON CONFLICT DO NOTHING")
def fourth_known_domain_keeps_its_state() -> ASGIApp:
    """An update that sends a known domain in another state keeps the old state."""

    class Upserting(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            old = {each.domain: each for each in known.domains}
            return tuple(old.get(each.domain, each) for each in super().replaced_domains(known, body, moment))

    return app(changes=Upserting())


def lost_change(w: Wire) -> bool:
    found = []
    for _ in range(3):
        id = w.made()["id"]
        for name in ("first", "second"):
            w.changed(id, name=name)
        found.append(w.shown(id)["name"] == "first")
    return any(found)


@fault(KIND, NONE, lost_change, "last writer wins by a time stamp in whole seconds")
def fourth_second_update_within_a_second_lost() -> ASGIApp:
    """Of two updates within one second the second is answered but not kept."""

    class Seconds(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            assert known
            again = known.updated_at != known.created_at
            if not (again and known.updated_at // 1000 == organization.updated_at // 1000):
                super().update(organization)

    return app(Seconds())


class NameTaken(Refusal):
    """A name that another organization has."""

    status = 409


def same_name(w: Wire) -> bool:
    name = token()
    w.made(name=name)
    return w.update(w.made()["id"], name=name).status_code == 409


@fault(KIND, NONE, same_name, "a unique validation of the form for editing")
def fourth_name_unique_for_updates() -> ASGIApp:
    """An update to a name that another organization has is refused, though a create is not."""

    class Unique(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            rows = self._connection.execute(
                "SELECT TRUE FROM organization WHERE name = ? AND id <> ?", (organization.name, organization.id)
            ).fetchall()
            if rows and known and known.name != organization.name:
                raise NameTaken("Name has already been taken")
            super().update(organization)

    return app(Unique())


def null_name(w: Wire) -> bool:
    return w.update(w.made()["id"], name=None, metadata={"a": "b"}).status_code == 200


@fault(KIND, NONE, null_name, "COALESCE(:name, name)")
def fourth_null_name_ignored_with_others() -> ASGIApp:
    """An update whose name is null is accepted when it has another field."""
    return lenient(
        lambda body: without(body, "name") if body.get("name", "") is None and len(body) > 1 else body, "update"
    )
