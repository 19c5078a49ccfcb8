"""How refusals look, where their sources leave a choice."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request, without
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@control(
    "errors",
    "O: message is all that a 404 requires",
    lambda w: w.get(UNKNOWN).json() == {"message": "Not Found"},
    may_warn=True,
)
def ninth_plain_not_found() -> ASGIApp:
    """A 404 has the message Not Found and nothing else."""

    def changed(_: Request, response: Reply) -> Reply:
        return response.with_json({"message": "Not Found"}) if response.status == 404 else response

    return on_response(changed)


def _field_and_code(w: Wire) -> object:
    refused = w.create(name=5).json()
    return refused["errors"] == [{"field": "name", "code": "invalid_type"}] and "code" not in refused


@control("errors", "R: one of the two recorded forms of a 422", _field_and_code)
def ninth_faults_by_field() -> ASGIApp:
    """A 422 has a message and, for each fault, its field and code."""

    def changed(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = [without(each, "message") for each in response.json["errors"]]
        return response.with_json({"message": response.json["message"], "errors": errors})

    return on_response(changed)


@control("errors", "O: a message for people, in no language", lambda w: "Anfrage" in w.get(UNKNOWN).json()["message"])
def ninth_german_messages() -> ASGIApp:
    """Messages are German and hold line feeds, and errors have further properties."""

    def changed(_: Request, response: Reply) -> Reply:
        if response.status < 400 or not isinstance(response.json, dict):
            return response
        text = f"Die Anfrage wurde abgelehnt.\nStatus: {response.status}"
        more = {"status": response.status, "documentation_url": None, "retryable": False}
        return response.with_json({**response.json, **more, "message": text})

    return on_response(changed)


def _challenge(w: Wire) -> object:
    refused = w.other(None).get(ORGANIZATIONS)
    return "www-authenticate" in refused.headers and refused.json()["code"] == "unauthorized"


@control("authentication", "RFC 9110: a 401 names the schemes; FACTS: objects are open", _challenge)
def ninth_challenge() -> ASGIApp:
    """A 401 has a WWW-Authenticate header, a code and another message."""

    def changed(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        body = {"message": "Provide a key as a bearer token.", "code": "unauthorized", "errors": []}
        return response.with_json(body).with_header("www-authenticate", 'Bearer realm="api", error="invalid_token"')

    return on_response(changed)
