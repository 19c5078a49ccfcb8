"""Updates as ORMs and mappers of bodies carry them out."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.store import Store
from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, reshaped
from tests.blind.parts.messages import Object, Reply, Request, crash, not_found, written
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _reset(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, name="Other")["allow_profiles_outside_organization"] is False


@fault("updates", "update.keeps-the-rest", _reset, "badbread/crumbvms#125: defaults of the body's class are written")
def tenth_update_switches_profiles_off() -> ASGIApp:
    """An update that leaves allow_profiles_outside_organization out sets it to false."""
    return updating(
        lambda new, _, body: dataclasses.replace(
            new, allow_profiles=body.get("allow_profiles_outside_organization", False)
        )
    )


def _same(w: Wire) -> object:
    id = w.made(name="Same")["id"]
    return w.update(id, name="Same").status_code == 404 and w.update(id, name="New").status_code == 200


@fault("updates", "update.answers", _same, "sequelize#7184: a count of changed rows of 0 is taken for a missing row")
def tenth_unchanged_is_not_found() -> ASGIApp:
    """An update whose values are those that the organization already has answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request)
        if request.operation == "update" and request.authorized and given:
            known = (await forward(asked(request, "GET", request.path))).json
            if known and all(known.get(name) == value for name, value in given.items()):
                return not_found(request.last)
        return await forward(request)

    return intercepting(handle)


def _moved(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("updates", "update.moves-updated-at", _moved, "prisma/prisma1#2147: a relation is no column of the row")
def tenth_domains_leave_updated_at() -> ASGIApp:
    """An update of the domains alone does not move updated_at."""

    def still(new: Organization, known: Organization, body: Body) -> Organization:
        alone = body.keys() <= {"domains", "domain_data"}
        return dataclasses.replace(new, updated_at=known.updated_at) if alone else new

    return updating(still)


def _unsaved(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"b": "2"})["metadata"] != w.shown(id)["metadata"]


