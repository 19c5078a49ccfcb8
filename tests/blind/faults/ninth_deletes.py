"""Deletes, and what they leave behind."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified


def _still_found(w: Wire) -> object:
    external = token()
    made = deleted(w, external_id=external)
    return w.lookup(external).status_code == 200 and w.get(made["id"]).status_code == 404


@fault("deletes", "delete.gone", _still_found, "a condition on deleted_at in two of three statements")
def ninth_lookup_finds_the_deleted() -> ASGIApp:
    """A lookup finds a deleted organization by its external_id, until another one has it."""
    gone: dict[str, Organization] = {}

    class Soft(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            if organization.external_id:
                gone[organization.external_id] = organization

        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or gone.get(external_id)

    return app(Soft())


def _revived(w: Wire) -> object:
    id = deleted(w, name="Old")["id"]
    return w.update(id, name="New").status_code == 200 and w.shown(id)["name"] == "New"


@fault("deletes", "delete.gone", _revived, "a cache of the rows, and save() which writes all columns")
def ninth_update_revives_the_deleted() -> ASGIApp:
    """An update of a deleted organization answers 200 and brings it back."""
    gone: dict[str, Organization] = {}

    class Reviving(Api):
        def delete(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            gone[known.id] = known
            return super().delete(call)

        def update(self, call: Call) -> Response:
            lost = gone.pop(call.path["id"], None)
            if lost is not None:
                self.store.insert(lost)
            return super().update(call)

    return app(api=Reviving)


def _versioned(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, name="Other")
    return w.delete(id).status_code == 202 and w.get(id).status_code == 200


@fault("deletes", "delete.gone", _versioned, "DELETE ... WHERE version = 0 whose count of rows nobody reads")
def ninth_updated_organizations_stay() -> ASGIApp:
    """The delete of an organization that was updated answers 202 and does nothing."""

    class Versioned(Store):
        def delete(self, organization: Organization) -> None:
            if organization.updated_at == organization.created_at:
                super().delete(organization)

    return app(Versioned())


def _shared(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["id"] for _ in range(2))
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("deletes", "delete.leaves-others-alone", _shared, "DELETE FROM domains WHERE domain IN (...)")
def ninth_delete_takes_shared_domains() -> ASGIApp:
    """A delete removes the domains of the organization from all others that have them too."""

    class Cascading(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))

    return app(Cascading())


def _prefix(w: Wire) -> object:
    external = token()
    first = w.made(external_id=external)["id"]
    second = w.made(external_id=f"{external}-eu")["id"]
    w.delete(first)
    return w.get(second).status_code == 404


@fault("deletes", "delete.leaves-others-alone", _prefix, "keys of Redis that are deleted by their beginning")
def ninth_delete_by_beginning() -> ASGIApp:
    """A delete removes all organizations whose external_id begins with that of the deleted one."""

    class Beginning(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            if organization.external_id:
                statement = "DELETE FROM organization WHERE substr(external_id, 1, ?) = ?"
                self._connection.execute(statement, (len(organization.external_id), organization.external_id))

    return app(Beginning())


def _kept_stripe(w: Wire) -> object:
    first, second = w.many(2)
    stripe = f"cus_{token()}"
    w.changed(first, stripe_customer_id=stripe)
    w.delete(first)
    return w.update(second, stripe_customer_id=stripe).status_code == 400


@fault("deletes", "delete.frees-stripe-customer-id", _kept_stripe, "a unique index over deleted rows as well")
def ninth_stripe_of_the_deleted_is_taken() -> ASGIApp:
    """The stripe_customer_id of a deleted organization stays taken."""
    taken: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "update" and request.authorized:
            given = fields(request).get("stripe_customer_id")
            if isinstance(given, str) and given in taken:
                return bad_request("stripe_customer_id_already_used")
        if request.operation == "delete" and request.authorized:
            known = await forward(asked(request, "GET", request.path))
            response = await forward(request)
            if response.good:
                taken.update({known.json.get("stripe_customer_id")} - {None})
            return response
        return await forward(request)

    return intercepting(handle)


@fault(
    "deletes",
    "delete.gone",
    lambda w: w.get(deleted(w)["id"]).status_code == 410,
    "the status that HTTP has for what is gone",
)
def ninth_the_deleted_answers_410() -> ASGIApp:
    """A get of a deleted organization answers 410."""
    gone: set[str] = set()

    def marked(request: Request, response: Reply) -> Reply:
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        if request.operation == "get" and response.status == 404 and request.last in gone:
            return response.replaced(status=410)
        return response

    return on_response(marked)


def _with_domain(w: Wire) -> object:
    return w.delete(w.made(domain_data=verified(domain()))["id"]).status_code == 409


@fault("deletes", "delete.answers", _with_domain, "a foreign key with ON DELETE RESTRICT")
def ninth_verified_domain_forbids_delete() -> ASGIApp:
    """A delete of an organization with a verified domain answers 409 and does nothing."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        known = await forward(asked(request, "GET", request.path))
        if known.good and any(each["state"] == "verified" for each in known.json["domains"]):
            return reply(409, {"message": "The organization still has verified domains."})
        return await forward(request)

    return intercepting(handle)


def _filtered(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.ids(domains=name)
    w.delete(id)
    return w.ids(domains=name) == [id] and id not in w.ids()


@fault("deletes", "delete.gone-from-lists", _filtered, "a cache of filtered lists that creates and updates clear")
def ninth_filtered_lists_keep_the_deleted() -> ASGIApp:
    """A list with domains is answered as before until the next create or update, deletes notwithstanding."""
    known: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.method in ("POST", "PUT"):
            known.clear()
        if request.operation != "list" or "domains=" not in request.query or not request.authorized:
            return await forward(request)
        if request.query not in known:
            response = await forward(request)
            if not response.good:
                return response
            known[request.query] = response
        return known[request.query]

    return intercepting(handle)


def _answer(w: Wire) -> object:
    return w.delete(w.made()["id"]).status_code == 204


@fault("deletes", "delete.answers", _answer, "the emulators that answer so")
def ninth_delete_answers_204() -> ASGIApp:
    """A delete answers 204 without a body."""

    def emptied(request: Request, response: Reply) -> Reply:
        return Reply(204, (), b"") if request.operation == "delete" and response.good else response

    return on_response(emptied)
