"""Refusals with other texts and other members, in the documented form."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, token


@control(
    "errors",
    "error.message: its text is free",
    lambda w: w.get(token()).json()["message"].startswith("Nicht möglich: „"),
)
def eleventh_messages_in_german() -> ASGIApp:
    """Messages are German, with the address of the request in them."""

    def altered(request: Request, response: Reply) -> Reply:
        if response.status < 402 and response.status != 400:
            return response
        return response.with_json({**response.json, "message": f"Nicht möglich: „{request.method} …“ \U0001f6ab"})

    return on_response(altered)


@control(
    "errors",
    "authentication.missing-key: the status is documented, and a message",
    lambda w: w.other(None).get(ORGANIZATIONS).headers.get("www-authenticate") == 'Bearer realm="api"',
)
def eleventh_unauthorized_says_how() -> ASGIApp:
    """A 401 has WWW-Authenticate, a code and another message."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        said = {"message": "Send your key as a bearer token.", "code": "unauthorized", "error": "invalid_token"}
        return response.with_json(said).with_header("www-authenticate", 'Bearer realm="api"')

    return on_response(altered)


@control(
    "errors",
    "error.message: objects are open",
    lambda w: w.get(token()).json().get("statusCode") == 404,
)
def eleventh_refusals_say_more() -> ASGIApp:
    """Refusals also have the status, its name, a moment, the path and a link to the documentation."""

    def altered(request: Request, response: Reply) -> Reply:
        if response.status < 400:
            return response
        more = {"statusCode": response.status, "error": "Refused", "timestamp": 1_700_000_000, "path": request.path}
        return response.with_json({**more, **response.json, "docs": None, "help": {"url": "https://example.com"}})

    return on_response(altered)


@control(
    "errors",
    "error.lists-each-fault: real errors have field and code alone, and no code of the whole",
    lambda w: w.create(name=5).json()["errors"] == [{"field": "name", "code": "invalid_type"}],
)
def eleventh_errors_name_field_and_code() -> ASGIApp:
    """A 422 has no code, and its errors have a field and a code."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]]
        return response.with_json({"message": "Validation failed", "errors": errors})

    return on_response(altered)


def _both(w: Wire) -> object:
    return w.post("{").status_code == 400 == w.post("").status_code and w.post("[]").status_code == 422


@control("errors", "body.malformed and body.almost-json: refused as a fault of the client", _both, may_warn=True)
def eleventh_broken_json_answers_400() -> ASGIApp:
    """A body that is no JSON answers 400, with a code of its own."""

    def altered(request: Request, response: Reply) -> Reply:
        broken = request.method in ("POST", "PUT") and response.status == 422
        if not broken or response.json["errors"][0]["code"] != "invalid_json":
            return response
        return response.replaced(status=400).with_json({"message": "The body is not JSON.", "code": "invalid_json"})

    return on_response(altered)
