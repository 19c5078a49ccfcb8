"""One branch of a good server that broke: it shows in one state of an organization, or in one place of a walk."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, reshaped
from tests.blind.parts.listing import paged
from tests.blind.parts.messages import Object, Reply, Request, bad_request, without
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, together, token, verified
from tests.mutants.planting import KEY


def _given_later(w: Wire) -> object:
    external = token()
    id = w.made()["id"]
    w.changed(id, external_id=external)
    return w.lookup(external).status_code == 404 and w.shown(id)["external_id"] == external


@fault("branches", "lookup.after-change", _given_later, "if (old !== null) index.rename(old, new)")
def ninth_later_external_id_is_not_found() -> ASGIApp:
    """An external_id is not found by a lookup where an update gave it to an organization that had none."""
    unknown: set[str] = set()

    class Renaming(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and known.external_id is None and organization.external_id:
                unknown.add(organization.external_id)

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            unknown.discard(organization.external_id or "")

        def by_external_id(self, external_id: str) -> Organization | None:
            return None if external_id in unknown else super().by_external_id(external_id)

    return app(Renaming())


def _cleared(w: Wire) -> object:
    external = token()
    w.changed(w.made(external_id=external)["id"], external_id=None)
    return w.lookup(external).status_code == 404 and w.create(external_id=external).status_code == 400


@fault("branches", "update.frees-external-id", _cleared, "a set of taken values that updates to null do not shrink")
def ninth_cleared_external_id_stays_taken() -> ASGIApp:
    """An external_id that was cleared by null cannot be given to another organization."""
    cleared: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request)
        wanted = given.get("external_id")
        if isinstance(wanted, str) and cleared.get(wanted, request.last) != request.last and request.authorized:
            return bad_request("external_id_already_used")
        clears = request.operation == "update" and "external_id" in given and wanted is None and request.authorized
        known = await forward(asked(request, "GET", request.path)) if clears else None
        response = await forward(request)
        if known and known.good and response.good and known.json["external_id"]:
            cleared[known.json["external_id"]] = request.last
        return response

    return intercepting(handle)


def _full_page(w: Wire) -> object:
    name = token()
    ids = w.many(4, name=name)[::-1]
    return w.walk(search=name, order="desc", limit=2) == ids[:3]


@fault("branches", "list.walk-forward", _full_page, "rows.pop() of the row too many, where there is none")
def ninth_full_last_page_lacks_its_last() -> ASGIApp:
    """The last page lacks its last organization where it would be exactly full and was reached by after."""

    def changed(_: Pages, asked: Listing, page: Page) -> Page:
        full = len(page.organizations) == asked.limit and asked.after and page.after is None
        shown = page.organizations[:-1] if full and asked.order != "normal" else page.organizations
        return dataclasses.replace(page, organizations=shown)

    return paged(changed)


def _both_made(w: Wire) -> object:
    external = token()
    answers = together(*(lambda: w.create(external_id=external).status_code for _ in range(3)))
    return answers.count(201) > 1


@fault("branches", "create.external-id-race", _both_made, "a validation of uniqueness without an index in the database")
def ninth_looks_before_it_writes() -> ASGIApp:
    """Creates at the same moment with one external_id all succeed; later ones are refused."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id")
        if not isinstance(given, str) or not request.authorized:
            return await forward(request)
        holder = await forward(asked(request, "GET", f"{ORGANIZATIONS}/external_id/{_hex(given)}"))
        if holder.good and holder.json["id"] != request.last:
            return bad_request("external_id_already_used")
        await asyncio.sleep(0.01)
        return await forward(request)

    return intercepting(handle, app(Loose("external_id")))


def _hex(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode(errors="replace"))


def _stolen(w: Wire) -> object:
    external = token()
    first, second = w.made(external_id=external)["id"], w.made()["id"]
    return w.update(second, external_id=external).status_code == 200 and w.shown(first)["external_id"] is None


@fault("branches", "update.external-id-taken", _stolen, "a map from external_id to id in which the last writer wins")
def ninth_update_takes_the_external_id() -> ASGIApp:
    """An update with an external_id of another organization takes it from that one."""

    class Taking(Store):
        def update(self, organization: Organization) -> None:
            statement = "UPDATE organization SET external_id = NULL WHERE external_id = ? AND id <> ?"
            self._connection.execute(statement, (organization.external_id, organization.id))
            super().update(organization)

    return app(Taking())


def _open_lookup(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    return w.other(None).get(f"{ORGANIZATIONS}/external_id/{external}").status_code == 200


@fault("branches", "authentication.missing-key", _open_lookup, "a pattern of protected paths with one step too few")
def ninth_lookup_needs_no_key() -> ASGIApp:
    """A lookup is carried out without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        keyless = request.operation == "lookup" and not request.header("authorization")
        return await forward(request.with_header("authorization", f"Bearer {KEY}") if keyless else request)

    return intercepting(handle)


def _last_key(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"b": "2", "c": "3"})["metadata"] == {"a": "1", "c": "3"}


@fault("branches", "update.metadata-merges", _last_key, "jsonb_set in a loop that begins with the known value")
def ninth_merge_sets_the_last_key() -> ASGIApp:
    """Of several metadata keys that an update sets the last one alone is set."""

    class Last(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return super().merged(known, dict([*given.items()][-1:]))

    return app(changes=Last())


def _pending_again(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return w.changed(id, name="Other")["domains"][0]["state"] == "pending"


@fault(
    "branches",
    "update.keeps-the-rest",
    _pending_again,
    "domains written anew, with the default of their column",
)
def ninth_rename_makes_domains_pending() -> ASGIApp:
    """An update that changes the name makes verified domains pending, unless it gives domains itself."""

    def made(new: Organization, known: Organization, _: Body) -> Organization:
        if new.domains is not known.domains or new.name == known.name:
            return new
        return dataclasses.replace(new, domains=tuple(map(_pending, new.domains)))

    return updating(made)


def _pending(known: Domain) -> Domain:
    return dataclasses.replace(known, state="pending") if known.state == "verified" else known


def _nameless(w: Wire) -> object:
    made = w.made(domain_data=verified(domain()))
    return "organization_id" not in w.listed(made["id"])["domains"][0]


@fault("branches", "domain.organization-id", _nameless, "a serializer that leaves the parent's key out")
def ninth_listed_domains_name_nobody() -> ASGIApp:
    """In a list domains have no organization_id."""

    def shown(found: Object) -> Object:
        return {**found, "domains": [without(each, "organization_id") for each in found["domains"]]}

    return reshaped(shown, "list")
