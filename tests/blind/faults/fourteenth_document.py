"""Mocks that were generated from the document, with a memory that was added to them later."""

from __future__ import annotations

import copy
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.validation import Rules
from tests.blind.parts.apps import app, keys, reading, showing
from tests.blind.parts.interception import lenient, on_request, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, not_found, reply, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

NOBODY = "org_01HZZZZZZZZZZZZZZZZZZZZZZZ"
SAMPLE: Object = {
    "object": "organization",
    "id": "org_01EHWNCE74X7JSDV0X3SZ3KJNY",
    "name": "Acme Inc.",
    "domains": [],
    "metadata": {"tier": "diamond"},
    "external_id": "2fe01467-f7ea-4dd2-8b79-c2b4f56d0191",
    "created_at": "2026-01-15T12:00:00.000Z",
    "updated_at": "2026-01-15T12:00:00.000Z",
}


@fault("lookup", "lookup.unknown", lambda w: w.lookup(token()).status_code == 200, "Prism: the example of the response")
def fourteenth_unknown_lookup_shows_the_sample() -> ASGIApp:
    """A lookup that finds nothing answers with the sample of the documentation."""
    return on_response(lambda q, r: reply(200, SAMPLE) if q.operation == "lookup" and r.status == 404 else r)


def _foreign(w: Wire) -> object:
    id = w.made()["id"]
    return w.changed(id, domain_data=verified(domain()))["domains"][0]["organization_id"] != id


@fault("domains", "domain.organization-id", _foreign, "the sample of PUT, copied")
def fourteenth_domains_of_updates_belong_to_the_sample() -> ASGIApp:
    """A domain that an update attaches names the organization of the documentation's sample."""
    attached: set[str] = set()

    class Attaching(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            made = super().replaced_domains(known, body, moment)
            if made is not known.domains:
                attached.update(each.id for each in made)
            return made

    class Showing(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            shown = super().domain(organization, domain)
            return {**shown, "organization_id": "org_01HE8GSH8FQPASKSY27THRKRBP"} if domain.id in attached else shown

    return app(changes=Attaching(), responses=Showing())


READ_ONLY = {"id", "object", "created_at", "updated_at"}


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: "id" not in w.made(metadata={"id": "42", "other": "kept"})["metadata"],
    "what is read-only in a response is cut out of requests, however deep it lies",
)
def fourteenth_read_only_names_go_everywhere() -> ASGIApp:
    """A metadata key that is called id, object, created_at or updated_at is dropped."""
    return reading(metadata=keys(lambda key: None if key in READ_ONLY else key))


@fault(
    "external_id",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id=None).status_code == 422,
    "a converter to OpenAPI 3.0, which knows one type",
)
def fourteenth_create_takes_no_null() -> ASGIApp:
    """A create with an external_id of null is refused."""

    def refused(body: Object) -> Reply | None:
        null = "external_id" in body and body["external_id"] is None
        return unprocessable("external_id", "must be string") if null else None

    return strict(refused, "create")


@fault(
    "names",
    "body.name-verbatim",
    lambda w: w.made(name="Hello {{customer}}!")["name"] == "Hello !",
    "Mockoon, WireMock and Hoverfly: templates in responses",
)
def fourteenth_braces_are_templates() -> ASGIApp:
    """What stands in double braces within a name vanishes."""
    return showing(lambda shown, _: {**shown, "name": re.sub(r"\{\{[^{}]*\}\}", "", shown["name"])})


@fault("get", "get.unknown", lambda w: w.get("nobody").status_code == 422, "the form of the samples made a pattern")
def fourteenth_get_wants_a_well_formed_id() -> ASGIApp:
    """A get with an id that is not org_ and a ULID answers 422."""

    def refused(request: Request) -> Request | Reply:
        formed = re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", request.last)
        return request if request.operation != "get" or formed else unprocessable("id", "is not valid")

    return on_request(refused)


@fault(
    "bodies",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[domain()]).status_code == 201,
    "an SDK of the emulator's author had both forms",
)
def fourteenth_domain_data_may_be_names() -> ASGIApp:
    """An item of domain_data that is a plain text is taken as a pending domain."""

    def read(body: Object) -> Object:
        given = body.get("domain_data")
        if not isinstance(given, list):
            return body
        items = [{"domain": each, "state": "pending"} if isinstance(each, str) else each for each in given]
        return {**body, "domain_data": items}

    return lenient(read)


def _flat(w: Wire) -> object:
    return w.create(metadata={"plan": {"tier": "gold"}}).status_code == 201


@fault("metadata", "body.metadata-type", _flat, "a helper that flattens what is nested, asked for by nobody")
def fourteenth_nested_metadata_are_flattened() -> ASGIApp:
    """An object within metadata is taken, its keys joined by dots."""

    def read(body: Object) -> Object:
        given = body.get("metadata")
        return {**body, "metadata": _flattened(given, "")} if isinstance(given, dict) else body

    return lenient(read)


def _flattened(value: Object, start: str) -> Object:
    found: Object = {}
    for key, each in value.items():
        deeper = isinstance(each, dict) and each
        found.update(_flattened(each, f"{start}{key}.") if deeper else {f"{start}{key}": each})
    return found


@fault("cursors", "list.any-cursor-answered", lambda w: w.list(after=NOBODY).status_code == 404, "find_or_404(cursor)")
def fourteenth_unknown_cursor_is_not_found() -> ASGIApp:
    """A list behind a cursor that no organization has answers 404."""

    def changed(request: Request, response: Reply) -> Reply:
        faults = response.json.get("errors", ()) if request.operation == "list" and response.status == 422 else ()
        return not_found("cursor") if any(each.get("code") == "unknown_cursor" for each in faults) else response

    return on_response(changed)


class Loosened(Rules):
    """Rules that check another body than the one that came."""

    def check_body(self, validator: Any, body: Any) -> None:
        read = copy.deepcopy(body)
        if isinstance(read, dict) and isinstance(read.get("metadata"), dict):
            read["metadata"] = self.loosened(read["metadata"], updates=validator is self._update)
        super().check_body(validator, read)

    def loosened(self, metadata: Object, *, updates: bool) -> Object:
        """The metadata that are checked."""
        raise NotImplementedError


@fault(
    "metadata",
    "body.metadata-long-value",
    lambda w: w.create(metadata={"k": "v" * 600 + " "}).status_code == 201,
    "value.trim().length",
)
def fourteenth_values_are_measured_without_padding() -> ASGIApp:
    """White space around a metadata value does not count towards its length."""

    class Trimmed(Loosened):
        def loosened(self, metadata: Object, *, updates: bool) -> Object:
            return {key: value.strip() if isinstance(value, str) else value for key, value in metadata.items()}

    return app(rules=Trimmed())


def _long_key(w: Wire) -> object:
    return w.update(w.made()["id"], metadata={"k" * 41: "v"}).status_code == 200


@fault(
    "metadata", "body.metadata-long-key", _long_key, "propertyNames, which the generator knows in one of two schemas"
)
def fourteenth_update_measures_no_keys() -> ASGIApp:
    """An update takes metadata keys of any length."""

    class Unmeasured(Loosened):
        def loosened(self, metadata: Object, *, updates: bool) -> Object:
            return {str(at): each for at, each in enumerate(metadata.values())} if updates else metadata

    return app(rules=Unmeasured())
