"""Faults against what should be so."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import quote

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, showing
from tests.blind.parts.interception import lenient, on_response, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, unprocessable, without
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified


@fault(
    "should",
    "organization.timestamp-form",
    lambda w: any(len(w.made()["created_at"]) < 24 for _ in range(100)),
    "time.RFC3339Nano, which drops zeros at the end",
    level=SHOULD,
)
def eleventh_fractions_lose_zeros() -> ASGIApp:
    """Timestamps have no zeros at the end of their fraction."""
    return showing(lambda shown, _: {**shown, **{name: _short(shown[name]) for name in ("created_at", "updated_at")}})


def _short(moment: str) -> str:
    return re.sub(r"\.?0+Z$", "Z", moment)


@fault(
    "should",
    "body.name-padding",
    lambda w: w.made(name=" Padded ")["name"] == "Padded",
    "trim_whitespace, which is on unless it is turned off",
    level=SHOULD,
)
def eleventh_trims_names() -> ASGIApp:
    """White space around a name is cut off."""
    return reading(name=lambda name: name.strip() or name)


@fault(
    "should",
    "update.metadata-null-key",
    lambda w: w.update(w.made(metadata={"a": "b"})["id"], metadata={"a": None}).status_code == 400,
    "the schema of creates for updates as well",
    level=SHOULD,
)
def eleventh_null_values_are_refused() -> ASGIApp:
    """An update that sets a metadata key to null answers 400."""

    def judged(body: Object) -> Reply | None:
        return bad_request("invalid_metadata") if None in pairs(body).values() else None

    return strict(judged, "update")


@fault(
    "should",
    "update.no-domains",
    lambda w: w.changed(w.made(domain_data=verified(domain()))["id"], domain_data=[])["domains"] != [],
    "if (body.domain_data?.length)",
    level=SHOULD,
)
def eleventh_no_domains_change_nothing() -> ASGIApp:
    """An empty domain_data in an update leaves the domains as they were."""
    return lenient(lambda body: without(body, "domain_data") if body.get("domain_data") == [] else body, "update")


def _encoded(w: Wire) -> object:
    external = f"{token()}/a b"
    return w.lookup(external).json()["entity_id"] == quote(external, safe="")


@fault("should", "error.not-found-entity-id", _encoded, "the path as it came, in the exception", level=SHOULD)
def eleventh_entity_id_is_encoded() -> ASGIApp:
    """The entity_id of a 404 is percent-encoded as it stood in the path."""

    def altered(request: Request, response: Reply) -> Reply:
        unknown = response.status == 404 and isinstance(response.json, dict) and "entity_id" in response.json
        return response.with_json({**response.json, "entity_id": request.last}) if unknown else response

    return on_response(altered)


@fault(
    "should",
    "error.lists-each-fault",
    lambda w: "errors" not in w.create(name=5).json(),
    "an exception that carries its first reason alone",
    level=SHOULD,
)
def eleventh_refusals_list_no_faults() -> ASGIApp:
    """A 422 has a message and a code, and no list of errors."""

    def altered(_: Request, response: Reply) -> Reply:
        return response.with_json(without(response.json, "errors")) if response.status == 422 else response

    return on_response(altered)


@fault(
    "should",
    "create.accepts-documented-bounds",
    lambda w: (
        w.create(metadata={f"k{n}": "v" for n in range(11)}).status_code == 400
        and w.create(metadata={f"k{n}": "v" for n in range(10)}).status_code == 201
    ),
    "the guide's number of pairs",
    level=SHOULD,
)
def eleventh_creates_take_ten_pairs() -> ASGIApp:
    """A create with more than ten pairs of metadata answers 400."""
    return strict(lambda body: bad_request("invalid_metadata") if len(pairs(body)) > 10 else None, "create")


@fault(
    "should",
    "create.null-lists",
    lambda w: w.create(domain_data=None).status_code == 422,
    "omitempty on the client's side, and nobody who sends null in the tests",
    level=SHOULD,
)
def eleventh_null_lists_are_refused() -> ASGIApp:
    """A create with null for domains or domain_data answers 422."""

    def judged(body: Object) -> Reply | None:
        null = [name for name in ("domains", "domain_data") if name in body and body[name] is None]
        return unprocessable(null[0], "must be an array") if null else None

    return strict(judged, "create")


def _later(w: Wire) -> object:
    first, later = token(), token()
    id = w.made(name=f"{first} {later}")["id"]
    return w.ids(search=later) == [] and w.ids(search=first) == [id]


@fault("should", "list.search-later-word", _later, "LIKE $1 || '%', for which there is an index", level=SHOULD)
def eleventh_search_begins_at_the_name() -> ASGIApp:
    """search finds names that begin with the text."""
    return matching(lambda text, found: found.name.casefold().startswith(text.casefold()))


def _fewer(w: Wire) -> object:
    w.many(7)
    return len(w.ids(limit=6)) == 5


@fault("should", "list.full-pages", _fewer, "a bound of the service's own below that of the contract", level=SHOULD)
def eleventh_pages_of_five() -> ASGIApp:
    """A page holds at most five organizations, whatever limit is asked for."""
    return listing(lambda asked: dataclasses.replace(asked, limit=min(asked.limit, 5)))
