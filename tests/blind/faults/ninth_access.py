"""The key, and the answers to those who have none."""

from __future__ import annotations

import base64

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire
from tests.mutants.planting import KEY


async def _with_key(request: Request, forward: Forward) -> Reply:
    return await forward(request.with_header("authorization", f"Bearer {KEY}"))


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: w.other("Basic " + base64.b64encode(f"{KEY}:".encode()).decode()).get(ORGANIZATIONS).status_code == 200,
    "the key as the name of a user, as another API takes it",
)
def ninth_basic_is_a_key_too() -> ASGIApp:
    """The key is taken as the name of Basic authentication as well."""
    basic = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()

    async def handle(request: Request, forward: Forward) -> Reply:
        as_name = request.header("authorization") == basic
        return await (_with_key(request, forward) if as_name else forward(request))

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other(f"Bearer {KEY.upper()}").get(ORGANIZATIONS).status_code == 200,
    "a lookup of keys in a column without regard to case",
)
def ninth_key_in_any_case() -> ASGIApp:
    """The key is taken in any case."""

    async def handle(request: Request, forward: Forward) -> Reply:
        same = request.header("authorization").lower() == f"Bearer {KEY}".lower()
        return await (_with_key(request, forward) if same else forward(request))

    return intercepting(handle)


def _same_connection(w: Wire) -> object:
    w.list()
    return w.http.get(ORGANIZATIONS, headers={"Authorization": "Bearer sk_wrong"}).status_code == 200


@fault("authentication", "authentication.wrong-key", _same_connection, "a proxy that authenticates connections")
def ninth_connection_stays_open_to_all() -> ASGIApp:
    """On a connection on which one request carried the key, later requests may carry any key."""
    known: set[tuple[str, int]] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized:
            known.add(request.client)
        trusted = request.client in known and request.header("authorization")
        return await (_with_key(request, forward) if trusted else forward(request))

    return intercepting(handle)


def _unknown_first(w: Wire) -> object:
    return w.other(None).delete(f"{ORGANIZATIONS}/org_01EHZNVPK3SFK441A1RGBFSHRT").status_code == 404


@fault(
    "authentication", "authentication.comes-first", _unknown_first, "a policy that needs the object it decides about"
)
def ninth_unknown_id_comes_before_the_key() -> ASGIApp:
    """An update or a delete of an unknown id answers 404, even without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation not in ("update", "delete") or request.authorized:
            return await forward(request)
        known = await _with_key(request.replaced(method="GET", body=b""), forward)
        return known if known.status == 404 else await forward(request)

    return intercepting(handle)


def _served_to_all(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    return w.other(None).get(f"{ORGANIZATIONS}/{id}").status_code == 200


@fault("authentication", "authentication.missing-key", _served_to_all, "a cache without Vary: Authorization")
def ninth_cache_serves_without_a_key() -> ASGIApp:
    """A get that was answered before is answered without a key as well, until the next write."""
    known: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            known.clear()
        if request.operation == "get" and not request.authorized and request.path in known:
            return known[request.path]
        response = await forward(request)
        if request.operation == "get" and response.good:
            known[request.path] = response
        return response

    return intercepting(handle)
