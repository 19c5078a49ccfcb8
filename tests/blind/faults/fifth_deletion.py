"""Deletions that remove too much or too little, or that answer otherwise."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, crash, not_found, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified

KIND = "fifth: deletion"


def neighbour_gone(w: Wire) -> bool:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    w.delete(first)
    return w.get(second).status_code == 404


@fault(KIND, "delete.leaves-others-alone", neighbour_gone, "a cascade from the table of domains")
def fifth_delete_takes_who_shares_a_domain() -> ASGIApp:
    """A delete removes the organizations that share a domain."""

    class Cascading(Store):
        def delete(self, organization: Organization) -> None:
            for each in organization.domains:
                for other in self.newer((-1, ""), 1000, "", each.domain):
                    super().delete(other)
            super().delete(organization)

    return app(Cascading())


class Gravestones(Store):
    """Remembers what was deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: dict[str, Organization] = {}

    def delete(self, organization: Organization) -> None:
        """Removes it, and keeps a copy."""
        super().delete(organization)
        self.gone[organization.id] = organization


def in_asc(w: Wire) -> bool:
    first = w.made()["id"]
    gone = deleted(w)["id"]
    return gone in w.ids(order="asc", after=first)


def showing_gone(asked_for: str) -> ASGIApp:
    """An app whose lists under one order go on with what was deleted, behind the last page."""
    store = Gravestones()

    class Haunted(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            room = listing.limit - len(page.organizations) if page.after is None and listing.order == asked_for else 0
            found = [each for each in store.gone.values() if listing.search in each.name and not listing.domains]
            return replace(page, organizations=[*page.organizations, *found[:room]])

    return app(store, pages=Haunted)


@fault(KIND, "delete.gone-from-lists", in_asc, "an index of its own for each order")
def fifth_deleted_stay_in_asc() -> ASGIApp:
    """Lists under asc end with organizations that were deleted."""
    return showing_gone("asc")


def found_by_domain(w: Wire) -> bool:
    name = domain()
    return bool(deleted(w, domain_data=verified(name))["id"] in w.ids(domains=name))


@fault(KIND, "delete.gone-from-lists", found_by_domain, "a table of domains without a foreign key")
def fifth_deleted_are_found_by_domain() -> ASGIApp:
    """A filter by domain shows organizations that were deleted."""
    store = Gravestones()

    class Haunted(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            room = listing.limit - len(page.organizations)
            found = [each for each in store.gone.values() if any(own.domain in listing.domains for own in each.domains)]
            return replace(page, organizations=[*page.organizations, *found[:room]])

    return app(store, pages=Haunted)


def found_by_search(w: Wire) -> bool:
    name = token()
    return bool(deleted(w, name=name)["id"] in w.ids(search=name))


@fault(KIND, "delete.gone-from-lists", found_by_search, "a search index that hears of no deletion")
def fifth_deleted_are_found_by_search() -> ASGIApp:
    """A search shows organizations that were deleted."""
    store = Gravestones()

    class Haunted(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            room = listing.limit - len(page.organizations) if listing.search and not listing.domains else 0
            found = [each for each in store.gone.values() if listing.search in each.name]
            return replace(page, organizations=[*page.organizations, *found[:room]])

    return app(store, pages=Haunted)


def not_freed(w: Wire) -> bool:
    taken = token()
    id = w.made()["id"]
    w.changed(id, external_id=taken)
    w.delete(id)
    return w.create(external_id=taken).status_code == 400


@fault(KIND, "delete.frees-external-id", not_freed, "a register of external_ids that an update fills")
def fifth_deleted_external_id_of_an_update_stays_taken() -> ASGIApp:
    """An external_id that an update set stays taken when the organization is deleted."""
    taken: set[str] = set()

    class Registering(Api):
        def update(self, call: Call) -> Response:
            response = super().update(call)
            taken.update(filter(None, [self.rules.update(call.content).get("external_id")]))
            return response

        def create(self, call: Call) -> Response:
            external_id = self.rules.create(call.content).get("external_id")
            if external_id in taken and self.store.by_external_id(external_id) is None:
                return self.responses.json(400, bad_request("external_id_already_used").json)
            return super().create(call)

    return app(api=Registering)


def with_domains(w: Wire) -> bool:
    return w.delete(w.made(domain_data=verified(domain()))["id"]).status_code == 409


@fault(KIND, "delete.answers", with_domains, "a foreign key without a cascade")
def fifth_delete_with_domains_refused() -> ASGIApp:
    """A delete of an organization that has a verified domain answers 409."""

    class Keeping(Api):
        def delete(self, call: Call) -> Response:
            if any(each.state == "verified" for each in self.known(call.path["id"]).domains):
                return self.responses.json(409, {"message": "The organization has domains."})
            return super().delete(call)

    return app(api=Keeping)


@fault(KIND, "delete.answers", lambda w: w.delete(w.made()["id"]).status_code == 204, "REST as it is taught")
def fifth_delete_answers_204() -> ASGIApp:
    """A delete answers 204."""
    return on_response(
        lambda request, response: (
            response.replaced(status=204, body=b"") if request.operation == "delete" and response.good else response
        )
    )


def revived(w: Wire) -> bool:
    return w.update(deleted(w)["id"], name="B").status_code == 200


@fault(KIND, "delete.gone", revived, "save() of an ORM, which inserts what is not there")
def fifth_update_brings_back_what_was_deleted() -> ASGIApp:
    """An update of a deleted organization makes it again."""
    store = Gravestones()

    class Saving(Api):
        def update(self, call: Call) -> Response:
            gone = store.gone.pop(call.path["id"], None)
            if gone is not None:
                store.insert(gone)
            return super().update(call)

    return app(store, api=Saving)


def lookup_lives(w: Wire) -> bool:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    w.lookup(external_id)
    w.delete(id)
    return w.lookup(external_id).status_code == 200


@fault(KIND, "delete.gone", lookup_lives, "a cache under two keys, one of which is cleared")
def fifth_lookup_remembers_what_was_deleted() -> ASGIApp:
    """A lookup finds a deleted organization when it had been looked up before."""
    seen: dict[str, Reply] = {}

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "lookup":
            return response
        if response.good:
            seen[request.last] = response
        return seen.get(request.last, response) if response.status == 404 else response

    return on_response(change)


def gone_status(w: Wire) -> bool:
    return w.get(deleted(w)["id"]).status_code == 410


@fault(KIND, "answer.status", gone_status, "410 of RFC 9110")
def fifth_get_of_deleted_answers_410() -> ASGIApp:
    """A get of a deleted organization answers 410."""
    store = Gravestones()
    return on_response(
        lambda request, response: (
            reply(410, not_found(request.last).json)
            if request.operation == "get" and response.status == 404 and request.last in store.gone
            else response
        ),
        app(store),
    )


def domain_kept(w: Wire) -> bool:
    name = domain()
    deleted(w, domain_data=verified(name))
    return w.create(domain_data=verified(name)).status_code == 409


@fault(KIND, "delete.frees-domain", domain_kept, "a unique index that counts deleted rows")
def fifth_domain_of_deleted_stays_taken() -> ASGIApp:
    """A create with a domain that a deleted organization had answers 409."""
    store = Gravestones()

    class Guarding(Api):
        def create(self, call: Call) -> Response:
            given = {each["domain"] for each in self.rules.create(call.content).get("domain_data", ())}
            if any(own.domain in given for each in store.gone.values() for own in each.domains):
                return self.responses.json(409, {"message": "Another organization has this domain."})
            return super().create(call)

    return app(store, api=Guarding)


def crashes(w: Wire) -> bool:
    return w.list(after=deleted(w)["id"], order="asc").status_code == 500


@fault(KIND, "list.any-cursor-answered", crashes, "a cursor that is read without a check for nothing")
def fifth_cursor_of_deleted_crashes() -> ASGIApp:
    """A deleted organization's id as cursor answers 500."""
    store = Gravestones()

    def change(request: Request) -> Request | Reply:
        cursor = dict(parse_qsl(request.query)).get("after")
        return crash() if request.operation == "list" and cursor in store.gone else request

    return on_request(change, app(store))


def second_accepted(w: Wire) -> bool:
    return w.delete(deleted(w)["id"]).status_code == 202


@fault(KIND, "delete.twice", second_accepted, "a delete that is idempotent by status", level="SHOULD")
def fifth_second_delete_accepted() -> ASGIApp:
    """A second delete answers 202."""
    store = Gravestones()
    return on_response(
        lambda request, response: (
            response.replaced(status=202)
            if request.operation == "delete" and response.status == 404 and request.last in store.gone
            else response
        ),
        app(store),
    )
