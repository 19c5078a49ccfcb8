"""Deletes in services that keep what they delete, and what a refused request leaves."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified


def _reserved(w: Wire) -> object:
    external = token()
    id = w.made()["id"]
    deleted(w, external_id=external)
    return w.update(id, external_id=external).status_code == 400 and w.create(external_id=external).is_success


@fault("deletes", "delete.frees-external-id", _reserved, "unkeyed/unkey#6346: one of two checks reads deleted rows")
def tenth_update_minds_the_deleted() -> ASGIApp:
    """An update to the external_id of a deleted organization answers 400, though a create may use it."""
    gone: set[str] = set()

    class Minding(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            gone.update({organization.external_id} - {None})  # type: ignore[arg-type]

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            gone.discard(organization.external_id or "")

        def update(self, organization: Organization) -> None:
            if organization.external_id in gone:
                raise Taken("external_id")
            super().update(organization)

    return app(Minding())


def _cached(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    w.lookup(external)
    w.delete(id)
    return w.lookup(external).status_code == 200 and w.get(id).status_code == 404


@fault("deletes", "delete.gone", _cached, "a cache under two keys, of which a delete removes one")
def tenth_lookups_outlive_deletes() -> ASGIApp:
    """A lookup that was answered before a delete is answered alike behind it, until the next create or update."""
    known: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.method in ("POST", "PUT"):
            known.clear()
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        response = known.get(request.path) or await forward(request)
        if response.good:
            known[request.path] = response
        return response

    return intercepting(handle)


def _orphan(w: Wire) -> object:
    name = token()
    bad = [*verified(domain()), {"domain": domain(), "state": "unknown"}]
    return w.create(name=name, domain_data=bad).status_code == 422 and len(w.ids(search=name)) == 1


@fault("refused", "create.refusal-leaves-nothing", _orphan, "sequelize#3821: the parent is saved, a child is not valid")
def tenth_invalid_domain_leaves_its_parent() -> ASGIApp:
    """A create that is refused for the last of several domains leaves the organization with the others."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        items = fields(request).get("domain_data")
        if request.operation == "create" and response.status == 422 and isinstance(items, list) and len(items) > 1:
            await forward(request.with_json({**fields(request), "domain_data": items[:-1]}))
        return response

    return intercepting(handle)


def _nameless(w: Wire) -> object:
    external, name = token(), token()
    w.made(external_id=external)
    return w.create(name=name, external_id=external).status_code == 400 and len(w.ids(search=name)) == 1


@fault(
    "refused", "create.refusal-leaves-nothing", _nameless, "an insert, and an update of what must be unique behind it"
)
def tenth_taken_external_id_leaves_the_rest() -> ASGIApp:
    """A create that is refused for its external_id leaves the organization without one."""

    class Later(Api):
        def carried_out(self, operation: Any, call: Call) -> Response:
            response = super().carried_out(operation, call)
            if operation == self.create and response.status_code == 400 and b"external_id_already" in response.body:
                body = {**self.rules.create(call.content), "external_id": None}
                with self.store.transaction():
                    self.store.insert(self.changes.created(body))
            return response

    return app(api=Later)


def _half(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    id = w.made(name="Old", domain_data=verified(domain()))["id"]
    w.update(id, external_id=external, domain_data=verified(domain(), domain()))
    return len(w.shown(id)["domains"]) == 2


@fault("refused", "update.refusal-changes-nothing", _half, "rails/rails#32939: associations are saved on their own")
def tenth_refused_update_changes_domains() -> ASGIApp:
    """An update that is refused for a taken external_id has replaced the domains."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        given = fields(request)
        if request.operation == "update" and response.status == 400 and "domain_data" in given:
            await forward(request.with_json({"domain_data": given["domain_data"]}))
        return response

    return intercepting(handle)


def _touched(w: Wire) -> object:
    made = w.made()
    w.update(made["id"], name=5)
    return w.shown(made["id"])["updated_at"] > made["updated_at"]


@fault("refused", "update.refusal-changes-nothing", _touched, "a lock that touches the row before the body is read")
def tenth_refused_update_moves_updated_at() -> ASGIApp:
    """An update that is refused moves updated_at."""

    class Touching(Api):
        def carried_out(self, operation: Any, call: Call) -> Response:
            response = super().carried_out(operation, call)
            if operation == self.update and response.status_code in (400, 422):
                with self.store.transaction():
                    known = self.known(call.path["id"])
                    moment = self.changes.moved(known.updated_at)
                    self.store.update(dataclasses.replace(known, updated_at=moment))
            return response

    return app(api=Touching)


def _kept(w: Wire) -> object:
    external = token()
    first, second = w.made(external_id=external)["id"], w.made()["id"]
    w.changed(first, external_id=None)
    return w.update(second, external_id=external).status_code == 400


@fault("updates", "update.frees-external-id", _kept, "an index of external_ids that only deletes remove entries from")
def tenth_cleared_external_id_stays_taken() -> ASGIApp:
    """An external_id that was cleared with null can be used by no other organization."""
    owners: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id")
        if isinstance(given, str) and owners.get(given, request.last) != request.last and request.authorized:
            return bad_request("external_id_already_used")
        clears = request.operation == "update" and request.authorized and "external_id" in fields(request)
        known = await forward(asked(request, "GET", request.path)) if clears and given is None else None
        response = await forward(request)
        if known and known.good and response.good and known.json["external_id"]:
            owners[known.json["external_id"]] = request.last
        return response

    return intercepting(handle)
