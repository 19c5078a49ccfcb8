"""Errors of another form or status, and keys that are checked too late or too loosely."""

from __future__ import annotations

import math
import time
from urllib.parse import unquote

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, strict
from tests.blind.parts.messages import Json, Object, Reply, Request, crash, reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token
from tests.mutants.planting import KEY

ERRORS = "fourth: errors"
HTTP = "fourth: HTTP"
AUTHENTICATION = "fourth: authentication"
NONE = "none: not looked up"


def two_wrong(w: Wire) -> bool:
    return isinstance(w.http.post("/organizations", json={"name": 1, "external_id": 2}).json()["message"], list)


@fault(ERRORS, NONE, two_wrong, "the ValidationPipe of NestJS")
def fourth_several_faults_in_message() -> ASGIApp:
    """A refusal for several faults has an array of texts as its message."""

    def change(_: Request, response: Reply) -> Reply:
        value = response.json
        if response.status != 422 or len(value.get("errors", ())) < 2:
            return response
        return response.with_json({**value, "message": [each["message"] for each in value["errors"]]})

    return on_response(change)


UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@fault(ERRORS, NONE, lambda w: "message" not in w.update(UNKNOWN, name="x").json(), "another handler of exceptions")
def fourth_update_of_unknown_without_message() -> ASGIApp:
    """The 404 of an update says error instead of message."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or response.status != 404:
            return response
        return response.with_json({"error": response.json["message"], **without(response.json, "message")})

    return on_response(change)


def stripe_conflict(w: Wire) -> bool:
    customer = f"cus_{token()}"
    first, second = w.many(2)
    w.changed(first, stripe_customer_id=customer)
    return w.update(second, stripe_customer_id=customer).status_code == 409


@fault(ERRORS, NONE, stripe_conflict, "DataIntegrityViolationException")
def fourth_taken_stripe_customer_is_conflict() -> ASGIApp:
    """A taken stripe_customer_id answers 409."""

    def change(_: Request, response: Reply) -> Reply:
        taken = response.status == 400 and "stripe" in response.json.get("code", "")
        return response.replaced(status=409) if taken else response

    return on_response(change)


@fault(ERRORS, NONE, lambda w: w.get("org_" + "A" * 300).status_code == 500, "data too long for a parameter")
def fourth_long_id_fails() -> ASGIApp:
    """An id of more than 255 characters is answered with 500."""
    return on_request(lambda request: crash() if request.operation == "get" and len(request.last) > 255 else request)


@fault(ERRORS, NONE, lambda w: w.delete("org_" + "\xe4").status_code == 500, "a column in latin1 or ascii")
def fourth_delete_of_other_letters_fails() -> ASGIApp:
    """The deletion of an id that is not in ASCII is answered with 500."""
    return on_request(
        lambda request: crash() if request.operation == "delete" and not unquote(request.last).isascii() else request
    )


@fault(ERRORS, NONE, lambda w: w.lookup("\xe9").status_code == 500, "illegal mix of collations in MySQL")
def fourth_lookup_of_other_letters_fails() -> ASGIApp:
    """The lookup of an external_id that is not in ASCII is answered with 500."""
    return on_request(
        lambda request: crash() if request.operation == "lookup" and not unquote(request.last).isascii() else request
    )


def infinite(body: Object) -> bool:
    left: list[Json] = [body]
    while left:
        each = left.pop()
        if isinstance(each, float) and math.isinf(each):
            return True
        left += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
    return False


@fault(ERRORS, NONE, lambda w: w.post('{"name": 1e999}').status_code == 500, "infinity that JSON cannot write")
def fourth_huge_number_fails() -> ASGIApp:
    """A number beyond all doubles in a body is answered with 500."""
    return strict(lambda body: crash() if infinite(body) else None)


@fault(ERRORS, NONE, lambda w: w.get("external_id").status_code == 500, "a route of two steps without its second")
def fourth_lookup_without_external_id_fails() -> ASGIApp:
    """GET /organizations/external_id is answered with 500."""
    return on_request(
        lambda request: crash() if (request.method, request.path) == ("GET", "/organizations/external_id") else request
    )


def html_found(w: Wire) -> bool:
    return w.http.post("/organizations", json={}, headers={"Accept": "*/*"}).status_code == 302


@fault(ERRORS, NONE, html_found, "Laravel asks whether a client expects JSON")
def fourth_refusal_redirects_browsers() -> ASGIApp:
    """Invalid bodies redirect clients whose Accept does not begin with application/json."""

    def change(request: Request, response: Reply) -> Reply:
        if response.status != 422 or not request.writes or request.header("accept").startswith("application/json"):
            return response
        return Reply(302, (("location", "/"), ("content-type", "text/html; charset=utf-8")), b"Redirecting")

    return on_response(change)


def other_case(w: Wire) -> bool:
    return w.other(f"Bearer {KEY.upper()}").get("/organizations").status_code == 200


@fault(AUTHENTICATION, NONE, other_case, "keys in a table of MySQL")
def fourth_key_in_any_case() -> ASGIApp:
    """The key is accepted in capital letters."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.header("authorization").casefold() == f"bearer {KEY}".casefold():
            request = request.with_header("authorization", f"Bearer {KEY}")
        return await forward(request)

    return intercepting(handle)


def parsed_first(w: Wire) -> bool:
    headers = {"Content-Type": "application/json"}
    return w.other(None).put(f"/organizations/{UNKNOWN}", content="{", headers=headers).status_code == 400


@fault(AUTHENTICATION, NONE, parsed_first, "express.json() before the guard")
def fourth_bad_json_refused_before_key() -> ASGIApp:
    """An update that is no JSON answers 400 without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.method == "PUT" and request.body and request.json is None and not request.authorized:
            return reply(400, {"message": "Unexpected token in JSON"})
        return await forward(request)

    return intercepting(handle)


def cached_open(w: Wire) -> bool:
    id = w.made()["id"]
    w.get(id)
    return w.other(None).get(f"/organizations/{id}").status_code == 200


@fault(AUTHENTICATION, NONE, cached_open, "a CDN that caches in spite of Authorization")
def fourth_cache_serves_without_key() -> ASGIApp:
    """For a second after a get, the same get succeeds without a key."""
    cache: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            cache.clear()
        if request.operation != "get":
            return await forward(request)
        if not request.authorized and request.path in cache and time.monotonic() - cache[request.path][0] < 1:
            return cache[request.path][1]
        response = await forward(request)
        if request.authorized and response.good:
            cache[request.path] = time.monotonic(), response
        return response

    return intercepting(handle)
