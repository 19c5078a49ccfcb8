"""Faults against what an implementation should do."""

from __future__ import annotations

import dataclasses
import re
import uuid
from urllib.parse import quote

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.records import Domain
from emulator.responses import Responses
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_response, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, unprocessable, without
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, domain, token, verified


@fault(
    "errors",
    "error.not-found-code",
    lambda w: w.get("org_unknown").json().keys() == {"message"},
    "NotFoundException of NestJS with a text alone",
    level=SHOULD,
)
def seventh_404_has_message_alone() -> ASGIApp:
    """A 404 carries neither code nor entity_id."""

    def altered(_: Request, response: Reply) -> Reply:
        shown = response.json if response.status == 404 else None
        return response.with_json(without(shown, "code", "entity_id")) if isinstance(shown, dict) else response

    return on_response(altered)


@fault(
    "errors",
    "error.not-found-entity-id",
    lambda w: w.lookup(f"{token()} a/b").json()["entity_id"].endswith("%20a%2Fb"),
    "the path is quoted as it came",
    level=SHOULD,
)
def seventh_entity_id_is_encoded() -> ASGIApp:
    """The entity_id of a lookup's 404 is percent-encoded."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "lookup" or response.status != 404:
            return response
        return response.with_json({**response.json, "entity_id": quote(response.json["entity_id"], safe="")})

    return on_response(altered)


@fault(
    "errors",
    "error.lists-each-fault",
    lambda w: "errors" not in w.list(limit=0).json(),
    "queries are checked by hand, bodies by a library",
    level=SHOULD,
)
def seventh_refused_query_lists_nothing() -> ASGIApp:
    """A 422 of a list carries no errors."""

    def altered(request: Request, response: Reply) -> Reply:
        refused = request.operation == "list" and response.status == 422
        return response.with_json(without(response.json, "errors")) if refused else response

    return on_response(altered)


@fault(
    "http",
    "answer.request-id",
    lambda w: "x-request-id" not in w.other(None).get(ORGANIZATIONS).headers,
    "the gateway that asks for the key answers before the id is made",
    level=SHOULD,
)
def seventh_401_has_no_request_id() -> ASGIApp:
    """A 401 has no X-Request-ID."""
    return on_response(
        lambda _, response: response.with_header("x-request-id", None) if response.status == 401 else response
    )


@fault(
    "ids",
    "organization.id-form",
    lambda w: w.made()["id"].islower(),
    "ULIDs of a library that writes small letters",
    level=SHOULD,
)
def seventh_ids_are_small() -> ASGIApp:
    """The ULID of an organization's id is written in small letters."""

    class Small(Changes):
        def organization_id(self, moment: int) -> str:
            return super().organization_id(moment).lower()

    return app(changes=Small())


@fault(
    "ids",
    "domain.id-form",
    lambda w: len(w.made(domain_data=verified(domain()))["domains"][0]["id"]) == 36,
    "a column of type UUID",
    level=SHOULD,
)
def seventh_domain_ids_are_uuids() -> ASGIApp:
    """The id of a domain is a UUID of version 4."""

    class Random(Changes):
        def domain_id(self, moment: int) -> str:
            return str(uuid.uuid4())

    return app(changes=Random())


def _two_decimals(w: Wire) -> object:
    made = (w.made()["created_at"] for _ in range(200))
    return any(not re.search(r"\.\d{3}Z$", moment) for moment in made)


@fault("timestamps", "organization.timestamp-form", _two_decimals, "time.RFC3339Nano of Go trims zeros", level=SHOULD)
def seventh_timestamps_lose_final_zeros() -> ASGIApp:
    """Zeros at the end of a timestamp's decimals are left out, and so is the point where nothing is left."""

    class Trimming(Responses):
        def timestamp(self, moment: int) -> str:
            return re.sub(r"\.?0+Z$", "Z", super().timestamp(moment)) if moment % 10 == 0 else super().timestamp(moment)

    return app(responses=Trimming())


