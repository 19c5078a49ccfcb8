"""Updates that change too much, too little, or the wrong organization."""

from __future__ import annotations

import dataclasses
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, not_found
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

ALLOW = "allow_profiles_outside_organization"


def _reset(w: Wire) -> object:
    id = w.made(**{ALLOW: True})["id"]
    return w.changed(id, name="Other")[ALLOW] is False


@fault("updates", "update.keeps-the-rest", _reset, "default=False in a serializer that is partial")
def eleventh_update_resets_allow_profiles() -> ASGIApp:
    """An update that does not name allow_profiles_outside_organization sets it to false."""
    return updating(lambda new, _, body: dataclasses.replace(new, allow_profiles=bool(body.get(ALLOW, False))))


def _same(w: Wire) -> object:
    made = w.made(name="Same")
    return w.update(made["id"], name="Same").status_code == 404 and w.update(made["id"], name="New").is_success


@fault("updates", "update.answers", _same, "modifiedCount === 0 taken for not found")
def eleventh_update_to_the_same_answers_404() -> ASGIApp:
    """An update that names the values that are there already answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = fields(request)
        if request.operation == "update" and request.authorized and body:
            known = await forward(asked(request, "GET", request.path))
            if known.good and body.items() <= known.json.items():
                return not_found(request.last)
        return await forward(request)

    return intercepting(handle)


def _unmoved(w: Wire, **body: object) -> bool:
    made = w.made()
    changed = w.changed(made["id"], **body)
    return bool(changed["updated_at"] == made["updated_at"])


@fault(
    "updates",
    "update.moves-updated-at",
    lambda w: _unmoved(w, metadata={"a": "b"}) and not _unmoved(w, name="Other"),
    "an update of the JSON column by itself, past auto_now",
)
def eleventh_metadata_move_no_updated_at() -> ASGIApp:
    """An update that names metadata alone leaves updated_at as it was."""
    return updating(lambda new, known, b: dataclasses.replace(new, updated_at=known.updated_at) if _alone(b) else new)


def _alone(body: Body) -> bool:
    return set(body) == {"metadata"}


@fault(
    "updates",
    "update.moves-updated-at",
    lambda w: _unmoved(w, domain_data=verified(domain())) and not _unmoved(w, name="Other"),
    "domains in a table of their own, and updated_at in that of the organizations",
)
def eleventh_domains_move_no_updated_at() -> ASGIApp:
    """An update that names domains alone leaves updated_at as it was."""

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        alone = set(body) <= {"domains", "domain_data"}
        return dataclasses.replace(new, updated_at=known.updated_at) if alone else new

    return updating(change)


def _old_time(w: Wire) -> object:
    made = w.made()
    answer = w.changed(made["id"], name="Other")
    return answer["updated_at"] == made["updated_at"] < w.shown(made["id"])["updated_at"]


@fault("updates", "update.moves-updated-at", _old_time, "a trigger of the database, and no second SELECT")
def eleventh_update_answers_with_the_old_time() -> ASGIApp:
    """The answer to an update shows the updated_at of before."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or not request.authorized:
            return await forward(request)
        known = await forward(asked(request, "GET", request.path))
        response = await forward(request)
        if not response.good or not known.good:
            return response
        return response.with_json({**response.json, "updated_at": known.json["updated_at"]})

    return intercepting(handle)


def _fixed(w: Wire) -> object:
    id = w.made()["id"]
    first, second = f"cus_{token()}", f"cus_{token()}"
    w.changed(id, stripe_customer_id=first)
    return w.changed(id, stripe_customer_id=second)["stripe_customer_id"] == first


@fault("updates", "update.stripe-customer-id", _fixed, "COALESCE(stripe_customer_id, $2), the wrong way round")
def eleventh_first_stripe_customer_stays() -> ASGIApp:
    """A stripe_customer_id that is set once is not replaced by another one."""

    def change(new: Organization, known: Organization, _: Body) -> Organization:
        return dataclasses.replace(new, stripe_customer_id=known.stripe_customer_id or new.stripe_customer_id)

    return updating(change)


