"""Deleting became setting deleted_at, and not each query was told."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, crash, not_found
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


class Soft(Store):
    """A store that remembers what was deleted, newest last."""

    def __init__(self, overlooked: Callable[[str, str | None], bool] = lambda *_: False) -> None:
        super().__init__()
        self.gone: list[Organization] = []
        self.overlooked = overlooked
        """Whether a walk by search and domain does not heed deleted_at."""

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        self.gone.append(organization)

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super()._walk(direction, than, limit, search, domain)
        if not self.overlooked(search, domain):
            return found
        older = direction is OLDER
        for each in self.gone:
            has = domain is None or domain in {of.domain for of in each.domains}
            if has and search.casefold() in each.name.casefold() and (each.key < than if older else each.key > than):
                found.append(each)
        return sorted(found, key=lambda each: each.key, reverse=older)[:limit]


def _external_id(reply: Reply) -> str:
    return str(reply.json["external_id"] or "") if reply.good else ""


def _second_delete_crashes(w: Wire) -> object:
    made = deleted(w, external_id=token())
    again = w.made(external_id=made["external_id"])["id"]
    return w.delete(again).status_code == 500


@fault("soft delete", "delete.answers", _second_delete_crashes, "a unique index on (external_id, deleted)")
def thirteenth_two_deleted_cannot_share_an_external_id() -> ASGIApp:
    """An organization cannot be deleted (500) where one with the same external_id was deleted before."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        text = _external_id(await forward(asked(request, "GET", request.path)))
        if text in gone:
            return crash()
        gone.add(text)
        gone.discard("")
        return await forward(request)

    return intercepting(handle)


def _updated_after_delete(w: Wire) -> object:
    id = deleted(w)["id"]
    return w.get(id).status_code == 404 and w.update(id, name="Back").status_code == 200


@fault("soft delete", "delete.gone", _updated_after_delete, "an update that loads its row without the default scope")
def thirteenth_an_update_brings_back_the_deleted() -> ASGIApp:
    """An update of a deleted organization answers 200, and the organization is there again."""

    class Reviving(Api):
        def update(self, call: Call) -> Response:
            store = self.store
            assert isinstance(store, Soft)
            for each in [each for each in store.gone if each.id == call.path["id"]]:
                store.gone.remove(each)
                store.insert(each)
            return super().update(call)

    return app(Soft(), api=Reviving)


def _search_finds_deleted(w: Wire) -> object:
    name = token()
    id = deleted(w, name=name)["id"]
    return id in w.ids(search=name) and id not in w.ids()


@fault("soft delete", "delete.gone-from-lists", _search_finds_deleted, "the search is a query in raw SQL")
def thirteenth_a_search_finds_the_deleted() -> ASGIApp:
    """A list with a search still shows deleted organizations; a list without one does not."""
    return app(Soft(lambda search, _: bool(search)))


@fault(
    "soft delete",
    "list.any-cursor-answered",
    lambda w: w.list(after=deleted(w)["id"]).status_code == 404,
    "Rails: find instead of find_by for the row of the cursor",
)
def thirteenth_a_cursor_without_its_row_is_not_found() -> ASGIApp:
    """A list with a cursor that no organization has answers 404."""

    def altered(request: Request, response: Reply) -> Reply:
        unknown = request.operation == "list" and response.status == 422 and b"unknown_cursor" in response.body
        return not_found("cursor") if unknown else response

    return on_response(altered)


def _found_the_deleted_first(w: Wire) -> object:
    made = deleted(w, external_id=token())
    w.made(external_id=made["external_id"])
    return w.lookup(made["external_id"]).status_code == 404


@fault("soft delete", "lookup.answers", _found_the_deleted_first, "the first row, then a look at its deleted_at")
def thirteenth_the_deleted_hides_its_successor() -> ASGIApp:
    """A lookup of an external_id that a deleted organization had answers 404 although another one has it now."""
    gone: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "delete":
            gone.add(_external_id(await forward(asked(request, "GET", request.path))))
        if request.authorized and request.operation == "lookup" and unquote(request.last) in gone:
            return not_found(unquote(request.last))
        return await forward(request)

    return intercepting(handle)


def _walk_ends(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)
    w.delete(ids[3])
    return w.cursors(search=name, limit=2, order="desc")[1] is None


@fault(
    "soft delete",
    "list.walk-forward",
    _walk_ends,
    "rows are filtered after the query, and a short page is the last one",
)
def thirteenth_a_gap_ends_the_walk() -> ASGIApp:
    """A page between whose organizations a deleted one once stood says that nothing follows."""

    class Filtering(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            keys = sorted(each.key for each in page.organizations)
            store = self.store
            assert isinstance(store, Soft)
            if not any(keys[0] < each.key < keys[-1] for each in store.gone if len(keys) > 1):
                return page
            turned = self.turned_round(listing)
            return dataclasses.replace(page, before=None) if turned else dataclasses.replace(page, after=None)

    return app(Soft(), pages=Filtering)


def _long_one_stays(w: Wire) -> object:
    id = w.made(external_id=token() + "x" * 40)["id"]
    return w.delete(id).status_code == 500


LONGEST = 64 - len("_deleted_1700000000000")


@fault(
    "soft delete",
    "delete.answers",
    _long_one_stays,
    "external_id gets a suffix on delete, so that it is free: varchar(64)",
)
def thirteenth_a_deleted_external_id_outgrows_its_column() -> ASGIApp:
    """An organization with an external_id of more than 42 characters cannot be deleted (500)."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "delete":
            text = _external_id(await forward(asked(request, "GET", request.path)))
            if len(text) > LONGEST:
                return crash()
        return await forward(request)

    return intercepting(handle)


def _restored(w: Wire) -> object:
    made = deleted(w, external_id=token())
    return w.made(external_id=made["external_id"])["id"] == made["id"]


@fault("soft delete", "delete.gone", _restored, "Eloquent: withTrashed()->updateOrCreate(external_id)")
def thirteenth_a_create_restores_the_deleted() -> ASGIApp:
    """A create with the external_id of a deleted organization brings that one back, with its id and created_at."""

    class Restoring(Api):
        def create(self, call: Call) -> Response:
            store, body = self.store, self.rules.create(call.content)
            assert isinstance(store, Soft)
            text = body.get("external_id")
            known = next((each for each in store.gone if text is not None and each.external_id == text), None)
            if known is None:
                return super().create(call)
            made = self.changes.created(body)
            restored = dataclasses.replace(made, id=known.id, created_at=known.created_at)
            store.insert(restored)
            store.gone.remove(known)
            return self.responses.created(restored)

    return app(Soft(), api=Restoring)