@fault(
    "validation",
    "create.accepts-documented-bounds",
    lambda w: w.create(external_id=token().ljust(65, "x")).status_code == 422,
    "an older guide's limit of 64 characters",
    level=SHOULD,
)
def seventh_external_id_ends_at_64() -> ASGIApp:
    """An external_id of more than 64 characters answers 422."""

    def broken(body: Object) -> Reply | None:
        asked = body.get("external_id")
        return unprocessable("external_id", "is too long") if isinstance(asked, str) and len(asked) > 64 else None

    return strict(broken)


def _updated_later(w: Wire) -> object:
    made = w.made()
    return made["updated_at"] > made["created_at"]


@fault("timestamps", "create.new-timestamps", _updated_later, "the clock is read once for each column", level=SHOULD)
def seventh_new_organization_was_updated_later() -> ASGIApp:
    """A new organization was updated some milliseconds after it was created."""
    return creating(lambda made, _: dataclasses.replace(made, updated_at=made.updated_at + 3))


@fault(
    "domains",
    "create.deprecated-domains-state",
    lambda w: w.made(domains=[domain()])["domains"][0]["state"] == "pending",
    "both fields are mapped to the new form, with its default",
    level=SHOULD,
)
def seventh_deprecated_domains_are_pending() -> ASGIApp:
    """A domain made through the deprecated domains is pending."""

    class Pending(Changes):
        def plain_domain(self, domain: str, moment: int) -> Domain:
            return self.stated_domain(domain, "pending", moment)

    return app(changes=Pending())


def _trimmed(w: Wire) -> object:
    made = w.made(name=" Padded ")
    return made["name"] == " Padded " and w.changed(made["id"], name=" Other ")["name"] == "Other"


@fault("text", "body.name-padding", _trimmed, "strip() in the update's form alone", level=SHOULD)
def seventh_update_trims_name() -> ASGIApp:
    """An update cuts white space around the name off."""

    def trimmed(body: Object) -> Object:
        return {**body, "name": body["name"].strip()} if isinstance(body.get("name"), str) else body

    return lenient(trimmed, "update")


def _half_a_page(w: Wire) -> object:
    w.many(60)
    return len(w.ids(limit=60)) == 50


@fault("lists", "list.full-pages", _half_a_page, "a database that gives at most 50 rows at once", level=SHOULD)
def seventh_pages_end_at_50() -> ASGIApp:
    """A page holds at most 50 organizations, also where the limit is higher."""

    def fewer(asked: Listing) -> Listing:
        return dataclasses.replace(asked, limit=min(asked.limit, 50))

    return listing(fewer)


@fault(
    "deletes",
    "delete.twice",
    lambda w: w.delete(deleted(w)["id"]).status_code == 202,
    "DELETE is idempotent, says the book on HTTP",
    level=SHOULD,
)
def seventh_second_delete_is_accepted() -> ASGIApp:
    """A delete of an organization that was deleted answers 202."""
    gone: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "delete" and response.good:
            gone[request.last] = response
        if request.operation == "delete" and response.status == 404:
            return gone.get(request.last, response)
        return response

    return intercepting(handle)


def _left(w: Wire) -> object:
    return len(w.changed(w.made(domain_data=verified(domain()))["id"], domain_data=[])["domains"]) == 1


@fault("domains", "update.no-domains", _left, "if (body.domain_data?.length)", level=SHOULD)
def seventh_empty_domain_data_leave_domains() -> ASGIApp:
    """Empty domain_data in an update leave the domains as they were."""
    return lenient(lambda body: without(body, "domain_data") if body.get("domain_data") == [] else body, "update")


def _second_word(w: Wire) -> object:
    name = token()
    w.made(name=f"Company {name}")
    return w.ids(search=name) == []


@fault("search", "list.search-later-word", _second_word, "LIKE $1 || '%', which an index can serve", level=SHOULD)
def seventh_search_begins_with_name() -> ASGIApp:
    """search finds only names that begin with the text."""
    return matching(lambda text, found: found.name.casefold().startswith(text.casefold()))