def _not_cleared(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    return w.changed(id, external_id=None)["external_id"] is None and w.shown(id)["external_id"] == external


@fault("updates", "update.clears-external-id", _not_cleared, "COALESCE($2, external_id), and the body in the answer")
def eleventh_external_id_is_cleared_in_the_answer() -> ASGIApp:
    """An update clears external_id in its answer, and keeps it in the database."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = fields(request)
        if request.operation != "update" or body.get("external_id", "") is not None:
            return await forward(request)
        kept = {name: value for name, value in body.items() if name != "external_id"}
        response = await forward(request.with_json(kept))
        return response.with_json({**response.json, "external_id": None}) if response.good else response

    return intercepting(handle)


def _moved(w: Wire) -> object:
    external = token()
    first, second = w.made(external_id=external)["id"], w.made()["id"]
    answer = w.update(second, external_id=external)
    return answer.status_code == 200 and w.shown(first)["external_id"] is None


@fault("updates", "update.external-id-taken", _moved, "a Map from external_id to organization that set() overwrites")
def eleventh_update_takes_external_id_away() -> ASGIApp:
    """An update to the external_id of another organization takes it away from that one."""

    async def handle(request: Request, forward: Forward) -> Reply:
        external = fields(request).get("external_id")
        if request.operation == "update" and request.authorized and isinstance(external, str) and external:
            known = await forward(asked(request, "GET", f"/organizations/external_id/{quote(external, safe='')}"))
            if known.good and known.json["id"] != request.last:
                path = f"/organizations/{known.json['id']}"
                await forward(asked(request, "PUT", path, {"external_id": None}))
        return await forward(request)

    return intercepting(handle)


def _any_case(w: Wire) -> object:
    id = w.made()["id"]
    return w.update(id.lower(), name="Other").status_code == 200 and w.get(id.lower()).status_code == 404


@fault("updates", "update.unknown", _any_case, "ULIDs that are parsed, which are the same in any case")
def eleventh_updates_ids_in_any_case() -> ASGIApp:
    """An update takes the id in small letters too."""

    def read(request: Request) -> Request | Reply:
        prefix, _, ulid = request.last.partition("_")
        changed = f"/organizations/{prefix.lower()}_{ulid.upper()}"
        return request.replaced(path=changed) if request.operation == "update" and ulid else request

    return on_request(read)


def _upserts(w: Wire) -> object:
    id = f"{w.made()['id'][:-6]}ZZZZZZ"
    return w.update(id, name="New").status_code == 200 and w.get(id).status_code == 200


@fault("updates", "update.unknown", _upserts, "findOneAndUpdate with upsert: true")
def eleventh_update_makes_the_unknown() -> ASGIApp:
    """An update of an unknown id that names a name makes an organization with this id."""

    class Upserting(Api):
        def update(self, call: Call) -> Response:
            id = call.path["id"]
            if self.store.by_id(id) is None and "name" in (body := self.rules.update(call.content)):
                made = dataclasses.replace(self.changes.created(body), id=id)
                self.store.insert(made)
                return self.responses.found(made)
            return super().update(call)

    return app(api=Upserting)


def _own(w: Wire) -> object:
    id, stripe = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=stripe)
    return w.update(id, stripe_customer_id=stripe, name="Other").status_code == 400


@fault("updates", "update.own-external-id", _own, "exists(stripe_customer_id=...) without exclude(id=...)")
def eleventh_own_stripe_customer_is_taken() -> ASGIApp:
    """An update with the stripe_customer_id that the organization has already answers 400."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("stripe_customer_id")
        if request.operation == "update" and request.authorized and given:
            known = await forward(asked(request, "GET", request.path))
            if known.good and known.json.get("stripe_customer_id") == given:
                return bad_request("stripe_customer_id_already_used")
        return await forward(request)

    return intercepting(handle)


def _unloaded(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return w.changed(id, name="Other")["domains"] == [] != w.shown(id)["domains"]


@fault("updates", "update.keeps-the-rest", _unloaded, "a relation that is not loaded is an empty one")
def eleventh_update_answers_without_domains() -> ASGIApp:
    """The answer to an update that names no domains shows none."""

    def altered(request: Request, response: Reply) -> Reply:
        named = {"domains", "domain_data"} & fields(request).keys()
        bare = request.operation == "update" and response.good and not named
        return response.with_json({**response.json, "domains": []}) if bare else response

    return on_response(altered)


def _undone(w: Wire) -> object:
    id = w.made(name="First")["id"]
    w.changed(id, name="Second")
    return w.changed(id, metadata={"a": "b"})["name"] == "First"


@fault("updates", "update.keeps-the-rest", _undone, "entities in a cache that save() writes whole")
def eleventh_second_update_undoes_the_first() -> ASGIApp:
    """An update undoes what earlier updates of the organization changed."""
    made: dict[str, Organization] = {}

    class Cached(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return super().updated(made.setdefault(known.id, known), body)

    return app(changes=Cached())
