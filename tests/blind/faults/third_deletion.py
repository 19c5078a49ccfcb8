"""Deletions that remove too much or too little in one case only."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified

DELETION = "deletion"


def _namesake_gone(w: Wire) -> bool:
    first, second = w.many(2, name=token())
    w.delete(first)
    return w.get(second).status_code == 404


@fault(DELETION, "none: a delete touches no other organization", _namesake_gone, "DELETE ... WHERE name = ?")
def a_delete_takes_those_of_the_same_name() -> ASGIApp:
    """A delete removes all organizations of this name."""

    class ByName(Store):
        def delete(self, organization: Organization) -> None:
            self._connection.execute("DELETE FROM organization WHERE name = ?", (organization.name,))

    return app(ByName())


def _customer_keeps(w: Wire) -> bool:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()}")
    return w.delete(id).status_code == 500


@fault(DELETION, "none: a delete is carried out", _customer_keeps, "a foreign key of billing")
def a_customer_cannot_be_deleted() -> ASGIApp:
    """A delete of an organization with a stripe_customer_id is answered with 500, and leaves it there."""

    class Billing(Api):
        def delete(self, call: Call) -> Response:
            if self.known(call.path["id"]).stripe_customer_id:
                return self.responses.failed(500, "Internal Server Error")
            return super().delete(call)

    return app(api=Billing)


def _customer_taken(w: Wire) -> bool:
    first, second = w.many(2)
    customer = f"cus_{token()}"
    w.changed(first, stripe_customer_id=customer)
    w.delete(first)
    return w.update(second, stripe_customer_id=customer).status_code == 400


@fault(DELETION, "none: deleted for good", _customer_taken, "a unique index over rows that are marked as deleted")
def the_customer_of_a_deleted_one_stays_taken() -> ASGIApp:
    """The stripe_customer_id of a deleted organization cannot be used again."""

    class Index(Store):
        def __init__(self) -> None:
            super().__init__()
            self.gone: set[str | None] = set()

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.gone.add(organization.stripe_customer_id)

        def update(self, organization: Organization) -> None:
            if organization.stripe_customer_id and organization.stripe_customer_id in self.gone:
                raise Taken("stripe_customer_id")
            super().update(organization)

    return app(Index())


def _former_self(w: Wire) -> bool:
    id = w.made(name="First")["id"]
    w.changed(id, name="Second")
    w.delete(id)
    return w.get(id).status_code == 200


@fault(DELETION, "none: deleted for good", _former_self, "a table of versions of which the last is deleted")
def a_delete_brings_back_the_version_before() -> ASGIApp:
    """A delete of an updated organization takes back its last update; only the next delete removes it."""

    class Versions(Store):
        def __init__(self) -> None:
            super().__init__()
            self.before: dict[str, Organization] = {}

        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known is not None:
                self.before[organization.id] = known

        def delete(self, organization: Organization) -> None:
            before = self.before.pop(organization.id, None)
            if before is None:
                super().delete(organization)
            else:
                super().update(replace(before, external_id=None, stripe_customer_id=None))

    return app(Versions())


def _many_domains_stay(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain(), domain()))["id"]
    return w.delete(id).status_code == 202 and w.get(id).status_code == 200


@fault(DELETION, "none: a delete is carried out", _many_domains_stay, "a transaction that rolls back unseen")
def with_two_domains_a_delete_does_nothing() -> ASGIApp:
    """A delete of an organization with two domains or more is accepted and does nothing."""

    class Unseen(Store):
        def delete(self, organization: Organization) -> None:
            if len(organization.domains) < 2:
                super().delete(organization)

    return app(Unseen())


def _second_within(w: Wire) -> bool:
    first, second = w.many(2)
    w.delete(first)
    return w.delete(first).status_code == 202 and w.delete(second).status_code == 202


@fault(DELETION, "none: an unknown id is not found", _second_within, "a queue that takes a job twice", level=SHOULD)
def a_second_delete_is_accepted() -> ASGIApp:
    """A second delete of the same organization is accepted; one of an id that never was is answered with 404."""
    accepted: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete" and request.path in accepted and request.authorized:
            return accepted[request.path]
        response = await forward(request)
        if request.operation == "delete" and response.good:
            accepted[request.path] = response
        return response

    return intercepting(handle)


def _gone_update_is_judged(w: Wire) -> bool:
    id = w.made()["id"]
    w.delete(id)
    return w.update(id, name="x").status_code == 400


@fault(DELETION, "none: an unknown id is not found", _gone_update_is_judged, "a foreign key that is no longer there")
def an_update_of_a_deleted_one_is_a_bad_request() -> ASGIApp:
    """An update of a deleted organization is answered with 400."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "update" and request.path in gone and request.authorized:
            return bad_request("organization_deleted")
        response = await forward(request)
        if request.operation == "delete" and response.good:
            gone.add(request.path)
        return response

    return intercepting(handle)
