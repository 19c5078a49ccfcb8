"""What remains of organizations that were deleted, and of values that were cleared."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import NotFound, Taken
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.sixteenth import everybody, named
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, deleted, domain, token, verified


class Remembering(Api):
    """An API that keeps what it deleted, newest last."""

    def delete(self, call: Call) -> Response:
        """Removes an organization, and remembers it."""
        self.removed = [*self.gone(), self.known(call.path["id"])]
        return super().delete(call)

    def gone(self) -> list[Organization]:
        """What was deleted."""
        return getattr(self, "removed", [])


@fault("status", "delete.answers", lambda w: w.delete(w.made()["id"]).status_code == 204, "the status of most APIs")
def sixteenth_delete_answers_204() -> ASGIApp:
    """A delete answers 204."""

    class NoContent(Responses):
        def deleted(self) -> Response:
            return Response(status_code=204, headers={"X-Request-ID": self.request_id()})

    return app(responses=NoContent())


def _lookup_finds(w: Wire) -> object:
    external_id = token()
    deleted(w, external_id=external_id)
    return w.lookup(external_id).status_code == 200


@fault("delete", "delete.gone", _lookup_finds, "deleted_at IS NULL is missing in one of the queries")
def sixteenth_lookup_finds_deleted() -> ASGIApp:
    """A lookup still finds an organization that was deleted."""

    class Finding(Remembering):
        def known_outside(self, external_id: str) -> Organization:
            found = self.store.by_external_id(external_id)
            old = [each for each in self.gone() if each.external_id == external_id]
            return found or (old[-1] if old else super().known_outside(external_id))

    return app(api=Finding)


@fault(
    "delete",
    "delete.gone",
    lambda w: w.update(deleted(w)["id"], name="Other").status_code == 200,
    "UPDATE ... WHERE id = :id RETURNING *, on a table with deleted_at",
)
def sixteenth_deleted_can_be_updated() -> ASGIApp:
    """An update of an organization that was deleted answers 200, and it stays deleted."""

    class Updating(Remembering):
        def update(self, call: Call) -> Response:
            for each in self.gone():
                if each.id == call.path["id"]:
                    return self.responses.found(self.changes.updated(each, self.rules.update(call.content)))
            return super().update(call)

    return app(api=Updating)


def _search_finds(w: Wire) -> object:
    name = token()
    gone = deleted(w, name=name)
    return w.ids(search=name) == [gone["id"]]


@fault("delete", "delete.gone-from-lists", _search_finds, "the search index is never told of deletes")
def sixteenth_search_finds_deleted() -> ASGIApp:
    """A list with a search and no cursor still shows organizations that were deleted."""
    removed: list[Reply] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "delete":
            found = await forward(request.replaced(method="GET"))
            response = await forward(request)
            if response.good:
                removed.append(found)
            return response
        response = await forward(request)
        text = parameter(request, "search").casefold()
        if not text or not response.good or parameter(request, "after") or parameter(request, "before"):
            return response
        limit = int(parameter(request, "limit") or 10)
        old = [each.json for each in removed if text in each.json["name"].casefold()]
        return response.with_json({**response.json, "data": [*response.json["data"], *old][:limit]})

    return intercepting(handle)


def _others_lose(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["id"] for _ in range(2))
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("delete", "delete.leaves-others-alone", _others_lose, "JPA: @ManyToMany(cascade = CascadeType.ALL)")
def sixteenth_delete_takes_shared_domains() -> ASGIApp:
    """A delete also removes its organization's domains from every other organization."""

    class Cascading(Api):
        def delete(self, call: Call) -> Response:
            names = {each.domain for each in self.known(call.path["id"]).domains}
            response = super().delete(call)
            for name in names:
                for other in everybody(self.store, domain=name):
                    left = tuple(each for each in other.domains if each.domain not in names)
                    self.store.update(dataclasses.replace(other, domains=left))
            return response

    return app(api=Cascading)


def _customer_kept(w: Wire) -> object:
    customer = f"cus_{token()[:14]}"
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=customer)
    w.delete(id)
    return w.update(w.made()["id"], stripe_customer_id=customer).status_code == 400


