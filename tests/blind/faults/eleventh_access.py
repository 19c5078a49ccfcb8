"""Keys that are asked for too late, too loosely, or not at all."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, bad_request
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, token
from tests.mutants.planting import KEY

BEARER = f"Bearer {KEY}"


@fault(
    "access",
    "authentication.comes-first",
    lambda w: w.other(None).post(ORGANIZATIONS, content=b"{").status_code == 400,
    "a parser of bodies in front of the guard",
)
def eleventh_bodies_are_parsed_first() -> ASGIApp:
    """Without a key a body that is no JSON answers 400."""

    async def handle(request: Request, forward: Forward) -> Reply:
        bad = not request.authorized and request.method in ("POST", "PUT") and request.json is None
        return bad_request("invalid_json") if bad else await forward(request)

    return intercepting(handle)


@fault(
    "access",
    "authentication.comes-first",
    lambda w: w.other(None).get(f"{ORGANIZATIONS}?limit=0").status_code == 422,
    "parameters of a handler that are bound and validated before its dependencies run",
)
def eleventh_queries_are_validated_first() -> ASGIApp:
    """Without a key a list whose query is not valid answers 422."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status != 401 or request.operation != "list":
            return response
        allowed = await forward(request.with_header("authorization", BEARER))
        return allowed if allowed.status == 422 else response

    return intercepting(handle)


def _forbidden(w: Wire) -> object:
    statuses = [w.other(key).get(ORGANIZATIONS).status_code for key in ("Bearer sk_test_wrong", None)]
    return statuses == [403, 401]


@fault("access", "authentication.wrong-key", _forbidden, "the status for whoever is known and may not")
def eleventh_wrong_keys_are_forbidden() -> ASGIApp:
    """A wrong key answers 403."""

    def altered(request: Request, response: Reply) -> Reply:
        wrong = response.status == 401 and request.header("authorization")
        return response.replaced(status=403) if wrong else response

    return on_response(altered)


@fault(
    "access",
    "authentication.wrong-key",
    lambda w: w.other(f"{BEARER}x").get(ORGANIZATIONS).status_code == 200,
    "strncmp, or startsWith",
)
def eleventh_keys_may_be_longer() -> ASGIApp:
    """A key that begins with the right one is taken."""

    async def handle(request: Request, forward: Forward) -> Reply:
        longer = request.header("authorization").startswith(BEARER)
        return await forward(request.with_header("authorization", BEARER) if longer else request)

    return intercepting(handle)


@fault(
    "access",
    "authentication.other-scheme",
    lambda w: w.other(f"Token {KEY}").get(ORGANIZATIONS).status_code == 200,
    "the scheme of a framework's own tokens beside the one that is asked for",
)
def eleventh_tokens_are_taken() -> ASGIApp:
    """The key is taken under the scheme Token too."""

    async def handle(request: Request, forward: Forward) -> Reply:
        is_token = request.header("authorization") == f"Token {KEY}"
        return await forward(request.with_header("authorization", BEARER) if is_token else request)

    return intercepting(handle)


def _open(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    return w.other(None).get(f"{ORGANIZATIONS}/external_id/{external}").status_code == 200


@fault("access", "authentication.missing-key", _open, "a route in a group of its own, without the middleware")
def eleventh_lookups_are_open() -> ASGIApp:
    """A lookup needs no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        is_open = request.operation == "lookup" and not request.header("authorization")
        return await forward(request.with_header("authorization", BEARER) if is_open else request)

    return intercepting(handle)


def _deleted(w: Wire) -> object:
    id = w.made()["id"]
    answer = w.other("Bearer sk_test_wrong").delete(f"{ORGANIZATIONS}/{id}")
    return answer.status_code == 401 and w.get(id).status_code == 404


@fault("access", "authentication.refusal-changes-nothing", _deleted, "res.status(401).json(...) without a return")
def eleventh_refused_deletes_delete() -> ASGIApp:
    """A delete with a wrong key answers 401 and deletes."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "delete" and response.status == 401 and request.header("authorization"):
            await forward(request.with_header("authorization", BEARER))
        return response

    return intercepting(handle)
