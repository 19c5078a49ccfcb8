"""Deletes that remove too much, or leave something behind."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.paging import NEWEST
from emulator.records import Organization
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


def _last_one(w: Wire) -> object:
    gone = deleted(w)["id"]
    id = w.made()["id"]
    return w.delete(gone).status_code == 404 and w.get(id).status_code == 404


@fault("deletes", "delete.leaves-others-alone", _last_one, "splice(findIndex(...), 1), where findIndex is -1")
def eleventh_unknown_delete_removes_the_newest() -> ASGIApp:
    """A delete of an unknown id answers 404 and removes the newest organization."""

    class Splicing(Api):
        def delete(self, call: Call) -> Response:
            if self.store.by_id(call.path["id"]) is None:
                for newest in self.store.older(NEWEST, 1, "", None):
                    self.store.delete(newest)
                return Response('{"message":"Not found."}', 404, media_type="application/json")
            return super().delete(call)

    return app(api=Splicing)


def _dangling(w: Wire) -> object:
    external = token()
    deleted(w, external_id=external)
    return w.lookup(external).status_code == 500


@fault("deletes", "delete.gone", _dangling, "a second Map from external_id to id, which deletes forget")
def eleventh_lookup_of_the_deleted_crashes() -> ASGIApp:
    """A lookup of a deleted organization answers 500 until another one has the external_id."""
    known: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "lookup" and response.status == 404 and request.last in known:
            return crash()
        if request.operation in ("create", "update") and response.good and response.json["external_id"]:
            known[response.json["external_id"]] = response.json["id"]
        if request.operation == "update" and response.good:
            old = [each for each, id in known.items() if id == request.last and each != response.json["external_id"]]
            for external in old:
                del known[external]
        return response

    return intercepting(handle)


def _taken_for_updates(w: Wire) -> object:
    external = token()
    deleted(w, external_id=external)
    at_update = w.update(w.made()["id"], external_id=external).status_code
    return at_update == 400 and w.create(external_id=external).status_code == 201


@fault("deletes", "delete.frees-external-id", _taken_for_updates, "a check in updates that sees deleted rows as well")
def eleventh_updates_see_deleted_external_ids() -> ASGIApp:
    """An update cannot take the external_id of a deleted organization; a create can."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        external = fields(request).get("external_id")
        if request.operation == "update" and request.authorized and isinstance(external, str) and external in gone:
            return bad_request("external_id_already_used")
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        known = await forward(asked(request, "GET", request.path))
        response = await forward(request)
        if response.good and known.json["external_id"]:
            gone.add(known.json["external_id"])
        return response

    return intercepting(handle)


def _marked(w: Wire) -> object:
    answer = w.get(deleted(w)["id"])
    return answer.status_code == 200 and answer.json()["deleted"] is True


@fault("deletes", "delete.gone", _marked, "the way in which another well-known API shows what was deleted")
def eleventh_the_deleted_is_shown_as_deleted() -> ASGIApp:
    """A get of a deleted organization answers 200 with it and `deleted: true`."""
    gone: dict[str, object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "get" and request.authorized and request.last in gone:
            return reply(200, gone[request.last])
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        known = await forward(asked(request, "GET", request.path))
        response = await forward(request)
        if response.good:
            gone[request.last] = {**known.json, "deleted": True}
        return response

    return intercepting(handle)


def _restored(w: Wire) -> object:
    external = token()
    gone = deleted(w, name="Old", external_id=external)
    made = w.made(name="New", external_id=external)
    return made["id"] == gone["id"] and w.shown(gone["id"])["name"] == "New"


@fault("deletes", "delete.gone", _restored, "a unique index over deleted rows, and restore() to get past it")
def eleventh_create_restores_the_deleted() -> ASGIApp:
    """A create with the external_id of a deleted organization gives the new one the old id and created_at."""
    gone: dict[str, Organization] = {}

    class Restoring(Api):
        def delete(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            if known.external_id:
                gone[known.external_id] = known
            return super().delete(call)

        def create(self, call: Call) -> Response:
            body = self.rules.create(call.content)
            old = gone.get(body.get("external_id") or "")
            if old is None or self.store.by_id(old.id) or self.store.by_external_id(old.external_id or ""):
                return super().create(call)
            made = self.changes.created(body)
            self.store.insert(dataclasses.replace(made, id=old.id, created_at=old.created_at))
            return self.responses.created(self.known(old.id))

    return app(api=Restoring)
