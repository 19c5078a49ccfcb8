"""What a create makes, and which of them it takes."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, reply, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


@fault(
    "creates", "create.answers", lambda w: w.create().status_code == 200, "a handler that leaves the framework's status"
)
def seventh_create_answers_200() -> ASGIApp:
    """A create answers 200 in place of 201."""
    return on_response(lambda _, response: response.replaced(status=200) if response.status == 201 else response)


@fault(
    "creates",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata=None).status_code == 400,
    "z.record().optional() of Zod without nullable()",
)
def seventh_create_refuses_null_metadata() -> ASGIApp:
    """A create whose metadata are null answers 400."""

    def broken(body: Object) -> Reply | None:
        return bad_request("invalid_metadata") if body.get("metadata", {}) is None else None

    return strict(broken, "create")


def _second_null(w: Wire) -> object:
    w.made()
    w.made(external_id=None)
    w.made()
    return w.create(external_id=None).status_code == 400


@fault(
    "creates",
    "create.accepts-valid-bodies",
    _second_null,
    "a sparse unique index of MongoDB skips what is missing, and holds what is null",
)
def seventh_second_explicit_null_is_taken() -> ASGIApp:
    """While an organization lives that was created with an external_id of null, another such create answers 400."""
    holders: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        explicit = isinstance(body, dict) and body.get("external_id", "") is None
        if explicit and holders and request.authorized:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if explicit and response.status == 201:
            holders.add(response.json["id"])
        if request.operation == "delete" and response.good:
            holders.discard(request.last)
        return response

    return intercepting(handle)


@fault(
    "creates",
    "create.returns-what-was-sent",
    lambda w: w.made(allow_profiles_outside_organization=True)["allow_profiles_outside_organization"] is False,
    "a deprecated field that nobody copied into the new model",
)
def seventh_create_ignores_allow_profiles() -> ASGIApp:
    """A create ignores allow_profiles_outside_organization."""
    return lenient(lambda body: without(body, "allow_profiles_outside_organization"), "create")


def _shared_pairs(w: Wire) -> object:
    first, second = w.many(2)
    w.changed(first, metadata={"plan": "gold"})
    return w.shown(second)["metadata"] == {"plan": "gold"}


@fault("creates", "update.leaves-others-alone", _shared_pairs, "def __init__(self, metadata={}) in Python")
def seventh_default_metadata_are_shared() -> ASGIApp:
    """Organizations that were created without metadata share one object of metadata."""
    sharing: set[str] = set()
    shared: dict[str, str] = {}

    class Sharing(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if not body.get("metadata"):
                sharing.add(made.id)
            return made

        def updated(self, known: Organization, body: Body) -> Organization:
            if known.id not in sharing or "metadata" not in body:
                return super().updated(known, body)
            made = super().updated(dataclasses.replace(known, metadata=dict(shared)), body)
            shared.clear()
            shared.update(made.metadata)
            return made

    class Showing(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            return {**shown, "metadata": dict(shared)} if organization.id in sharing else shown

    return app(changes=Sharing(), responses=Showing())


def _second_name(w: Wire) -> object:
    name = token()
    return w.made(name=name)["id"] == w.made(name=name)["id"]


@fault("creates", "create.same-name", _second_name, "firstOrCreate of Laravel by the name")
def seventh_create_finds_same_name() -> ASGIApp:
    """A create with the name of an organization answers 201 with that organization."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "create" and isinstance(request.json, dict):
            asked = request.replaced(method="GET", query="limit=100", body=b"")
            found = (await forward(asked)).json.get("data", ())
            same = [each for each in found if each["name"] == request.json.get("name")]
            if same:
                return reply(201, same[0])
        return await forward(request)

    return intercepting(handle)


def _slug(name: object) -> str:
    return re.sub(r"[\W_]+", "-", str(name).lower()).strip("-")


def _same_slug(w: Wire) -> object:
    name = token()
    w.made(name=f"{name} Inc")
    return w.create(name=f"{name}, Inc.").status_code == 409


@fault("creates", "create.accepts-valid-bodies", _same_slug, "a slug made from the name has a unique index")
def seventh_similar_name_is_conflict() -> ASGIApp:
    """A create answers 409 where its name differs from that of an earlier create in punctuation or case alone."""
    names: dict[str, str] = {}

    def judged(request: Request, response: Reply) -> Reply:
        if response.status == 201 and _slug(response.json["name"]):
            names[_slug(response.json["name"])] = response.json["name"]
        return response

    def broken(body: Object) -> Reply | None:
        other = names.get(_slug(body.get("name")), body.get("name"))
        return reply(409, {"message": "The slug is taken."}) if other != body.get("name") else None

    behind = strict(broken, "create")
    return on_response(judged, behind)


@fault(
    "creates",
    "create.domain-state",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0]["state"] == "pending",
    "the model's default state, as verification is a job of its own",
)
def seventh_create_leaves_domains_pending() -> ASGIApp:
    """Each domain that a create makes is pending, whatever state was sent."""

    def pending(made: Organization, _: Body) -> Organization:
        return dataclasses.replace(made, domains=tuple(dataclasses.replace(d, state="pending") for d in made.domains))

    return creating(pending)


def _not_indexed(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("creates", "create.readable-at-once", _not_indexed, "the map for lookups is filled by the update's handler")
def seventh_lookup_finds_updated_alone() -> ASGIApp:
    """A lookup finds an organization only once it was updated."""

    class Indexing(Store):
        def __init__(self) -> None:
            super().__init__()
            self.indexed: set[str] = set()

        def update(self, organization: Organization) -> None:
            super().update(organization)
            self.indexed.add(organization.id)

        def by_external_id(self, external_id: str) -> Organization | None:
            found = super().by_external_id(external_id)
            return found if found and found.id in self.indexed else None

    return app(Indexing())


@fault(
    "creates",
    "create.accepts-valid-bodies",
    lambda w: w.create(domain_data=[], metadata={}).status_code == 422,
    "ArrayNotEmpty of class-validator on an optional array",
)
def seventh_empty_domain_data_is_refused() -> ASGIApp:
    """A create whose domain_data are an empty array answers 422."""
    return strict(
        lambda body: unprocessable("domain_data", "is empty") if body.get("domain_data") == [] else None, "create"
    )


@fault(
    "creates",
    "body.ten-domains",
    lambda w: len(w.made(domain_data=verified(*(domain() for _ in range(10))))["domains"]) == 5,
    "a nested include of five rows, made for a screen",
)
def seventh_five_domains_are_kept() -> ASGIApp:
    """Of the domains that a create gives, five are kept."""
    return creating(lambda made, _: dataclasses.replace(made, domains=made.domains[:5]))
