"""Who is let in."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire
from tests.mutants.planting import KEY


def answering(early: Callable[[Request], Reply | None]) -> ASGIApp:
    """An app with something in front that answers some requests without the key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return (None if request.authorized else early(request)) or await forward(request)

    return intercepting(handle)


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


def _broken(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
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
