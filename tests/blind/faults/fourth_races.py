"""Lookups under a cache or a firewall, requests at once, deletions and time stamps."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, reshaped
from tests.blind.parts.messages import Object, Reply, Request, crash, not_found, reply, without
from tests.blind.parts.races import one_at_a_time
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, pending, together, token, verified

HTTP = "fourth: HTTP"
LOOKUPS = "fourth: lookups"
STALE = "fourth: caches"
RACES = "fourth: races"
NONE = "none: not looked up"


def firewall(w: Wire) -> bool:
    taken = f"{token()}\\a"
    w.made(external_id=taken)
    return w.lookup(taken).status_code == 400


@fault(LOOKUPS, NONE, firewall, "StrictHttpFirewall of Spring")
def fourth_backslash_refused_in_lookup() -> ASGIApp:
    """The lookup of an external_id with a backslash answers 400."""
    return on_request(
        lambda request: (
            reply(400, {"message": "Bad Request"})
            if request.operation == "lookup" and "%5c" in request.path.lower()
            else request
        )
    )


def remembered_absence(w: Wire) -> bool:
    wanted = token()
    id = w.made()["id"]
    assert w.lookup(wanted).status_code == 404
    w.changed(id, external_id=wanted)
    return w.lookup(wanted).status_code == 404


@fault(STALE, NONE, remembered_absence, "a cache of absences that only creates clear")
def fourth_absence_outlives_update() -> ASGIApp:
    """A lookup that found nothing finds nothing for a minute although an update gave the external_id away."""
    absent: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and request.last in absent and request.authorized:
            return not_found(unquote(request.last))
        response = await forward(request)
        if request.operation == "create":
            absent.clear()
        if request.operation == "lookup" and response.status == 404:
            absent.add(request.last)
        return response

    return intercepting(handle)


def old_domains(w: Wire) -> bool:
    taken = token()
    id = w.made(external_id=taken)["id"]
    w.lookup(taken)
    w.changed(id, domain_data=verified(domain()))
    return not w.lookup(taken).json()["domains"]


@fault(STALE, NONE, old_domains, "a cache that the child's save does not touch")
def fourth_lookup_keeps_old_domains() -> ASGIApp:
    """A lookup that was made before does not show what an update of nothing but domains changed."""
    cache: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        about_domains = isinstance(body, dict) and set(body) <= {"domains", "domain_data"}
        if request.writes and not (request.operation == "update" and about_domains):
            cache.clear()
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        if request.last not in cache:
            response = await forward(request)
            if not response.good:
                return response
            cache[request.last] = response
        return cache[request.last]

    return intercepting(handle)


def padded(w: Wire) -> bool:
    return w.get(f"{w.made()['id']} ").status_code == 200


@fault(LOOKUPS, NONE, padded, "PAD SPACE of MySQL")
def fourth_id_with_space_found() -> ASGIApp:
    """A get finds an organization by its id with a space behind it."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.removesuffix("%20")) if request.operation == "get" else request
        )
    )


def mixed_up(w: Wire) -> bool:
    taken = [token() for _ in range(8)]
    for each in taken:
        w.made(external_id=each)
    found = together(*(lambda each=each: w.lookup(each).json()["external_id"] for each in taken))
    return found != taken


@fault(RACES, NONE, mixed_up, "an instance variable of a controller that all requests share")
def fourth_lookups_at_once_are_mixed_up() -> ASGIApp:
    """Of lookups at once, some are answered with the organization of another."""
    current: list[Request] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "lookup" or not request.authorized:
            return await forward(request)
        current[:] = [request]
        await asyncio.sleep(0.005)
        return await forward(current[0])

    return intercepting(handle)


def both_deleted(w: Wire) -> bool:
    id = w.made()["id"]
    found = together(*(lambda: w.delete(id).status_code for _ in range(4)))
    return 500 in found


@fault(RACES, NONE, both_deleted, "StaleObjectStateException")
def fourth_deletions_at_once_fail() -> ASGIApp:
    """Of deletions of one organization at once, all but the first answer 500."""
    running: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        if request.path in running:
            return crash()
        running.add(request.path)
        await asyncio.sleep(0.01)
        response = await forward(request)
        running.discard(request.path)
        return response

    return intercepting(handle)


def deadlock(w: Wire) -> bool:
    found = together(*(lambda: w.create(domain_data=verified(domain())).status_code for _ in range(4)))
    return 500 in found


@fault(RACES, NONE, deadlock, "a deadlock of gap locks in InnoDB")
def fourth_creates_with_domains_at_once_fail() -> ASGIApp:
    """Of creates with domains at once, all but the first answer 500."""
    return one_at_a_time(
        lambda request: (
            request.operation == "create" and isinstance(request.json, dict) and request.json.get("domain_data")
        )
    )


def customer_kept(w: Wire) -> bool:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()}")
    return w.delete(id).status_code == 500


@fault("fourth: deletion", NONE, customer_kept, "a foreign key of the billing tables")
def fourth_deletion_of_stripe_customer_fails() -> ASGIApp:
    """An organization with a stripe_customer_id cannot be deleted: 500."""

    class Billed(Api):
        def delete(self, call: Call) -> Response:
            if self.known(call.path["id"]).stripe_customer_id:
                return self.responses.failed(500, "violates foreign key constraint")
            return super().delete(call)

    return app(api=Billed)


def trimmed(w: Wire) -> bool:
    return any(len(w.made()["created_at"]) < 24 for _ in range(80))


@fault("fourth: time stamps", NONE, trimmed, "time.RFC3339Nano of Go", level=SHOULD)
def fourth_zeros_cut_off_time_stamps() -> ASGIApp:
    """Time stamps lose the zeros at the end of their decimals."""

    class Go(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).removesuffix("Z").rstrip("0").rstrip(".") + "Z"

    return app(responses=Go())


def whole_seconds(w: Wire) -> bool:
    found = []
    for _ in range(3):
        taken = token()
        made = w.made(external_id=taken, domain_data=pending(domain()))
        found.append(w.lookup(taken).json()["domains"][0]["created_at"] != made["domains"][0]["created_at"])
    return any(found)


@fault("fourth: time stamps", NONE, whole_seconds, "a DATETIME without decimals")
def fourth_lookup_shows_domains_in_whole_seconds() -> ASGIApp:
    """Lookups show when domains were created in whole seconds."""

    def change(shown: Object) -> Object:
        domains = [{**each, "created_at": each["created_at"][:19] + ".000Z"} for each in shown["domains"]]
        return {**shown, "domains": domains}

    return reshaped(change, "lookup")


def no_customer(w: Wire) -> bool:
    taken = token()
    w.changed(w.made(external_id=taken)["id"], stripe_customer_id=f"cus_{token()}")
    return "stripe_customer_id" not in w.lookup(taken).json()


@fault(LOOKUPS, NONE, no_customer, "a second serializer")
def fourth_lookup_without_stripe_customer() -> ASGIApp:
    """Lookups do not show the stripe_customer_id."""
    return reshaped(lambda shown: without(shown, "stripe_customer_id"), "lookup")
