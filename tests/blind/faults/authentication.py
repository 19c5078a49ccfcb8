"""Who is let in, and who checks first."""

from __future__ import annotations

import base64
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply, unprocessable
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire
from tests.mutants.planting import KEY

MISSING = "authentication.missing-key"
WRONG = "authentication.wrong-key"
SCHEME = "authentication.other-scheme"


def letting_in(also: Callable[[Request], bool]) -> ASGIApp:
    """An app that lets in more requests than it should."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if also(request):
            request = request.with_header("authorization", f"Bearer {KEY}")
        return await forward(request)

    return intercepting(handle)


def _let_in(authorization: str | None) -> Proof:
    def shows(w: Wire) -> object:
        with w.other(authorization) as http:
            return http.get("/organizations").status_code == 200

    return shows


def _open_lookup(w: Wire) -> object:
    w.made(external_id="open")
    with w.other(None) as http:
        return http.get("/organizations/external_id/open").status_code == 200


@fault("authentication", MISSING, _open_lookup, "a route that was added later")
def lookup_needs_no_key() -> ASGIApp:
    """A lookup by external_id asks for no key."""
    return letting_in(lambda request: request.operation == "lookup")


def _wrong_deletes(w: Wire) -> object:
    id = w.made()["id"]
    with w.other("Bearer sk_test_wrong") as http:
        return http.delete(f"/organizations/{id}").status_code == 202


@fault("authentication", WRONG, _wrong_deletes, "a check that only looks for the header")
def delete_takes_any_key() -> ASGIApp:
    """A delete asks for a key but takes any."""
    return letting_in(
        lambda request: request.operation == "delete" and request.header("authorization").startswith("Bearer sk_")
    )


@fault("authentication", WRONG, _let_in(f"Bearer {KEY}x"), "startsWith")
def key_may_be_longer() -> ASGIApp:
    """A key is accepted that only begins with the right one."""
    return letting_in(lambda request: request.header("authorization").startswith(f"Bearer {KEY}"))


@fault("authentication", WRONG, _let_in(f"Bearer {KEY.upper()}"), "a case-insensitive column")
def key_compared_without_case() -> ASGIApp:
    """A key in another case is accepted."""
    return letting_in(lambda request: request.header("authorization").lower() == f"bearer {KEY}".lower())


@fault("authentication", WRONG, _let_in(f"Bearer {KEY[:-3]}"), "a comparison over the shorter length")
def key_may_be_shorter() -> ASGIApp:
    """A key is accepted that is only the beginning of the right one, from ten characters on."""
    return letting_in(
        lambda request: (
            len(token := request.header("authorization").removeprefix("Bearer ")) >= 10 and KEY.startswith(token)
        )
    )


@fault("authentication", SCHEME, _let_in(KEY), "github.com/akto-api-security/akto/pull/5889")
def key_without_scheme_accepted() -> ASGIApp:
    """The key alone, without a scheme, is accepted."""
    return letting_in(lambda request: request.header("authorization") == KEY)


@fault("authentication", SCHEME, _let_in("Basic " + base64.b64encode(f"{KEY}:".encode()).decode()), "as Stripe does")
def key_as_basic_user_accepted() -> ASGIApp:
    """The key is accepted as the user name of Basic authentication."""
    basic = "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()
    return letting_in(lambda request: request.header("authorization") == basic)


@fault("authentication", SCHEME, _let_in(f"Token {KEY}"), "split(' ')[1]")
def key_under_any_scheme_accepted() -> ASGIApp:
    """The scheme before the key is not looked at."""
    return letting_in(lambda request: request.header("authorization").partition(" ")[2] == KEY)


@fault("authentication", MISSING, _let_in("Bearer"), "an empty token that matches an unset secret")
def empty_token_accepted() -> ASGIApp:
    """A bearer without a token is let in."""
    return letting_in(lambda request: request.header("authorization").strip() == "Bearer")


def _status(w: Wire, method: str, path: str, content: bytes | None = None) -> int:
    with w.other(None) as http:
        return http.request(method, path, content=content).status_code


@fault("authentication", MISSING, lambda w: _status(w, "POST", "/organizations", b"{}") == 422, "FACTS: 401 first")
def body_checked_before_key() -> ASGIApp:
    """A create without a key and without a name answers 422: validation runs before authentication."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json
        unfit = request.operation in {"create", "update"} and not (
            isinstance(body, dict) and (request.operation == "update" or isinstance(body.get("name"), str))
        )
        return unprocessable() if unfit and not request.authorized else await forward(request)

    return intercepting(handle)


