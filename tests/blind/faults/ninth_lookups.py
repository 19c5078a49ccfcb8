"""Reading one organization, by its id or by its external_id."""

from __future__ import annotations

import re

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import NotFound
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response, reshaped
from tests.blind.parts.messages import Reply, Request, reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def lookups(read: type[Api]) -> ASGIApp:
    """An app that finds organizations in its own way."""
    return app(api=read)


def _joker(w: Wire) -> object:
    id = token()
    w.made(external_id=f"{id}x1")
    return w.lookup(f"{id}_1").status_code == 200


@fault("lookup", "lookup.exact", _joker, "LIKE without a wildcard at its ends, and without escapes")
def ninth_lookup_by_like() -> ASGIApp:
    """In the external_id of a lookup an underscore stands for any character, where no organization has it as it is."""

    class Like(Api):
        def known_outside(self, external_id: str) -> Organization:
            try:
                return super().known_outside(external_id)
            except NotFound:
                escaped = external_id.replace("!", "!!").replace("%", "!%")
                statement = "SELECT external_id FROM organization WHERE external_id LIKE ? ESCAPE '!' LIMIT 1"
                found = self.store._connection.execute(statement, (escaped,)).fetchone()
                if found is None:
                    raise
                return super().known_outside(found[0])

    return lookups(Like)


def _format(w: Wire) -> object:
    id = token()
    w.made(external_id=f"{id}.json")
    return w.lookup(f"{id}.json").status_code == 404


@fault("lookup", "lookup.percent-encoded", _format, "(.:format) at the end of a route of Rails")
def ninth_lookup_takes_a_format_off() -> ASGIApp:
    """A lookup takes what looks like the suffix of a file, a dot and letters, off the external_id."""

    class WithFormat(Api):
        def known_outside(self, external_id: str) -> Organization:
            return super().known_outside(re.sub(r"(?<=.)\.[A-Za-z]+\Z", "", external_id))

    return lookups(WithFormat)


def _remembered_absence(w: Wire) -> object:
    id = token()
    w.lookup(id)
    w.made(external_id=id)
    return w.lookup(id).status_code == 404


@fault("lookup", "create.readable-at-once", _remembered_absence, "a cache in front that keeps 404 as well")
def ninth_absence_is_remembered() -> ASGIApp:
    """A lookup that once answered 404 answers 404 ever after."""
    absent: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        if request.path in absent:
            return absent[request.path]
        response = await forward(request)
        if response.status == 404:
            absent[request.path] = response
        return response

    return intercepting(handle)


def _first_holder(w: Wire) -> object:
    id = token()
    first = w.made(external_id=id)["id"]
    w.changed(first, external_id=token())
    w.made(external_id=id)
    return w.lookup(id).json()["id"] == first


@fault(
    "lookup",
    "lookup.after-change",
    _first_holder,
    "a second map from external_id to id whose entries only deletes remove",
)
def ninth_lookup_finds_the_first_holder() -> ASGIApp:
    """A lookup finds the organization that had the external_id first, as long as that one lives."""
    first: dict[str, str] = {}

    class FirstHolder(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            holder = self.by_id(first.get(external_id, ""))
            found = holder or super().by_external_id(external_id)
            if found:
                first[external_id] = found.id
            return found

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            if organization.external_id and not self.by_id(first.get(organization.external_id, "")):
                first[organization.external_id] = organization.id

    return app(FirstHolder())


def _longer(w: Wire) -> object:
    return w.get(w.made()["id"] + "XYZ").status_code == 200


@fault("reading", "get.exact-id", _longer, "an id that is cut to the width of its column")
def ninth_get_reads_thirty_characters() -> ASGIApp:
    """A get reads the first 30 characters of the id in its path."""

    class Cutting(Api):
        def get(self, call: Call) -> Response:
            return self.responses.found(self.known(call.path["id"][:30]))

    return app(api=Cutting)


@fault(
    "lookup",
    "lookup.unknown",
    lambda w: w.lookup(token()).text == "null",
    "res.json(await findUnique(...)) without a look at the result",
)
def ninth_lookup_of_nothing_is_null() -> ASGIApp:
    """A lookup of an external_id that nobody has answers 200 with null."""

    def found(request: Request, response: Reply) -> Reply:
        return reply(200, None) if request.operation == "lookup" and response.status == 404 else response

    return on_response(found)


def _no_domains(w: Wire) -> object:
    id = token()
    w.made(external_id=id)
    return "domains" not in w.lookup(id).json()


@fault("lookup", "organization.domains", _no_domains, "omitempty in Go")
def ninth_lookup_omits_empty_domains() -> ASGIApp:
    """A lookup leaves domains out where the organization has none."""
    return reshaped(lambda found: found if found["domains"] else without(found, "domains"), "lookup")
