"""Organizations found by an id that is not theirs, and ids that nobody has."""

from __future__ import annotations

import dataclasses
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import NotFound
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import token


@fault(
    "lookup",
    "get.exact-id",
    lambda w: w.made(external_id=(e := token())) and w.get(e).status_code == 200,
    "one handler for both routes",
)
def get_finds_by_external_id() -> ASGIApp:
    """A get also finds an organization by its external_id."""

    class Both(Api):
        def known(self, id: str) -> Organization:
            return self.store.by_id(id) or self.store.by_external_id(id) or super().known(id)

    return app(api=Both)


@fault("lookup", "get.exact-id", lambda w: w.get(w.made()["id"].lower()).status_code == 200, "FACTS: another id")
def get_ignores_case_of_id() -> ASGIApp:
    """A get finds an organization by its id in small letters."""

    class Folding(Store):
        def by_id(self, id: str) -> Organization | None:
            return self._one("SELECT * FROM organization WHERE id = ? COLLATE NOCASE", id)

    return app(Folding())


@fault("lookup", "get.exact-id", lambda w: w.get(w.made()["id"][:-1]).status_code == 200, "short ids as git has them")
def get_finds_by_beginning_of_id() -> ASGIApp:
    """A get finds an organization by an id whose end is missing."""

    class Short(Api):
        def known(self, id: str) -> Organization:
            found = self.store.by_id(id)
            if found is None and len(id) > 20:
                found = self.store._one("SELECT * FROM organization WHERE substr(id, 1, length(?1)) = ?1", id)
            if found is None:
                raise NotFound(id)
            return found

    return app(api=Short)


@fault(
    "lookup",
    "get.unknown",
    lambda w: w.get("org_01EHZNVPK3SFK441A1RGBFSHRT").status_code == 403,
    "hiding what is there",
)
def get_unknown_answers_403() -> ASGIApp:
    """A get of an unknown id answers 403, as for an organization of somebody else."""
    return on_response(
        lambda request, response: (
            reply(403, {"message": "Forbidden"}) if response.status == 404 and request.operation == "get" else response
        )
    )


@fault("lookup", "get.unknown", lambda w: w.get("not-an-id").status_code == 400, "an id pattern checked by a router")
def get_malformed_id_answers_400() -> ASGIApp:
    """A get of something that does not look like an id answers 400, which is not documented for it."""
    return on_request(
        lambda request: (
            reply(400, {"message": "Invalid id", "code": "invalid_id"})
            if request.operation == "get" and not request.last.startswith("org_")
            else request
        )
    )


@fault(
    "lookup",
    "get.unknown",
    lambda w: w.http.get("/organizations/org_%FF%FE").status_code >= 500,
    "a path that is not UTF-8",
)
def get_undecodable_id_crashes() -> ASGIApp:
    """A get of an id that is not UTF-8 when decoded answers 500."""

    def decoded(request: Request) -> Request | Reply:
        try:
            unquote(request.path, errors="strict")
        except UnicodeDecodeError:
            return crash() if request.operation == "get" else request
        return request

    return on_request(decoded)


@fault(
    "lookup",
    "update.unknown",
    lambda w: w.update("org_01EHZNVPK3SFK441A1RGBFSHRT", name="New").status_code != 404,
    "an upsert",
)
def update_unknown_creates() -> ASGIApp:
    """An update of an unknown id creates an organization with this id."""

    class Upsert(Api):
        def update(self, call: Call) -> Response:
            try:
                return super().update(call)
            except NotFound:
                body = self.rules.update(call.content)
                made = dataclasses.replace(self.changes.created({"name": "", **body}), id=call.path["id"])
                self.store.insert(made)
                return self.responses.found(made)

    return app(api=Upsert)


@fault(
    "lookup",
    "update.unknown",
    lambda w: w.made(external_id=(e := token())) and w.update(e, name="Other").status_code == 200,
    "one finder for all routes",
)
def update_takes_external_id() -> ASGIApp:
    """An update finds the organization by its external_id, too."""

    class Both(Api):
        def update(self, call: Call) -> Response:
            found = self.store.by_external_id(call.path["id"])
            if found:
                call.path["id"] = found.id
            return super().update(call)

    return app(api=Both)
