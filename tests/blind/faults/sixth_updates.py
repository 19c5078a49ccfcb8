"""What an update changes and keeps."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, reshaped
from tests.blind.parts.messages import Object, Reply, Request, not_found, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _put(w: Wire, id: str, **body: object) -> int:
    return w.update(id, **body).status_code


def customer() -> str:
    """A Stripe customer that nobody used before, within the narrowest bounds."""
    return f"cus_{token()[-12:]}00"


@fault(
    "update",
    "update.answers",
    lambda w: _put(w, w.made(name="Same")["id"], name="Same") == 404,
    "MySQL counts rows that changed, not rows that were found",
)
def sixth_update_without_change_is_not_found() -> ASGIApp:
    """An update to the values that the organization has already answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or not request.authorized or not request.json:
            return await forward(request)
        known = await forward(request.replaced(method="GET", body=b""))
        response = await forward(request)
        if response.status != 200:
            return response
        same = without(known.json, "updated_at") == without(response.json, "updated_at")
        return not_found(request.last) if same else response

    return intercepting(handle)


@fault(
    "update",
    "update.sets-what-was-sent",
    lambda w: w.changed(w.made(name="Old")["id"], name="New", domain_data=verified(domain()))["name"] == "Old",
    "a branch for domains that returns early",
)
def sixth_name_is_lost_beside_domain_data() -> ASGIApp:
    """An update that gives domain_data does not set the name."""
    return updating(
        lambda made, known, body: dataclasses.replace(made, name=known.name) if "domain_data" in body else made
    )


@fault(
    "update",
    "update.keeps-the-rest",
    lambda w: (
        w.changed(w.made(domain_data=pending(domain()))["id"], name="New")["domains"][0]["state"] == "legacy_verified"
    ),
    "a save that writes domains back by their names",
)
def sixth_rename_verifies_domains() -> ASGIApp:
    """An update of the name makes pending domains legacy_verified."""

    def saved(made: Organization, _: Organization, body: Body) -> Organization:
        if "name" not in body or "domain_data" in body:
            return made
        domains = (
            dataclasses.replace(each, state="legacy_verified") if each.state == "pending" else each
            for each in made.domains
        )
        return dataclasses.replace(made, domains=tuple(domains))

    return updating(saved)


def _made_anew(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], external_id=token())["created_at"] != made["created_at"]


@fault("update", "update.identity", _made_anew, "REPLACE INTO deletes a row, and inserts one with new defaults")
def sixth_new_external_id_moves_created_at() -> ASGIApp:
    """An update of external_id moves created_at."""

    class Replacing(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            response = super().update(call)
            written = self.known(known.id)
            if written.external_id == known.external_id:
                return response
            moved = "UPDATE organization SET created_at = updated_at WHERE id = ?"
            self.store._connection.execute(moved, (known.id,))
            return self.responses.found(self.known(known.id))

    return app(api=Replacing)


def _unmoved(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"]


@fault("update", "update.moves-updated-at", _unmoved, "related rows do not touch their parent")
def sixth_domains_do_not_move_updated_at() -> ASGIApp:
    """An update of nothing but domains leaves updated_at as it was."""
    return updating(
        lambda made, known, body: (
            dataclasses.replace(made, updated_at=known.updated_at) if set(body) <= {"domains", "domain_data"} else made
        )
    )


def _verified_too(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=pending(name))["id"]
    w.changed(w.made()["id"], domain_data=verified(name))
    return w.shown(first)["domains"][0]["state"] == "verified"


@fault("update", "update.leaves-others-alone", _verified_too, "UPDATE organization_domain SET state WHERE domain")
def sixth_state_is_set_for_all_who_have_domain() -> ASGIApp:
    """An update that gives a domain a state gives it to the same domain of other organizations."""

    class ByName(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            for each in organization.domains:
                statement = "UPDATE organization_domain SET state = ? WHERE domain = ?"
                self._connection.execute(statement, (each.state, each.domain))

    return app(ByName())


def _only_in_answer(w: Wire) -> object:
    id = w.made(external_id=(known := token()))["id"]
    return w.changed(id, name="New", external_id=None)["external_id"] is None and w.shown(id)["external_id"] == known


@fault("update", "update.clears-external-id", _only_in_answer, "a mapper that leaves null out of the statement")
def sixth_cleared_external_id_is_kept() -> ASGIApp:
    """An update with an external_id of null says that it is cleared, and keeps it."""

    class Keeping(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            response = super().update(call)
            written = self.known(known.id)
            if written.external_id is None and known.external_id is not None:
                self.store.update(dataclasses.replace(written, external_id=known.external_id))
            return response

    return app(api=Keeping)


def _own(w: Wire) -> object:
    id, own = w.made()["id"], customer()
    w.changed(id, stripe_customer_id=own)
    return _put(w, id, name="New", stripe_customer_id=own) == 400


@fault("update", "update.own-external-id", _own, "a check whether anybody has the value, oneself included")
def sixth_own_stripe_customer_is_taken() -> ASGIApp:
    """An update with the stripe_customer_id that the organization has answers 400."""

    class Checking(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            given = self.rules.update(call.content).get("stripe_customer_id")
            if given is not None and given == known.stripe_customer_id:
                raise Taken("stripe_customer_id")
            return super().update(call)

    return app(api=Checking)


def _first_stays(w: Wire) -> object:
    id, first = w.made()["id"], customer()
    w.changed(id, stripe_customer_id=first)
    return w.changed(id, stripe_customer_id=customer())["stripe_customer_id"] == first


@fault("update", "update.stripe-customer-id", _first_stays, "a field that was thought to be set once")
def sixth_stripe_customer_is_set_once() -> ASGIApp:
    """An update does not replace a stripe_customer_id that is set."""
    return updating(
        lambda made, known, _: dataclasses.replace(
            made, stripe_customer_id=known.stripe_customer_id or made.stripe_customer_id
        )
    )


def _not_looked_up(w: Wire) -> object:
    id = w.made(external_id=(known := token()))["id"]
    w.changed(id, stripe_customer_id=customer())
    return "stripe_customer_id" not in w.lookup(known).json()


@fault("update", "update.stripe-customer-id-shown", _not_looked_up, "a list of columns that grew old")
def sixth_lookup_lacks_stripe_customer() -> ASGIApp:
    """A lookup does not show the stripe_customer_id."""
    return reshaped(lambda shown: without(shown, "stripe_customer_id"), "lookup")


def _half_done(w: Wire) -> object:
    w.made(external_id=(known := token()))
    id = w.made()["id"]
    refused = w.update(id, external_id=known, domain_data=verified(domain()))
    return refused.status_code == 400 and len(w.shown(id)["domains"]) == 1


@fault("update", "update.refusal-changes-nothing", _half_done, "related rows are saved first, without a transaction")
def sixth_conflict_leaves_new_domains() -> ASGIApp:
    """An update whose external_id is taken answers 400, and has replaced the domains."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        body: Object = request.json if isinstance(request.json, dict) else {}
        if request.operation == "update" and response.status == 400 and "already_used" in response.json.get("code", ""):
            await forward(request.with_json({n: v for n, v in body.items() if n in ("domains", "domain_data")}))
        return response

    return intercepting(handle)
