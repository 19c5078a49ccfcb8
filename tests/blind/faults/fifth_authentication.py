"""Requests that are let in without the key, or turned away with another status."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, not_found, reply, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire
from tests.mutants.planting import KEY

KIND = "fifth: authentication"
LIST = "/organizations"


def status(w: Wire, authorization: str | None, path: str = LIST) -> int:
    """The status of a GET with another Authorization header."""
    return w.other(authorization).get(path).status_code


def admitting(admits: Callable[[str], bool]) -> ASGIApp:
    """An app that lets in more Authorization headers."""

    class Admitting(Api):
        def authorized(self, headers: Headers) -> bool:
            return super().authorized(headers) or admits(headers.get("authorization", ""))

    return app(api=Admitting)


@fault(KIND, "authentication.wrong-key", lambda w: status(w, f"Bearer {w.key}x") == 200, "startsWith")
def fifth_longer_key_let_in() -> ASGIApp:
    """A key with more characters behind it is let in."""
    return admitting(lambda given: given.startswith(f"Bearer {KEY}"))


@fault(KIND, "authentication.wrong-key", lambda w: status(w, f"Bearer {w.key.upper()}") == 200, "a collation")
def fifth_key_in_another_case_let_in() -> ASGIApp:
    """A key in another case is let in."""
    return admitting(lambda given: given.casefold() == f"bearer {KEY}".casefold())


@fault(KIND, "authentication.other-scheme", lambda w: status(w, f"Token {w.key}") == 200, "split(' ')[1]")
def fifth_any_scheme_let_in() -> ASGIApp:
    """The key is let in under the schemes Token and ApiKey."""
    return admitting(lambda given: given in (f"Token {KEY}", f"ApiKey {KEY}"))


def opened(opens: Callable[[Request], object]) -> ASGIApp:
    """An app that gives some requests the key that they lack."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = request.with_header("authorization", f"Bearer {KEY}") if opens(request) else request
        return await forward(given)

    return intercepting(handle)


@fault(
    KIND,
    "authentication.other-scheme",
    lambda w: status(w, w.key) == 200 and status(w, w.key, f"{LIST}/{w.made()['id']}") == 401,
    "a filter of its own for lists",
)
def fifth_list_takes_a_bare_key() -> ASGIApp:
    """A list takes the key without a scheme."""
    return opened(lambda request: request.operation == "list" and request.header("authorization") == KEY)


def open_lookup(w: Wire) -> bool:
    external_id = w.made(external_id=w.made()["id"])["external_id"]
    return status(w, None, f"{LIST}/external_id/{external_id}") == 200


@fault(KIND, "authentication.missing-key", open_lookup, "a route that was added past the middleware")
def fifth_lookup_is_open() -> ASGIApp:
    """A lookup without a key is carried out."""
    return opened(lambda request: request.operation == "lookup" and not request.header("authorization"))


def carried_out(w: Wire) -> bool:
    id = w.made()["id"]
    return w.other("Bearer wrong").delete(f"{LIST}/{id}").status_code == 401 and w.get(id).status_code == 404


@fault(KIND, "authentication.refusal-changes-nothing", carried_out, "a filter that runs after the handler")
def fifth_delete_with_a_wrong_key_deletes() -> ASGIApp:
    """A delete with a wrong key answers 401, and deletes."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "delete" and request.header("authorization") and not request.authorized:
            await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return await forward(request)

    return intercepting(handle)


@fault(KIND, "authentication.wrong-key", lambda w: status(w, "Bearer wrong") == 403, "403 for a key that is unknown")
def fifth_wrong_key_answers_403() -> ASGIApp:
    """A wrong key answers 403."""
    return on_response(
        lambda request, response: (
            reply(403, {"message": "Forbidden"})
            if response.status == 401 and request.header("authorization")
            else response
        )
    )


def unknown_first(w: Wire) -> bool:
    return w.other(None).delete(f"{LIST}/org_unknown").status_code == 404


@fault(KIND, "authentication.comes-first", unknown_first, "an object that is loaded to see who may touch it")
def fifth_delete_without_a_key_tells_what_is_unknown() -> ASGIApp:
    """A delete of an unknown id without a key answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "delete" or response.status != 401:
            return response
        asked = request.replaced(method="GET").with_header("authorization", f"Bearer {KEY}")
        known = (await forward(asked)).good
        return response if known else not_found(request.last)

    return intercepting(handle)


def query_first(w: Wire) -> bool:
    return status(w, None, f"{LIST}?limit=0") == 422


@fault(KIND, "authentication.comes-first", query_first, "a schema of the query at the gateway")
def fifth_limit_is_checked_before_the_key() -> ASGIApp:
    """A list with an invalid limit and without a key answers 422."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "list" or response.status != 401:
            return response
        checked = await forward(request.with_header("authorization", f"Bearer {KEY}"))
        return unprocessable("limit") if checked.status == 422 else response

    return intercepting(handle)


def kept(w: Wire) -> bool:
    w.list()
    return w.http.get(LIST, headers={"Authorization": "Bearer wrong"}).status_code == 200


@fault(KIND, "authentication.wrong-key", kept, "authentication by connection")
def fifth_connection_stays_authenticated() -> ASGIApp:
    """Once a connection has carried the key, another key on it is let in."""
    known: set[tuple[str, int]] = set()

    def opens(request: Request) -> bool:
        if request.authorized:
            known.add(request.client)
        return request.client in known

    return opened(opens)
