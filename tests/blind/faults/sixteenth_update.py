"""Updates that change too much, too little, or something else."""

from __future__ import annotations

import dataclasses
import time

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.records import Organization
from emulator.refusals import NotFound, Taken
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient, reshaped, strict
from tests.blind.parts.messages import Reply, Request, crash, not_found, unprocessable, without
from tests.blind.parts.sixteenth import everybody, named
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def customer() -> str:
    """A stripe_customer_id that nobody used before."""
    return f"cus_{token()[:14]}"


def _unchanged(w: Wire) -> object:
    return w.update(w.made(name="Same")["id"], name="Same").status_code == 404


@fault("update", "update.answers", _unchanged, "MySQL: affectedRows is 0 where nothing changed, so 404")
def sixteenth_unchanged_is_not_found() -> ASGIApp:
    """An update that gives nothing but values that the organization has already answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request) if request.authorized and request.operation == "update" else {}
        if given and not {"domains", "domain_data"} & set(given):
            known = await forward(asked(request, "GET", request.path))
            if known.status == 200 and all(known.json.get(name, known) == value for name, value in given.items()):
                return not_found(request.last)
        return await forward(request)

    return intercepting(handle)


@fault(
    "update",
    "update.sets-what-was-sent",
    lambda w: w.changed(w.made(name="Old")["id"], name="New")["name"] == "Old",
    "Mongoose: findOneAndUpdate without { new: true }",
)
def sixteenth_update_shows_what_was() -> ASGIApp:
    """The answer to an update shows the organization as it was before."""

    class Before(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            super().update(call)
            return self.responses.found(known)

    return app(api=Before)


ALLOW = "allow_profiles_outside_organization"


def _reset(w: Wire) -> object:
    id = w.made(**{ALLOW: True})["id"]
    return w.changed(id, name="Other")[ALLOW] is False


@fault("update", "update.keeps-the-rest", _reset, "pydantic: allow_profiles: bool = False, and model_dump()")
def sixteenth_defaults_overwrite() -> ASGIApp:
    """An update without allow_profiles_outside_organization sets it to false."""
    return updating(
        lambda changed, _, body: changed if ALLOW in body else dataclasses.replace(changed, allow_profiles=False)
    )


@fault(
    "update",
    "update.empty",
    lambda w: w.update(w.made()["id"]).status_code == 500,
    "SQL: UPDATE organization SET WHERE id = ...",
)
def sixteenth_empty_update_fails() -> ASGIApp:
    """An update that names no field answers 500."""
    return strict(lambda body: None if body else crash(), "update")


def _made_again(w: Wire) -> object:
    made = w.made()
    time.sleep(0.01)
    return w.changed(made["id"], name="Other")["created_at"] > made["created_at"]


@fault("update", "update.identity", _made_again, "INSERT OR REPLACE, with created_at DEFAULT now()")
def sixteenth_update_is_an_insert() -> ASGIApp:
    """An answer shows the moment of the last update as created_at, too."""
    return reshaped(lambda o: {**o, "created_at": o["updated_at"]})


def _domains_alone(w: Wire) -> object:
    made = w.made()
    time.sleep(0.01)
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("timestamps", "update.moves-updated-at", _domains_alone, "JPA: @PreUpdate sees the columns of its own row alone")
def sixteenth_domains_do_not_move_updated_at() -> ASGIApp:
    """An update of domains alone does not move updated_at."""

    def changed(made: Organization, known: Organization, body: Body) -> Organization:
        alone = set(body) <= {"domains", "domain_data"}
        return dataclasses.replace(made, updated_at=known.updated_at) if alone else made

    return updating(changed)


def _taken_away(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    w.changed(w.made()["id"], domain_data=verified(name))
    return w.shown(first)["domains"] == []


@fault("update", "update.leaves-others-alone", _taken_away, "ON CONFLICT (domain) DO UPDATE SET organization_id")
def sixteenth_update_takes_domains_away() -> ASGIApp:
    """A domain that an update gives to an organization is taken from every other one."""

    class Taking(Api):
        def update(self, call: Call) -> Response:
            response = super().update(call)
            names = set(named(self.rules.update(call.content)))
            for name in names:
                for other in everybody(self.store, domain=name):
                    if other.id != call.path["id"]:
                        left = tuple(each for each in other.domains if each.domain not in names)
                        self.store.update(dataclasses.replace(other, domains=left))
            return response

    return app(api=Taking)


@fault(
    "update",
    "update.accepts-valid-bodies",
    lambda w: w.update(w.made()["id"], metadata={"a": "b"}).status_code == 422,
    "a PUT has the same DTO as a POST",
)
def sixteenth_update_wants_a_name() -> ASGIApp:
    """An update that gives fields but no name answers 422."""
    return strict(lambda body: unprocessable("name", "is required") if body and "name" not in body else None, "update")


def _not_cleared(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    return w.changed(id, external_id=None)["external_id"] == external_id


@fault("update", "update.clears-external-id", _not_cleared, "body.model_dump(exclude_none=True)")
def sixteenth_null_is_left_out() -> ASGIApp:
    """An update with an external_id of null keeps the external_id."""
    return lenient(lambda body: without(body, "external_id") if body.get("external_id", "") is None else body, "update")


def _own(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    return w.update(id, external_id=external_id).status_code == 400


@fault("uniqueness", "update.own-external-id", _own, "exists(external_id=...) without exclude(pk=...)")
def sixteenth_own_external_id_is_taken() -> ASGIApp:
    """An update with the external_id that the organization already has answers 400."""

    class Own(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            given = self.rules.update(call.content).get("external_id")
            if given is not None and known.external_id == given:
                raise Taken("external_id")
            return super().update(call)

    return app(api=Own)


def _still_reserved(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    w.changed(id, external_id=token())
    return w.create(external_id=external_id).status_code == 400


@fault("uniqueness", "update.frees-external-id", _still_reserved, "the update drops the new key from the index of keys")
def sixteenth_replaced_external_id_stays_reserved() -> ASGIApp:
    """An external_id that an update replaced or cleared cannot be given to another organization."""
    reserved: dict[str, str] = {}

    def remember(known: Organization | None) -> None:
        if known is not None and known.external_id is not None:
            reserved[known.external_id] = known.id

    def check(external_id: str | None, id: str) -> None:
        if external_id is not None and reserved.get(external_id, id) != id:
            raise Taken("external_id")

    class Reserving(Api):
        def create(self, call: Call) -> Response:
            check(self.rules.create(call.content).get("external_id"), "")
            return super().create(call)

        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            body = self.rules.update(call.content)
            check(body.get("external_id"), known.id)
            response = super().update(call)
            if "external_id" in body and body["external_id"] != known.external_id:
                remember(known)
            return response

    return app(api=Reserving)


def _two_have_it(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.update(w.made()["id"], external_id=external_id).status_code == 200


@fault("uniqueness", "update.external-id-taken", _two_have_it, "the create asks whether it is free; an update never")
def sixteenth_updates_do_not_ask() -> ASGIApp:
    """An update may give an external_id that another organization has."""

    class Asking(Api):
        def create(self, call: Call) -> Response:
            given = self.rules.create(call.content).get("external_id")
            if given is not None and self.store.by_external_id(given):
                raise Taken("external_id")
            return super().create(call)

    return app(Loose("external_id"), api=Asking)


def _index_of_creates(w: Wire) -> object:
    external_id = token()
    w.changed(w.made()["id"], external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("external_id", "lookup.after-change", _index_of_creates, "DynamoDB: the item for lookups is put by the create")
def sixteenth_lookups_know_first_external_ids() -> ASGIApp:
    """A lookup finds an organization by the external_id of its create alone."""
    first: dict[str, str] = {}

    class Indexed(Api):
        def create(self, call: Call) -> Response:
            response = super().create(call)
            given = self.rules.create(call.content).get("external_id")
            made = self.store.by_external_id(given) if given is not None else None
            if made is not None:
                first[made.external_id or ""] = made.id
            return response

        def known_outside(self, external_id: str) -> Organization:
            found = self.store.by_id(first.get(external_id, ""))
            if found is None:
                raise NotFound(external_id)
            return found

    return app(api=Indexed)