@fault(
    "authentication",
    MISSING,
    lambda w: _status(w, "GET", "/organizations/org_01EHZNVPK3SFK441A1RGBFSHRT") == 404,
    "FACTS: 401 whatever else is wrong",
)
def unknown_id_found_out_before_key() -> ASGIApp:
    """A request for an unknown id answers 404 without a key: the lookup runs before authentication."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation in {"get", "lookup", "delete", "update"}:
            seen = await forward(request.replaced(method="GET", query="").with_header("authorization", f"Bearer {KEY}"))
            return seen if seen.status == 404 else response
        return response

    return intercepting(handle)


@fault("authentication", MISSING, lambda w: _status(w, "GET", "/organizations?limit=0") == 422, "FACTS: 401 first")
def query_checked_before_key() -> ASGIApp:
    """A list without a key and with a limit out of bounds answers 422."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation == "list":
            seen = await forward(request.with_header("authorization", f"Bearer {KEY}"))
            return seen if seen.status == 422 else response
        return response

    return intercepting(handle)


@fault("authentication", MISSING, lambda w: _status(w, "GET", "/organizations") == 403, "D: 401")
def missing_key_answers_403() -> ASGIApp:
    """A request without a key answers 403 instead of 401."""
    return on_response(
        lambda request, response: (
            reply(403, {"message": "Forbidden"})
            if response.status == 401 and not request.header("authorization")
            else response
        )
    )


@fault(
    "authentication",
    WRONG,
    lambda w: w.other("Bearer sk_test_wrong").get("/organizations").status_code == 403,
    "D: 401",
)
def wrong_key_answers_403() -> ASGIApp:
    """A request with a wrong key answers 403 instead of 401."""
    return on_response(
        lambda request, response: (
            reply(403, {"message": "Forbidden"})
            if response.status == 401 and request.header("authorization")
            else response
        )
    )


def _deleted_unauthorized(w: Wire) -> object:
    id = w.made()["id"]
    with w.other(None) as http:
        http.delete(f"/organizations/{id}")
    return w.get(id).status_code == 404


@fault("authentication", "authentication.refusal-changes-nothing", _deleted_unauthorized, "a check behind the handler")
def delete_refused_but_done() -> ASGIApp:
    """A delete without a key answers 401 and deletes all the same."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation == "delete":
            await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return response

    return intercepting(handle)


def _remembered(w: Wire) -> object:
    w.list()
    return w.http.get("/organizations", headers={"Authorization": "Bearer sk_test_wrong"}).status_code == 200


@fault("authentication", WRONG, _remembered, "authentication of connections, as NTLM has it")
def connection_stays_authenticated() -> ASGIApp:
    """A connection that was let in once stays let in, whatever key later requests on it bring."""
    known: set[tuple[str, int]] = set()

    def also(request: Request) -> bool:
        if request.authorized:
            known.add(request.client)
        return request.client in known

    return letting_in(also)


def _served_from_cache(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    with w.other(None) as http:
        return http.get(f"/organizations/{id}").status_code == 200


@fault("authentication", MISSING, _served_from_cache, "a cache in front of authentication, without Vary")
def cached_answer_needs_no_key() -> ASGIApp:
    """What somebody with a key has read is served from a cache to those without one, until something changes."""
    kept: dict[tuple[str, str], Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            kept.clear()
        if request.method != "GET":
            return await forward(request)
        if (request.path, request.query) in kept and not request.authorized:
            return kept[request.path, request.query]
        response = await forward(request)
        if response.status == 200:
            kept[request.path, request.query] = response
        return response

    return intercepting(handle)
