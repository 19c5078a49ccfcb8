"""What should not be so."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from urllib.parse import quote

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, deleted, domain, token, verified


def _emoji(w: Wire) -> object:
    return w.create(metadata={"a": "😀" * 301}).status_code == 400 and w.create(metadata={"a": "é" * 600}).is_success


@fault(
    "metadata",
    "create.accepts-documented-bounds",
    _emoji,
    "samchon/typia#2046: lengths in units of UTF-16",
    level=SHOULD,
)
def tenth_values_are_measured_in_utf16() -> ASGIApp:
    """A metadata value of at most 600 characters is refused where it has more units of UTF-16."""

    def judged(body: Object) -> Reply | None:
        long = [v for v in pairs(body).values() if isinstance(v, str) and len(v.encode("utf-16-le", "replace")) > 1200]
        return bad_request("invalid_metadata") if long else None

    return strict(judged)


def _twice(w: Wire) -> object:
    given = {f"k{at}": "a" for at in range(30)}
    id = w.made(metadata=given)["id"]
    return w.update(id, metadata=given).status_code == 400


@fault(
    "metadata",
    "update.accepts-documented-bounds",
    _twice,
    "a limit that is checked as the sum of two counts",
    level=SHOULD,
)
def tenth_overwritten_pairs_count_twice() -> ASGIApp:
    """An update is refused where its pairs and the known ones are more than 50, though some have the same key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = pairs(fields(request))
        if request.operation == "update" and request.authorized and given:
            known = await forward(asked(request, "GET", request.path))
            if known.good and len(known.json["metadata"]) + len(given) > 50:
                return bad_request("invalid_metadata")
        return await forward(request)

    return intercepting(handle)


def _hundred(w: Wire) -> object:
    w.many(12)
    return len(w.ids(limit=100)) == 10 < len(w.ids(limit=99))


@fault("limits", "list.full-pages", _hundred, "nocodb/nocodb#33: 100 counts as too large", level=SHOULD)
def tenth_hundred_is_the_default() -> ASGIApp:
    """A limit of 100 is taken for 10."""
    return listing(lambda asked: dataclasses.replace(asked, limit=10) if asked.limit == 100 else asked)


def _zeros(w: Wire) -> object:
    id = w.made()["id"]
    moments = (w.changed(id, name=str(at))["updated_at"] for at in range(200))
    return any(not re.search(r"[.]\d{3}Z$", moment) for moment in moments)


@fault(
    "timestamps",
    "organization.timestamp-form",
    _zeros,
    "clearcontainers/runtime#1018: RFC3339Nano of Go leaves zeros out",
    level=SHOULD,
)
def tenth_zeros_are_left_out() -> ASGIApp:
    """Timestamps leave zeros at the end of their decimals out."""

    class Short(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment)[:-1].rstrip("0").rstrip(".") + "Z"

    return app(responses=Short())


def _raw(w: Wire) -> object:
    unknown = f"{token()} b"
    return w.lookup(unknown).json().get("entity_id") == quote(unknown)


@fault("errors", "error.not-found-entity-id", _raw, "a message that is made of the path of the request", level=SHOULD)
def tenth_entity_id_is_encoded() -> ASGIApp:
    """The entity_id of a 404 is the step of the path as it was sent."""

    def altered(request: Request, response: Reply) -> Reply:
        if response.status != 404 or not isinstance(response.json, dict):
            return response
        return response.with_json({**response.json, "entity_id": request.last})

    return on_response(altered)


def _null(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    response = w.update(id, metadata={"a": None})
    return response.json()["metadata"] == {"a": "null"}


@fault("metadata", "update.metadata-null-key", _null, "String(null)", level=SHOULD)
def tenth_null_becomes_a_text() -> ASGIApp:
    """A metadata key that an update sets to null has the value "null"."""

    class Text(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {**known, **{key: "null" if value is None else value for key, value in given.items()}}

    return app(changes=Text())


def _empty(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=[])["domains"]) == 1


@fault("updates", "update.no-domains", _empty, "empty($body['domain_data']) of PHP", level=SHOULD)
def tenth_no_domains_count_as_none_given() -> ASGIApp:
    """An update with an empty domain_data leaves the domains as they are."""

    class Given(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            filled = {name: value for name, value in body.items() if value or name != "domain_data"}
            return super().replaced_domains(known, filled, moment)

    return app(changes=Given())


def _again(w: Wire) -> object:
    return w.delete(deleted(w)["id"]).status_code == 202 and w.delete(f"org_{token()}").status_code == 404


@fault("deletes", "delete.twice", _again, "UPDATE ... SET deleted_at = now() WHERE id = ?", level=SHOULD)
def tenth_second_delete_is_accepted() -> ASGIApp:
    """A second delete of an organization answers 202."""
    gone: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "delete" and response.good:
            gone[request.last] = response
        return gone.get(request.last, response) if request.operation == "delete" and request.authorized else response

    return intercepting(handle)


def _later(w: Wire) -> object:
    made = w.made()
    return made["created_at"] != made["updated_at"]


@fault("creates", "create.new-timestamps", _later, "two columns whose defaults ask the clock one by one", level=SHOULD)
def tenth_two_looks_at_the_clock() -> ASGIApp:
    """A new organization was updated a millisecond after it was created."""
    return creating(lambda new, _: dataclasses.replace(new, updated_at=new.updated_at + 1))


def _word(w: Wire) -> object:
    start, later = token(), token()
    id = w.made(name=f"{start} {later}")["id"]
    return w.ids(search=start) == [id] and w.ids(search=later) == []


@fault("search", "list.search-later-word", _word, "LIKE 'text%', so that the index of names is used", level=SHOULD)
def tenth_search_reads_the_beginning() -> ASGIApp:
    """A search finds names by their beginning alone."""
    return matching(lambda text, found: found.name.casefold().startswith(text.casefold()))


def _texts(w: Wire) -> object:
    return isinstance(w.create(name=5).json()["errors"][0], str)


@fault("errors", "error.lists-each-fault", _texts, "class-validator: faults as texts", level=SHOULD)
def tenth_faults_are_texts() -> ASGIApp:
    """A 422 lists each fault as a text, without a code."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        return response.with_json({**response.json, "errors": [each["message"] for each in response.json["errors"]]})

    return on_response(altered)


def _anonymous(w: Wire) -> object:
    refused = w.create(name=5)
    return "x-request-id" not in refused.headers and "x-request-id" in w.create().headers


@fault("headers", "answer.request-id", _anonymous, "Express: an error handler in front of the middleware", level=SHOULD)
def tenth_refusals_have_no_request_id() -> ASGIApp:
    """A refusal carries no X-Request-ID."""
    return on_response(lambda _, response: response if response.good else response.with_header("x-request-id", None))
