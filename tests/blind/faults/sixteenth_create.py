"""Creates that forget, confuse or collide."""

from __future__ import annotations

import dataclasses
import re
import time

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import NEWEST
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_response, reshaped, strict
from tests.blind.parts.messages import Object, Reply, Request, not_found, unprocessable, without
from tests.blind.parts.sixteenth import everybody
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


@fault("status", "create.answers", lambda w: w.create().status_code == 200, "FastAPI: no status_code=201")
def sixteenth_create_answers_200() -> ASGIApp:
    """A create answers 200."""

    class Plain(Responses):
        def created(self, organization: Organization) -> Response:
            return self.found(organization)

    return app(responses=Plain())


def _inherited(w: Wire) -> object:
    w.changed(w.made()["id"], metadata={"left": "over"})
    return w.made()["metadata"] == {"left": "over"}


@fault("metadata", "create.name-alone", _inherited, "Python: def __init__(self, name, metadata={})")
def sixteenth_metadata_default_is_shared() -> ASGIApp:
    """An organization made without metadata starts with the pairs that updates gave to others made so."""

    class Shared(Changes):
        def __init__(self) -> None:
            super().__init__()
            self.pairs: dict[str, str] = {}
            self.sharing: set[str] = set()

        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if "metadata" in body:
                return made
            self.sharing.add(made.id)
            return dataclasses.replace(made, metadata=dict(self.pairs))

        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            if known.id in self.sharing and body.get("metadata"):
                self.pairs = dict(changed.metadata)
            return changed

    return app(changes=Shared())


@fault(
    "domains",
    "create.returns-what-was-sent",
    lambda w: w.made(domain_data=verified(domain()))["domains"] == [],
    "the relation was loaded before its rows were written",
)
def sixteenth_created_without_its_domains() -> ASGIApp:
    """The answer to a create shows no domains, though they are there afterwards."""
    return reshaped(lambda o: {**o, "domains": []}, "create")


LAG = 0.4
"""Seconds."""


