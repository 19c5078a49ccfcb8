"""Keys that are compared, or asked for, in the wrong way."""

from __future__ import annotations

import base64

from starlette.types import ASGIApp

from tests.blind.parts.asking import asked
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire
from tests.mutants.planting import KEY

UNKNOWN = f"{ORGANIZATIONS}/org_01EHZNVPK3SFK441A1RGBFSHRT"
WITH_KEY = f"Bearer {KEY}"


def _capitals(w: Wire) -> object:
    return w.other(f"Bearer {w.key.upper()}").get(ORGANIZATIONS).status_code == 200


@fault("authentication", "authentication.wrong-key", _capitals, "WHERE key = ? under a collation that ignores case")
def tenth_keys_in_any_case() -> ASGIApp:
    """The key is accepted in other case."""

    async def handle(request: Request, forward: Forward) -> Reply:
        same = request.header("authorization").lower() == WITH_KEY.lower()
        return await forward(request.with_header("authorization", WITH_KEY) if same else request)

    return intercepting(handle)


def _bound(w: Wire) -> object:
    return w.other(None).put(UNKNOWN, json={"name": "Acme"}).status_code == 404


@fault(
    "authentication", "authentication.comes-first", _bound, "Laravel: route model binding runs before the middleware"
)
def tenth_update_finds_before_it_asks() -> ASGIApp:
    """An update of an unknown id without a key answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or request.authorized:
            return await forward(request)
        known = await forward(asked(request, "GET", request.path).with_header("authorization", WITH_KEY))
        return known if known.status == 404 else await forward(request)

    return intercepting(handle)


def _basic(w: Wire) -> object:
    value = base64.b64encode(f"{w.key}:".encode()).decode()
    return w.other(f"Basic {value}").get(ORGANIZATIONS).status_code == 200


@fault("authentication", "authentication.other-scheme", _basic, "Stripe's API, where the key may be the user's name")
def tenth_key_as_user_name() -> ASGIApp:
    """The key is accepted as the user name of basic authentication."""
    basic = f"Basic {base64.b64encode(f'{KEY}:'.encode()).decode()}"

    async def handle(request: Request, forward: Forward) -> Reply:
        same = request.header("authorization") == basic
        return await forward(request.with_header("authorization", WITH_KEY) if same else request)

    return intercepting(handle)


def _odd(w: Wire) -> object:
    statuses = [w.other(f"Bearer {each}").get(ORGANIZATIONS).status_code for each in ("wrong", "sk_test_wrong")]
    return statuses == [400, 401]


@fault("authentication", "authentication.wrong-key", _odd, "a gateway that checks the form of a key before it asks")
def tenth_keys_of_another_form_are_bad_requests() -> ASGIApp:
    """A key that does not begin with sk_ answers 400."""

    async def handle(request: Request, forward: Forward) -> Reply:
        scheme, _, key = request.header("authorization").partition(" ")
        if scheme == "Bearer" and key and not key.startswith("sk_"):
            return reply(400, {"message": "The key is malformed.", "code": "invalid_api_key"})
        return await forward(request)

    return intercepting(handle)
