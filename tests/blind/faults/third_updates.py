"""Updates that change too much or too little in one case only."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response, reshaped
from tests.blind.parts.messages import Reply, Request, crash, reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, together, token, verified

UPDATES = "updates"
RACES = "requests at once"


def _namesake(w: Wire) -> bool:
    first, second = w.many(2, name=token())
    w.changed(first, metadata={"a": "1"})
    return bool(w.shown(second)["metadata"] == {"a": "1"})


@fault(UPDATES, "none: an update touches no other organization", _namesake, "UPDATE ... WHERE name = ?")
def an_update_reaches_those_of_the_same_name() -> ASGIApp:
    """The metadata of an update are written to all organizations of this name."""

    class ByName(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            statement = "UPDATE organization SET metadata = ? WHERE name = ?"
            self._connection.execute(statement, (json.dumps(organization.metadata), organization.name))

    return app(ByName())


def _nothing_new(w: Wire) -> bool:
    made = w.made()
    return w.changed(made["id"], name=made["name"], external_id=token())["external_id"] is None


@fault(UPDATES, "none: an update changes what it gives", _nothing_new, "a look at one field for changes")
def the_same_name_is_no_update() -> ASGIApp:
    """An update that gives the present name changes nothing else either."""

    class Same(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return known if body.get("name") == known.name else super().updated(known, body)

    return app(changes=Same())


def _third_conflicts(w: Wire) -> bool:
    id = w.made()["id"]
    return [w.update(id, name=f"n{i}").status_code for i in range(3)] == [200, 200, 409]


@fault(UPDATES, "none: valid updates are accepted", _third_conflicts, "a version that is raised once")
def the_third_update_conflicts() -> ASGIApp:
    """From the third update of an organization on the answer is 409."""
    counts: Counter[str] = Counter()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "update" and counts[request.path] >= 2 and request.authorized:
            return reply(409, {"message": "The organization was changed by another request."})
        response = await forward(request)
        counts[request.path] += request.operation == "update" and response.good
        return response

    return intercepting(handle)


def _first_customer_stays(w: Wire) -> bool:
    id, first = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=first)
    return bool(w.changed(id, stripe_customer_id=f"cus_{token()}")["stripe_customer_id"] == first)


@fault(UPDATES, "none: an update changes what it gives", _first_customer_stays, "a column that is written once")
def a_stripe_customer_is_set_once() -> ASGIApp:
    """A stripe_customer_id that is set stays."""

    class Once(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            return replace(changed, stripe_customer_id=known.stripe_customer_id or changed.stripe_customer_id)

    return app(changes=Once())


def _flag_is_reset(w: Wire) -> bool:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, domain_data=verified(domain()))["allow_profiles_outside_organization"] is False


@fault(UPDATES, "none: fields left out keep their value", _flag_is_reset)
def new_domains_reset_the_flag() -> ASGIApp:
    """An update with domains sets allow_profiles_outside_organization to false."""

    class Resetting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            given = body.get("allow_profiles_outside_organization", False)
            changed = super().updated(known, body)
            return replace(changed, allow_profiles=given) if "domain_data" in body else changed

    return app(changes=Resetting())


def _half_done(w: Wire) -> bool:
    first, second = w.many(2)
    customer = f"cus_{token()}"
    w.changed(first, stripe_customer_id=customer)
    refused = w.update(second, stripe_customer_id=customer, metadata={"a": "1"})
    return refused.status_code == 400 and w.shown(second)["metadata"] == {"a": "1"}


@fault(UPDATES, "none: a refused update changes nothing", _half_done, "two statements without a transaction")
def a_taken_customer_leaves_the_metadata_changed() -> ASGIApp:
    """An update that is refused for its stripe_customer_id has changed the metadata."""

    class Half(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            try:
                return super().update(call)
            except Taken as taken:
                if taken.field != "stripe_customer_id":
                    raise
                pairs = self.changes.next_metadata(known, self.rules.update(call.content))
                self.store.update(replace(known, metadata=pairs))
                return self.responses.refused(taken)

    return app(api=Half)


def _not_modified(w: Wire) -> bool:
    made = w.made()
    return w.update(made["id"], name=made["name"]).status_code == 304


@fault(UPDATES, "none: an update answers 200", _not_modified, "304 mistaken for `nothing changed`")
def an_update_without_effect_is_not_modified() -> ASGIApp:
    """An update that changes no value is answered with 304."""

    class Comparing(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            changed = self.changes.updated(known, self.rules.update(call.content))
            if replace(changed, updated_at=known.updated_at) == known:
                return Response(None, 304)
            return super().update(call)

    return app(api=Comparing)


@fault(UPDATES, "none: an update answers 200", lambda w: w.update(w.made()["id"]).status_code == 204)
def an_empty_update_has_no_content() -> ASGIApp:
    """An update with `{}` is answered with 204."""
    return on_response(
        lambda request, response: (
            response.replaced(status=204, body=b"")
            if request.operation == "update" and response.good and request.json == {}
            else response
        )
    )


def _customer_is_hidden(w: Wire) -> bool:
    id = w.made()["id"]
    return "stripe_customer_id" not in w.changed(id, stripe_customer_id="cus_1") and "stripe_customer_id" in w.shown(id)


@fault(UPDATES, "none: an update answers with the organization", _customer_is_hidden)
def updates_answer_without_the_customer() -> ASGIApp:
    """The response of an update never has stripe_customer_id."""
    return reshaped(lambda value: without(value, "stripe_customer_id"), "update")


def _customer_not_in_lists(w: Wire) -> bool:
    w.changed(w.made()["id"], stripe_customer_id="cus_1")
    return "stripe_customer_id" not in w.list().json()["data"][0]


@fault(UPDATES, "none: all responses show the same", _customer_not_in_lists, "a serializer of its own for lists")
def lists_and_lookups_hide_the_customer() -> ASGIApp:
    """Lists and lookups never show stripe_customer_id."""
    return reshaped(lambda value: without(value, "stripe_customer_id"), "list", "lookup")


def _flag_in_lists(w: Wire) -> bool:
    w.made(allow_profiles_outside_organization=True)
    return w.list().json()["data"][0]["allow_profiles_outside_organization"] is False


@fault(UPDATES, "none: all responses show the same", _flag_in_lists, "a column that the query of lists leaves out")
def the_flag_is_false_in_lists() -> ASGIApp:
    """In lists, allow_profiles_outside_organization is always false."""
    return reshaped(lambda value: {**value, "allow_profiles_outside_organization": False}, "list")


def _customer_is_lost(w: Wire) -> bool:
    shown = w.changed(w.made()["id"], stripe_customer_id="cus_1", external_id=token())
    return "stripe_customer_id" not in shown


@fault(UPDATES, "none: an update changes what it gives", _customer_is_lost, "if ... elif")
def an_external_id_keeps_the_customer_out() -> ASGIApp:
    """An update that gives an external_id does not set the stripe_customer_id beside it."""

    class Either(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            return replace(changed, stripe_customer_id=known.stripe_customer_id) if body.get("external_id") else changed

    return app(changes=Either())


def _swapped(w: Wire) -> bool:
    made = together(*[lambda i=i: w.made(name=f"n{i}")["name"] for i in range(6)])
    return made != [f"n{i}" for i in range(6)]


@fault(RACES, "none: a create answers with what it made", _swapped, "a variable shared by all requests")
def creates_at_once_answer_with_the_latest() -> ASGIApp:
    """A create answers with whatever was created last a few milliseconds later."""
    latest: list[Reply] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "create" or not response.good:
            return response
        latest.append(response)
        await asyncio.sleep(0.01)
        return latest[-1]

    return intercepting(handle)


def _sixth_fails(w: Wire) -> bool:
    id = w.made()["id"]
    return 500 in [response.status_code for response in together(*[lambda: w.get(id)] * 12)]


@fault(RACES, "none: no crash", _sixth_fails, "a pool of connections without a queue")
def six_requests_at_once_are_too_many() -> ASGIApp:
    """While five requests are being answered, a sixth is answered with 500."""
    running: set[Request] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if len(running) >= 5:
            return crash()
        pause = 0.03 if running else 0.003
        running.add(request)
        try:
            await asyncio.sleep(pause)
            return await forward(request)
        finally:
            running.discard(request)

    return intercepting(handle)
