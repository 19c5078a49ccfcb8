"""Updates as mappers between objects and tables get them wrong."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient
from tests.blind.parts.messages import Reply, Request, crash, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

replace = dataclasses.replace


def _not_kept(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    answer = w.changed(id, metadata={"b": "2"})
    return answer["metadata"] == {"a": "1", "b": "2"} and w.shown(id)["metadata"] == {"a": "1"}


@fault(
    "metadata",
    "update.metadata-merges",
    _not_kept,
    "SQLAlchemy 5218 and 11001, Ebean 2710, MikroORM 4668, Sequelize 14371: changed in place",
)
def fifteenth_json_column_is_not_dirty() -> ASGIApp:
    """Where an organization has metadata, an update shows the merged ones in its answer, and stores the old ones."""

    class Undirty(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            kept = known.metadata if known and known.metadata and organization.metadata else organization.metadata
            super().update(replace(organization, metadata=kept))

    return app(Undirty())


def _old_answer(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    return w.changed(id, name="New")["name"] == "Old" and w.shown(id)["name"] == "New"


@fault("update", "update.sets-what-was-sent", _old_answer, "Mongoose: findOneAndUpdate without { new: true }")
def fifteenth_update_answers_what_was() -> ASGIApp:
    """The answer to an update shows the organization as it was before."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "update":
            return await forward(request)
        before = await forward(request.replaced(method="GET", body=b""))
        response = await forward(request)
        return before if response.good else response

    return intercepting(handle)


def _still(w: Wire) -> object:
    made = w.made(external_id=token())
    return w.changed(made["id"], external_id=None)["external_id"] == made["external_id"]


@fault("external_id", "update.clears-external-id", _still, "SQL: SET external_id = COALESCE(:external_id, external_id)")
def fifteenth_null_is_coalesced() -> ASGIApp:
    """An external_id of null in an update leaves the one that is there."""
    return lenient(lambda body: without(body, "external_id") if body.get("external_id", "") is None else body, "update")


