"""Questions about requests that sources leave open, decided as real implementations do."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from emulator.idempotency import Replays
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import lenient, on_request, on_response, strict
from tests.blind.parts.listing import opaque, requery
from tests.blind.parts.messages import (
    Object,
    Reply,
    Request,
    reply,
    unprocessable,
    without,
    written,
)
from tests.blind.parts.stores import matching
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, pending, token, verified

replace = dataclasses.replace


@control("names", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def fifteenth_empty_names_are_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name", "must not be empty") if body.get("name") == "" else None)


@control(
    "names", "body.name-long: taken whole or refused with 4xx", lambda w: w.create(name="n" * 1001).status_code == 422
)
def fifteenth_long_names_are_refused() -> ASGIApp:
    """A name of more than 1,000 characters answers 422."""
    return strict(lambda body: unprocessable("name", "is too long") if len(str(body.get("name", ""))) > 1000 else None)


@control(
    "names",
    "body.name-control-characters: taken unchanged or refused with 4xx",
    lambda w: w.create(name="bell \a").status_code == 422,
)
def fifteenth_control_characters_are_refused() -> ASGIApp:
    """A name with a control character or a lone surrogate answers 422."""
    odd = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
    refused = unprocessable("name", "has characters that cannot be stored")
    return strict(lambda body: refused if isinstance(body.get("name"), str) and odd.search(body["name"]) else None)


@control(
    "names",
    "body.name-padding is a SHOULD: the vendor's own emulator cuts it off",
    lambda w: w.made(name=" Acme ")["name"] == "Acme",
    may_warn=True,
)
def fifteenth_names_are_trimmed() -> ASGIApp:
    """White space around a name is cut off, unless there is nothing else."""
    return reading(name=lambda name: name.strip() or name)


@control(
    "errors",
    "FACTS: a real 422 is { message, errors: [{ field, code }] }",
    lambda w: [*w.post("{}").json()] == ["message", "errors"],
)
def fifteenth_errors_have_field_and_code() -> ASGIApp:
    """A 422 has no code of its own, and its errors have a field and a code alone."""

    def told(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = [{"field": each["field"], "code": each["code"]} for each in response.json["errors"]]
        return response.with_json({"message": "Validation failed", "errors": errors})

    return on_response(told)


@control(
    "errors",
    "error.message: a message for people, in no particular language",
    lambda w: "nicht" in w.get("org_x").json()["message"],
)
def fifteenth_messages_are_german() -> ASGIApp:
    """Messages of refusals, that of a 401 excepted, are in German, with more beside them."""

    def told(_: Request, response: Reply) -> Reply:
        value = response.json
        if response.good or response.status == 401 or not isinstance(value, dict):
            return response
        more = {"message": "Das geht so nicht: größer oder kürzer.", "error": "Fehler", "status": response.status}
        return response.replaced(body=written({**value, **more}))

    return on_response(told)


@control(
    "status",
    "body.malformed and body.almost-json: 400 or 422",
    lambda w: w.post("{").status_code == 400,
    may_warn=True,
)
def fifteenth_syntax_errors_are_bad_requests() -> ASGIApp:
    """A body that is no JSON answers 400 with a message and no code."""
    refused = reply(400, {"message": "Unexpected end of JSON input"})

    def read(request: Request) -> Request | Reply:
        broken = request.operation in ("create", "update") and request.json is None and request.body.strip() != b"null"
        return refused if broken else request

    return on_request(read)


@control(
    "authentication",
    "RFC 9110 section 11.6.1",
    lambda w: "www-authenticate" in w.other(None).get(ORGANIZATIONS).headers,
)
def fifteenth_unauthorized_names_the_scheme() -> ASGIApp:
    """A 401 has a WWW-Authenticate and an error beside its message."""

    def told(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        body = response.with_json({"message": "Unauthorized", "error": "invalid_token", "documentation_url": None})
        return body.with_header("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"')

    return on_response(told)


def _small(w: Wire) -> object:
    return w.other(f"bearer {w.key}").get(ORGANIZATIONS).status_code == 401


@control("authentication", "authentication.lower-case-scheme is INFO", _small)
def fifteenth_scheme_has_a_capital() -> ASGIApp:
    """The scheme is Bearer with a capital and no other way."""

    class Exact(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "") == f"Bearer {self.bearer}"

    return app(api=Exact)


def _new_each_time(w: Wire) -> object:
    key = {"Idempotency-Key": token()}
    made = [w.http.post(ORGANIZATIONS, json={"name": "Again"}, headers=key).json()["id"] for _ in range(2)]
    return made[0] != made[1]


@control("create", "create.idempotency-replay is INFO", _new_each_time)
def fifteenth_idempotency_keys_are_ignored() -> ASGIApp:
    """An Idempotency-Key means nothing."""

    class Forgetful(Replays):
        def recall(self, key: str | None, body: Any) -> Organization | None:
            return None

    return app(replays=Forgetful())


@control(
    "cursors",
    "list.unknown-cursor is INFO",
    lambda w: w.list(after="org_01ARZ3NDEKTSV4RRFFQ69G5FAV").json().get("data") == [],
)
def fifteenth_unknown_cursors_lead_nowhere() -> ASGIApp:
    """Behind or before a cursor that no organization has a list is empty."""

    class Empty(Pages):
        def page(self, listing: Listing) -> Page:
            cursors = [each for each in (listing.before, listing.after) if each is not None]
            if any(self.store.by_id(each) is None for each in cursors):
                return Page([], None, None)
            return super().page(listing)

    return app(pages=Empty)


def _opaque(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.cursors(search=name, limit=1, order="desc")[1] not in (None, *ids)


@control("cursors", "list.cursor-is-object-id is a SHOULD", _opaque, may_warn=True)
def fifteenth_cursors_are_base64() -> ASGIApp:
    """Cursors are ids in base64, with padding."""
    return opaque()


@control(
    "lists",
    "list.unknown-parameter is INFO",
    lambda w: w.list(colour="red").status_code == 422,
)
def fifteenth_unknown_parameters_are_refused() -> ASGIApp:
    """A list with a query parameter that is not documented answers 422."""
    known = "limit|order|before|after|domains|search"

    def read(request: Request) -> Request | Reply:
        names = [pair.partition("=")[0] for pair in request.query.split("&") if pair]
        odd = request.operation == "list" and any(not re.fullmatch(rf"({known})(\[\d*\]|%5B\d*%5D)?", n) for n in names)
        return unprocessable("query", "has an unknown parameter") if odd else request

    return on_request(read)


@control("lists", "list.empty-parameters is INFO", lambda w: w.list(search="").status_code == 422)
def fifteenth_empty_parameters_are_refused() -> ASGIApp:
    """A list with a query parameter that is empty answers 422."""

    def read(request: Request) -> Request | Reply:
        empty = request.operation == "list" and re.search(r"(^|&)[^=&]*=(&|$)", request.query)
        return unprocessable("query", "must not be empty") if empty else request

    return on_request(read)


def _commas(w: Wire) -> object:
    name = domain()
    w.made(domain_data=verified(name))
    return w.http.get(f"{ORGANIZATIONS}?domains={name}%2Cother.example").json()["data"] == []


@control("domains", "list.commas-encoded is INFO", _commas)
def fifteenth_encoded_commas_belong_to_the_domain() -> ASGIApp:
    """A comma that is percent-encoded does not separate domains."""
    return requery(r"(?<=domains=)([^&]*%2[Cc][^&]*)", "no.such.example.invalid")


def _words(w: Wire) -> object:
    first, second = token(), token()
    id = w.made(name=f"{first} and {second}")["id"]
    return w.ids(search=f"{second} {first}") == [id]


@control("search", "list.search-several-words is INFO", _words)
def fifteenth_search_finds_words_in_any_order() -> ASGIApp:
    """A search for several words finds names that have all of them, wherever."""
    return matching(lambda text, found: all(word in found.name.casefold() for word in text.casefold().split()))


@control(
    "domains",
    "update.domain-twice is INFO",
    lambda w: w.update(w.made()["id"], domain_data=pending(*[domain()] * 2)).status_code == 422,
)
def fifteenth_domains_given_twice_are_refused() -> ASGIApp:
    """A domain that domain_data name twice answers 422."""

    def judged(body: Object) -> Reply | None:
        items = body.get("domain_data")
        names = [str(i.get("domain")) for i in items if isinstance(i, dict)] if isinstance(items, list) else []
        return unprocessable("domain_data", "has duplicates") if len(set(names)) < len(names) else None

    return strict(judged)


def _null_keeps(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"a": "1"}


@control("metadata", "update.metadata-null is INFO", _null_keeps)
def fifteenth_null_metadata_change_nothing() -> ASGIApp:
    """Metadata of null in an update count as left out."""
    return lenient(lambda body: without(body, "metadata") if body.get("metadata", {}) is None else body, "update")


@control(
    "external_id",
    "create.accepts-dot-segments is a SHOULD",
    lambda w: w.create(external_id="..").status_code == 422,
    may_warn=True,
)
def fifteenth_dots_are_no_external_id() -> ASGIApp:
    """An external_id of one or two dots answers 422."""
    return strict(
        lambda body: unprocessable("external_id", "is not possible") if body.get("external_id") in (".", "..") else None
    )
