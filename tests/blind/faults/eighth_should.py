"""Faults against what an implementation should do."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_response, strict
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, unprocessable, without
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, token


@fault(
    "errors",
    "error.not-found-entity-id",
    lambda w: w.lookup("no one / nobody").json().get("entity_id") == "no%20one%20%2F%20nobody",
    "a router that hands over path parameters as they came",
    level=SHOULD,
)
def eighth_entity_id_is_encoded() -> ASGIApp:
    """The entity_id of the 404 of a lookup is percent-encoded as it was in the path."""

    def altered(request: Request, response: Reply) -> Reply:
        missed = request.operation == "lookup" and response.status == 404
        return response.with_json({**response.json, "entity_id": request.last}) if missed else response

    return on_response(altered)


@fault(
    "errors",
    "error.lists-each-fault",
    lambda w: "errors" not in w.list(limit=0).json(),
    "the filter for errors of bodies is not used for queries",
    level=SHOULD,
)
def eighth_refused_query_lists_nothing() -> ASGIApp:
    """The 422 of a list has no errors."""

    def altered(request: Request, response: Reply) -> Reply:
        refused = request.operation == "list" and response.status == 422
        return response.with_json(without(response.json, "errors")) if refused else response

    return on_response(altered)


@fault(
    "errors",
    "answer.request-id",
    lambda w: "x-request-id" not in w.other(None).get(ORGANIZATIONS).headers,
    "a gateway refuses before the middleware that numbers requests",
    level=SHOULD,
)
def eighth_unauthorized_has_no_request_id() -> ASGIApp:
    """A 401 carries no X-Request-ID."""

    def altered(_: Request, response: Reply) -> Reply:
        return response.with_header("x-request-id", None) if response.status == 401 else response

    return on_response(altered)


def _trimmed(w: Wire) -> object:
    return any(len(w.made()["created_at"]) != len("2026-01-15T12:00:00.000Z") for _ in range(100))


@fault(
    "timestamps",
    "organization.timestamp-form",
    _trimmed,
    "Go: time.RFC3339Nano cuts zeros off",
    level=SHOULD,
)
def eighth_decimals_end_before_zeros() -> ASGIApp:
    """Timestamps have no zeros at the end of their decimals."""

    class Trimming(Responses):
        def timestamp(self, moment: int) -> str:
            return re.sub(r"\.?0*Z$", "Z", super().timestamp(moment)) if moment % 10 == 0 else super().timestamp(moment)

    return app(responses=Trimming())


def _bytes(w: Wire) -> object:
    return w.create(metadata={"motto": "é" * 400}).status_code == 400


@fault("metadata", "create.accepts-documented-bounds", _bytes, "Go: len() of a string counts bytes", level=SHOULD)
def eighth_metadata_values_are_measured_in_bytes() -> ASGIApp:
    """A metadata value of more than 600 bytes in UTF-8 is refused, though it has fewer characters."""

    def judged(body: Object) -> Reply | None:
        long = any(isinstance(v, str) and len(v.encode(errors="replace")) > 600 for v in pairs(body).values())
        return bad_request("invalid_metadata") if long else None

    return strict(judged, "create")


@fault(
    "updates",
    "update.accepts-documented-bounds",
    lambda w: w.update(w.made()["id"], external_id=token().ljust(65, "x")).status_code == 422,
    "the older guide: 64 characters; the create was changed since",
    level=SHOULD,
)
def eighth_update_takes_short_external_ids() -> ASGIApp:
    """An update with an external_id of 65 to 128 characters is refused."""

    def judged(body: Object) -> Reply | None:
        given = body.get("external_id")
        return unprocessable("external_id") if isinstance(given, str) and len(given) > 64 else None

    return strict(judged, "update")


@fault(
    "updates",
    "body.name-padding",
    lambda w: w.changed(w.made()["id"], name=" Padded ")["name"] == "Padded",
    "Rails: before_update { name.strip! }",
    level=SHOULD,
)
def eighth_update_trims_names() -> ASGIApp:
    """An update cuts white space off both ends of a name; a create keeps it."""

    def trimmed(body: Object) -> Object:
        name = body.get("name")
        return {**body, "name": name.strip()} if isinstance(name, str) and name.strip() else body

    return lenient(trimmed, "update")


def _first_word_only(w: Wire) -> object:
    name = token()
    w.made(name=f"North {name}")
    return w.ids(search=name) == []


@fault(
    "search",
    "list.search-later-word",
    _first_word_only,
    "DynamoDB: begins_with is the only text condition that a key allows",
    level=SHOULD,
)
def eighth_search_from_the_beginning() -> ASGIApp:
    """A search finds names that begin with its text, and no others."""

    def matches(text: str, found: Organization) -> bool:
        return found.name.casefold().startswith(text.casefold())

    return matching(matches)


def _null_does_nothing(w: Wire) -> object:
    id = w.made(metadata={"tier": "gold", "seats": "5"})["id"]
    return "tier" in w.changed(id, metadata={"tier": None})["metadata"]


@fault(
    "metadata",
    "update.metadata-null-key",
    _null_does_nothing,
    "Postgres: jsonb_strip_nulls of what was given, before the merge",
    level=SHOULD,
)
def eighth_null_leaves_metadata_key() -> ASGIApp:
    """A metadata key that an update sets to null keeps its value."""

    def kept(body: Object) -> Object:
        given = pairs(body)
        left = {key: v for key, v in given.items() if v is not None}
        if left == given:
            return body
        return {**body, "metadata": left} if left else without(body, "metadata")

    return lenient(kept, "update")


def _short_page(w: Wire) -> object:
    name = token()
    w.many(12, name=name)
    return len(w.ids(search=name, limit=100)) < len(w.walk(search=name, limit=100))


@fault(
    "lists",
    "list.full-pages",
    _short_page,
    "Algolia: hitsPerPage is capped by the settings of the index",
    level=SHOULD,
)
def eighth_large_pages_are_capped() -> ASGIApp:
    """A limit above 10 counts as 10; the cursors lead on from there."""
    return requery(r"limit=(1[1-9]|[2-9]\d|100)(?=&|$)", "limit=10")
