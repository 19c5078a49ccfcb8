"""Maps from external_id to organization that an emulator keeps by hand."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import NEWEST, OLDEST
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.stores import EVERYBODY, Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, token


class Indexed(Store):
    """A store whose lookups go by a map of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.index: dict[str, str] = {}
        self.names_external_id = False

    def insert(self, organization: Organization) -> None:
        super().insert(organization)
        if organization.external_id is not None:
            self.index[organization.external_id] = organization.id

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        super().update(organization)
        if known is not None:
            self.moved(known.external_id, organization)

    def moved(self, previous: str | None, organization: Organization) -> None:
        """What an update does to the map."""
        if previous is not None:
            self.index.pop(previous, None)
        if organization.external_id is not None:
            self.index[organization.external_id] = organization.id

    def by_external_id(self, external_id: str) -> Organization | None:
        id = self.index.get(external_id)
        return None if id is None else self.by_id(id)


def _repeated(w: Wire) -> object:
    id = token()
    made = w.made(external_id=id)
    w.changed(made["id"], external_id=id)
    return w.lookup(id).status_code == 404


@fault("external_id", "update.own-external-id", _repeated, "index.set(new, id); index.delete(old);")
def fourteenth_repeated_external_id_is_lost() -> ASGIApp:
    """An organization that an update gives the external_id it has already is no longer found by it."""

    class Losing(Indexed):
        def moved(self, previous: str | None, organization: Organization) -> None:
            super().moved(previous, organization)
            if self.names_external_id and previous is not None and previous == organization.external_id:
                self.index.pop(previous)

    store = Losing()

    class Noticing(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            store.names_external_id = "external_id" in body
            return super().updated(known, body)

    return app(store, changes=Noticing())


def _heir(w: Wire) -> object:
    id = token()
    first = w.made(external_id=id)["id"]
    w.changed(first, external_id=f"{id}-2")
    w.made(external_id=id)
    w.delete(first)
    return w.lookup(id).status_code == 404


@fault("delete", "delete.leaves-others-alone", _heir, "the record that was deleted is the one that was created")
def fourteenth_delete_frees_the_first_external_id() -> ASGIApp:
    """A delete takes the external_id that the organization was created with out of the lookups, whoever has it now."""

    class First(Indexed):
        def __init__(self) -> None:
            super().__init__()
            self.first: dict[str, str] = {}

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            if organization.external_id is not None:
                self.first[organization.id] = organization.external_id

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.index.pop(self.first.get(organization.id, ""), None)

    return app(First())


def _same_count(w: Wire) -> object:
    id = token()
    made = w.made(external_id=id)["id"]
    w.lookup(id)
    w.changed(made, external_id=f"{id}-2")
    return w.lookup(f"{id}-2").status_code == 404


@fault("lookup", "lookup.after-change", _same_count, "a memo whose key is the number of organizations")
def fourteenth_index_is_made_when_the_count_changes() -> ASGIApp:
    """Lookups learn of a changed external_id only when organizations were added or removed since."""

    class Memo(Store):
        def __init__(self) -> None:
            super().__init__()
            self.count = -1
            self.index: dict[str | None, str] = {}

        def by_external_id(self, external_id: str) -> Organization | None:
            every = self.newer(OLDEST, EVERYBODY, "", None)
            if len(every) != self.count:
                self.count, self.index = len(every), {each.external_id: each.id for each in every}
            id = self.index.get(external_id)
            return None if id is None else self.by_id(id)

    return app(Memo())


def _moved_before(w: Wire) -> object:
    id, made = token(), w.made()["id"]
    assert w.update(made, external_id=id, metadata={"k" * 41: "v"}).status_code == 400
    return w.lookup(id).status_code == 200


@fault("external_id", "update.refusal-changes-nothing", _moved_before, "the map is written before metadata are checked")
def fourteenth_refused_update_moves_the_index() -> ASGIApp:
    """The external_id of an update that is refused for its metadata finds the organization afterwards."""
    moved: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        id = fields(request).get("external_id")
        refused = response.status == 400 and (response.json or {}).get("code") == "invalid_metadata"
        if request.operation == "update" and refused and isinstance(id, str):
            moved[id] = request.path
        if request.operation == "lookup" and response.status == 404 and request.last in moved:
            return await forward(asked(request, "GET", moved[request.last]))
        return response

    return intercepting(handle)


def _long_ago(w: Wire) -> object:
    id = token()
    w.made(external_id=id)
    w.many(10)
    return w.create(external_id=id).status_code == 201


@fault("external_id", "create.external-id-taken", _long_ago, "await this.list() for the check, with its default limit")
def fourteenth_uniqueness_is_checked_on_one_page() -> ASGIApp:
    """An external_id counts as taken only where one of the ten newest organizations has it."""

    class OnePage(Loose):
        def __init__(self) -> None:
            super().__init__("external_id")

        def insert(self, organization: Organization) -> None:
            self.check(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            self.check(organization)
            super().update(organization)

        def check(self, organization: Organization) -> None:
            """Raises Taken where the page has the external_id."""
            for other in self.older(NEWEST, 10, "", None):
                same = organization.external_id is not None and other.external_id == organization.external_id
                if same and other.id != organization.id:
                    raise Taken("external_id")

    return app(OnePage())


def _another_id(w: Wire) -> object:
    return w.create(external_id=w.made()["id"]).status_code == 400


@fault("external_id", "create.accepts-valid-bodies", _another_id, "one map for both kinds of identifiers")
def fourteenth_ids_are_taken_external_ids() -> ASGIApp:
    """An external_id that reads like the id of an organization is refused as taken."""

    class OneMap(Store):
        def insert(self, organization: Organization) -> None:
            self.check(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            self.check(organization)
            super().update(organization)

        def check(self, organization: Organization) -> None:
            """Raises Taken where the external_id is an id."""
            if organization.external_id is not None and self.by_id(organization.external_id):
                raise Taken("external_id")

    return app(OneMap())


def _again(w: Wire) -> object:
    id = token()
    return deleted(w, external_id=id)["id"] == w.made(external_id=id)["id"]


@fault("ids", "create.ids-differ", _again, "ids that are the same in every test run: a digest of the external_id")
def fourteenth_ids_come_from_the_external_id() -> ASGIApp:
    """An organization with the external_id of a deleted one gets the id of the deleted one again."""
    store = Store()
    ids: dict[str, str] = {}

    class Digest(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if made.external_id is None:
                return made
            id = ids.setdefault(made.external_id, made.id)
            return made if store.by_id(id) else dataclasses.replace(made, id=id)

    return app(store, changes=Digest())


def _null_as_text(w: Wire) -> object:
    id = w.made(external_id=token())["id"]
    return w.changed(id, external_id=None)["external_id"] == "null"


@fault("external_id", "update.clears-external-id", _null_as_text, 'Kotlin: body["external_id"].toString()')
def fourteenth_null_becomes_a_text() -> ASGIApp:
    """An update with an external_id of null sets it to the text null."""

    def changed(made: Organization, _: Organization, body: Body) -> Organization:
        cleared = "external_id" in body and body["external_id"] is None
        return dataclasses.replace(made, external_id="null") if cleared else made

    return updating(changed)
