"""Faults against a SHOULD."""

from __future__ import annotations

import dataclasses
import re
import uuid
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.validation import Listing
from tests.blind.parts.apps import app, reading, showing_domains
from tests.blind.parts.changing import creating, updating
from tests.blind.parts.interception import on_response, strict
from tests.blind.parts.messages import Reply, Request, pairs, unprocessable, without
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, domain, pending, token, verified


def _conflict(w: Wire) -> object:
    known = token()
    w.made(external_id=known)
    return w.create(external_id=known).json()["code"] == "bad_request"


@fault("errors", "error.bad-request-code", _conflict, "a code for each status, not for each reason", level=SHOULD)
def sixth_code_of_conflict_is_general() -> ASGIApp:
    """A 400 carries the code bad_request, whatever is wrong."""
    return on_response(
        lambda _, response: (
            response.with_json({**response.json, "code": "bad_request"}) if response.status == 400 else response
        )
    )


@fault(
    "errors",
    "error.not-found-entity-id",
    lambda w: "%20" in w.http.get(f"{ORGANIZATIONS}/external_id/no%20such").json()["entity_id"],
    "the path as it came",
    level=SHOULD,
)
def sixth_entity_id_is_encoded() -> ASGIApp:
    """The entity_id of a lookup's 404 is percent-encoded, as it was in the path."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "lookup" or response.status != 404 or unquote(request.last) == request.last:
            return response
        return response.with_json({**response.json, "entity_id": request.last})

    return on_response(altered)


def _no_errors(w: Wire) -> object:
    return "errors" not in w.list(limit=0).json()


@fault("errors", "error.lists-each-fault", _no_errors, "the query has a validation of its own", level=SHOULD)
def sixth_list_names_no_faults() -> ASGIApp:
    """A 422 of a list has a message, and no errors."""
    return on_response(
        lambda request, response: (
            response.with_json(without(response.json, "errors"))
            if response.status == 422 and request.operation == "list"
            else response
        )
    )


@fault(
    "identifiers",
    "domain.id-form",
    lambda w: "-" in w.made(domain_data=pending(domain()))["domains"][0]["id"],
    "a table that came later, with another kind of key",
    level=SHOULD,
)
def sixth_domain_ids_are_uuids() -> ASGIApp:
    """The id of a domain is a UUID."""

    def numbered(shown: dict[str, object], domain: Domain) -> dict[str, object]:
        return {**shown, "id": str(uuid.uuid5(uuid.NAMESPACE_OID, domain.id))}

    return showing_domains(numbered)


def _seconds_after_update(w: Wire) -> object:
    return "." not in w.changed(w.made()["id"], name="New")["updated_at"]


@fault("timestamps", "organization.timestamp-form", _seconds_after_update, "isoformat leaves zeros out", level=SHOULD)
def sixth_updated_at_without_decimals() -> ASGIApp:
    """updated_at of an organization that was updated has no decimals."""

    class Short(Responses):
        def organization(self, organization: Organization) -> dict[str, object]:
            shown = super().organization(organization)
            moved = organization.updated_at != organization.created_at
            return {**shown, "updated_at": re.sub(r"\.\d+", "", shown["updated_at"])} if moved else shown

    return app(responses=Short())


def _later(w: Wire) -> object:
    made = w.made()
    return bool(made["updated_at"] > made["created_at"])


@fault("timestamps", "create.new-timestamps", _later, "the clock is read twice", level=SHOULD)
def sixth_new_organization_was_updated_later() -> ASGIApp:
    """A new organization was updated a millisecond after it was created."""
    return creating(lambda made, _: dataclasses.replace(made, updated_at=made.updated_at + 1))


@fault(
    "limits",
    "create.accepts-documented-bounds",
    lambda w: w.create(external_id=token().ljust(100, "x")).status_code == 422,
    "the older guide",
    level=SHOULD,
)
def sixth_create_takes_64_characters_of_external_id() -> ASGIApp:
    """A create refuses an external_id of more than 64 characters."""
    return strict(
        lambda body: unprocessable("external_id") if len(str(body.get("external_id"))) > 64 else None, "create"
    )


@fault(
    "limits",
    "update.accepts-documented-bounds",
    lambda w: w.update(w.made()["id"], metadata={f"k{n}": "v" for n in range(20)}).status_code == 422,
    "the older guide",
    level=SHOULD,
)
def sixth_update_takes_ten_pairs() -> ASGIApp:
    """An update refuses more than ten pairs of metadata."""
    return strict(lambda body: unprocessable("metadata") if len(pairs(body)) > 10 else None, "update")


@fault(
    "domains",
    "create.domain-strategy",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0]["verification_strategy"] == "dns",
    "the default of the column",
    level=SHOULD,
)
def sixth_verified_by_dns() -> ASGIApp:
    """A domain that domain_data makes a verified one shows the strategy dns."""

    class Dns(Changes):
        def stated_domain(self, domain: str, state: str, moment: int) -> Domain:
            return dataclasses.replace(super().stated_domain(domain, state, moment), strategy="dns")

    return app(changes=Dns())


@fault(
    "domains",
    "create.deprecated-domains-state",
    lambda w: w.made(domains=[domain()])["domains"][0]["state"] == "unverified",
    "nobody verified it",
    level=SHOULD,
)
def sixth_deprecated_domains_are_unverified() -> ASGIApp:
    """A domain made through the deprecated domains is unverified."""

    class Unverified(Changes):
        def plain_domain(self, domain: str, moment: int) -> Domain:
            return dataclasses.replace(super().plain_domain(domain, moment), state="unverified")

    return app(changes=Unverified())


@fault(
    "values",
    "body.name-padding",
    lambda w: w.changed(w.made()["id"], name="New ")["name"] == "New",
    "strip, in one of two handlers",
    level=SHOULD,
)
def sixth_update_trims_name() -> ASGIApp:
    """An update cuts off the white space around a name."""
    return reading(create=False, name=str.strip)


def _short(w: Wire) -> object:
    name = token()
    w.many(5, name=name)
    return len(w.ids(search=name, limit=3)) == 2


@fault("paging", "list.full-pages", _short, "one too many is read and dropped, out of a query of limit", level=SHOULD)
def sixth_page_with_more_is_one_short() -> ASGIApp:
    """A page of two or more that is not the last holds one organization less than the limit."""

    class Short(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            more = page.before if self.turned_round(listing) else page.after
            back = self.back_from(listing) is not None
            if listing.limit < 2 or back or more is None or len(page.organizations) < listing.limit:
                return page
            return super().page(dataclasses.replace(listing, limit=listing.limit - 1))

    return app(pages=Short)


def _stays(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return w.changed(id, metadata={"a": None, "c": "3"})["metadata"] == {"a": "1", "b": "2", "c": "3"}


@fault("metadata", "update.metadata-null-key", _stays, "null is dropped before the merge", level=SHOULD)
def sixth_null_key_beside_others_stays() -> ASGIApp:
    """A metadata key that an update sets to null stays where the update sets another one as well."""

    def kept(made: Organization, known: Organization, body: dict[str, object]) -> Organization:
        given = pairs(dict(body))
        if not any(value is not None for value in given.values()):
            return made
        nulls = {key: known.metadata[key] for key, value in given.items() if value is None and key in known.metadata}
        return dataclasses.replace(made, metadata={**nulls, **made.metadata})

    return updating(lambda made, known, body: kept(made, known, dict(body)))


@fault(
    "deletion",
    "delete.twice",
    lambda w: w.delete(deleted(w)["id"]).status_code == 202,
    "a delete is idempotent, so it succeeds again",
    level=SHOULD,
)
def sixth_second_delete_succeeds() -> ASGIApp:
    """A delete of what was deleted before answers 202 once more."""
    gone: set[str] = set()

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "delete":
            return response
        if response.good:
            gone.add(request.last)
        accepted = request.last in gone and response.status == 404
        return Reply(202, (("content-type", "text/plain"),), b"Accepted") if accepted else response

    return on_response(altered)


def _later_word(w: Wire) -> object:
    name = token()
    w.made(name=f"Blind {name}")
    return w.ids(search=name) == []


@fault("search", "list.search-later-word", _later_word, "LIKE 'text%', so that the index is used", level=SHOULD)
def sixth_search_from_beginning_of_name() -> ASGIApp:
    """search finds names by their beginning alone."""
    return matching(lambda text, found: found.name.casefold().startswith(text.casefold()))
