"""Keys, and what intermediaries and frameworks make of any response."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.raw import altering
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, token
from tests.mutants.planting import KEY


def answering(early: Callable[[Request], Reply | None]) -> ASGIApp:
    """An app with something in front that answers some requests without the key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return (None if request.authorized else early(request)) or await forward(request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other(f"Bearer {w.key.swapcase()}").get(ORGANIZATIONS).status_code == 200,
    "a column of keys under a collation that ignores case",
)
def sixth_key_in_another_case() -> ASGIApp:
    """The key is taken in another case as well."""

    class Collated(Api):
        def authorized(self, headers: Headers) -> bool:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            return scheme.lower() == "bearer" and given.lower() == self.bearer.lower()

    return app(api=Collated)


def _user(header: str) -> str:
    try:
        return base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")[0]
    except (binascii.Error, ValueError):
        return ""


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: w.other("Basic " + base64.b64encode(f"{w.key}:".encode()).decode()).get(ORGANIZATIONS).status_code == 200,
    "APIs of payment services take the key as a user's name",
)
def sixth_key_as_user_of_basic() -> ASGIApp:
    """The key is also taken as the user's name under the scheme Basic."""

    class Basic(Api):
        def authorized(self, headers: Headers) -> bool:
            given = headers.get("authorization", "")
            return super().authorized(headers) or (given.startswith("Basic ") and _user(given) == self.bearer)

    return app(api=Basic)


def _open_lookup(w: Wire) -> object:
    w.made(external_id=(known := token()))
    return w.other(None).get(f"{ORGANIZATIONS}/external_id/{known}").status_code == 200


@fault("authentication", "authentication.missing-key", _open_lookup, "a middleware mounted for one step of a path")
def sixth_lookup_without_key() -> ASGIApp:
    """A lookup needs no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and not request.header("authorization"):
            request = request.with_header("authorization", f"Bearer {KEY}")
        return await forward(request)

    return intercepting(handle)


def _broken(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return bool(body)
    return False


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).post(ORGANIZATIONS, content=b'{"name":').status_code == 400,
    "the body parser runs before the check of the key",
)
def sixth_parser_before_key() -> ASGIApp:
    """A body that is no JSON answers 400 before anybody asks for the key."""
    return answering(
        lambda request: reply(400, {"message": "Unexpected end of JSON input"}) if _broken(request.body) else None
    )


def _changed_anyway(w: Wire) -> object:
    id = w.made()["id"]
    refused = w.other(None).put(f"{ORGANIZATIONS}/{id}", json={"name": "Stranger"})
    return refused.status_code == 401 and w.shown(id)["name"] == "Stranger"


@fault(
    "authentication",
    "authentication.refusal-changes-nothing",
    _changed_anyway,
    "a handler that sends the 401 and does not return",
)
def sixth_refused_update_is_done() -> ASGIApp:
    """An update without a key answers 401 and is carried out."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "update" and not request.authorized:
            await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return await forward(request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other("Bearer sk_test_unknown").post(ORGANIZATIONS, json={"name": "X"}).status_code == 403,
    "an unknown key has no roles, so it lacks the one that writing needs",
)
def sixth_wrong_key_may_not_write() -> ASGIApp:
    """A wrong key answers 403 where something would be written."""

    def early(request: Request) -> Reply | None:
        named = request.header("authorization").startswith("Bearer sk_")
        return reply(403, {"message": "Forbidden"}) if named and request.writes else None

    return answering(early)


def _from_cache(w: Wire) -> object:
    id = w.made()["id"]
    w.shown(id)
    return w.other(None).get(f"{ORGANIZATIONS}/{id}").status_code == 200


