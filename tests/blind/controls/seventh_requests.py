"""Requests that no source says how to take."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, token, verified


@control(
    "bodies",
    "RFC 8259 section 8.1: a parser may ignore a byte order mark",
    lambda w: w.post(b'\xef\xbb\xbf{"name": "Marked"}').status_code == 201,
)
def seventh_byte_order_mark_is_ignored() -> ASGIApp:
    """A byte order mark before the JSON value of a body is ignored."""
    return on_request(lambda request: request.replaced(body=request.body.removeprefix(b"\xef\xbb\xbf")))


def _first(pairs: list[tuple[str, Any]]) -> Object:
    return dict(reversed(pairs))


@control(
    "bodies",
    "RFC 8259 section 4: which of several properties of one name counts is open",
    lambda w: w.post('{"name": "First", "name": "Second"}').json()["name"] == "First",
)
def seventh_first_of_repeated_properties() -> ASGIApp:
    """Where a body gives a property of its own twice, the first one counts."""

    def read(request: Request) -> Request:
        if request.operation not in ("create", "update") or request.json is None:
            return request
        twice = json.loads(request.body, object_pairs_hook=lambda pairs: [name for name, _ in pairs])
        repeated = isinstance(twice, list) and len({*map(str, twice)}) < len(twice)
        return request.with_json(json.loads(request.body, object_pairs_hook=_first)) if repeated else request

    return on_request(read)


@control("bodies", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def seventh_empty_name_is_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name", "is empty") if body.get("name") == "" else None)


@control(
    "bodies",
    "body.name-long: taken whole or refused with 4xx",
    lambda w: w.create(name="N" * 1001).status_code == 422,
)
def seventh_name_over_1000_is_refused() -> ASGIApp:
    """A name of more than 1,000 characters answers 422."""

    def broken(body: Object) -> Reply | None:
        name = body.get("name")
        return unprocessable("name", "is too long") if isinstance(name, str) and len(name) > 1000 else None

    return strict(broken)


KNOWN = {
    "name",
    "domains",
    "domain_data",
    "metadata",
    "external_id",
    "stripe_customer_id",
    "allow_profiles_outside_organization",
}


@control("bodies", "create.unknown-property is INFO", lambda w: w.create(color="red").status_code == 422)
def seventh_unknown_property_is_refused() -> ASGIApp:
    """A property that no document names answers 422."""

    def broken(body: Object) -> Reply | None:
        unknown = sorted(set(body) - KNOWN)
        return unprocessable(unknown[0], "is not known") if unknown else None

    return strict(broken)


def _still_there(w: Wire) -> object:
    return w.changed(w.made(metadata={"a": "b"})["id"], metadata=None)["metadata"] == {"a": "b"}


@control("updates", "update.metadata-null is INFO", _still_there)
def seventh_null_metadata_leave_all() -> ASGIApp:
    """Metadata of null in an update count as left out."""
    return lenient(lambda body: without(body, "metadata") if body.get("metadata", 0) is None else body, "update")


def _twice(w: Wire) -> object:
    name = domain()
    return w.create(domain_data=verified(name, name)).status_code == 422


@control("domains", "update.domain-twice is INFO", _twice)
def seventh_domain_given_twice_is_refused() -> ASGIApp:
    """domain_data that name one domain twice answer 422."""

    def broken(body: Object) -> Reply | None:
        items = body.get("domain_data")
        names = [str(item.get("domain")) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        return unprocessable("domain_data", "names a domain twice") if len(set(names)) < len(names) else None

    return strict(broken)


def _not_moved(w: Wire) -> object:
    made = w.made(name=token())
    return w.changed(made["id"], name=made["name"])["updated_at"] == made["updated_at"]


@control("updates", "update.moves-updated-at: a change moves it, and nothing changes here", _not_moved)
def seventh_same_values_are_no_change() -> ASGIApp:
    """An update that sends the values that are there leaves updated_at as it was."""

    def unmoved(made: Organization, known: Organization, body: Body) -> Organization:
        same = dataclasses.replace(made, updated_at=known.updated_at) == known
        return known if same and not {"domains", "domain_data"} & set(body) else made

    return updating(unmoved)


@control(
    "bodies",
    "create.accepts-dot-segments is SHOULD",
    lambda w: w.create(external_id="..").status_code == 422,
    may_warn=True,
)
def seventh_dots_as_external_id_are_refused() -> ASGIApp:
    """An external_id of one or two dots answers 422, as no path can carry it."""
    return strict(
        lambda body: unprocessable("external_id", "is not valid") if body.get("external_id") in (".", "..") else None
    )