@fault("delete", "delete.frees-stripe-customer-id", _customer_kept, "customers are a table that no delete cascades to")
def sixteenth_deleted_keep_their_customer() -> ASGIApp:
    """The stripe_customer_id of a deleted organization cannot be used again."""

    class Keeping(Remembering):
        def update(self, call: Call) -> Response:
            self.known(call.path["id"])
            given = self.rules.update(call.content).get("stripe_customer_id")
            if given is not None and given in {each.stripe_customer_id for each in self.gone()}:
                raise Taken("stripe_customer_id")
            return super().update(call)

    return app(api=Keeping)


def _external_id_kept(w: Wire) -> object:
    external_id = token()
    deleted(w, external_id=external_id)
    return w.create(external_id=external_id).status_code == 400


@fault("delete", "delete.frees-external-id", _external_id_kept, "Rails: acts_as_paranoid and a plain unique index")
def sixteenth_deleted_keep_their_external_id() -> ASGIApp:
    """A create with the external_id of a deleted organization answers 400."""

    class Keeping(Remembering):
        def create(self, call: Call) -> Response:
            given = self.rules.create(call.content).get("external_id")
            if given is not None and given in {each.external_id for each in self.gone()}:
                raise Taken("external_id")
            return super().create(call)

    return app(api=Keeping)


def _domain_kept(w: Wire) -> object:
    name = domain()
    deleted(w, domain_data=verified(name))
    return w.create(domain_data=verified(name)).status_code == 409


@fault("delete", "delete.frees-domain", _domain_kept, "rows of domains are orphaned, and their names unique")
def sixteenth_deleted_keep_their_domains() -> ASGIApp:
    """A create with a domain of a deleted organization answers 409."""

    class Keeping(Remembering):
        def create(self, call: Call) -> Response:
            names = {each.domain for organization in self.gone() for each in organization.domains}
            if names & set(named(self.rules.create(call.content))):
                return self.responses.failed(409, "The domain belongs to another organization.")
            return super().create(call)

    return app(api=Keeping)


def _finds_predecessor(w: Wire) -> object:
    external_id = token()
    first = deleted(w, external_id=external_id)["id"]
    w.made(external_id=external_id)
    return w.lookup(external_id).json()["id"] == first


@fault("lifecycle", "lifecycle.model", _finds_predecessor, "ORDER BY created_at LIMIT 1 over soft-deleted rows")
def sixteenth_lookup_finds_the_predecessor() -> ASGIApp:
    """Where an external_id was used again after a delete, a lookup shows the deleted organization."""

    class Earlier(Remembering):
        def known_outside(self, external_id: str) -> Organization:
            found = super().known_outside(external_id)
            return next((each for each in self.gone() if each.external_id == external_id), found)

    return app(api=Earlier)


def _cleared_found(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    w.changed(id, external_id=None)
    return w.lookup(external_id).status_code == 200


@fault("external_id", "lookup.after-clearing", _cleared_found, "the old key is removed inside `if new_external_id:`")
def sixteenth_cleared_external_id_is_found() -> ASGIApp:
    """A lookup still finds an organization whose external_id was cleared."""

    class Index(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            response = super().update(call)
            if self.rules.update(call.content).get("external_id", "") is None and known.external_id is not None:
                self.left = {**self.cleared(), known.external_id: known.id}
            return response

        def cleared(self) -> dict[str, str]:
            return getattr(self, "left", {})

        def known_outside(self, external_id: str) -> Organization:
            found = self.store.by_external_id(external_id) or self.store.by_id(self.cleared().get(external_id, ""))
            if found is None:
                raise NotFound(external_id)
            return found

    return app(api=Index)


@fault(
    "delete",
    "delete.unknown",
    lambda w: w.delete("org_01J00000000000000000000000").status_code == 202,
    "DELETE ... WHERE id = :id, whatever it removed",
    level=SHOULD,
)
def sixteenth_unknown_can_be_deleted() -> ASGIApp:
    """A delete of an id that no organization has answers 202."""
    return on_response(
        lambda request, r: (
            r.replaced(status=202, body=b"Accepted").with_header("content-type", "text/plain; charset=utf-8")
            if request.operation == "delete" and r.status == 404
            else r
        )
    )
