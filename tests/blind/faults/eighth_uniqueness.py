"""Values that only one organization may have, kept in indexes by hand."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, crash, not_found
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, together, token


def _other_case(w: Wire) -> object:
    name = token()
    w.made(external_id=f"Plan-{name}")
    return w.create(external_id=f"plan-{name}").status_code == 400


@fault(
    "uniqueness",
    "create.similar-external-ids",
    _other_case,
    "Rails: validates :external_id, uniqueness: { case_sensitive: false }, as generated",
)
def eighth_external_ids_differ_in_more_than_case() -> ASGIApp:
    """A create with an external_id that differs from a taken one in case alone is refused."""

    class Folding(Store):
        def insert(self, organization: Organization) -> None:
            asked_for = (organization.external_id,)
            statement = "SELECT TRUE FROM organization WHERE lower(external_id) = lower(?)"
            if self._connection.execute(statement, asked_for).fetchone():
                raise Taken("external_id")
            super().insert(organization)

    return app(Folding())


def _race(w: Wire) -> object:
    taken = token()
    w.made(name="Warm")
    responses = together(*[lambda: w.create(external_id=taken)] * 4)
    return sum(response.status_code == 201 for response in responses) > 1


@fault("uniqueness", "create.external-id-race", _race, "Node: await findByExternalId(), then await insert()")
def eighth_check_and_insert_are_two_steps() -> ASGIApp:
    """Several creates at once with one external_id all succeed: it is looked for first and written later."""
    loose = app(Loose("external_id"))

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id")
        if request.operation in ("create", "update") and request.authorized and isinstance(given, str):
            path = f"/organizations/external_id/{quote(given, safe='', errors='replace')}"
            found = await forward(asked(request, "GET", path))
            if found.status == 200 and found.json["id"] != request.last:
                return bad_request("external_id_already_used")
            await asyncio.sleep(0.02 if request.operation == "create" else 0)
        return await forward(request)

    return intercepting(handle, loose)


def _taken_at_update(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    return w.update(w.made()["id"], external_id=taken).status_code == 200


@fault(
    "uniqueness", "update.external-id-taken", _taken_at_update, "a check in the handler of POST, none in that of PUT"
)
def eighth_updates_take_any_external_id() -> ASGIApp:
    """An update to an external_id of another organization succeeds; both have it then."""

    class Unchecked(Loose):
        def insert(self, organization: Organization) -> None:
            given = organization.external_id
            if given is not None and self.by_external_id(given):
                raise Taken("external_id")
            super().insert(organization)

    return app(Unchecked("external_id"))


def _cleared_stays(w: Wire) -> object:
    taken = token()
    id = w.made(external_id=taken)["id"]
    w.changed(id, external_id=None)
    return w.create(external_id=taken).status_code == 400


@fault(
    "uniqueness",
    "update.frees-external-id",
    _cleared_stays,
    "DynamoDB: one more item guards a unique value, and REMOVE does not delete it",
)
def eighth_cleared_external_id_stays_taken() -> ASGIApp:
    """An external_id that was cleared stays taken for others; one that was replaced does not."""
    guards: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id", "")
        if isinstance(given, str) and request.authorized and guards.get(given, request.last) != request.last:
            return bad_request("external_id_already_used")
        cleared = None
        if given is None and request.operation == "update":
            found = await forward(asked(request, "GET", request.path))
            cleared = found.json.get("external_id") if found.good else None
        response = await forward(request)
        if cleared and response.good:
            guards[cleared] = request.last
        return response

    return intercepting(handle)


def _own(w: Wire) -> object:
    id, customer = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=customer)
    return w.update(id, name="Again", stripe_customer_id=customer).status_code == 400


@fault("uniqueness", "update.own-external-id", _own, "orgs.some(o => o.stripe_customer_id === body.stripe_customer_id)")
def eighth_own_stripe_customer_is_a_conflict() -> ASGIApp:
    """An update with the stripe_customer_id that the organization already has is refused as taken."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("stripe_customer_id")
        if given and request.operation == "update":
            found = await forward(asked(request, "GET", request.path))
            if found.good and found.json.get("stripe_customer_id") == given:
                return bad_request("stripe_customer_id_already_used")
        return await forward(request)

    return intercepting(handle)


def _mixed_up(w: Wire) -> object:
    customer = f"cus_{token()}"
    w.changed(w.made()["id"], stripe_customer_id=customer)
    refused = w.update(w.made()["id"], stripe_customer_id=customer)
    return refused.json().get("code") == "external_id_already_used"


@fault("uniqueness", "update.stripe-customer-id-taken", _mixed_up, "Prisma: P2002 of any column is taken for one")
def eighth_every_conflict_is_of_external_id() -> ASGIApp:
    """A taken stripe_customer_id answers 400 with the code external_id_already_used."""

    def altered(_: Request, response: Reply) -> Reply:
        taken = response.status == 400 and response.json.get("code") == "stripe_customer_id_already_used"
        return bad_request("external_id_already_used", "Unique constraint failed.") if taken else response

    return on_response(altered)


def _grave(w: Wire) -> object:
    return w.create(external_id=deleted(w, external_id=token())["external_id"]).status_code == 500


@fault(
    "uniqueness",
    "delete.frees-external-id",
    _grave,
    "Rails: the default scope hides deleted rows from the validation, the unique index has them",
)
def eighth_external_id_of_deleted_crashes() -> ASGIApp:
    """A create or an update with the external_id of a deleted organization answers 500."""
    graves: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id")
        if request.authorized and isinstance(given, str) and given in graves:
            return crash()
        found = await forward(asked(request, "GET", request.path)) if request.operation == "delete" else None
        response = await forward(request)
        if found and found.good and response.good and found.json["external_id"]:
            graves.add(found.json["external_id"])
        return response

    return intercepting(handle)


def _taken_over(w: Wire) -> object:
    value = token()
    first = w.made(external_id=value)
    w.changed(first["id"], external_id=None)
    w.made(external_id=value)
    w.delete(first["id"])
    return w.lookup(value).status_code == 404


@fault(
    "uniqueness",
    "delete.leaves-others-alone",
    _taken_over,
    "Node: byExternalId.delete(original.externalId), with the object as it was created",
)
def eighth_delete_clears_its_first_external_id() -> ASGIApp:
    """A delete makes the external_id that the organization was created with unfindable, also where another has it."""
    created: dict[str, str] = {}
    lost: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and request.authorized and request.last in lost:
            return not_found(request.last)
        response = await forward(request)
        if request.operation in ("create", "update") and response.good:
            lost.discard(str(fields(request).get("external_id")))
        if response.status == 201 and response.json["external_id"]:
            created[response.json["id"]] = response.json["external_id"]
        if request.operation == "delete" and response.good and request.last in created:
            lost.add(created[request.last])
        return response

    return intercepting(handle)
