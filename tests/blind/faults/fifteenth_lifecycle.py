"""Creates and deletes, and what remains of them in tables, caches and copies."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, bad_request
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, together, token

replace = dataclasses.replace


@fault(
    "status",
    "create.answers",
    lambda w: w.create().status_code == 200,
    "return jsonify(organization), and res.json(organization)",
)
def fifteenth_create_answers_200() -> ASGIApp:
    """A create answers 200."""
    return on_response(
        lambda request, response: (
            response.replaced(status=200) if request.operation == "create" and response.good else response
        )
    )


@fault(
    "status",
    "delete.answers",
    lambda w: w.delete(w.made()["id"]).status_code == 204,
    "the vendor's own emulators, and every framework's default",
)
def fifteenth_delete_answers_204() -> ASGIApp:
    """A delete answers 204 without a body."""

    def emptied(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        return response.replaced(status=204, body=b"").with_header("content-type", None)

    return on_response(emptied)


def _conflict(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.create(external_id=external_id).status_code == 409


@fault("status", "create.external-id-taken", _conflict, "Prisma's P2002 mapped to ConflictException")
def fifteenth_taken_external_id_is_a_conflict() -> ASGIApp:
    """A create with a taken external_id answers 409."""

    def told(request: Request, response: Reply) -> Reply:
        code = response.json.get("code") if isinstance(response.json, dict) else None
        taken = request.operation == "create" and code == "external_id_already_used"
        return response.replaced(status=409) if taken else response

    return on_response(told)


def _both(w: Wire) -> object:
    external_id = token()
    found = together(*(lambda: w.create(external_id=external_id).status_code for _ in range(4)))
    return found.count(201) > 1


@fault("concurrency", "create.external-id-race", _both, "validates_uniqueness_of without a unique index")
def fifteenth_uniqueness_is_asked_for_beforehand() -> ASGIApp:
    """Several creates at once with one external_id all succeed, as each asks first whether it is taken."""
    store = Loose("external_id")

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation in ("create", "update") and request.authorized else None
        given = body.get("external_id") if isinstance(body, dict) else None
        if not isinstance(given, str):
            return await forward(request)
        with store.transaction():
            known = store.by_external_id(given)
        await asyncio.sleep(0.03)
        if known is not None and known.id != request.last:
            return bad_request("external_id_already_used", "external_id has already been taken")
        return await forward(request)

    return intercepting(handle, app(store))


def _kept(w: Wire) -> object:
    made = deleted(w, external_id=token())
    return w.create(external_id=made["external_id"]).status_code == 400


@fault("delete", "delete.frees-external-id", _kept, "Sequelize: paranoid: true under a unique index")
def fifteenth_soft_deleted_rows_keep_external_ids() -> ASGIApp:
    """The external_id of a deleted organization counts as taken by creates."""

    class Paranoid(Store):
        gone: set[str]

        def delete(self, organization: Organization) -> None:
            if organization.external_id:
                self.gone.add(organization.external_id)
            super().delete(organization)

        def insert(self, organization: Organization) -> None:
            if organization.external_id in self.gone:
                raise Taken("external_id")
            super().insert(organization)

    store = Paranoid()
    store.gone = set()
    return app(store)


def _found_again(w: Wire) -> object:
    made = deleted(w, external_id=token())
    return w.get(made["id"]).status_code == 404 and w.lookup(made["external_id"]).status_code == 200


@fault("delete", "delete.gone", _found_again, "Rails: a finder by SQL, past the default scope of acts_as_paranoid")
def fifteenth_lookups_see_soft_deleted_rows() -> ASGIApp:
    """A lookup finds deleted organizations too, unless their external_id was given again."""
    gone: dict[str, Organization] = {}

    class Scopeless(Api):
        def delete(self, call: Call) -> Any:
            known = self.known(call.path["id"])
            if known.external_id:
                gone[known.external_id] = known
            return super().delete(call)

        def lookup(self, call: Call) -> Any:
            external_id = call.path["external_id"]
            if external_id in gone and self.store.by_external_id(external_id) is None:
                return self.responses.found(gone[external_id])
            return super().lookup(call)

    return app(api=Scopeless)
