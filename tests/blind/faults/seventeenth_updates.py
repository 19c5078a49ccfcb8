"""Updates as ORMs of real back ends carried them out."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Changes
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, reshaped, strict
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.seventeenth import crashing
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

ALLOW = "allow_profiles_outside_organization"


def _kept_external_id(w: Wire) -> object:
    id = w.made(external_id=token())["id"]
    return w.changed(id, external_id=None)["external_id"] is not None


@fault(
    "update",
    "update.clears-external-id",
    _kept_external_id,
    "PHP: isset() is false for null; Java: if (dto.getX() != null)",
)
def seventeenth_null_counts_as_left_out() -> ASGIApp:
    """An update with an external_id of null keeps the external_id."""
    return updating(lambda new, known, _: dataclasses.replace(new, external_id=new.external_id or known.external_id))


def _stays_true(w: Wire) -> object:
    id = w.made(**{ALLOW: True})["id"]
    return w.changed(id, **{ALLOW: False})[ALLOW] is True


@fault("update", "update.sets-what-was-sent", _stays_true, "Go: GORM's Updates(struct) skips zero values")
def seventeenth_false_counts_as_left_out() -> ASGIApp:
    """An update cannot set allow_profiles_outside_organization to false."""
    return updating(
        lambda new, known, _: dataclasses.replace(new, allow_profiles=new.allow_profiles or known.allow_profiles)
    )


def _not_emptied(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={})["metadata"] == {"a": "b"}


@fault("metadata", "update.metadata-empty", _not_emptied, "Python: if body.metadata:")
def seventeenth_empty_metadata_count_as_left_out() -> ASGIApp:
    """Empty metadata in an update remove nothing."""
    return updating(
        lambda new, known, body: (
            dataclasses.replace(new, metadata=known.metadata) if body.get("metadata", 1) == {} else new
        )
    )


def _replaced(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={"c": "d"})["metadata"] == {"c": "d"}


@fault("metadata", "update.metadata-merges", _replaced, "a JSON column that is written whole")
def seventeenth_metadata_are_replaced() -> ASGIApp:
    """The metadata of an update replace those that were there."""

    class Replacing(Changes):
        def merged(self, known: Any, given: Any) -> Any:
            return super().merged({}, given)

    return app(changes=Replacing())


@fault(
    "update",
    "update.accepts-valid-bodies",
    lambda w: w.update(w.made()["id"], metadata={"a": "b"}).status_code == 422,
    "one DTO with @NotBlank for create and update",
)
def seventeenth_updates_need_a_name() -> ASGIApp:
    """An update without a name is refused."""
    return strict(lambda body: unprocessable("name", "is required") if "name" not in body else None, "update")


@fault(
    "update",
    "update.empty",
    lambda w: w.update(w.made()["id"]).status_code == 500,
    "TypeORM: UpdateValuesMissingError; SQL: UPDATE organization SET WHERE",
)
def seventeenth_nothing_to_set_crashes() -> ASGIApp:
    """An update that names no field fails."""
    return crashing(lambda request: request.operation == "update" and request.json == {})


def _made_up(w: Wire) -> object:
    return w.update("org_01H00000000000000000000000", name="a").status_code == 200


@fault("update", "update.unknown", _made_up, "MongoDB: findOneAndUpdate with upsert")
def seventeenth_updates_insert() -> ASGIApp:
    """An update of an unknown id makes an organization with this id."""

    class Upserting(Api):
        def update(self, call: Call) -> Any:
            id = call.path["id"]
            body = self.rules.update(call.content)
            if self.store.by_id(id) is None and "name" in body:
                self.store.insert(dataclasses.replace(self.changes.created({"name": body["name"]}), id=id))
            return super().update(call)

    return app(api=Upserting)


def _old_answer(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    return w.changed(id, name="New")["name"] == "Old" and w.shown(id)["name"] == "New"


@fault("update", "update.sets-what-was-sent", _old_answer, "Mongoose: findOneAndUpdate without { new: true }")
def seventeenth_updates_answer_with_the_past() -> ASGIApp:
    """The answer to an update shows the organization as it was before."""

    class Past(Api):
        def update(self, call: Call) -> Any:
            known = self.known(call.path["id"])
            super().update(call)
            return self.responses.found(known)

    return app(api=Past)


def _same_moment(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("timestamps", "update.moves-updated-at", _same_moment, "Hibernate: @PreUpdate is not called for a collection")
def seventeenth_domains_do_not_touch() -> ASGIApp:
    """An update of domains alone does not move updated_at."""
    return updating(
        lambda new, known, body: (
            dataclasses.replace(new, updated_at=known.updated_at) if {*body} <= {"domains", "domain_data"} else new
        )
    )


def _not_stored(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return "c" in w.changed(id, metadata={"c": "d"})["metadata"] and "c" not in w.shown(id)["metadata"]


@fault("metadata", "update.sets-what-was-sent", _not_stored, "SQLAlchemy: a JSON column without MutableDict")
def seventeenth_merge_is_not_stored() -> ASGIApp:
    """An update of metadata alone is shown in its answer and not stored."""

    class Untracked(Api):
        def update(self, call: Call) -> Any:
            known = self.known(call.path["id"])
            body = self.rules.update(call.content)
            if [*body] != ["metadata"]:
                return super().update(call)
            return self.responses.found(self.changes.updated(known, body))

    return app(api=Untracked)


def _moved(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], name="New")["created_at"] > made["created_at"]


@fault("timestamps", "update.identity", _moved, "MySQL: the first TIMESTAMP has ON UPDATE CURRENT_TIMESTAMP")
def seventeenth_updates_move_created_at() -> ASGIApp:
    """The answers to updates show the moment of the update as created_at."""
    return reshaped(lambda shown: {**shown, "created_at": shown["updated_at"]}, "update")


def _without_domains(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return w.changed(id, name="New")["domains"] == [] and w.shown(id)["domains"] != []


@fault("update", "update.keeps-the-rest", _without_domains, "Prisma: update without include")
def seventeenth_updates_answer_without_domains() -> ASGIApp:
    """The answer to an update shows no domains."""
    return reshaped(lambda shown: {**shown, "domains": []}, "update")


def _lost_customer(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()[5:]}AA")
    return "stripe_customer_id" not in w.changed(id, name="New")


@fault("update", "update.keeps-the-rest", _lost_customer, "save(dto): what the request lacks is written as null")
def seventeenth_stripe_customer_is_forgotten() -> ASGIApp:
    """An update without stripe_customer_id removes it."""
    return updating(lambda new, _, body: dataclasses.replace(new, stripe_customer_id=body.get("stripe_customer_id")))


def _halfway(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    id = w.made(name="Old")["id"]
    return w.update(id, name="New", external_id=taken).status_code == 400 and w.shown(id)["name"] == "New"


@fault("update", "update.refusal-changes-nothing", _halfway, "several statements without a transaction")
def seventeenth_refused_updates_rename() -> ASGIApp:
    """An update that is refused for its external_id has changed the name."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = fields(request)
        if request.operation == "update" and request.authorized and body.get("external_id") and "name" in body:
            await forward(request.with_json({"name": body["name"]}))
        return await forward(request)

    return intercepting(handle)
