"""Updates that drop what looks empty, or write more than they were told."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, reply, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, pending, token, verified


def _stays_true(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, allow_profiles_outside_organization=False)["allow_profiles_outside_organization"]


@fault("updates", "update.sets-what-was-sent", _stays_true, "gorm: Updates with a struct leaves zero values out")
def eighth_false_is_a_zero_value() -> ASGIApp:
    """An update of allow_profiles_outside_organization to false leaves it true."""

    def changed(new: Organization, known: Organization, _: Body) -> Organization:
        return dataclasses.replace(new, allow_profiles=new.allow_profiles or known.allow_profiles)

    return updating(changed)


def _null_alone(w: Wire) -> object:
    made = w.made(external_id=token())
    alone = w.changed(made["id"], external_id=None)["external_id"]
    return alone and w.changed(made["id"], external_id=None, name="Two")["external_id"] is None


@fault(
    "updates",
    "update.clears-external-id",
    _null_alone,
    "Go: a struct of nil pointers equals the empty one, and an empty update returns early",
)
def eighth_null_alone_is_an_empty_update() -> ASGIApp:
    """An update of nothing but external_id to null is taken for an empty one; with another field it clears."""

    def changed(new: Organization, known: Organization, body: Body) -> Organization:
        return known if dict(body) == {"external_id": None} else new

    return updating(changed)


def _needs_name(w: Wire) -> object:
    return w.update(w.made()["id"], metadata={"tier": "gold"}).status_code == 422


@fault("updates", "update.accepts-valid-bodies", _needs_name, "the schema of the create is used for the update too")
def eighth_update_needs_a_name() -> ASGIApp:
    """An update without a name answers 422."""
    return strict(lambda body: unprocessable("name", "is required") if body and "name" not in body else None, "update")


@fault(
    "updates",
    "update.empty",
    lambda w: w.update(w.made()["id"]).status_code == 400,
    "DynamoDB: an UpdateExpression must not be empty",
)
def eighth_empty_update_is_refused() -> ASGIApp:
    """An update that names no field answers 400."""
    refusal = reply(400, {"message": "Invalid UpdateExpression: The expression can not be empty"})
    return strict(lambda body: None if body else refusal, "update")


def _new_birthday(w: Wire) -> object:
    made = w.made()
    w.changed(made["id"], name="Other")
    return w.changed(made["id"], name="Third")["created_at"] != made["created_at"]


@fault("updates", "update.identity", _new_birthday, "DynamoDB: PutItem of a new item whose createdAt has a default")
def eighth_update_renews_created_at() -> ASGIApp:
    """The answer to an update shows the moment of the update as created_at."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or not response.good:
            return response
        return response.with_json({**response.json, "created_at": response.json["updated_at"]})

    return on_response(altered)


def _old_in_answer(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], name="New name")["name"] == made["name"]


@fault("updates", "update.sets-what-was-sent", _old_in_answer, "DynamoDB: ReturnValues ALL_OLD; findOneAndUpdate")
def eighth_update_answers_with_old_state() -> ASGIApp:
    """The answer to an update shows the organization as it was before."""

    async def handle(request: Request, forward: Forward) -> Reply:
        before = await forward(asked(request, "GET", request.path)) if request.operation == "update" else None
        response = await forward(request)
        return before if before and response.good else response

    return intercepting(handle)


def _domains_missing(w: Wire) -> object:
    made = w.made(domain_data=verified(domain()))
    return w.changed(made["id"], name="Renamed")["domains"] == [] and w.shown(made["id"])["domains"] != []


@fault("updates", "update.keeps-the-rest", _domains_missing, "Prisma: update without include, and domains ?? []")
def eighth_update_answers_without_other_domains() -> ASGIApp:
    """The answer to an update that names no domains shows none; get shows them."""

    def altered(request: Request, response: Reply) -> Reply:
        named = {"domains", "domain_data"} & set(fields(request))
        if request.operation != "update" or not response.good or named or not fields(request):
            return response
        return response.with_json({**response.json, "domains": []})

    return on_response(altered)


def _revived(w: Wire) -> object:
    return w.update(deleted(w)["id"], name="Back").status_code == 200


@fault("updates", "delete.gone", _revived, "DynamoDB: UpdateItem creates the item where there is none")
def eighth_update_revives_deleted() -> ASGIApp:
    """An update of a deleted organization answers 200 with it."""
    graves: dict[str, Object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        found = await forward(asked(request, "GET", request.path)) if request.operation == "delete" else None
        response = await forward(request)
        if found and found.good and response.good:
            graves[request.last] = found.json
        if request.operation == "update" and response.status == 404 and request.last in graves and fields(request):
            return reply(200, {**graves[request.last], **fields(request), "domains": []})
        return response

    return intercepting(handle)


def _unmoved(w: Wire) -> object:
    made = w.made(domain_data=pending(domain()))
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("updates", "update.moves-updated-at", _unmoved, "Rails: has_many without touch: true")
def eighth_domains_do_not_touch_updated_at() -> ASGIApp:
    """An update of nothing but domain_data leaves updated_at as it was."""

    def changed(new: Organization, known: Organization, body: Body) -> Organization:
        return dataclasses.replace(new, updated_at=known.updated_at) if set(body) == {"domain_data"} else new

    return updating(changed)


def _half_done(w: Wire) -> object:
    made = w.made(domain_data=verified(domain()))
    refused = w.update(made["id"], domain_data=verified(domain()), metadata={"k" * 41: "v"})
    return refused.status_code == 400 and w.shown(made["id"])["domains"] != made["domains"]


@fault(
    "updates",
    "update.refusal-changes-nothing",
    _half_done,
    "two services: domains are replaced first, then the organization is validated",
)
def eighth_domains_of_refused_update_stay() -> ASGIApp:
    """An update that is refused with 400 has replaced the domains all the same."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body = fields(request)
        if request.operation == "update" and response.status == 400 and "domain_data" in body:
            await forward(asked(request, "PUT", request.path, {"domain_data": body["domain_data"]}))
        return response

    return intercepting(handle)
