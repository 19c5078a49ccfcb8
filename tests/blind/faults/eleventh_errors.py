"""Refusals in the form of a framework, not in that of the API."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Json, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def refused(change: Callable[[Reply], Reply], applies: Callable[[Request, Reply], object]) -> ASGIApp:
    """An app whose refusals look otherwise where something applies."""

    def altered(request: Request, response: Reply) -> Reply:
        return change(response) if response.status >= 400 and applies(request, response) else response

    return on_response(altered)


def body(change: Callable[[Json], Json]) -> Callable[[Reply], Reply]:
    """Changes the JSON value of a refusal."""
    return lambda response: response.with_json(change(response.json))


@fault(
    "errors",
    "error.message",
    lambda w: w.create(name=5).json()["message"] == ["name must be a string"],
    "ValidationPipe, whose message is an array",
)
def eleventh_messages_are_arrays() -> ASGIApp:
    """The message of a 422 to a body is an array of texts."""

    def change(value: Json) -> Json:
        return {**value, "message": ["name must be a string"], "error": "Unprocessable Entity", "statusCode": 422}

    return refused(body(change), lambda request, response: response.status == 422 and request.operation != "list")


def _detail(w: Wire) -> object:
    return w.lookup(token()).json() == {"detail": "Not found."} and "message" in w.get(token()).json()


@fault("errors", "error.message", _detail, "NotFound of the framework, raised past the service's own handler")
def eleventh_lookup_has_a_detail() -> ASGIApp:
    """A 404 of a lookup has a detail and no message."""
    return refused(body(lambda _: {"detail": "Not found."}), lambda request, _: request.operation == "lookup")


@fault(
    "errors",
    "answer.content-type",
    lambda w: w.get(token()).headers["content-type"] == "application/problem+json",
    "ProblemDetail",
)
def eleventh_refusals_are_problems() -> ASGIApp:
    """Refusals are labelled application/problem+json."""
    return refused(lambda response: response.with_header("Content-Type", "application/problem+json"), lambda *_: True)


def _white(w: Wire) -> object:
    shown = w.list(limit=0).json()
    return (
        shown.get("error") == "Unprocessable Entity" and "message" not in shown and "message" in w.create(name=5).json()
    )


@fault("errors", "error.message", _white, "server.error.include-message, which is never unless somebody sets it")
def eleventh_refused_queries_have_no_message() -> ASGIApp:
    """A 422 to the query of a list has no message."""
    plain = {"timestamp": "2026-11-26T12:00:00Z", "status": 422, "error": "Unprocessable Entity", "path": ""}
    return refused(
        body(lambda _: plain), lambda request, response: request.operation == "list" and response.status > 401
    )


def _wrapped(w: Wire) -> object:
    external = token()
    w.made(external_id=external)
    return w.create(external_id=external).json().get("error", {}).get("code") == "external_id_already_used"


@fault("errors", "error.message", _wrapped, "an envelope for errors of all the company's services")
def eleventh_conflicts_are_wrapped() -> ASGIApp:
    """A 400 has its message and code within an object called error."""
    return refused(body(lambda value: {"error": value}), lambda _, response: response.status == 400)


def _plain(w: Wire) -> object:
    answer = w.other("Bearer sk_test_wrong").get("/organizations")
    return answer.status_code == 401 and answer.text == "Unauthorized\n"


@fault("errors", "error.message", _plain, "http.Error of Go, which writes plain text")
def eleventh_unauthorized_is_plain_text() -> ASGIApp:
    """A 401 is plain text."""

    def change(response: Reply) -> Reply:
        return response.replaced(body=b"Unauthorized\n").with_header("Content-Type", "text/plain; charset=utf-8")

    return refused(change, lambda _, response: response.status == 401)


def _page(w: Wire) -> object:
    return w.post("{").text.startswith("<!DOCTYPE") and w.post("[]").headers["content-type"].startswith("application")


@fault("errors", "error.message", _page, "body-parser's error, and no handler of errors of one's own")
def eleventh_broken_json_gets_a_page() -> ASGIApp:
    """A body that is no JSON is answered by 400 with a page of HTML."""

    def change(response: Reply) -> Reply:
        page = b"<!DOCTYPE html><html><body><pre>SyntaxError: Unexpected token in JSON</pre></body></html>"
        return response.replaced(status=400, body=page).with_header("Content-Type", "text/html; charset=utf-8")

    def broken(request: Request, response: Reply) -> object:
        return request.operation in ("create", "update") and response.status == 422 and request.json is None

    return refused(change, broken)
