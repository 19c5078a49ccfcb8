"""Refusals in other words and with other details, and what nobody has to take."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, unprocessable
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, token


@control(
    "errors",
    "error.message: a message for people; no source says in which words",
    lambda w: "gefunden" in w.lookup(token()).json()["message"],
)
def eighth_refusals_speak_german() -> ASGIApp:
    """Messages of refusals are German, with quotation marks and umlauts, and there are further fields."""
    words = {401: "Schlüssel fehlt oder ist ungültig.", 404: "„Organisation“ nicht gefunden."}

    def altered(_: Request, response: Reply) -> Reply:
        value = response.json
        if response.good or not isinstance(value, dict):
            return response
        said = words.get(response.status, "Die Anfrage ist ungültig: Bitte prüfen Sie Ihre Eingaben.")
        return response.with_json({**value, "message": said, "error": "fehler", "documentation_url": "/hilfe"})

    return on_response(altered)


@control(
    "errors",
    "O: an error requires message alone; codes of 404 and the list of a 422 are a SHOULD",
    lambda w: list(w.lookup(token()).json()) == ["message"],
    may_warn=True,
)
def eighth_refusals_have_a_message_alone() -> ASGIApp:
    """A 404 or a 422 has a message and nothing else."""

    def altered(_: Request, response: Reply) -> Reply:
        bare = response.status in (404, 422)
        return response.with_json({"message": response.json["message"]}) if bare else response

    return on_response(altered)


@control(
    "validation",
    "body.malformed: refused as a fault of the client; body.almost-json: 400 or 422",
    lambda w: w.post('{"name": ').status_code == 400,
    may_warn=True,
)
def eighth_malformed_json_is_400() -> ASGIApp:
    """A body that is no JSON answers 400 with a code of its own; all else that is wrong with bodies answers 422."""

    def judged(request: Request) -> Request | Reply:
        if request.operation in ("create", "update") and not _is_json(request.body):
            return bad_request("malformed_json", "The body could not be parsed.")
        return request

    return on_request(judged)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body.decode())  # of bytes, Python would read UTF-16 as well
    except (ValueError, RecursionError):
        return False
    return True


UNUSUAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@control(
    "validation",
    "body.name-control-characters: taken unchanged or refused with 4xx",
    lambda w: w.create(name="Bell \x07").status_code == 422,
)
def eighth_control_characters_are_refused() -> ASGIApp:
    """A name with a control character, those of lines and tabs excepted, answers 422."""

    def judged(body: Object) -> Reply | None:
        name = body.get("name")
        return unprocessable("name") if isinstance(name, str) and UNUSUAL.search(name) else None

    return strict(judged)


@control(
    "validation",
    "RFC 8259 section 4: what becomes of a name that comes twice is open",
    lambda w: w.post('{"name": "One", "name": "Two"}').status_code == 422,
)
def eighth_repeated_property_is_refused() -> ASGIApp:
    """A body in which an object has a property twice answers 422."""

    def judged(request: Request) -> Request | Reply:
        refused = request.operation in ("create", "update") and _repeats(request.body)
        return unprocessable("body", "has a property twice") if refused else request

    return on_request(judged)


def _repeats(body: bytes) -> bool:
    repeated: list[bool] = []

    def read(found: list[tuple[str, Any]]) -> dict[str, Any]:
        repeated.append(len(found) > len(dict(found)))
        return dict(found)

    try:
        json.loads(body.decode(), object_pairs_hook=read)
    except (ValueError, RecursionError):
        return False
    return any(repeated)


def _labelled_as_text(w: Wire) -> object:
    return w.post('{"name": "As text"}', Content_Type="text/plain").status_code == 422


@control("validation", "O: a body is application/json; nothing is said of other types", _labelled_as_text)
def eighth_other_media_types_are_refused() -> ASGIApp:
    """A body that is labelled as something else than application/json answers 422."""

    def judged(request: Request) -> Request | Reply:
        label = request.header("content-type").partition(";")[0].strip().lower()
        other = request.operation in ("create", "update") and label not in ("", "application/json")
        return unprocessable("body", "must be application/json") if other else request

    return on_request(judged)


@control(
    "authentication",
    "authentication.lower-case-scheme is INFO",
    lambda w: w.other(f"bearer {w.key}").get(ORGANIZATIONS).status_code == 401,
)
def eighth_scheme_is_exact() -> ASGIApp:
    """The key under a scheme in small letters answers 401."""

    class Exact(Api):
        def authorized(self, headers: Headers) -> bool:
            return super().authorized(headers) and headers["authorization"].startswith("Bearer ")

    return app(api=Exact)