def _not_false(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    field = "allow_profiles_outside_organization"
    return w.changed(id, **{field: False})[field] is True


@fault("update", "update.sets-what-was-sent", _not_false, "GORM: Updates(struct) leaves out zero values")
def fifteenth_zero_values_are_left_out() -> ASGIApp:
    """An allow_profiles_outside_organization of false in an update leaves true as it is."""
    field = "allow_profiles_outside_organization"
    return lenient(lambda body: without(body, field) if body.get(field) is False else body, "update")


def _not_emptied(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={})["metadata"] == {"a": "1"}


@fault("metadata", "update.metadata-empty", _not_emptied, "Python: if data.metadata: merge(data.metadata)")
def fifteenth_empty_metadata_are_falsy() -> ASGIApp:
    """Empty metadata in an update leave those that are there."""
    return lenient(lambda body: without(body, "metadata") if body.get("metadata") == {} else body, "update")


def _reset(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, name="x")["allow_profiles_outside_organization"] is False


@fault("update", "update.keeps-the-rest", _reset, "pydantic: model_dump() without exclude_unset")
def fifteenth_defaults_are_written() -> ASGIApp:
    """An update that leaves allow_profiles_outside_organization out sets it to false."""
    field = "allow_profiles_outside_organization"
    return updating(lambda made, _, body: replace(made, allow_profiles=body.get(field, False)))


def _cleared(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return w.changed(id, metadata={"a": "1"})["domains"] == []


@fault("domains", "update.keeps-the-rest", _cleared, "JPA: orphanRemoval, and a mapper that sets an empty collection")
def fifteenth_orphans_are_removed() -> ASGIApp:
    """An update that names no domains removes all of the organization."""
    return updating(
        lambda made, _, body: made if "domain_data" in body or "domains" in body else replace(made, domains=())
    )


def _overwritten(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"b": "2"})["metadata"] == {"b": "2"}


@fault("metadata", "update.metadata-merges", _overwritten, "TypeORM 567: merge() overwrites a jsonb column")
def fifteenth_metadata_column_is_overwritten() -> ASGIApp:
    """The metadata of an update replace those that are there."""
    return updating(
        lambda made, _, body: (
            replace(made, metadata={k: v for k, v in body["metadata"].items() if v is not None})
            if body.get("metadata")
            else made
        )
    )


def _nested(w: Wire) -> object:
    id = w.made()["id"]
    return w.changed(id, metadata={"plan.name": "x"})["metadata"] == {"plan": {"name": "x"}}


@fault("metadata", "body.metadata-keys-verbatim", _nested, "MongoDB: $set with `metadata.${key}`")
def fifteenth_dots_in_keys_make_objects() -> ASGIApp:
    """A metadata key with a dot that an update sets comes as an object within an object."""

    class Dotted(Changes):
        def merged(self, known: Any, given: Any) -> Any:
            found: dict[str, Any] = dict(super().merged(known, given))
            for key in [key for key in given if "." in key and key in found]:
                start, _, rest = key.partition(".")
                found[start] = {rest: found.pop(key)}
            return found

    return app(changes=Dotted())


def _appended(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    return len(w.changed(id, domain_data=verified(second))["domains"]) == 2


@fault("domains", "update.replaces-domains", _appended, "Rails: organization.domains.build in a loop")
def fifteenth_domains_are_added() -> ASGIApp:
    """The domains of an update are added to those that are there."""

    def added(made: Organization, known: Organization, body: Body) -> Organization:
        given = {each.domain for each in made.domains}
        if "domain_data" not in body and "domains" not in body:
            return made
        return replace(made, domains=(*(each for each in known.domains if each.domain not in given), *made.domains))

    return updating(added)


def _kept_domain(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    return w.update(id, domain_data=verified(first, second)).status_code == 500


@fault("domains", "update.replaces-domains", _kept_domain, "Hibernate flushes inserts before deletes")
def fifteenth_inserts_come_before_deletes() -> ASGIApp:
    """An update whose domain_data name a domain that the organization has already answers 500."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        if not request.authorized or request.operation != "update" or not isinstance(body, dict):
            return await forward(request)
        known = (await forward(request.replaced(method="GET", body=b""))).json
        had = {each["domain"] for each in (known or {}).get("domains", ())}
        items = body.get("domain_data")
        given = [each.get("domain") for each in items if isinstance(each, dict)] if isinstance(items, list) else []
        return crash() if any(isinstance(each, str) and each in had for each in given) else await forward(request)

    return intercepting(handle)


def _ignored(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    other = domain()
    return other not in [each["domain"] for each in w.changed(id, domains=[other])["domains"]]


@fault("domains", "update.deprecated-domains", _ignored, "a field that only the create's data class still has")
def fifteenth_update_forgot_deprecated_domains() -> ASGIApp:
    """An update ignores the deprecated domains."""
    return lenient(lambda body: without(body, "domains") if isinstance(body.get("domains"), list) else body, "update")


def _own(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    return w.update(id, external_id=external_id).status_code == 400


@fault("external_id", "update.own-external-id", _own, "Laravel: 'unique:organizations' without ->ignore($id)")
def fifteenth_own_external_id_is_taken() -> ASGIApp:
    """An update with the external_id that the organization already has answers 400."""

    class Unique(Api):
        def update(self, call: Call) -> Any:
            known, body = self.known(call.path["id"]), self.rules.update(call.content)
            if body.get("external_id") is not None and body["external_id"] == known.external_id:
                raise Taken("external_id")
            return super().update(call)

    return app(api=Unique)


def _untouched(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("timestamps", "update.moves-updated-at", _untouched, "Rails: belongs_to without touch: true")
def fifteenth_children_do_not_touch() -> ASGIApp:
    """An update that changes nothing but domains leaves updated_at."""
    return updating(
        lambda made, known, body: (
            replace(made, updated_at=known.updated_at) if set(body) <= {"domains", "domain_data"} else made
        )
    )


def _recreated(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], name="y")["created_at"] != made["created_at"]


@fault("timestamps", "update.identity", _recreated, "MySQL: the first TIMESTAMP column has ON UPDATE CURRENT_TIMESTAMP")
def fifteenth_created_at_is_updated() -> ASGIApp:
    """An update moves created_at in its answer and in what get shows afterwards."""

    moved: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        value = response.json if response.good and request.operation in ("get", "update") else None
        if not isinstance(value, dict):
            return response
        if request.operation == "update":
            moved[value["id"]] = value["updated_at"]
        return response.with_json({**value, "created_at": moved.get(value["id"], value["created_at"])})

    return intercepting(handle)


def _upserted(w: Wire) -> object:
    return w.update("org_01ARZ3NDEKTSV4RRFFQ69G5FAV", name="x").status_code == 200


@fault("update", "update.unknown", _upserted, "DynamoDB: UpdateItem makes the item that is not there")
def fifteenth_update_makes_what_is_missing() -> ASGIApp:
    """An update under an id that no organization has makes an organization with that id."""

    class Upserting(Api):
        def update(self, call: Call) -> Any:
            id = call.path["id"]
            if self.store.by_id(id) is None:
                made = self.changes.created({"name": "", **self.rules.update(call.content)})
                self.store.insert(replace(made, id=id))
            return super().update(call)

    return app(api=Upserting)
