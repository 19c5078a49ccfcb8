"""Deletion, and where what was deleted still shows."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import NotFound
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import deleted, token


class Keeping(Store):
    """A store that keeps what was deleted, beside what there is."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted: dict[str, Organization] = {}

    def delete(self, organization: Organization) -> None:
        """Removes it, and remembers it."""
        super().delete(organization)
        self.deleted[organization.id] = organization


@fault(
    "deletion", "delete.gone", lambda w: w.get(deleted(w)["id"]).status_code == 200, "a soft delete that get ignores"
)
def deleted_can_be_read() -> ASGIApp:
    """A deleted organization can still be read by its id, though it left the lists."""
    store = Keeping()

    class Soft(Api):
        def get(self, call: Call) -> Response:
            gone = store.deleted.get(call.path["id"])
            return self.responses.found(gone) if gone else super().get(call)

    return app(store, api=Soft)


@fault(
    "deletion",
    "delete.gone",
    lambda w: w.lookup(deleted(w, external_id=token())["external_id"]).status_code == 200,
    "a soft delete that lookup ignores",
)
def deleted_can_be_looked_up() -> ASGIApp:
    """A deleted organization can still be looked up by its external_id."""
    store = Keeping()

    class Soft(Api):
        def lookup(self, call: Call) -> Response:
            try:
                return super().lookup(call)
            except NotFound:
                for gone in store.deleted.values():
                    if gone.external_id == call.path["external_id"]:
                        return self.responses.found(gone)
                raise

    return app(store, api=Soft)


@fault(
    "deletion", "delete.gone", lambda w: w.update(deleted(w)["id"], name="Again").status_code == 200, "a soft delete"
)
def deleted_can_be_updated() -> ASGIApp:
    """An update of a deleted organization answers 200 as if it were there."""
    store = Keeping()

    class Soft(Api):
        def update(self, call: Call) -> Response:
            gone = store.deleted.get(call.path["id"])
            if gone is None:
                return super().update(call)
            return self.responses.found(self.changes.updated(gone, self.rules.update(call.content)))

    return app(store, api=Soft)


@fault("deletion", "delete.gone-from-lists", lambda w: deleted(w)["id"] in w.ids(), "a soft delete that list ignores")
def deleted_stays_in_lists() -> ASGIApp:
    """A deleted organization stays in every list."""

    class Soft(Api):
        def known(self, id: str) -> Organization:
            if id in gone:
                raise NotFound(id)
            return super().known(id)

        def known_outside(self, external_id: str) -> Organization:
            return self.known(super().known_outside(external_id).id)

    gone: set[str] = set()

    class Marking(Store):
        def delete(self, organization: Organization) -> None:
            gone.add(organization.id)
            self._write(
                "UPDATE organization SET external_id = NULL, stripe_customer_id = NULL WHERE id = :id", organization
            )

    return app(Marking(), api=Soft)


@fault(
    "deletion",
    "delete.gone-from-lists",
    lambda w: w.delete(id := w.made(name=(t := token()))["id"]) and id in w.ids(search=t),
    "a search index that nobody cleans",
)
def deleted_still_found_by_search() -> ASGIApp:
    """A deleted organization is still found by search, though no other list shows it."""
    store = Keeping()

    class Indexed(Api):
        def list(self, call: Call) -> Response:
            asked = self.rules.listing(call.query)
            page = self.pages.page(asked)
            if asked.search:
                gone = [o for o in store.deleted.values() if asked.search.lower() in o.name.lower()]
                page = dataclasses.replace(page, organizations=[*page.organizations, *gone][: asked.limit])
            return self.responses.listed(page)

    return app(store, api=Indexed)


@fault(
    "deletion", "delete.answers", lambda w: w.delete(w.made()["id"]).status_code == 204, "FACTS: 204 is not documented"
)
def delete_answers_204() -> ASGIApp:
    """A delete answers 204."""
    return on_response(
        lambda request, response: (
            Reply(204, (("x-request-id", "planted"),), b"")
            if request.operation == "delete" and response.good
            else response
        )
    )


@fault(
    "deletion", "delete.gone", lambda w: w.get(deleted(w)["id"]).status_code == 200, "a queue that waits for company"
)
def delete_waits_for_next_write() -> ASGIApp:
    """A delete is only queued: it is carried out when the next request that changes something comes."""
    waiting: list[Request] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes and request.authorized:
            while waiting:
                await forward(waiting.pop())
        if request.operation == "delete" and request.authorized:
            seen = await forward(request.replaced(method="GET"))
            if seen.status == 200:
                waiting.append(request)
                return Reply(202, (("content-type", "text/plain"), ("x-request-id", "planted")), b"Accepted")
        return await forward(request)

    return intercepting(handle)


@fault("deletion", "answer.status", lambda w: w.list(after=deleted(w)["id"]).status_code >= 500, "FACTS: never 5xx")
def deleted_cursor_crashes() -> ASGIApp:
    """The id of a deleted organization as a cursor answers 500, while an unknown one does not."""
    store = Keeping()

    class Crashing(Api):
        def list(self, call: Call) -> Response:
            if {call.query.get("after"), call.query.get("before")} & set(store.deleted):
                return self.responses.failed(500, "Internal Server Error")
            return super().list(call)

    return app(store, api=Crashing)
