"""Keys that are checked at the wrong place, too generously or with other words."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, not_found, reply
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, token
from tests.mutants.planting import KEY


def _status(w: Wire, authorization: str | None) -> int:
    return w.other(authorization).get(ORGANIZATIONS).status_code


@fault(
    "authentication",
    "authentication.missing-key",
    lambda w: _status(w, None) == 403,
    "Django REST framework: without authenticate_header() the first authenticator makes it 403",
)
def fifteenth_no_key_is_forbidden() -> ASGIApp:
    """A request without an Authorization header answers 403."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.header("authorization"):
            return await forward(request)
        return reply(403, {"message": "Authentication credentials were not provided."})

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: _status(w, "Bearer sk_test_other") == 403,
    "AWS API Gateway: an authorizer that denies instead of throwing 'Unauthorized'",
)
def fifteenth_wrong_keys_are_denied() -> ASGIApp:
    """A wrong bearer key answers 403."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.header("authorization").startswith("Bearer "):
            return reply(403, {"message": "User is not authorized to access this resource with an explicit deny"})
        return response

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: _status(w, KEY) == 200,
    "header.replace('Bearer ', '')",
)
def fifteenth_scheme_may_be_missing() -> ASGIApp:
    """The key is taken without a scheme too."""

    class Replacing(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "").replace("Bearer ", "") == self.bearer

    return app(api=Replacing)


@fault(
    "authentication",
    "authentication.other-scheme",
    lambda w: _status(w, f"Token {KEY}") == 200,
    "const [, token] = header.split(' ')",
)
def fifteenth_scheme_is_not_looked_at() -> ASGIApp:
    """The key is taken under any scheme, as the second word of the header."""

    class Splitting(Api):
        def authorized(self, headers: Headers) -> bool:
            return [*headers.get("authorization", "").split(" "), ""][1] == self.bearer

    return app(api=Splitting)


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: _status(w, f"Bearer {KEY.upper()}") == 200,
    "SELECT ... WHERE api_key = ? under MySQL's default collation",
)
def fifteenth_keys_are_compared_without_case() -> ASGIApp:
    """The key is taken in capital letters too."""

    class Collated(Api):
        def authorized(self, headers: Headers) -> bool:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            return scheme.lower() == "bearer" and given.lower() == self.bearer.lower()

    return app(api=Collated)


def _open_lookup(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.other(None).get(f"{ORGANIZATIONS}/external_id/{external_id}").status_code == 200


@fault(
    "authentication", "authentication.missing-key", _open_lookup, "antMatchers('/organizations', '/organizations/*')"
)
def fifteenth_lookups_need_no_key() -> ASGIApp:
    """A lookup by external_id is answered without a key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "lookup" and not request.header("authorization"):
            return await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return await forward(request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).post(ORGANIZATIONS, content=b"{").status_code == 400,
    "Express: app.use(express.json()) stands before the guard",
)
def fifteenth_bodies_are_parsed_before_keys() -> ASGIApp:
    """A body that is no JSON answers 400 although there is no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation in ("create", "update") and request.body and request.json is None:
            return bad_request("bad_request", "Unexpected end of JSON input")
        return await forward(request)

    return intercepting(handle)


@fault(
    "authentication",
    "authentication.comes-first",
    lambda w: w.other(None).get(f"{ORGANIZATIONS}/org_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404,
    "Laravel: SubstituteBindings runs before the guard",
)
def fifteenth_models_are_bound_before_keys() -> ASGIApp:
    """An id that no organization has answers 404 although there is no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation in ("get", "update", "delete"):
            with_key = request.with_header("authorization", None).with_header("authorization", f"Bearer {KEY}")
            known = await forward(with_key.replaced(method="GET", query="", body=b""))
            return not_found(request.last) if known.status == 404 else response
        return response

    return intercepting(handle)


@fault(
    "errors",
    "error.message",
    lambda w: w.other(None).get(ORGANIZATIONS).content == b"Unauthorized",
    "Passport: res.end(http.STATUS_CODES[401])",
)
def fifteenth_unauthorized_is_plain_text() -> ASGIApp:
    """The body of a 401 is the word Unauthorized as plain text."""

    def told(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        return response.replaced(body=b"Unauthorized").with_header("content-type", "text/plain; charset=utf-8")

    return on_response(told)


@fault(
    "headers",
    "answer.request-id",
    lambda w: "x-request-id" not in w.other(None).get(ORGANIZATIONS).headers,
    "the middleware that numbers requests stands behind the guard",
    level=SHOULD,
)
def fifteenth_unauthorized_has_no_request_id() -> ASGIApp:
    """A 401 carries no X-Request-ID."""
    return on_response(
        lambda _, response: response.with_header("x-request-id", None) if response.status == 401 else response
    )


def _deleted_without_key(w: Wire) -> object:
    id = w.made()["id"]
    status = w.other(None).delete(f"{ORGANIZATIONS}/{id}").status_code
    return status == 401 and w.get(id).status_code == 404


@fault(
    "authentication",
    "authentication.refusal-changes-nothing",
    _deleted_without_key,
    "Express: res.status(401).json(...) without return",
)
def fifteenth_guard_does_not_return() -> ASGIApp:
    """A delete without a key answers 401, and is carried out nevertheless."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation == "delete" and not request.header("authorization"):
            await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return response

    return intercepting(handle)
