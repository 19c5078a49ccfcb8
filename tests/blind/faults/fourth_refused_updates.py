"""Updates and creates that leave something behind although they failed, or change another field."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified

FLAG = "allow_profiles_outside_organization"
KIND = "fourth: updates"
NONE = "none: not looked up"


def revived(w: Wire) -> bool:
    id = deleted(w)["id"]
    return w.update(id, name="Back").status_code == 200 and w.get(id).status_code == 200


@fault(KIND, NONE, revived, "save() of a DynamoDB item")
def fourth_update_revives_deleted() -> ASGIApp:
    """An update with a name brings a deleted organization back."""
    gone: dict[str, Organization] = {}

    class Keeping(Store):
        def delete(self, organization: Organization) -> None:
            gone[organization.id] = organization
            super().delete(organization)

    class Saving(Api):
        def update(self, call: Call) -> Response:
            if call.path["id"] in gone and b'"name"' in call.content:
                self.store.insert(gone.pop(call.path["id"]))
            return super().update(call)

    return app(Keeping(), api=Saving)


def replaced_though_refused(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    id = w.made(domain_data=verified(domain()))["id"]
    other = domain()
    assert w.update(id, external_id=taken, domain_data=verified(other)).status_code == 400
    return bool(w.shown(id)["domains"][0]["domain"] == other)


@fault(KIND, NONE, replaced_though_refused, "domains saved by a nested serializer before the row")
def fourth_refused_update_replaces_domains() -> ASGIApp:
    """An update that is refused for a taken value replaces the domains all the same."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "update" and response.status == 400 and isinstance(request.json, dict):
            found = {name: v for name, v in request.json.items() if name in ("domains", "domain_data")}
            if found:
                await forward(request.with_json(found))
        return response

    return intercepting(handle)


def lookup_lost(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    assert w.create(external_id=taken).status_code == 400
    return w.lookup(taken).status_code == 404


@fault(KIND, NONE, lookup_lost, "an index in Redis that is written before the transaction")
def fourth_refused_create_loses_lookup() -> ASGIApp:
    """After a create was refused for a taken external_id, the lookup does not find who has it."""
    lost: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and request.last in lost:
            return await forward(request.replaced(path="/organizations/external_id/%00"))
        response = await forward(request)
        if request.operation == "create" and response.status == 400 and "external_id" in response.json.get("code", ""):
            lost.add(request.json["external_id"])
        return response

    return intercepting(handle)


def other_changed(w: Wire) -> bool:
    first, second = w.many(2)
    w.http.put(f"/organizations/{first}", json={"id": second, "name": "Changed"})
    return bool(w.shown(second)["name"] == "Changed")


@fault(KIND, NONE, other_changed, "update({...params, ...body})")
def fourth_id_in_body_wins() -> ASGIApp:
    """An update whose body carries an id changes the organization with that id."""

    def change(request: Request) -> Request:
        body: Object = request.json if isinstance(request.json, dict) else {}
        if request.operation == "update" and isinstance(body.get("id"), str):
            return request.replaced(path=f"/organizations/{body['id']}")
        return request

    return on_request(change)


def flag_reset(w: Wire) -> bool:
    id = w.made(**{FLAG: True})["id"]
    return not w.changed(id, domain_data=verified(domain()))[FLAG]


@fault(KIND, NONE, flag_reset, "a primitive boolean in a DTO of Spring")
def fourth_flag_reset_by_domains() -> ASGIApp:
    """An update of the domains sets allow_profiles_outside_organization to false when it leaves it out."""
    return updating(
        lambda new, known, body: (
            replace(new, allow_profiles=False) if "domain_data" in body and FLAG not in body else new
        )
    )


def lost_with_null(w: Wire) -> bool:
    id = w.made(external_id=token(), metadata={"a": "b"})["id"]
    return bool(w.changed(id, external_id=None, metadata={"a": "c"})["metadata"] == {"a": "b"})


@fault(KIND, NONE, lost_with_null, "an early return in the branch that clears")
def fourth_metadata_lost_with_cleared_external_id() -> ASGIApp:
    """An update that clears external_id does not change the metadata."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        cleared = "external_id" in body and body["external_id"] is None
        return replace(new, metadata=known.metadata) if cleared else new

    return updating(change)
