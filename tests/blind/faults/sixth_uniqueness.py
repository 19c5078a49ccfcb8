"""Values that must be unique, and what of a refused create stays."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _given_by_update(w: Wire) -> object:
    known = token()
    w.changed(w.made()["id"], external_id=known)
    return w.create(external_id=known).status_code == 201


@fault("uniqueness", "create.external-id-taken", _given_by_update, "a set of taken values that only creates fill")
def sixth_external_id_of_update_is_free() -> ASGIApp:
    """A create may take the external_id that another organization got by an update."""

    class Claims(Loose):
        def __init__(self) -> None:
            super().__init__("external_id")
            self.claims: dict[str, str] = {}

        def check(self, organization: Organization) -> None:
            """Raises Taken where the claim is another's, and lets go of what the organization has no longer."""
            if self.claims.get(organization.external_id or "", organization.id) != organization.id:
                raise Taken("external_id")
            kept = {known: id for known, id in self.claims.items() if id != organization.id}
            self.claims = kept if organization.external_id not in self.claims else self.claims

        def insert(self, organization: Organization) -> None:
            self.check(organization)
            super().insert(organization)
            if organization.external_id is not None:
                self.claims[organization.external_id] = organization.id

        def update(self, organization: Organization) -> None:
            self.check(organization)
            super().update(organization)

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.claims = {known: id for known, id in self.claims.items() if id != organization.id}

    return app(Claims())


def _padded(w: Wire) -> object:
    known = token()
    w.made(external_id=known)
    return w.create(external_id=f"{known} ").status_code == 400


@fault("uniqueness", "create.similar-external-ids", _padded, "MySQL's collations with PAD SPACE")
def sixth_spaces_behind_external_id_do_not_count() -> ASGIApp:
    """external_ids that differ in spaces at their ends alone count as the same one."""

    class Padding(Store):
        def insert(self, organization: Organization) -> None:
            same = "SELECT 1 FROM organization WHERE rtrim(external_id) = rtrim(?)"
            if self._connection.execute(same, (organization.external_id,)).fetchone():
                raise Taken("external_id")
            super().insert(organization)

    return app(Padding())


def _left_behind(w: Wire) -> object:
    name, known = token(), token()
    w.made(external_id=known)
    assert w.create(name=name, external_id=known).status_code == 400
    return len(w.ids(search=name)) == 1


@fault("create", "create.refusal-leaves-nothing", _left_behind, "two statements without a transaction")
def sixth_conflict_leaves_organization() -> ASGIApp:
    """A create whose external_id is taken answers 400, and leaves an organization without external_id."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body: Object = request.json if isinstance(request.json, dict) else {}
        if request.operation == "create" and response.status == 400 and "external_id" in response.json.get("code", ""):
            await forward(request.with_json(without(body, "external_id")))
        return response

    return intercepting(handle)
