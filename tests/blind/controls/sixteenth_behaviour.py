"""Behaviour that no source forbids."""

from __future__ import annotations

import dataclasses
import re
import uuid

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, reply, unprocessable, without
from tests.blind.parts.sixteenth import everybody, named
from tests.blind.parts.stores import matching
from tests.blind.registry import control
from tests.blind.wire import Wire, deleted, domain, pending, token, verified


@control(
    "bodies",
    "create.unknown-property is INFO",
    lambda w: w.create(nickname="x").status_code == 422,
)
def sixteenth_unknown_properties_refused() -> ASGIApp:
    """A body with a property that no document names answers 422."""
    known = {
        "name",
        "domains",
        "domain_data",
        "metadata",
        "external_id",
        "stripe_customer_id",
        "allow_profiles_outside_organization",
    }
    return strict(lambda body: unprocessable("body", "has an unknown property") if set(body) - known else None)


@control("names", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def sixteenth_empty_names_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name") if body.get("name") == "" else None)


@control(
    "names",
    "body.name-long and body.name-control-characters: refused with 4xx",
    lambda w: (w.create(name="n" * 600).status_code, w.create(name="a\tb").status_code) == (422, 400),
    may_warn=True,
)
def sixteenth_names_of_one_line() -> ASGIApp:
    """A name of more than 500 characters answers 422, one with a control character or a lone surrogate 400."""

    def judged(body: Object) -> Reply | None:
        name = body.get("name")
        if not isinstance(name, str):
            return None
        if re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", name):
            return reply(400, {"message": "The name has a character that cannot be shown."})
        return unprocessable("name", "is too long") if len(name) > 500 else None

    return strict(judged)


@control(
    "lists",
    "list.unknown-parameter and list.both-cursors are INFO",
    lambda w: w.list(page=2).status_code == 422,
)
def sixteenth_unknown_parameters_refused() -> ASGIApp:
    """A list with a parameter that no document names answers 422."""

    def judged(request: Request) -> Request | Reply:
        names = {each.partition("=")[0] for each in request.query.split("&") if each}
        unknown = names - {"before", "after", "limit", "order", "domains", "search"}
        return unprocessable(min(unknown)) if request.operation == "list" and unknown else request

    return on_request(judged)


@control(
    "paging",
    "list.unknown-cursor is INFO",
    lambda w: w.list(after=deleted(w)["id"]).json().get("data") == [],
)
def sixteenth_unknown_cursor_is_the_end() -> ASGIApp:
    """Behind a cursor that no organization has a list is empty, and has no cursors."""

    class Ending(Pages):
        def page(self, listing: Listing) -> Page:
            given = [each for each in (listing.before, listing.after) if each is not None]
            return super().page(listing) if all(map(self.store.by_id, given)) else Page([], None, None)

    return app(pages=Ending)


@control(
    "authentication",
    "authentication.lower-case-scheme is INFO",
    lambda w: w.other(f"bearer {w.key}").get("/organizations").status_code == 401,
)
def sixteenth_scheme_in_its_case() -> ASGIApp:
    """The scheme counts as it is documented alone: Bearer."""

    class Exact(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "").startswith("Bearer ") and super().authorized(headers)

    return app(api=Exact)


def _two_made(w: Wire) -> object:
    ids = [w.post('{"name": "Blind"}', Idempotency_Key=w.url).json()["id"] for _ in range(2)]
    return ids[0] != ids[1]


@control("create", "create.idempotency-replay is INFO", _two_made)
def sixteenth_idempotency_ignored() -> ASGIApp:
    """The Idempotency-Key is not looked at."""
    return on_request(lambda request: request.with_header("idempotency-key", None))


def _not_moved(w: Wire) -> object:
    made = w.made(name="Same")
    return w.changed(made["id"], name="Same")["updated_at"] == made["updated_at"]


@control("timestamps", "update.moves-updated-at: a change does", _not_moved)
def sixteenth_same_values_do_not_move() -> ASGIApp:
    """An update that gives the values that are there already does not move updated_at."""

    def same(made: Organization, known: Organization, _: Body) -> Organization:
        old = {each.domain: each for each in known.domains}
        domains = tuple(_kept(old.get(each.domain), each) for each in made.domains)
        changed = dataclasses.replace(made, domains=domains, updated_at=known.updated_at)
        return known if changed == known else dataclasses.replace(made, domains=domains)

    return updating(same)


def _kept(old: Domain | None, new: Domain) -> Domain:
    """The old domain where nothing but its id and its moments would differ."""
    return old if old and (old.state, old.strategy) == (new.state, new.strategy) else new


def _domain_kept(w: Wire) -> object:
    name = domain()
    made = w.made(domain_data=pending(name))
    changed = w.changed(made["id"], domain_data=verified(name))
    return made["domains"][0]["id"] == changed["domains"][0]["id"]


@control("domains", "O: nothing says that replaced domains are new objects", _domain_kept)
def sixteenth_domains_keep_their_id() -> ASGIApp:
    """A domain that an organization had before an update keeps its id and created_at."""

    def kept(made: Organization, known: Organization, _: Body) -> Organization:
        old = {each.domain: each for each in known.domains}
        domains = [
            dataclasses.replace(each, id=before.id, created_at=before.created_at) if before else each
            for each in made.domains
            for before in [old.get(each.domain)]
        ]
        return dataclasses.replace(made, domains=tuple(domains))

    return updating(kept)


def _again(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.update(id, metadata=None).json()["metadata"] == {"a": "b"}


@control("metadata", "update.metadata-null is INFO", _again)
def sixteenth_null_metadata_are_nothing() -> ASGIApp:
    """Metadata of null in an update count as left out."""
    return lenient(lambda body: without(body, "metadata") if body.get("metadata", {}) is None else body, "update")


@control(
    "domains",
    "update.domain-twice is INFO",
    lambda w: w.create(domains=[name := domain(), name]).status_code == 422,
)
def sixteenth_domain_twice_refused() -> ASGIApp:
    """A body that names a domain twice answers 422."""
    return strict(
        lambda body: unprocessable("domains") if len(set(named(body))) < len(named(body)) else None,
    )


@control(
    "ids",
    "organization.id-form is a SHOULD",
    lambda w: re.fullmatch(r"[0-9a-f-]{36}", w.made()["id"]),
    may_warn=True,
)
def sixteenth_ids_are_uuids() -> ASGIApp:
    """Ids of organizations and of domains are UUIDs."""

    class Uuids(Changes):
        def organization_id(self, moment: int) -> str:
            return str(uuid.uuid4())

        def domain_id(self, moment: int) -> str:
            return str(uuid.uuid4())

    return app(changes=Uuids())


def _pending_refused(w: Wire) -> object:
    name = domain()
    return [w.create(domain_data=pending(name)).status_code for _ in range(2)] == [201, 409]


@control("domains", "create.domain-shared-pending is a SHOULD, 409 is documented", _pending_refused, may_warn=True)
def sixteenth_pending_domain_in_one_place() -> ASGIApp:
    """A create with a pending domain that is pending in another organization answers 409."""

    class Claimed(Api):
        def create(self, call: Call) -> Response:
            for item in self.rules.create(call.content).get("domain_data", ()):
                others = everybody(self.store, domain=item["domain"]) if item["state"] == "pending" else []
                if any((d.domain, d.state) == (item["domain"], "pending") for each in others for d in each.domains):
                    return self.responses.failed(409, "Another organization is about to verify this domain.")
            return super().create(call)

    return app(api=Claimed)


def _parts_do_not_match(w: Wire) -> object:
    name = token()
    id = w.made(name=f"The {name.upper()} Company")["id"]
    return (w.ids(search=name), w.ids(search=name[:-1]), w.ids(search=f"company {name}")) == ([id], [], [id])


@control("search", "list.search-word-beginning, -several-words and -other-case are INFO", _parts_do_not_match)
def sixteenth_search_for_whole_words() -> ASGIApp:
    """A search finds the names that have all of its words, whole, in any order and case."""
    return matching(lambda text, found: set(text.casefold().split()) <= set(found.name.casefold().split()))
