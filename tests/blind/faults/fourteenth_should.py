"""What emulators leave out of the promises that are no must."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import MOST_METADATA, Body
from emulator.records import Domain, Organization
from emulator.refusals import InvalidMetadata
from emulator.responses import Responses
from emulator.validation import Rules
from tests.blind.parts.apps import app, reading, showing_domains
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified


@fault(
    "metadata",
    "create.accepts-documented-bounds",
    lambda w: w.create(metadata={"k": "\N{GRINNING FACE}" * 400}).status_code == 400,
    "value.length in JavaScript and C#",
    level=SHOULD,
)
def fourteenth_values_are_measured_in_utf_16() -> ASGIApp:
    """A metadata value of at most 600 characters is refused where these are more than 600 units of UTF-16."""

    def refused(body: Object) -> Reply | None:
        texts = [value for value in pairs(body).values() if isinstance(value, str)]
        long = any(len(text) <= 600 and len(text.encode("utf-16-le", "surrogatepass")) > 1200 for text in texts)
        return bad_request("invalid_metadata", "A metadata value is too long.") if long else None

    return strict(refused)


def _twice(w: Wire) -> object:
    metadata = {f"key_{number}": "value" for number in range(26)}
    return w.update(w.made(metadata=metadata)["id"], metadata=metadata).status_code == 400


@fault("metadata", "update.accepts-documented-bounds", _twice, "known.length + given.length > 50", level=SHOULD)
def fourteenth_overwritten_pairs_count_twice() -> ASGIApp:
    """An update counts the pairs that it overwrites twice against the bound of 50."""

    def checked(made: Organization, known: Organization, body: Body) -> Organization:
        given: Mapping[str, Any] = body.get("metadata") or {}
        if len(known.metadata) + len(given) > MOST_METADATA:
            raise InvalidMetadata(f"metadata must have at most {MOST_METADATA} pairs.")
        return made

    return updating(checked)


def _encoded(w: Wire) -> object:
    return bool(w.lookup("north west").json()["entity_id"] == "north%20west")


@fault("errors", "error.not-found-entity-id", _encoded, "the last step of req.originalUrl", level=SHOULD)
def fourteenth_entity_id_stays_encoded() -> ASGIApp:
    """The entity_id of a 404 of a lookup is the step of the path as it was sent, percent-encoded."""

    def encoded(request: Request, response: Reply) -> Reply:
        missing = request.operation == "lookup" and response.status == 404
        return response.with_json({**response.json, "entity_id": request.last}) if missing else response

    return on_response(encoded)


def _accepted_again(w: Wire) -> object:
    id = w.made()["id"]
    return [w.delete(id).status_code for _ in range(2)] == [202, 202]


@fault("delete", "delete.twice", _accepted_again, "what was deleted stays in a set of the session", level=SHOULD)
def fourteenth_second_delete_is_accepted() -> ASGIApp:
    """A second delete of an organization answers 202; one of an id that never was answers 404."""
    deleted: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "delete" and response.good:
            deleted[request.path] = response
        again = request.operation == "delete" and response.status == 404
        return deleted.get(request.path, response) if again else response

    return intercepting(handle)


@fault(
    "headers",
    "answer.request-id",
    lambda w: "x-request-id" not in w.other(None).get("/organizations").headers,
    "the middleware for keys stands before the one for request ids",
    level=SHOULD,
)
def fourteenth_unauthorized_has_no_request_id() -> ASGIApp:
    """A 401 carries no X-Request-ID."""
    return on_response(lambda _, r: r.with_header("x-request-id", None) if r.status == 401 else r)


def _whole_seconds(w: Wire) -> object:
    shown = w.made(domain_data=verified(domain()))["domains"][0]["created_at"]
    return re.fullmatch(r"[\d-]+T[\d:]+Z", shown)


@fault("timestamps", "domain.timestamp-form", _whole_seconds, "Ecto and MySQL: whole seconds by default", level=SHOULD)
def fourteenth_domains_have_whole_seconds() -> ASGIApp:
    """Timestamps of domains have no decimals; those of organizations have three."""

    def cut(moment: str) -> str:
        return f"{moment.partition('.')[0]}Z"

    def shown(value: Object, of: Domain) -> Object:
        whole = of.created_at // 1000 * 1000
        return {**value, "created_at": cut(Responses().timestamp(whole)), "updated_at": cut(value["updated_at"])}

    return showing_domains(shown)


def _keyed(w: Wire) -> object:
    return isinstance(w.create(name=7).json()["errors"], dict)


@fault("errors", "error.lists-each-fault", _keyed, "Laravel, Phoenix and ASP.NET Core", level=SHOULD)
def fourteenth_errors_are_keyed_by_field() -> ASGIApp:
    """The errors of a 422 are an object of messages by field."""

    def keyed(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = {each["field"]: [each["message"]] for each in response.json["errors"]}
        return response.with_json({**response.json, "errors": errors})

    return on_response(keyed)


def _by_update(w: Wire) -> object:
    refused = w.create(domain_data=verified("gmail.com")).status_code == 422
    return refused and w.update(w.made()["id"], domain_data=verified("gmail.com")).status_code == 200


@fault("domains", "body.consumer-domain", _by_update, "the check was added where the issue was reported", level=SHOULD)
def fourteenth_update_takes_consumer_domains() -> ASGIApp:
    """A consumer domain is refused by a create and taken by an update."""

    class Create(Rules):
        def update(self, content: bytes) -> dict[str, Any]:
            body = self.parsed(content)
            self.check_body(self._update, body)
            return self.given(body)

    return app(rules=Create())


def _chomped(w: Wire) -> object:
    name = token()
    return w.made(name=f"{name}\n")["name"] == name and w.made(name=f" {name} ")["name"] == f" {name} "


@fault("names", "body.name-padding", _chomped, "Ruby: name.chomp", level=SHOULD)
def fourteenth_names_are_chomped() -> ASGIApp:
    """A line feed at the end of a name is cut off."""
    return reading(name=lambda name: name.removesuffix("\n"))
