"""A new gateway stands in front, with a firewall and keys of its own."""

from __future__ import annotations

import re
from urllib.parse import unquote

import httpx
from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, reshaped
from tests.blind.parts.messages import Object, Reply, Request, not_found, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, token
from tests.mutants.planting import KEY

FORBIDDEN = reply(403, {"message": "Request blocked."})


@fault(
    "gateway",
    "create.accepts-valid-bodies",
    lambda w: w.create(name="Price in ${USD}").status_code == 403,
    "a firewall rule of December 2021",
)
def thirteenth_the_firewall_blocks_dollar_and_brace() -> ASGIApp:
    """A create or update whose body has the characters ${ in a row answers 403."""
    return on_request(
        lambda request: FORBIDDEN if request.operation in ("create", "update") and b"${" in request.body else request
    )


def _two_slashes(w: Wire) -> object:
    text = f"{token()}//x"
    w.made(external_id=text)
    return w.lookup(text).status_code == 404


def _one_slash(request: Request) -> Request:
    if request.operation != "lookup":
        return request
    return request.replaced(path=re.sub("(?i)(%2F){2,}", "%2F", request.path))


@fault("gateway", "lookup.percent-encoded", _two_slashes, "nginx: merge_slashes, after decoding")
def thirteenth_the_gateway_merges_slashes() -> ASGIApp:
    """In the path of a lookup several percent-encoded slashes in a row count as one."""
    return on_request(_one_slash)


def _parameters_go(w: Wire) -> object:
    text = f"{token()};v=2"
    w.made(external_id=text)
    return w.http.get(f"/organizations/external_id/{text}").status_code == 404


@fault("gateway", "lookup.percent-encoded", _parameters_go, "Tomcat: what follows a semicolon is a path parameter")
def thirteenth_a_semicolon_ends_the_path() -> ASGIApp:
    """What follows a semicolon that is not percent-encoded in the path of a lookup is ignored."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.partition(";")[0]) if request.operation == "lookup" else request
        )
    )


def _long_path(w: Wire) -> object:
    text = token() + "/" * 46
    w.made(external_id=text)
    coded = "".join(f"%{ord(character):02X}" for character in text)
    return w.http.get(f"/organizations/external_id/{coded}").status_code == 414


@fault("gateway", "answer.status", _long_path, "a limit for paths that was chosen by the ids of today")
def thirteenth_long_paths_are_refused() -> ASGIApp:
    """A request whose path is longer than 200 characters as it was sent answers 414."""
    return on_request(lambda request: reply(414, {"message": "Too long."}) if len(request.path) > 200 else request)


def _made_twice(w: Wire) -> object:
    name = token()
    w.made(name=name)
    return len(w.ids(search=name)) == 2


@fault(
    "gateway", "lifecycle.model", _made_twice, "traffic is mirrored to the new deployment, which has the same database"
)
def thirteenth_creates_are_mirrored() -> ASGIApp:
    """A create without an external_id makes two organizations, of which the answer shows one."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.good and fields(request).get("external_id") is None:
            await forward(request.with_header("idempotency-key", None))
        return response

    return intercepting(handle)


def _gone_and_not_found(w: Wire) -> object:
    id = w.made()["id"]
    return w.delete(id).status_code == 404 and w.get(id).status_code == 404


@fault(
    "gateway", "delete.answers", _gone_and_not_found, "retries of idempotent methods: the answer of the last one counts"
)
def thirteenth_deletes_are_sent_twice() -> ASGIApp:
    """A delete is carried out, and answered with the 404 of a second one."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        return await forward(request) if request.operation == "delete" and response.good else response

    return intercepting(handle)


SHOWN = 8


@fault(
    "gateway",
    "authentication.wrong-key",
    lambda w: w.other(f"Bearer {w.key}x").get("/organizations").status_code == 200,
    "keys are looked up by their first characters, and the digest of the rest is compared nowhere",
)
def thirteenth_a_key_is_known_by_its_beginning() -> ASGIApp:
    """A key that begins like the right one, in its first eight characters, is taken for it."""

    class Prefix(Api):
        def authorized(self, headers: Headers) -> bool:
            scheme, _, key = headers.get("authorization", "").partition(" ")
            return scheme.lower() == "bearer" and key[:SHOWN] == KEY[:SHOWN]

    return app(api=Prefix)


def _known_before_asked(w: Wire) -> object:
    unknown = "/organizations/org_01HZZZZZZZZZZZZZZZZZZZZZZZ"
    return w.other(None).put(unknown, json={"name": "Blind"}).status_code == 404


@fault(
    "gateway", "authentication.comes-first", _known_before_asked, "Express: app.param loads the row before the guard"
)
def thirteenth_an_unknown_id_comes_before_the_key() -> ASGIApp:
    """An update of an id that no organization has answers 404 also without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or request.authorized:
            return await forward(request)
        look = request.replaced(method="GET", body=b"").with_header("authorization", f"Bearer {KEY}")
        known = (await forward(look)).status == 200
        return await forward(request) if known else not_found(unquote(request.last))

    return intercepting(handle)