def _too_soon(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("staleness", "create.readable-at-once", _too_soon, "lookups read a search index that refreshes")
def sixteenth_lookup_finds_late() -> ASGIApp:
    """A lookup finds a new organization only 0.4 seconds after its creation."""
    made: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.status == 201:
            made[response.json["id"]] = time.monotonic()
        found = response.json if request.operation == "lookup" and response.status == 200 else {}
        late = time.monotonic() - made.get(found.get("id", ""), 0) > LAG
        return response if late else not_found(request.last)

    return intercepting(handle)


def _miss_is_remembered(w: Wire) -> object:
    external_id = token()
    w.lookup(external_id)
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("staleness", "lookup.answers", _miss_is_remembered, "a cache in front of lookups that keeps misses as well")
def sixteenth_missed_lookups_are_cached() -> ASGIApp:
    """A lookup that found nothing finds nothing for a minute, though an organization has the external_id by now."""
    missed: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "lookup":
            return await forward(request)
        if time.monotonic() - missed.get(request.last, -60) < 60:
            return not_found(request.last)
        response = await forward(request)
        if response.status == 404:
            missed[request.last] = time.monotonic()
        return response

    return intercepting(handle)


def _same_id_again(w: Wire) -> object:
    first = w.made()["id"]
    w.delete(first)
    return w.made()["id"] == first


@fault("ids", "create.ids-differ", _same_id_again, "SQLite: INTEGER PRIMARY KEY without AUTOINCREMENT")
def sixteenth_last_id_comes_again() -> ASGIApp:
    """Where the newest organization was deleted, the next one gets its id."""
    free: list[str] = []

    class Reusing(Changes):
        def organization_id(self, moment: int) -> str:
            return free.pop() if free else super().organization_id(moment)

    class Freeing(Api):
        def create(self, call: Call) -> Response:
            before = free[:]
            try:
                return super().create(call)
            except Taken:
                free[:] = before
                raise

        def delete(self, call: Call) -> Response:
            newest = self.store.older(NEWEST, 1, "", None)
            if newest and newest[0].id == call.path["id"]:
                free[:] = [newest[0].id]
            return super().delete(call)

    return app(api=Freeing, changes=Reusing())


def _found_by_name(w: Wire) -> object:
    name = token()
    first, second = w.many(2, name=name)
    return first == second


@fault("names", "create.same-name", _found_by_name, "Rails: Organization.find_or_create_by(name: ...)")
def sixteenth_create_finds_by_name() -> ASGIApp:
    """A create with a name that an organization has answers with that organization, unchanged."""

    class Finding(Api):
        def create(self, call: Call) -> Response:
            name = self.rules.create(call.content)["name"]
            same = [each for each in everybody(self.store, name) if each.name == name]
            return self.responses.created(same[0]) if same else super().create(call)

    return app(api=Finding)


def _slug_taken(w: Wire) -> object:
    return [w.create(name=name).status_code for name in ("東京", "Київ")] == [201, 409]


@fault("names", "create.accepts-valid-bodies", _slug_taken, "UNIQUE(slug), and a slugify that knows ASCII alone")
def sixteenth_empty_slugs_collide() -> ASGIApp:
    """A create whose name has no letter or digit of ASCII answers 409 where another organization has such a name."""

    class Slugs(Api):
        def create(self, call: Call) -> Response:
            name = self.rules.create(call.content)["name"]
            if not _slug(name) and any(not _slug(each.name) for each in everybody(self.store)):
                return self.responses.failed(409, "The slug is taken.")
            return super().create(call)

    return app(api=Slugs)


def _slug(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


def _null_taken(w: Wire) -> object:
    return [w.create(external_id=None).status_code for _ in range(2)][1] == 400


@fault("external_id", "create.accepts-valid-bodies", _null_taken, "if 'external_id' in body: exists(external_id=...)")
def sixteenth_null_external_id_is_taken() -> ASGIApp:
    """A create with an external_id of null answers 400 where an organization without external_id is there."""

    class Nulls(Api):
        def create(self, call: Call) -> Response:
            given = self.rules.create(call.content).get("external_id", "")
            if given is None and any(each.external_id is None for each in everybody(self.store)):
                raise Taken("external_id")
            return super().create(call)

    return app(api=Nulls)


@fault(
    "metadata",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata=None).status_code == 422,
    "zod: .optional() without .nullable()",
)
def sixteenth_null_metadata_refused() -> ASGIApp:
    """A create with metadata of null answers 422."""
    return strict(lambda body: unprocessable("metadata") if body.get("metadata", "") is None else None, "create")


@fault(
    "domains",
    "create.domain-state",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0]["state"] == "pending",
    "the model sets the state of every new domain",
)
def sixteenth_new_domains_are_pending() -> ASGIApp:
    """Every domain of a create starts as pending."""

    def made(organization: Organization, _: Body) -> Organization:
        domains = tuple(dataclasses.replace(each, state="pending") for each in organization.domains)
        return dataclasses.replace(organization, domains=domains)

    return creating(made)


@fault(
    "domains",
    "create.deprecated-domains",
    lambda w: w.made(domains=[domain()])["domains"] == [],
    "deprecated fields were left out of the DTO",
)
def sixteenth_create_ignores_plain_domains() -> ASGIApp:
    """A create ignores the deprecated domains."""
    return lenient(lambda body: without(body, "domains"), "create")


def _claimed(w: Wire) -> object:
    name = domain()
    return [w.create(domain_data=verified(name)).status_code for _ in range(2)] == [201, 409]


@fault("domains", "create.domain-shared", _claimed, "UNIQUE(domain) WHERE state = 'verified'")
def sixteenth_verified_domain_is_claimed() -> ASGIApp:
    """A create with a verified domain that is verified in another organization answers 409."""

    class Claiming(Api):
        def create(self, call: Call) -> Response:
            for item in self.rules.create(call.content).get("domain_data", ()):
                others = everybody(self.store, domain=item["domain"]) if item["state"] == "verified" else []
                if any((d.domain, d.state) == (item["domain"], "verified") for each in others for d in each.domains):
                    return self.responses.failed(409, "The domain belongs to another organization.")
            return super().create(call)

    return app(api=Claiming)


def _conflict(w: Wire) -> object:
    body: Object = {"external_id": token()}
    w.made(**body)
    return w.create(**body).status_code == 409


@fault("uniqueness", "create.external-id-taken", _conflict, "409 is what REST guides say")
def sixteenth_taken_external_id_answers_409() -> ASGIApp:
    """A create with an external_id that is taken answers 409."""
    return on_response(
        lambda request, r: r.replaced(status=409) if request.operation == "create" and _is_taken(r) else r
    )


def _is_taken(response: Reply) -> bool:
    return response.status == 400 and response.json.get("code") == "external_id_already_used"
