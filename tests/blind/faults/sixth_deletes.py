"""What a delete leaves behind, or takes with it."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.records import Key, Organization
from emulator.refusals import Taken
from emulator.store import Store
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified


async def _before(request: Request, forward: Forward) -> Object:
    """The organization that a request is about, as get shows it; nothing where there is none."""
    known = await forward(request.replaced(method="GET", body=b""))
    return dict(known.json) if known.status == 200 else {}


@fault(
    "deletion",
    "delete.answers",
    lambda w: w.delete(w.made(domain_data=verified(domain()))["id"]).status_code == 409,
    "a foreign key without ON DELETE CASCADE",
)
def sixth_domains_forbid_delete() -> ASGIApp:
    """A delete of an organization that has domains answers 409."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete" and (await _before(request, forward)).get("domains"):
            return reply(409, {"message": "The organization still has domains."})
        return await forward(request)

    return intercepting(handle)


@fault(
    "deletion",
    "delete.gone",
    lambda w: w.update(deleted(w)["id"], name="Late").status_code == 200,
    "a scope for what was deleted that UPDATE does not go through",
)
def sixth_deleted_takes_updates() -> ASGIApp:
    """An update of a deleted organization answers 200."""
    graves: dict[str, Object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete":
            graves[request.path] = await _before(request, forward)
        response = await forward(request)
        grave, body = graves.get(request.path), request.json
        if request.operation != "update" or response.status != 404 or not grave or not isinstance(body, dict):
            return response
        return reply(200, {**grave, **{name: body[name] for name in ("name", "external_id") if name in body}})

    return intercepting(handle)


def _still_found(w: Wire) -> object:
    name = domain()
    id = deleted(w, domain_data=verified(name))["id"]
    return id in w.ids(domains=name) and id not in w.ids(limit=100)


@fault("deletion", "delete.gone-from-lists", _still_found, "an index of domains that soft deletion does not touch")
def sixth_deleted_stays_in_domain_filter() -> ASGIApp:
    """A list by domain still shows deleted organizations."""

    class Indexed(Store):
        def __init__(self) -> None:
            super().__init__()
            self.graves: list[Organization] = []

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.graves.append(organization)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, limit, search, domain)
            older = direction is OLDER
            graves = [
                each
                for each in self.graves
                if domain in {other.domain for other in each.domains}
                and search.casefold() in each.name.casefold()
                and (each.key < than if older else each.key > than)
            ]
            return sorted([*found, *graves], key=lambda each: each.key, reverse=older)[:limit]

    return app(Indexed())


def _others_domain(w: Wire) -> object:
    name = verified(domain())
    first, second = w.made(domain_data=name)["id"], w.made(domain_data=name)["id"]
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("deletion", "delete.leaves-others-alone", _others_domain, "domains were unique once, so a delete goes by name")
def sixth_delete_takes_domain_of_others() -> ASGIApp:
    """A delete takes the organization's domains away from all others that have them."""

    class ByName(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))

    return app(ByName())


def _not_for_update(w: Wire) -> object:
    known = token()
    deleted(w, external_id=known)
    refused = w.update(w.made()["id"], external_id=known).status_code == 400
    return refused and w.create(external_id=known).status_code == 201


@fault(
    "deletion",
    "delete.frees-external-id",
    _not_for_update,
    "projectsend issue 1645 and many more: uniqueness does not know of soft deletion; here mended for creates alone",
)
def sixth_update_finds_deleted_external_id_taken() -> ASGIApp:
    """An update cannot take the external_id of a deleted organization, while a create can."""

    class Mended(Store):
        def __init__(self) -> None:
            super().__init__()
            self.graves: set[str | None] = set()

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.graves.add(organization.external_id)

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.graves.discard(organization.external_id)

        def update(self, organization: Organization) -> None:
            if organization.external_id is not None and organization.external_id in self.graves:
                raise Taken("external_id")
            super().update(organization)

    return app(Mended())


def _not_verified_again(w: Wire) -> object:
    name = verified(domain())
    deleted(w, domain_data=name)
    return w.create(domain_data=name).status_code == 409


@fault("deletion", "delete.frees-domain", _not_verified_again, "proofs of ownership that outlive their organization")
def sixth_deleted_keeps_verified_domain() -> ASGIApp:
    """A create with a domain that was verified for a deleted organization answers 409."""
    graves: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete":
            domains = (await _before(request, forward)).get("domains", [])
            graves.update(each["domain"] for each in domains if each["state"] == "verified")
        response = await forward(request)
        given = response.json["domains"] if request.operation == "create" and response.good else []
        if any(each["domain"] in graves for each in given):
            made = response.json["id"]
            await forward(request.replaced(method="DELETE", path=f"{request.path}/{made}", body=b""))
            return reply(409, {"message": "This domain was verified for another organization."})
        return response

    return intercepting(handle)
