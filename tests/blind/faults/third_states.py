"""Faults that show only after something else has happened."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

STATE = "states"


def _old_owner(w: Wire) -> bool:
    text = token()
    first, second = w.made(external_id=text)["id"], w.made()["id"]
    w.lookup(text)
    w.changed(first, external_id=None)
    w.changed(second, external_id=text)
    return bool(w.lookup(text).json()["id"] == first)


@fault(STATE, "none: a lookup finds", _old_owner, "a cache of ids by external_id that only deletes clear")
def a_lookup_remembers_the_first_owner() -> ASGIApp:
    """A lookup that found an organization finds it ever after, whoever has the external_id now."""

    class Remembering(Store):
        def __init__(self) -> None:
            super().__init__()
            self.owners: dict[str, str] = {}

        def by_external_id(self, external_id: str) -> Organization | None:
            owner = self.by_id(self.owners.get(external_id, ""))
            found = owner or super().by_external_id(external_id)
            if found is not None:
                self.owners[external_id] = found.id
            return found

    return app(Remembering())


def _list_is_old(w: Wire) -> bool:
    id = w.made(name="Old")["id"]
    w.list()
    w.changed(id, name="New")
    return bool(w.list().json()["data"][0]["name"] == "Old")


@fault(STATE, "none: lists show organizations as they are", _list_is_old, "a cache that creates and deletes clear")
def lists_that_were_read_know_no_updates() -> ASGIApp:
    """A list that was read before is shown again, with the same values, until the next create or delete."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.method in ("POST", "DELETE"):
            kept.clear()
        listed = request.operation == "list" and request.authorized
        if listed and request.query in kept:
            return kept[request.query]
        response = await forward(request)
        if listed and response.good:
            kept[request.query] = response
        return response

    return intercepting(handle)


def _clearing_is_no_change(w: Wire) -> bool:
    made = w.made(external_id=token())
    return bool(w.changed(made["id"], external_id=None)["updated_at"] == made["updated_at"])


@fault(STATE, "none: an update moves updated_at", _clearing_is_no_change, "nulls left out of what has changed")
def clearing_is_no_change() -> ASGIApp:
    """An update that only clears the external_id does not move updated_at."""

    class Null(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            return replace(changed, updated_at=known.updated_at) if body == {"external_id": None} else changed

    return app(changes=Null())


def _created_again(w: Wire) -> bool:
    made = w.made()
    changed = w.changed(made["id"], domain_data=verified(domain()))
    return bool(changed["created_at"] == changed["updated_at"] != made["created_at"])


@fault(STATE, "none: created_at stays", _created_again, "REPLACE INTO")
def new_domains_move_created_at() -> ASGIApp:
    """An update with domains moves created_at."""

    class Moving(Responses):
        def organization(self, organization: Organization) -> Object:
            value = super().organization(organization)
            late = [each.created_at for each in organization.domains if each.created_at > organization.created_at]
            return {**value, "created_at": self.timestamp(max(late))} if late else value

    return app(responses=Moving())


def _twins(w: Wire) -> bool:
    found = w.made(domain_data=verified(domain(), domain()))["domains"]
    return bool(found[0]["id"] == found[1]["id"])


@fault(STATE, "none: ids are unique", _twins, "an id made from the moment alone")
def domains_of_one_body_share_an_id() -> ASGIApp:
    """All domains that one request makes have the same id."""

    class Shared(Responses):
        def organization(self, organization: Organization) -> Object:
            value = super().organization(organization)
            first: dict[int, str] = {}
            for shown, each in zip(value["domains"], organization.domains, strict=True):
                shown["id"] = first.setdefault(each.created_at, each.id)
            return value

    return app(responses=Shared())


def _itself(w: Wire) -> bool:
    id, customer = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=customer)
    return w.update(id, stripe_customer_id=customer).status_code == 400


@fault(STATE, "none: one's own value is not taken", _itself, "a check that does not leave the organization itself out")
def ones_own_customer_is_taken() -> ASGIApp:
    """An update with the stripe_customer_id that the organization has is refused as taken."""

    class Selfish(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            if known.stripe_customer_id and body.get("stripe_customer_id") == known.stripe_customer_id:
                raise Taken("stripe_customer_id")
            return super().updated(known, body)

    return app(changes=Selfish())


def _old_customer(w: Wire) -> bool:
    first, second = w.many(2)
    customer = f"cus_{token()}"
    w.changed(first, stripe_customer_id=customer)
    w.changed(first, stripe_customer_id=f"cus_{token()}")
    return w.update(second, stripe_customer_id=customer).status_code == 400


@fault(STATE, "none: a replaced value is free", _old_customer, "a table of all values ever given")
def a_replaced_customer_stays_taken() -> ASGIApp:
    """A stripe_customer_id that was replaced by another one cannot be used by another organization."""

    class History(Store):
        def __init__(self) -> None:
            super().__init__()
            self.owners: dict[str, str] = {}

        def update(self, organization: Organization) -> None:
            customer = organization.stripe_customer_id
            if customer and self.owners.get(customer, organization.id) != organization.id:
                raise Taken("stripe_customer_id")
            super().update(organization)
            if customer:
                self.owners[customer] = organization.id

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.owners = {name: owner for name, owner in self.owners.items() if owner != organization.id}

    return app(History())