def _undecodable(w: Wire) -> object:
    id = w.made(metadata={"a": "x" * 500, "b": "y" * 500, "c": "z" * 500})["id"]
    try:
        return w.get(id).status_code == 0
    except httpx.DecodingError:
        return True


def _labelled(request: Request, response: Reply) -> Reply:
    large = request.operation == "get" and response.good and len(response.body) > 1500
    return response.with_header("content-encoding", "gzip") if large else response


@fault(
    "gateway",
    "answer.json",
    _undecodable,
    "compression above a threshold: one layer labels, the other was switched off",
)
def thirteenth_large_answers_are_called_compressed() -> ASGIApp:
    """The answer to a get of more than 1500 bytes is labelled as gzip and is not compressed."""
    return on_response(_labelled)


GUARD = b")]}',\n"


def _guarded(w: Wire) -> object:
    found = w.http.get("/organizations", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"})
    return found.content.startswith(GUARD)


@fault("gateway", "list.any-client", _guarded, "security hardening against the inclusion of JSON as a script")
def thirteenth_browsers_get_a_guard_before_the_list() -> ASGIApp:
    """A list begins with characters that are no JSON when a browser asks for it."""

    def guard(request: Request, response: Reply) -> Reply:
        browser = request.operation == "list" and "Mozilla" in request.header("user-agent")
        return response.replaced(body=GUARD + response.body) if browser else response

    return on_response(guard)


def _masked(shown: Object) -> Object:
    hidden = {key: re.sub("[0-9]{12}(?=[0-9]{4}$)", "*" * 12, value) for key, value in shown["metadata"].items()}
    return {**shown, "metadata": hidden}


@fault(
    "gateway",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": "4000123412341234"})["metadata"]["a"] == "************1234",
    "data loss prevention: numbers of cards are masked on the way out",
)
def thirteenth_sixteen_digits_are_masked() -> ASGIApp:
    """Of a metadata value that ends with sixteen digits twelve of these are shown as asterisks."""
    return reshaped(_masked)


def _page_of_html(w: Wire) -> object:
    found = w.http.get("/organizations/org.unknown")
    return found.status_code == 404 and found.headers["content-type"].startswith("text/html")


HTML = Reply(
    404, (("content-type", "text/html; charset=utf-8"),), b"<!doctype html><title>404</title><h1>Not Found</h1>"
)


@fault(
    "gateway", "answer.content-type", _page_of_html, "routes whose parameter is [\\w-]+; the rest is the framework's"
)
def thirteenth_ids_with_other_characters_have_no_route() -> ASGIApp:
    """An id that has a character other than letters, digits, hyphens and underscores gets a 404 in HTML."""

    def routed(request: Request) -> Request | Reply:
        by_id = request.operation in ("get", "update", "delete")
        return HTML if by_id and not re.fullmatch(r"[\w-]+", unquote(request.last)) else request

    return on_request(routed)


@fault(
    "gateway",
    "answer.status",
    lambda w: w.list(limit=5).status_code == 308,
    "API versioning: /organizations moves below /v1, and old paths are redirected",
)
def thirteenth_lists_are_redirected_to_a_version() -> ASGIApp:
    """A list that names a limit answers 308 with another path."""

    def moved(request: Request) -> Request | Reply:
        if request.operation != "list" or "limit=" not in request.query:
            return request
        return Reply(308, (("location", f"/v1{request.path}?{request.query}"),), b"")

    return on_request(moved)
