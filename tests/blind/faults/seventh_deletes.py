"""What a delete removes, what it leaves, and whether it is done."""

from __future__ import annotations

import json

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, domain, token, verified


@fault(
    "deletes",
    "delete.answers",
    lambda w: w.delete(w.made()["id"]).status_code == 204,
    "what most handlers of DELETE answer",
)
def seventh_delete_answers_204() -> ASGIApp:
    """A delete answers 204."""

    def altered(request: Request, response: Reply) -> Reply:
        return Reply(204, (), b"") if request.operation == "delete" and response.good else response

    return on_response(altered)


def _found(w: Wire) -> object:
    external_id = token()
    deleted(w, external_id=external_id)
    return w.lookup(external_id).status_code == 200


@fault("deletes", "delete.gone", _found, "soft deletion, and a query without deleted_at IS NULL")
def seventh_lookup_finds_deleted() -> ASGIApp:
    """A lookup still finds a deleted organization, until another one takes its external_id."""
    gone: dict[str, Object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        known = None
        if request.operation == "delete" and request.authorized:
            known = await forward(request.replaced(method="GET"))
        response = await forward(request)
        if known and response.good:
            gone[known.json["external_id"]] = known.json
        if request.operation == "lookup" and response.status == 404 and response.json["entity_id"] in gone:
            return reply(200, gone[response.json["entity_id"]])
        return response

    return intercepting(handle)


def _changed(w: Wire) -> object:
    return w.update(deleted(w)["id"], name="Late").status_code == 200


@fault("deletes", "delete.gone", _changed, "the update reads with the scope that includes what was deleted")
def seventh_update_of_deleted_succeeds() -> ASGIApp:
    """An update of a deleted organization answers 200 with that organization."""
    gone: dict[str, Object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        known = None
        if request.operation == "delete" and request.authorized:
            known = await forward(request.replaced(method="GET"))
        response = await forward(request)
        if known and response.good:
            gone[request.last] = known.json
        if request.operation == "update" and response.status == 404 and request.last in gone:
            changes = request.json if isinstance(request.json, dict) else {}
            return reply(200, {**gone[request.last], "name": changes.get("name", gone[request.last]["name"])})
        return response

    return intercepting(handle)


@fault(
    "deletes",
    "delete.answers",
    lambda w: w.delete(w.made(domain_data=verified(domain()))["id"]).status_code == 500,
    "a foreign key without ON DELETE CASCADE",
)
def seventh_delete_with_domains_fails() -> ASGIApp:
    """A delete of an organization that has domains answers 500."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete" and request.authorized:
            known = await forward(request.replaced(method="GET"))
            if known.good and known.json["domains"]:
                return crash()
        return await forward(request)

    return intercepting(handle)


def _labelled(w: Wire) -> object:
    id = w.made()["id"]
    return w.http.delete(f"{ORGANIZATIONS}/{id}", headers={"Content-Type": "application/json"}).status_code == 400


@fault("deletes", "delete.answers", _labelled, "Fastify: FST_ERR_CTP_EMPTY_JSON_BODY, as clients label each request")
def seventh_delete_labelled_as_json_is_refused() -> ASGIApp:
    """A delete without a body and with a Content-Type of application/json answers 400."""

    def judged(request: Request) -> Request | Reply:
        labelled = request.header("content-type").startswith("application/json") and not request.body
        refusal = {"message": "Body cannot be empty when content-type is set to 'application/json'"}
        return reply(400, refusal) if request.operation == "delete" and labelled else request

    return on_request(judged)


def _shared_domain_lost(w: Wire) -> object:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("deletes", "delete.leaves-others-alone", _shared_domain_lost, "DELETE FROM domains WHERE domain IN (...)")
def seventh_delete_removes_shared_domains() -> ASGIApp:
    """A delete takes the organization's domains away from other organizations as well."""

    class Sweeping(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            names = json.dumps([each.domain for each in organization.domains])
            statement = "DELETE FROM organization_domain WHERE domain IN (SELECT value FROM json_each(?))"
            self._connection.execute(statement, (names,))

    return app(Sweeping())
