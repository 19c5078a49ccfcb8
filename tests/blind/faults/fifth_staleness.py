"""Organizations that are shown as they were: caches and projections that hear of some writes only."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.stores import DomainStore
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

KIND = "fifth: staleness"


class Births(Store):
    """Remembers each organization as it was created."""

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[str, Organization] = {}

    def insert(self, organization: Organization) -> None:
        """Adds it, and keeps a copy."""
        super().insert(organization)
        self.first[organization.id] = organization


def searched_name(w: Wire) -> bool:
    text = token()
    id = w.made(name=f"{text} old")["id"]
    w.changed(id, name=f"{text} new")
    return bool(w.list(search=text).json()["data"][0]["name"] == f"{text} old")


@fault(KIND, "list.current-state", searched_name, "fields that are stored in the search index")
def fifth_searches_show_first_names() -> ASGIApp:
    """A search shows its organizations with the names that they were created with."""
    store = Births()

    class Indexed(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            shown = [replace(each, name=store.first[each.id].name) for each in page.organizations]
            return replace(page, organizations=shown) if listing.search else page

    return app(store, pages=Indexed)


def cached_lookup(w: Wire) -> bool:
    external_id = token()
    id = w.made(name="A", external_id=external_id)["id"]
    w.lookup(external_id)
    w.changed(id, name="B")
    return bool(w.lookup(external_id).json()["name"] == "A")


@fault(KIND, "lookup.current-state", cached_lookup, "a cache that changes of the key alone invalidate")
def fifth_lookup_is_cached_until_its_key_changes() -> ASGIApp:
    """A lookup shows an organization as at the first lookup until its external_id changes."""
    seen: dict[str, Organization] = {}

    class Caching(Api):
        def known_outside(self, external_id: str) -> Organization:
            return seen.setdefault(external_id, super().known_outside(external_id))

    return app(api=Caching)


def listed_external_id(w: Wire) -> bool:
    old = token()
    id = w.made(external_id=old)["id"]
    w.changed(id, external_id=token())
    return bool(w.listed(id)["external_id"] == old)


@fault(KIND, "list.current-state", listed_external_id, "a table for lists that one handler does not write")
def fifth_lists_show_first_external_id() -> ASGIApp:
    """Lists show the external_id that an organization was created with, unless it was cleared."""
    store = Births()

    class Projected(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            return replace(page, organizations=[self.as_listed(each) for each in page.organizations])

        def as_listed(self, each: Organization) -> Organization:
            first = store.first[each.id].external_id
            return replace(each, external_id=first) if first and each.external_id else each

    return app(store, pages=Projected)


def old_state(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    w.changed(id, domain_data=verified(name))
    return bool(w.shown(id)["domains"][0]["state"] == "pending")


@fault(KIND, "get.current-state", old_state, "a view of domains that is refreshed when their names change")
def fifth_get_shows_the_first_state_of_domains() -> ASGIApp:
    """A get shows a domain in the state that it was created with as long as the organization has it."""
    store = Births()

    class Viewing(Api):
        def get(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            first = {each.domain: each.state for each in store.first[known.id].domains}
            domains = tuple(replace(each, state=first.get(each.domain, each.state)) for each in known.domains)
            return self.responses.found(replace(known, domains=domains))

    return app(store, api=Viewing)


def lost_update(w: Wire) -> bool:
    id = w.made(name="A")["id"]
    w.get(id)
    w.changed(id, name="B")
    return bool(w.changed(id, metadata={"a": "b"})["name"] == "A")


@fault(KIND, "update.keeps-the-rest", lost_update, "an identity map that updates do not clear")
def fifth_update_starts_from_the_last_get() -> ASGIApp:
    """An update gives the name that it leaves out the value that the last get showed."""
    shown: dict[str, str] = {}

    class Seeing(Api):
        def get(self, call: Call) -> Response:
            shown[call.path["id"]] = self.known(call.path["id"]).name
            return super().get(call)

    class Seen(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            new = super().updated(known, body)
            return new if "name" in body else replace(new, name=shown.get(known.id, known.name))

    return app(api=Seeing, changes=Seen())


def unchanged_page(w: Wire) -> bool:
    w.list()
    id = w.made()["id"]
    w.list()
    second = w.made()["id"]
    return id not in w.ids() and second not in w.ids()


@fault(KIND, "list.shows-created", unchanged_page, "a cache of the first page that updates and deletes clear")
def fifth_first_page_is_cached_over_creates() -> ASGIApp:
    """A list without parameters is shown as it was, until something is updated or deleted."""
    cached: list[Reply] = []

    def change(request: Request, response: Reply) -> Reply:
        if request.operation in ("update", "delete"):
            cached.clear()
        if request.operation != "list" or request.query or not response.good:
            return response
        cached.append(response)
        return cached[0]

    return on_response(change)


def still_first(w: Wire) -> bool:
    moving = token()
    first = w.made(external_id=moving)["id"]
    w.changed(first, external_id=token())
    w.made(external_id=moving)
    return bool(w.lookup(moving).json()["id"] == first)


@fault(KIND, "lookup.after-change", still_first, "INSERT OR IGNORE into a table of external_ids")
def fifth_reused_external_id_finds_its_first_owner() -> ASGIApp:
    """An external_id that went from one organization to another finds the first one as long as that is there."""
    owners: dict[str, str] = {}

    class First(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            found = super().by_external_id(external_id)
            if found is None:
                return None
            return self.by_id(owners.setdefault(external_id, found.id)) or found

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            owners.setdefault(organization.external_id or "", organization.id)

    return app(First())


def remembered_nothing(w: Wire) -> bool:
    external_id = token()
    w.lookup(external_id)
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault(KIND, "create.readable-at-once", remembered_nothing, "a cache that keeps misses")
def fifth_lookup_remembers_misses() -> ASGIApp:
    """A lookup that found nothing finds nothing ever after."""
    missed: dict[str, Reply] = {}

    def change(request: Request, response: Reply) -> Reply:
        if request.operation == "lookup" and response.status == 404:
            missed[request.last] = response
        return missed.get(request.last, response) if request.operation == "lookup" and response.good else response

    return on_response(change)


def added_later(w: Wire) -> bool:
    first, later = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    w.changed(id, domain_data=verified(first, later))
    return w.ids(domains=first) == [id] and not w.ids(domains=later)


@fault(KIND, "list.domain", added_later, "an index that hears of creates")
def fifth_filter_misses_domains_of_updates() -> ASGIApp:
    """A filter by domain does not know the domains that an update added."""

    class Indexed(DomainStore, Births):
        def has(self, organization: Organization, domain: str) -> bool:
            first = {each.domain for each in self.first[organization.id].domains}
            return domain in first and super().has(organization, domain)

    return app(Indexed())


def listed_flag(w: Wire) -> bool:
    made = w.made()
    w.changed(made["id"], name="B")
    return bool(w.listed(made["id"])["updated_at"] == made["updated_at"])


@fault(KIND, "list.current-state", listed_flag, "a column that is left out of an event")
def fifth_lists_show_first_updated_at() -> ASGIApp:
    """Lists show updated_at as it was when the organization was created."""

    class Projected(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            shown = [replace(each, updated_at=each.created_at) for each in page.organizations]
            return replace(page, organizations=shown)

    return app(pages=Projected)
