"""external_ids and Stripe customers over several calls: what is taken, found and free again."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Object, Reply, Request, not_found, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


def customer() -> str:
    """A Stripe customer that nobody used before, within the narrowest bounds."""
    return f"cus_{token()[-12:]}00"


def _taken_over(w: Wire) -> object:
    known = token()
    first, second = w.made(external_id=known)["id"], w.made()["id"]
    return w.update(second, external_id=known).status_code == 200 and w.shown(first)["external_id"] is None


@fault("uniqueness", "update.external-id-taken", _taken_over, "the last one to claim it has it")
def sixth_update_takes_external_id_over() -> ASGIApp:
    """An update with an external_id of another organization takes it away from that one."""

    class Moving(Store):
        def update(self, organization: Organization) -> None:
            if organization.external_id is not None:
                statement = "UPDATE organization SET external_id = NULL WHERE external_id = ? AND id <> ?"
                self._connection.execute(statement, (organization.external_id, organization.id))
            super().update(organization)

    return app(Moving())


def _still_reserved(w: Wire) -> object:
    known = token()
    w.changed(w.made(external_id=known)["id"], external_id=token())
    return w.create(external_id=known).status_code == 400


@fault("uniqueness", "update.frees-external-id", _still_reserved, "a history of values with a unique index of its own")
def sixth_replaced_external_id_is_reserved() -> ASGIApp:
    """An external_id that an update replaced stays taken for others."""

    class Reserving(Store):
        def __init__(self) -> None:
            super().__init__()
            self.owners: dict[str, str] = {}

        def check(self, organization: Organization) -> None:
            """Raises Taken where another organization has or had the external_id."""
            if organization.external_id is None:
                return
            if self.owners.get(organization.external_id, organization.id) != organization.id:
                raise Taken("external_id")
            self.owners[organization.external_id] = organization.id

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.check(organization)

        def update(self, organization: Organization) -> None:
            super().update(organization)
            self.check(organization)

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.owners = {known: id for known, id in self.owners.items() if id != organization.id}

    return app(Reserving())


def _cached(w: Wire) -> object:
    known = token()
    id = w.made(external_id=known)["id"]
    w.lookup(known)
    w.changed(id, external_id=None)
    return w.lookup(known).status_code == 200


@fault("staleness", "lookup.after-clearing", _cached, "a cache that is emptied by the key of the new value")
def sixth_cleared_external_id_stays_in_cache() -> ASGIApp:
    """A lookup that was answered before is repeated until its organization is written with this external_id."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and request.authorized and request.path in kept:
            return kept[request.path]
        response = await forward(request)
        if request.operation == "lookup" and response.status == 200:
            kept[request.path] = response
        if request.operation == "update" and response.good and response.json["external_id"]:
            forget(response.json["id"])
        if request.operation == "delete":
            forget(request.last)
        return response

    def forget(id: str) -> None:
        for path in [path for path, response in kept.items() if response.json["id"] == id]:
            del kept[path]

    return intercepting(handle)


@fault(
    "lookup",
    "lookup.answers",
    lambda w: w.lookup(str(w.made(external_id=str(int(token()[5:], 16)))["external_id"])).status_code == 404,
    "where a parameter is a number, it is the primary key",
)
def sixth_digits_are_a_primary_key() -> ASGIApp:
    """A lookup of an external_id that consists of digits finds nothing."""
    return on_request(
        lambda request: not_found(request.last) if request.operation == "lookup" and request.last.isdigit() else request
    )


@fault(
    "update",
    "update.accepts-valid-bodies",
    lambda w: w.update(w.made()["id"], external_id=None).status_code == 422,
    "a rule that what is to be cleared must be there",
)
def sixth_nothing_to_clear() -> ASGIApp:
    """An update with an external_id of null answers 422 where there is none."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body: Object = request.json if isinstance(request.json, dict) else {}
        if request.operation == "update" and request.authorized and body.get("external_id", "") is None:
            known = await forward(request.replaced(method="GET", body=b""))
            if known.status == 200 and known.json["external_id"] is None:
                return unprocessable("external_id", "is not set")
        return await forward(request)

    return intercepting(handle)


def _points_at_deleted(w: Wire) -> object:
    known = token()
    deleted(w, external_id=known)
    w.made(external_id=known)
    return w.lookup(known).status_code == 404


@fault("lookup", "lifecycle.model", _points_at_deleted, "a table of keys written by INSERT IGNORE, which nobody cleans")
def sixth_reused_external_id_leads_to_deleted() -> ASGIApp:
    """A lookup of an external_id that a deleted organization had finds nothing, though another one has it now."""

    class Keys(Store):
        def __init__(self) -> None:
            super().__init__()
            self.first: dict[str, str] = {}

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            if organization.external_id is not None:
                self.first.setdefault(organization.external_id, organization.id)

        def by_external_id(self, external_id: str) -> Organization | None:
            first = self.first.get(external_id)
            found = super().by_external_id(external_id)
            return found if first is None or found is None or self.by_id(first) else None

    return app(Keys())


def _not_free(w: Wire) -> object:
    id, known = w.made()["id"], customer()
    w.changed(id, stripe_customer_id=known)
    w.delete(id)
    return w.update(w.made()["id"], stripe_customer_id=known).status_code == 400


@fault("deletion", "delete.frees-stripe-customer-id", _not_free, "soft deletion under a unique index")
def sixth_deleted_keeps_stripe_customer() -> ASGIApp:
    """The stripe_customer_id of a deleted organization stays taken."""

    class Soft(Store):
        def __init__(self) -> None:
            super().__init__()
            self.graves: set[str | None] = set()

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.graves.add(organization.stripe_customer_id)

        def update(self, organization: Organization) -> None:
            if organization.stripe_customer_id is not None and organization.stripe_customer_id in self.graves:
                raise Taken("stripe_customer_id")
            super().update(organization)

    return app(Soft())