@fault("authentication", "authentication.missing-key", _from_cache, "a proxy's cache whose key is the URL alone")
def sixth_shared_cache_ignores_key() -> ASGIApp:
    """What was read with the key is given to whoever asks for the same URL, until something is written."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        url = f"{request.path}?{request.query}"
        if request.method == "GET" and url in kept:
            return kept[url]
        response = await forward(request)
        if request.writes:
            kept.clear()
        elif response.status == 200:
            kept[url] = response
        return response

    return intercepting(handle)


@fault(
    "responses",
    "answer.status",
    lambda w: w.get(deleted(w)["id"]).status_code == 410,
    "410 says more than 404, its author thought",
)
def sixth_deleted_answers_410() -> ASGIApp:
    """Get of a deleted organization answers 410."""
    gone: set[str] = set()

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        if request.operation == "get" and request.last in gone:
            return reply(410, {"message": "Gone"})
        return response

    return on_response(altered)


@fault(
    "responses",
    "answer.content-type",
    lambda w: "problem" in w.create(name=7).headers["content-type"],
    "RFC 9457, the default of several frameworks",
)
def sixth_problem_json() -> ASGIApp:
    """A 422 is labelled application/problem+json."""
    return on_response(
        lambda _, response: (
            response.with_header("content-type", "application/problem+json") if response.status == 422 else response
        )
    )


def _latin(w: Wire) -> object:
    w.made(name="Blind M\u00fcller")
    return b"M\xfcller" in w.list(limit=1).content


@fault("responses", "answer.json", _latin, "a servlet's writer is ISO-8859-1 unless told otherwise")
def sixth_lists_in_latin_1() -> ASGIApp:
    """Lists are written in ISO-8859-1."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list":
            return response
        return response.replaced(body=response.body.decode().encode("latin-1", "replace"))

    return on_response(altered)


def _short(head: bytes, body: bytes) -> bytes:
    """The response as a server sends it that counts characters where HTTP counts bytes."""
    count = len(body.decode(errors="replace"))
    lines = [
        b"content-length: %d" % count if line.lower().startswith(b"content-length:") else line
        for line in head.split(b"\r\n")
    ]
    return b"\r\n".join(lines) + body[:count]


def _cut(w: Wire) -> object:
    try:
        w.create(name="Z\u00fcrich").json()
    except ValueError:
        return True
    return False


@fault("responses", "answer.complete", _cut, "Content-Length set to the length of a text", serve=altering(_short))
def sixth_length_counts_characters() -> ASGIApp:
    """Content-Length counts characters, so that a body with others than ASCII lacks its end."""
    return app()


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.create(name=7).json()["message"], list),
    "the exceptions of a validation library hold a list of messages",
)
def sixth_message_is_list() -> ASGIApp:
    """The message of a 422 is a list of texts."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        value = response.json
        return response.with_json({**value, "message": [each["message"] for each in value["errors"]]})

    return on_response(altered)


@fault(
    "errors",
    "error.message",
    lambda w: not w.other("Bearer sk_wrong").delete(f"{ORGANIZATIONS}/org_x").content,
    "a gateway's authorizer has no body",
)
def sixth_unauthorized_without_body() -> ASGIApp:
    """A 401 has no body."""
    return on_response(
        lambda _, response: (
            response.replaced(body=b"").with_header("content-type", None) if response.status == 401 else response
        )
    )


@fault(
    "any-client",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"Accept-Language": "de-CH,de;q=0.9,en;q=0.8"}).status_code == 500,
    "a locale made from the header as it came",
)
def sixth_languages_with_weights() -> ASGIApp:
    """A list for a client that reads several languages, as every browser does, answers 500."""

    def changed(request: Request) -> Request | Reply:
        weighted = ";q=" in request.header("accept-language").replace(" ", "")
        return crash() if weighted and request.operation == "list" else request

    return on_request(changed)


BOTS = ("libwww-perl", "python-urllib", "java/", "go-http-client", "wget", "scrapy")


@fault(
    "any-client",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"User-Agent": "Go-http-client/1.1"}).status_code == 403,
    "a firewall's list of bad bots, which names the libraries that programs use",
)
def sixth_libraries_are_bots() -> ASGIApp:
    """Clients that call themselves as common HTTP libraries do are taken for bots."""

    def changed(request: Request) -> Request | Reply:
        agent = request.header("user-agent").lower()
        return reply(403, {"message": "Forbidden"}) if any(bot in agent for bot in BOTS) else request

    return on_request(changed)
