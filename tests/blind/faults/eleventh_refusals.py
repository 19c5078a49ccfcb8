"""Refused requests that leave traces, and conflicts that are answered otherwise."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call, Operation
from emulator.refusals import InvalidMetadata, Refusal, Taken
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

LONG = "k" * 41


def _left_behind(w: Wire) -> object:
    name = token()
    refused = w.create(name=name, metadata={LONG: "v"})
    return refused.status_code == 400 and len(w.ids(search=name)) == 1


@fault("refusals", "create.refusal-leaves-nothing", _left_behind, "metadata in a table of their own, no transaction")
def eleventh_refused_metadata_leave_an_organization() -> ASGIApp:
    """A create that is refused for its metadata leaves an organization without metadata."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.status == 400 and response.json.get("code") == "invalid_metadata":
            await forward(request.with_json({**fields(request), "metadata": {}}))
        return response

    return intercepting(handle)


class Leaving(Api):
    """Changes something of an organization although its update is refused."""

    def left(self, call: Call, refusal: Refusal) -> None:
        """What a refused update does nevertheless."""

    def carried_out(self, operation: Operation, call: Call) -> Response:
        """Carries out the operation; the refusal comes behind the change."""
        noted: list[Refusal] = []

        def noting(call: Call) -> Response:
            try:
                return operation(call)
            except Refusal as refusal:
                noted.append(refusal)
                raise

        response = super().carried_out(noting, call)
        if noted and operation == self.update and self.is_known(call):
            with self.store.transaction():
                self.left(call, noted[0])
        return response

    def is_known(self, call: Call) -> bool:
        """Whether the organization exists."""
        with self.store.transaction():
            return self.store.by_id(call.path["id"]) is not None


def _without_domains(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    id = w.made(domain_data=verified(domain()))["id"]
    refused = w.update(id, external_id=external, domain_data=verified(domain()))
    return refused.status_code == 400 and w.shown(id)["domains"] == []


@fault("refusals", "update.refusal-changes-nothing", _without_domains, "DELETE, UPDATE, INSERT without a transaction")
def eleventh_refused_update_removes_domains() -> ASGIApp:
    """An update with domains that is refused for a taken value removes the domains that were there."""

    class Emptying(Leaving):
        def left(self, call: Call, refusal: Refusal) -> None:
            if isinstance(refusal, Taken) and {"domains", "domain_data"} & self.rules.parsed(call.content).keys():
                self.store.update(dataclasses.replace(self.known(call.path["id"]), domains=()))

    return app(api=Emptying)


def _touched(w: Wire) -> object:
    made = w.made()
    refused = w.update(made["id"], metadata={LONG: "v"})
    return refused.status_code == 400 and w.shown(made["id"])["updated_at"] > made["updated_at"]


@fault("refusals", "update.refusal-changes-nothing", _touched, "touch() in front of the checks")
def eleventh_refused_update_moves_updated_at() -> ASGIApp:
    """An update that is refused moves updated_at."""

    class Touching(Leaving):
        def left(self, call: Call, refusal: Refusal) -> None:
            known = self.known(call.path["id"])
            self.store.update(dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at)))

    return app(api=Touching)


def _renamed(w: Wire) -> object:
    id = w.made(name="Old")["id"]
    return w.update(id, name="New", metadata={LONG: "v"}).status_code == 400 and w.shown(id)["name"] == "New"


@fault("refusals", "update.refusal-changes-nothing", _renamed, "fields that are set one by one, metadata last")
def eleventh_refused_metadata_keep_the_new_name() -> ASGIApp:
    """An update that is refused for its metadata still sets the name."""

    class Renaming(Leaving):
        def left(self, call: Call, refusal: Refusal) -> None:
            if isinstance(refusal, InvalidMetadata):
                known = self.known(call.path["id"])
                name = self.rules.parsed(call.content).get("name", known.name)
                self.store.update(dataclasses.replace(known, name=name))

    return app(api=Renaming)


def _reserved(w: Wire) -> object:
    external = token()
    refused = w.create(external_id=external, metadata={LONG: "v"})
    return refused.status_code == 400 == w.create(external_id=external).status_code


@fault("refusals", "create.refusal-leaves-nothing", _reserved, "a Set of external_ids that is filled before the checks")
def eleventh_refused_create_reserves_external_id() -> ASGIApp:
    """The external_id of a create that was refused for its metadata is taken from then on."""
    reserved: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        external = fields(request).get("external_id")
        if request.authorized and isinstance(external, str) and external in reserved:
            return bad_request("external_id_already_used")
        response = await forward(request)
        refused = request.operation == "create" and response.status == 400
        if refused and isinstance(external, str) and response.json.get("code") == "invalid_metadata":
            reserved.add(external)
        return response

    return intercepting(handle)


def _other_status(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    at_update = w.update(w.made()["id"], external_id=external).status_code
    return at_update == 422 and w.create(external_id=external).status_code == 400


@fault("refusals", "update.external-id-taken", _other_status, "a validator of uniqueness among those of the form")
def eleventh_updates_answer_422_to_a_taken_external_id() -> ASGIApp:
    """An update to a taken external_id answers 422."""

    def altered(request: Request, response: Reply) -> Reply:
        taken = request.operation == "update" and response.status == 400
        is_taken = taken and response.json.get("code") == "external_id_already_used"
        return unprocessable("external_id", "has been taken") if is_taken else response

    return on_response(altered)


def _stripe(w: Wire) -> object:
    first, second = w.many(2)
    stripe = f"cus_{token()}"
    w.changed(first, stripe_customer_id=stripe)
    return w.update(second, stripe_customer_id=stripe).status_code == 500


@fault("refusals", "update.stripe-customer-id-taken", _stripe, "DataIntegrityViolationException, which nobody maps")
def eleventh_taken_stripe_customer_crashes() -> ASGIApp:
    """An update to a taken stripe_customer_id answers 500."""

    def altered(request: Request, response: Reply) -> Reply:
        taken = response.status == 400 and response.json.get("code") == "stripe_customer_id_already_used"
        return crash() if taken else response

    return on_response(altered)


@fault(
    "refusals",
    "body.metadata-long-key",
    lambda w: w.create(metadata={LONG: "v"}).json()["code"] == "metadata_key_too_long",
    "a code of its own for each rule",
)
def eleventh_long_keys_have_their_own_code() -> ASGIApp:
    """A metadata key that is too long answers 400 with the code metadata_key_too_long."""

    def judged(body: Object) -> Reply | None:
        given = body.get("metadata")
        long = isinstance(given, dict) and any(len(key) > 40 for key in given)
        return bad_request("metadata_key_too_long") if long else None

    return strict(judged)


def _found_by_query(w: Wire) -> object:
    w.made(external_id=token())
    return w.create(external_id={"$ne": None}).status_code == 400


@fault(
    "refusals", "body.external-id-type", _found_by_query, "findOne({external_id: body.external_id}) before the check"
)
def eleventh_external_id_is_a_query() -> ASGIApp:
    """An object as external_id answers 400 with the code external_id_already_used."""

    def judged(body: Object) -> Reply | None:
        return bad_request("external_id_already_used") if isinstance(body.get("external_id"), dict) else None

    return strict(judged)
