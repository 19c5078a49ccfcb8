"""Requests that a framework, a firewall or a proxy takes for something else."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import math
import time
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, reshaped, strict
from tests.blind.parts.messages import Json, Object, Reply, Request, crash, not_found, reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, together, token, verified
from tests.mutants.planting import KEY

ERRORS = "fourth: errors"
HTTP = "fourth: HTTP"
AUTHENTICATION = "fourth: authentication"
LOOKUPS = "fourth: lookups"
STALE = "fourth: caches"
RACES = "fourth: races"
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


def infinite(value: Json) -> bool:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (isinstance(value, float) and math.isinf(value)) or any(map(infinite, values))


@fault(ERRORS, NONE, lambda w: w.post('{"name": 1e999}').status_code == 500, "infinity that JSON cannot write")
def fourth_huge_number_fails() -> ASGIApp:
    """A number beyond all doubles in a body is answered with 500."""
    return strict(lambda body: crash() if infinite(body) else None)


@fault(ERRORS, NONE, lambda w: w.get("external_id").status_code == 500, "a route of two steps without its second")
def fourth_lookup_without_external_id_fails() -> ASGIApp:
    """GET /organizations/external_id is answered with 500."""
    return on_request(lambda request: crash() if (request.method, request.last) == ("GET", "external_id") else request)


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


def empty_json(w: Wire) -> bool:
    id = w.made()["id"]
    return w.http.delete(f"/organizations/{id}", headers={"Content-Type": "application/json"}).status_code == 400


@fault(HTTP, NONE, empty_json, "FST_ERR_CTP_EMPTY_JSON_BODY of Fastify")
def fourth_delete_with_content_type_refused() -> ASGIApp:
    """A deletion with Content-Type application/json and no body answers 400."""

    def change(request: Request) -> Request | Reply:
        empty = request.operation == "delete" and "json" in request.header("content-type") and not request.body
        return (
            reply(400, {"message": "Body cannot be empty when content-type is 'application/json'"})
            if empty
            else request
        )

    return on_request(change)


@fault(
    HTTP,
    NONE,
    lambda w: w.post('{"name": "a"}', Content_Type='application/json; charset="utf-8"').status_code == 415,
    "a comparison of texts",
)
def fourth_quoted_charset_refused() -> ASGIApp:
    """A create whose Content-Type has its charset in quotes answers 415."""

    def change(request: Request) -> Request | Reply:
        quoted = request.operation == "create" and '"' in request.header("content-type")
        return reply(415, {"message": "Unsupported Media Type"}) if quoted else request

    return on_request(change)


def chunked_lost(w: Wire) -> bool:
    id = w.made()["id"]
    body = iter([b'{"name": ', b'"Other"}'])
    w.http.put(f"/organizations/{id}", content=body, headers={"Content-Type": "application/json"})
    return bool(w.shown(id)["name"] != "Other")


@fault(HTTP, NONE, chunked_lost, "WSGI without a Content-Length")
def fourth_chunked_update_is_empty() -> ASGIApp:
    """An update whose body comes in chunks changes nothing."""

    def change(request: Request) -> Request:
        chunked = request.operation == "update" and request.header("transfer-encoding")
        return request.replaced(body=b"{}") if chunked else request

    return on_request(change)


def refused_encoding(w: Wire) -> bool:
    response = w.http.get("/organizations", headers={"Accept-Encoding": "gzip;q=0"})
    return bool(response.headers.get("content-encoding") == "gzip")


@fault(HTTP, NONE, refused_encoding, "`'gzip' in accept_encoding`")
def fourth_gzip_although_refused() -> ASGIApp:
    """Responses are compressed with gzip although the request says gzip;q=0."""

    def change(request: Request, response: Reply) -> Reply:
        if "gzip" not in request.header("accept-encoding").replace(" ", ""):
            return response
        return response.replaced(body=gzip.compress(response.body)).with_header("content-encoding", "gzip")

    return on_response(change)


def same_tag(w: Wire) -> bool:
    id = w.made()["id"]
    tag = w.get(id).headers.get("etag", "-")
    w.changed(id, metadata={"a": "b"})
    return bool(w.http.get(f"/organizations/{id}", headers={"If-None-Match": str(tag)}).status_code == 304)


@fault(STALE, NONE, same_tag, "a cache key of id and name")
def fourth_tag_of_name_alone() -> ASGIApp:
    """The ETag of an organization changes with its name alone, so If-None-Match answers 304 after others."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or not response.good:
            return response
        tag = f'"{hashlib.sha256((response.json["id"] + response.json["name"]).encode()).hexdigest()}"'
        if request.header("if-none-match") == tag:
            return Reply(304, (("etag", tag),), b"")
        return response.with_header("etag", tag)

    return on_response(change)


def same_second(w: Wire) -> bool:
    found = []
    for _ in range(3):
        id = w.made()["id"]
        moment = w.get(id).headers.get("last-modified", "-")
        w.changed(id, name="Other")
        found.append(w.http.get(f"/organizations/{id}", headers={"If-Modified-Since": moment}).status_code == 304)
    return any(found)


@fault(STALE, NONE, same_second, "stale?(last_modified:) of Rails")
def fourth_not_modified_within_a_second() -> ASGIApp:
    """If-Modified-Since answers 304 for what changed within the second that Last-Modified named."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or not response.good:
            return response
        moment = time.strptime(response.json["updated_at"][:19], "%Y-%m-%dT%H:%M:%S")
        text = time.strftime("%a, %d %b %Y %H:%M:%S GMT", moment)
        if request.header("if-modified-since") == text:
            return Reply(304, (("last-modified", text),), b"")
        return response.with_header("last-modified", text)

    return on_response(change)


def emptied(w: Wire) -> bool:
    id = w.made()["id"]
    w.http.head(f"/organizations/{id}")
    return not w.get(id).content


@fault(STALE, NONE, emptied, "a cache that does not tell HEAD from GET")
def fourth_head_empties_cache() -> ASGIApp:
    """For a second after a HEAD, a GET of the same organization has no body."""
    heads: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.writes:
            heads.clear()
        if response.good and request.method == "HEAD":
            heads[request.path] = time.monotonic()
        if request.operation == "get" and time.monotonic() - heads.get(request.path, -9) < 1:
            return response.replaced(body=b"")
        return response

    return intercepting(handle)


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
        if request.writes and not (
            request.operation == "update" and set(request.json or ()) <= {"domains", "domain_data"}
        ):
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
    running: list[int] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        if request.operation != "create" or not isinstance(body, dict) or not body.get("domain_data"):
            return await forward(request)
        if running:
            return crash()
        running.append(1)
        await asyncio.sleep(0.005)
        response = await forward(request)
        running.clear()
        return response

    return intercepting(handle)


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


@fault("fourth: time stamps", NONE, trimmed, "time.RFC3339Nano of Go")
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
