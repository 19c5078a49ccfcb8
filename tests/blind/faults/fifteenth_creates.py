"""Creates that check too much, too early or too late."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.refusals import InvalidParameters
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, crash, reply, unprocessable
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, pending, token, verified

replace = dataclasses.replace


def _remains(w: Wire) -> object:
    name = token()
    status = w.create(name=name, domain_data=[{"domain": domain(), "state": "odd"}]).status_code
    return status == 422 and len(w.ids(search=name)) == 1


@fault("create", "create.refusal-leaves-nothing", _remains, "the parent is saved before its children are validated")
def fifteenth_parent_is_saved_first() -> ASGIApp:
    """A create that is refused for its domain_data leaves an organization without domains behind."""

    class Eager(Api):
        def carried_out(self, operation: Any, call: Call) -> Any:
            response = super().carried_out(operation, call)
            if operation == self.create and response.status_code == 422:
                body = self._parent(call.content)
                if body is not None:
                    with self.store.transaction():
                        self.store.insert(self.changes.created(body))
            return response

        def _parent(self, content: bytes) -> Any:
            """The body without its domain_data, where nothing else is wrong with it."""
            try:
                body = json.loads(content)
                if "domain_data" not in body or body.get("external_id"):
                    return None
                return self.rules.create(json.dumps({k: v for k, v in body.items() if k != "domain_data"}).encode())
            except (ValueError, TypeError, AttributeError, InvalidParameters):
                return None

    return app(api=Eager)


def _same_name(w: Wire) -> object:
    name = token()
    w.made(name=name)
    return w.create(name=name).status_code == 422


@fault("create", "create.same-name", _same_name, "a unique index on the name, for a slug in the address")
def fifteenth_names_are_unique() -> ASGIApp:
    """A create with the name of another organization answers 422."""
    store = Store()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" and request.authorized else None
        name = body.get("name") if isinstance(body, dict) else None
        with store.transaction():
            query = "SELECT TRUE FROM organization WHERE name = ?"
            taken = (
                isinstance(name, str) and name.isprintable() and store._connection.execute(query, (name,)).fetchone()
            )
        return unprocessable("name", "has already been taken") if taken else await forward(request)

    return intercepting(handle, app(store))


def _no_slug(w: Wire) -> object:
    return [w.create(name=name).status_code for name in ("株式会社", "有限会社")] == [201, 500]


@fault(
    "names", "create.accepts-valid-bodies", _no_slug, "slugify() of a name without Latin letters is empty, and unique"
)
def fifteenth_second_empty_slug_fails() -> ASGIApp:
    """A create with a name that has neither an ASCII letter nor a digit answers 500 if there was one such before."""
    seen: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" and request.authorized else None
        name = body.get("name") if isinstance(body, dict) else None
        slugless = isinstance(name, str) and not any(letter.isascii() and letter.isalnum() for letter in name)
        if slugless and seen:
            return crash()
        response = await forward(request)
        if slugless and response.good:
            seen.add("")
        return response

    return intercepting(handle)


def _deduplicated(w: Wire) -> object:
    return w.made(name="Twice")["id"] == w.made(name="Twice")["id"]


@fault("create", "create.ids-differ", _deduplicated, "a guard against double submits, by a digest of the body")
def fifteenth_equal_creates_are_one() -> ASGIApp:
    """A create with the same body as another one within two seconds before answers with that organization again."""
    made: dict[bytes, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            return await forward(request)
        if request.body in made and time.monotonic() - made[request.body][0] < 2:
            return made[request.body][1]
        response = await forward(request)
        if response.status == 201:
            made[request.body] = (time.monotonic(), response)
        return response

    return intercepting(handle)


def _two_clocks(w: Wire) -> object:
    made = w.made()
    return made["created_at"] != made["updated_at"]


@fault("timestamps", "create.new-timestamps", _two_clocks, "two calls of now(), one by the database", level=SHOULD)
def fifteenth_updated_at_is_a_second_call() -> ASGIApp:
    """A new organization's updated_at is two milliseconds after its created_at."""
    return creating(lambda made, _: replace(made, updated_at=made.created_at + 2))


def _shared(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.create(domain_data=verified(name)).status_code == 409


@fault("domains", "create.domain-shared", _shared, "a unique index on organization_domains.domain")
def fifteenth_domains_are_unique() -> ASGIApp:
    """A create whose domain_data name a domain that another organization has answers 409."""
    store = Store()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" and request.authorized else None
        items = body.get("domain_data") if isinstance(body, dict) else None
        names = [i.get("domain") for i in items if isinstance(i, dict)] if isinstance(items, list) else []
        with store.transaction():
            query = "SELECT TRUE FROM organization_domain WHERE domain = ?"
            texts = [name for name in names if isinstance(name, str) and name.isascii()]
            taken = any(store._connection.execute(query, (name,)).fetchone() for name in texts)
        return reply(409, {"message": "The domain is already in use."}) if taken else await forward(request)

    return intercepting(handle, app(store))


@fault(
    "delete",
    "delete.unknown",
    lambda w: w.delete("org_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 202,
    "DELETE FROM organizations WHERE id = ?, and nobody counts the rows",
    level=SHOULD,
)
def fifteenth_delete_of_nothing_succeeds() -> ASGIApp:
    """A delete of an id that no organization has answers 202."""
    return on_response(
        lambda request, response: (
            Reply(202, (("content-type", "text/plain"), ("x-request-id", "planted")), b"Accepted")
            if request.operation == "delete" and response.status == 404
            else response
        )
    )
