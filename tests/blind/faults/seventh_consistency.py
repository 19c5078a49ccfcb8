"""Caches, values that should be unique, and refused requests that leave something behind."""

from __future__ import annotations

import time

from starlette.types import ASGIApp

from emulator.paging import NEWEST
from emulator.records import Organization
from emulator.refusals import Taken
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, bad_request
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _unknown_for_long(w: Wire) -> object:
    external_id = token()
    w.lookup(external_id)
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("staleness", "create.readable-at-once", _unknown_for_long, "a cache that keeps misses as well")
def seventh_unknown_external_id_is_cached() -> ASGIApp:
    """An external_id that a lookup did not find stays unknown to lookups for a minute."""
    missed: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        moment, kept = missed.get(request.path, (0.0, None))
        if kept and time.monotonic() - moment < 60:
            return kept
        response = await forward(request)
        if response.status == 404:
            missed[request.path] = (time.monotonic(), response)
        return response

    return intercepting(handle)


def _shows_refused(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    id = w.made()["id"]
    refused = w.update(id, name="Refused", external_id=external_id).status_code == 400
    return refused and w.shown(id)["name"] == "Refused" and w.listed(id)["name"] == "Blind"


@fault("staleness", "update.refusal-changes-nothing", _shows_refused, "the cache is written before the commit")
def seventh_get_shows_refused_update() -> ASGIApp:
    """After an update that a unique value refused, a get shows the name that it sent, until the next update."""
    written: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body = request.json if request.operation == "update" else None
        if request.operation == "update" and response.good:
            written.pop(request.last, None)
        elif isinstance(body, dict) and b"_already_used" in response.body and "name" in body:
            written[request.last] = body["name"]
        if request.operation == "get" and response.good and request.last in written:
            return response.with_json({**response.json, "name": written[request.last]})
        return response

    return intercepting(handle)


def _renamed_anyway(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    id = w.made()["id"]
    refused = w.update(id, name="Half", external_id=external_id).status_code == 400
    return refused and w.listed(id)["name"] == "Half"


@fault("atomicity", "update.refusal-changes-nothing", _renamed_anyway, "one statement for each field, no transaction")
def seventh_refused_update_renames() -> ASGIApp:
    """An update whose external_id or stripe_customer_id is taken is refused, and the name is changed."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body = request.json if request.operation == "update" else None
        if isinstance(body, dict) and "name" in body and b"_already_used" in response.body:
            await forward(request.with_json({"name": body["name"]}))
        return response

    return intercepting(handle)


def _reserved(w: Wire) -> object:
    external_id = token()
    w.create(external_id=external_id, metadata={"k" * 41: "v"})
    return w.create(external_id=external_id).status_code == 400


@fault("atomicity", "create.refusal-leaves-nothing", _reserved, "DynamoDB: an item of its own keeps a value unique")
def seventh_refused_create_reserves_external_id() -> ASGIApp:
    """A create that is refused for its metadata leaves its external_id taken."""
    reserved: set[object] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body: Object = request.json if isinstance(request.json, dict) else {}
        asked = body.get("external_id")
        asks = request.operation in ("create", "update") and isinstance(asked, str) and request.authorized
        if asks and asked in reserved:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if asks and request.operation == "create" and b"invalid_metadata" in response.body:
            reserved.add(asked)
        return response

    return intercepting(handle)


def _taken_by_update(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.update(w.made()["id"], external_id=external_id).status_code == 200


@fault("uniqueness", "update.external-id-taken", _taken_by_update, "only the create's service asks for duplicates")
def seventh_update_takes_taken_external_id() -> ASGIApp:
    """An update takes an external_id that another organization has."""

    class Asking(Loose):
        def insert(self, organization: Organization) -> None:
            if organization.external_id is not None and self.by_external_id(organization.external_id):
                raise Taken("external_id")
            super().insert(organization)

    return app(Asking("external_id"))


def _same_customer(w: Wire) -> object:
    customer = f"cus_{token()}"
    first, second = w.many(2)
    w.changed(first, stripe_customer_id=customer)
    return w.update(second, stripe_customer_id=customer).status_code == 200


@fault("uniqueness", "update.stripe-customer-id-taken", _same_customer, "a column without a constraint")
def seventh_stripe_customer_of_several() -> ASGIApp:
    """Several organizations may have one stripe_customer_id."""
    return app(Loose("stripe_customer_id"))


def _taken_long_ago(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    w.many(10)
    return w.create(external_id=external_id).status_code == 201


@fault("uniqueness", "create.external-id-taken", _taken_long_ago, "duplicates are sought in a list's first page")
def seventh_taken_among_newest_ten() -> ASGIApp:
    """An external_id is taken only where one of the ten newest organizations has it."""

    class Glancing(Loose):
        def refuse_taken(self, organization: Organization) -> None:
            asked = organization.external_id
            newest = self.older(NEWEST, 10, "", None) if asked is not None else []
            if any(each.external_id == asked and each.id != organization.id for each in newest):
                raise Taken("external_id")

        def insert(self, organization: Organization) -> None:
            self.refuse_taken(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            self.refuse_taken(organization)
            super().update(organization)

    return app(Glancing("external_id"))
