"""Rules about what no source decides."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from urllib.parse import parse_qsl

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.refusals import InvalidParameters, Refusal
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, reply, unprocessable
from tests.blind.parts.stores import DomainStore, matching
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, token, verified

KNOWN = frozenset(
    [
        "name",
        "domains",
        "domain_data",
        "metadata",
        "external_id",
        "allow_profiles_outside_organization",
        "stripe_customer_id",
    ]
)
PARAMETERS = frozenset(["before", "after", "limit", "order", "domains", "search"])


@control(
    "bodies",
    "create.unknown-property is INFO",
    lambda w: w.create(colour="red").status_code == 422,
)
def twelfth_unknown_properties_are_refused() -> ASGIApp:
    """A body with a property that is not documented answers 422."""
    return strict(lambda body: unprocessable("body", "has an unknown property") if set(body) - KNOWN else None)


@control("names", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def twelfth_empty_names_are_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name", "must not be empty") if body.get("name") == "" else None)


def _query(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.query, keep_blank_values=True) if request.operation == "list" else []


@control("queries", "list.unknown-parameter is INFO", lambda w: w.list(colour="red").status_code == 422)
def twelfth_unknown_parameters_are_refused() -> ASGIApp:
    """A list with a query parameter that is not documented answers 422."""
    return on_request(
        lambda request: unprocessable("query") if {name for name, _ in _query(request)} - PARAMETERS else request
    )


@control("queries", "list.empty-parameters is INFO", lambda w: w.list(search="").status_code == 422)
def twelfth_empty_parameters_are_refused() -> ASGIApp:
    """A query parameter that is given and empty answers 422."""
    return on_request(lambda request: request if all(value for _, value in _query(request)) else unprocessable("query"))


def _empty_behind(w: Wire) -> object:
    w.made()
    found = w.list(after="org_01ARZ3NDEKTSV4RRFFQ69G5FAV")
    return found.status_code == 200 and found.json()["data"] == []


@control("cursors", "list.unknown-cursor is INFO", _empty_behind)
def twelfth_nothing_lies_behind_unknown_cursors() -> ASGIApp:
    """A cursor that no organization has gives an empty page."""

    class Empty(Pages):
        def page(self, listing: Listing) -> Page:
            try:
                return super().page(listing)
            except InvalidParameters:
                return Page([], None, None)

    return app(pages=Empty)


def _attached_twice(w: Wire) -> object:
    return len(w.made(domain_data=verified(*[domain()] * 2))["domains"]) == 2


@control("domains", "update.domain-twice is INFO", _attached_twice)
def twelfth_domains_given_twice_are_there_twice() -> ASGIApp:
    """A domain that is given twice in domain_data is attached twice, each time with an id of its own."""

    class Twice(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            given = body.get("domain_data", ())
            stated = [self.stated_domain(item["domain"], item["state"], moment) for item in given]
            others = super().domains({"domains": body.get("domains", ())}, moment)
            return (*stated, *(each for each in others if each.domain not in {known.domain for known in stated}))

    return app(DomainStore(), changes=Twice())


def _kept(w: Wire) -> object:
    id = w.made(metadata={"plan": "gold"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"plan": "gold"}


@control("metadata", "update.metadata-null is INFO", _kept)
def twelfth_metadata_of_null_is_left_out() -> ASGIApp:
    """Metadata of null in an update counts as left out."""

    def left(made: Organization, known: Organization, body: Body) -> Organization:
        absent = "metadata" in body and body["metadata"] is None
        return dataclasses.replace(made, metadata=known.metadata) if absent else made

    return updating(left)


def _small_scheme(w: Wire) -> object:
    return w.other(f"bearer {w.key}").get("/organizations").status_code == 401


@control("authentication", "authentication.lower-case-scheme is INFO", _small_scheme)
def twelfth_the_scheme_minds_case() -> ASGIApp:
    """The scheme of the key has to be written as Bearer."""

    async def handle(request: Request, forward: Forward) -> Reply:
        exact = request.header("authorization").startswith("Bearer ")
        return await forward(request if exact else request.with_header("authorization", None))

    return intercepting(handle)


def _one_name(w: Wire) -> object:
    names = [domain(), domain()]
    for name in names:
        w.made(domain_data=verified(name))
    found = w.http.get(f"/organizations?domains={names[0]}%2C{names[1]}")
    return found.json()["data"] == []


@control("domains", "list.commas-encoded is INFO: the comma separates as it is", _one_name)
def twelfth_encoded_commas_separate_nothing() -> ASGIApp:
    """A percent-encoded comma in the domains of a list is part of a name."""

    def other_comma(request: Request) -> Request:
        query = re.sub("domains=[^&]*", lambda found: re.sub("%2C", "%EF%BC%8C", found[0], flags=re.I), request.query)
        return request.replaced(query=query) if request.operation == "list" else request

    return on_request(other_comma)


def _controlled(body: Object) -> Reply | None:
    name = body.get("name")
    strange = isinstance(name, str) and any(unicodedata.category(each) == "Cc" for each in name)
    return unprocessable("name", "has a control character") if strange else None


@control("names", "body.name-control-characters: refused with 4xx is fine", lambda w: w.create(name="a\tb").is_error)
def twelfth_control_characters_are_refused() -> ASGIApp:
    """A name with a control character answers 422."""
    return strict(_controlled)


def _long(body: Object) -> Reply | None:
    name = body.get("name")
    return unprocessable("name", "is too long") if isinstance(name, str) and len(name) > 255 else None


@control("names", "body.name-long: refused with 4xx is fine", lambda w: w.create(name="x" * 256).status_code == 422)
def twelfth_names_have_255_characters() -> ASGIApp:
    """A name of more than 255 characters answers 422."""
    return strict(_long)


def _resting(w: Wire) -> object:
    made = w.made(name="Same")
    return w.changed(made["id"], name="Same")["updated_at"] == made["updated_at"]


@control("timestamps", "update.moves-updated-at: a change moves it, and this is none", _resting)
def twelfth_no_change_moves_nothing() -> ASGIApp:
    """An update with values that the organization already has leaves updated_at as it was."""

    def rested(made: Organization, known: Organization, _: Body) -> Organization:
        return known if dataclasses.replace(made, updated_at=known.updated_at) == known else made

    return updating(rested)


def _refused_letters(w: Wire) -> object:
    return w.create(metadata={"city": "Zürich"}).status_code == 400


@control("metadata", "D: ASCII only; beyond it a SHOULD", _refused_letters, may_warn=True)
def twelfth_metadata_is_ascii() -> ASGIApp:
    """Metadata with a character beyond ASCII answers 400 with the code invalid_metadata."""

    def judged(body: Object) -> Reply | None:
        texts = [text for pair in pairs(body).items() for text in pair if isinstance(text, str)]
        return None if all(text.isascii() for text in texts) else bad_request("invalid_metadata")

    return strict(judged)


def _other_order(w: Wire) -> object:
    first, second = token(), token()
    id = w.made(name=f"{first} and {second}")["id"]
    return w.ids(search=f"{second} {first}") == [id]


@control("search", "list.search-several-words is INFO", _other_order)
def twelfth_search_finds_words_in_any_order() -> ASGIApp:
    """A search for several words finds the names that have all of them, in any order."""
    return matching(lambda text, found: all(word in found.name.casefold() for word in text.casefold().split()))


@control(
    "errors",
    "body.malformed: refused as a fault of the client",
    lambda w: w.post("{").status_code == 400,
    may_warn=True,
)
def twelfth_malformed_bodies_answer_400() -> ASGIApp:
    """A body that is no JSON answers 400."""

    def bad(request: Request, response: Reply) -> Reply:
        malformed = response.status == 422 and request.writes and request.json is None and request.body != b"null"
        return reply(400, {"message": "Malformed JSON", "code": "malformed_json"}) if malformed else response

    return on_response(bad)


class Conflict(Refusal):
    """Another organization is in the way."""

    status = 409


def _in_the_way(w: Wire) -> object:
    given = pending(domain())
    return [w.create(domain_data=given).status_code for _ in range(2)] == [201, 409]


@control("domains", "create.domain-shared-pending is a SHOULD; 409 is documented", _in_the_way, may_warn=True)
def twelfth_pending_domains_are_not_shared() -> ASGIApp:
    """A pending domain that another organization has answers 409 in a create."""

    class Exclusive(Store):
        def insert(self, organization: Organization) -> None:
            for each in organization.domains:
                query = "SELECT TRUE FROM organization_domain WHERE domain = ?"
                if each.state == "pending" and self._connection.execute(query, (each.domain,)).fetchone():
                    raise Conflict("Another organization has this domain.")
            super().insert(organization)

    return app(Exclusive())