@fault("updates", "update.sets-what-was-sent", _unsaved, "SQLAlchemy: a change within a JSON column goes unnoticed")
def tenth_metadata_changed_in_place() -> ASGIApp:
    """An update of the metadata alone answers with the new pairs and saves nothing."""

    class InPlace(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            body = self.rules.update(call.content)
            if body.keys() == {"metadata"}:
                return self.responses.found(self.changes.updated(known, body))
            return super().update(call)

    return app(api=InPlace)


def _created(w: Wire) -> object:
    id = w.made(domain_data=pending(domain()))["id"]
    return w.changed(id, name="Other")["domains"][0]["state"] == "verified"


@fault("updates", "update.keeps-the-rest", _created, "a form that is saved as a whole, with the default of a select")
def tenth_rename_verifies_domains() -> ASGIApp:
    """An update of the name turns pending domains into verified ones."""

    def saved(new: Organization, known: Organization, body: Body) -> Organization:
        if "name" not in body or "domains" in body or "domain_data" in body:
            return new
        return dataclasses.replace(new, domains=tuple(dataclasses.replace(d, state="verified") for d in known.domains))

    return updating(saved)


def _renewed(w: Wire) -> object:
    made = w.made(domain_data=verified(domain()))
    return w.changed(made["id"], name="Other")["domains"][0]["id"] != made["domains"][0]["id"]


@fault("updates", "update.keeps-the-rest", _renewed, "ORMs that save a collection by removing and inserting its rows")
def tenth_update_renews_domains() -> ASGIApp:
    """An update that leaves the domains out gives each of them a new id and new timestamps."""

    class Renewing(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            if "domains" in body or "domain_data" in body:
                return super().replaced_domains(known, body, moment)
            return tuple(
                dataclasses.replace(each, id=self.domain_id(moment), created_at=moment, updated_at=moment)
                for each in known.domains
            )

    return app(changes=Renewing())


def _stripe(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()}")
    return "stripe_customer_id" not in w.changed(id, domain_data=verified(domain()))


@fault("updates", "update.keeps-the-rest", _stripe, "a mapper that copies field by field and misses one")
def tenth_domains_take_stripe_away() -> ASGIApp:
    """An update of the domains removes the stripe_customer_id."""
    return updating(
        lambda new, _, body: (
            dataclasses.replace(new, stripe_customer_id=body.get("stripe_customer_id"))
            if "domain_data" in body or "domains" in body
            else new
        )
    )


def _by_external_id(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    return w.update(external, name="Other").status_code == 200 and w.shown(id)["name"] == "Other"


@fault("updates", "update.unknown", _by_external_id, "WHERE id = ? OR external_id = ?")
def tenth_update_takes_external_ids() -> ASGIApp:
    """An update under an external_id in place of the id changes the organization."""

    class Either(Api):
        def update(self, call: Call) -> Response:
            found = self.store.by_external_id(call.path["id"])
            path = {"id": found.id} if found else call.path
            return super().update(dataclasses.replace(call, path=path))

    return app(api=Either)


def _state(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault("updates", "update.replaces-domains", _state, "INSERT ... ON CONFLICT DO NOTHING")
def tenth_known_domains_keep_their_state() -> ASGIApp:
    """An update that gives a domain of the organization another state leaves it in the old one."""

    def kept(new: Organization, known: Organization, _: Body) -> Organization:
        old = {each.domain: each for each in known.domains}
        return dataclasses.replace(new, domains=tuple(old.get(each.domain, each) for each in new.domains))

    return updating(kept)


def _again(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    return w.update(id, domain_data=verified(name, domain())).status_code == 500


@fault("updates", "update.replaces-domains", _again, "doctrine/orm#6776: rows are inserted before the old ones go")
def tenth_kept_domains_collide() -> ASGIApp:
    """An update that names a domain that the organization already has answers 500."""

    async def handle(request: Request, forward: Forward) -> Reply:
        items = fields(request).get("domain_data")
        if request.operation == "update" and request.authorized and isinstance(items, list):
            known = await forward(asked(request, "GET", request.path))
            owned = {each["domain"] for each in known.json["domains"]} if known.good else set()
            if any(isinstance(each, dict) and each.get("domain") in owned for each in items):
                return crash()
        return await forward(request)

    return intercepting(handle)


def _bare(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return w.changed(id, name="Other")["domains"] == [] and len(w.shown(id)["domains"]) == 1


@fault("updates", "update.keeps-the-rest", _bare, "ORMs whose update returns the row without its associations")
def tenth_update_answers_without_domains() -> ASGIApp:
    """The answer to an update shows no domains."""
    return reshaped(lambda organization: {**organization, "domains": []}, "update")


def _null(w: Wire) -> object:
    return w.update(w.made()["id"], name=None).status_code == 200


@fault("updates", "body.name-type", _null, "BerriAI/litellm#29250: exclude_none takes null for absent")
def tenth_null_name_is_left_out() -> ASGIApp:
    """An update whose name is null answers 200 and keeps the name."""

    class Excluding(Rules):
        def update(self, content: bytes) -> Object:
            body = self.parsed(content)
            if isinstance(body, dict) and body.get("name", "") is None:
                del body["name"]
                content = written(body)
            return super().update(content)

    return app(rules=Excluding())


def _emptied(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={})["metadata"] == {} and w.shown(id)["metadata"] == {"a": "1"}


@fault(
    "updates",
    "update.metadata-empty",
    _emptied,
    "PostgreSQL: metadata || '{}' keeps all pairs",
)
def tenth_metadata_emptied_in_the_answer() -> ASGIApp:
    """An update with empty metadata answers without pairs and keeps them."""

    class Concatenating(Store):
        def update(self, organization: Organization) -> None:
            if not organization.metadata:
                known = self.by_id(organization.id)
                organization = dataclasses.replace(organization, metadata=known.metadata if known else {})
            super().update(organization)

    return app(Concatenating())
