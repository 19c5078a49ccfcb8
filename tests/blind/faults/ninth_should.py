"""What breaks a SHOULD."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from urllib.parse import quote

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.records import Domain
from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import lenient, on_response, reshaped, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, unprocessable, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, deleted, domain, token, verified

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


def _entity(w: Wire) -> object:
    id = f"{token()}/a b"
    return w.lookup(id).json().get("entity_id") == quote(id, safe="")


@fault("errors", "error.not-found-entity-id", _entity, "the raw path in the message of a router", level=SHOULD)
def ninth_entity_id_is_encoded() -> ASGIApp:
    """The entity_id of a lookup's 404 is the external_id as the path has it, percent-encoded."""

    def named(request: Request, response: Reply) -> Reply:
        if request.operation != "lookup" or response.status != 404:
            return response
        return response.with_json({**response.json, "entity_id": request.last})

    return on_response(named)


@fault(
    "errors",
    "error.not-found-code",
    lambda w: "code" not in w.update(UNKNOWN, name="Other").json(),
    "an error that one handler makes by hand",
    level=SHOULD,
)
def ninth_update_of_nothing_has_no_code() -> ASGIApp:
    """The 404 of an update has a message and nothing else."""

    def bare(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or response.status != 404:
            return response
        return response.with_json(without(response.json, "code", "entity_id"))

    return on_response(bare)


@fault(
    "errors",
    "error.lists-each-fault",
    lambda w: isinstance(w.create(name=5).json()["errors"], dict),
    "errors of ActiveModel",
    level=SHOULD,
)
def ninth_errors_are_an_object() -> ASGIApp:
    """The errors of a 422 are an object from each field to texts, without codes."""

    def grouped(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        errors = {each["field"]: [each["message"]] for each in response.json["errors"]}
        return response.with_json({**response.json, "errors": errors})

    return on_response(grouped)


def _five(w: Wire) -> object:
    name = token()
    w.many(7, name=name)
    return len(w.ids(search=name)) == 5


@fault("lists", "list.default-limit-full", _five, "a route for searches with a default of its own", level=SHOULD)
def ninth_searches_give_five() -> ASGIApp:
    """With search and without a limit a page holds 5 organizations."""

    class Five(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            given = query.getlist("limit")
            return asked if given or not asked.search else dataclasses.replace(asked, limit=5)

    return app(rules=Five())


def _one_less(w: Wire) -> object:
    name = token()
    w.many(4, name=name)
    return len(w.ids(search=name, order="asc", limit=3)) == 2


@fault("lists", "list.full-pages", _one_less, "a row too many that is cut off twice", level=SHOULD)
def ninth_ascending_pages_lack_one() -> ASGIApp:
    """Under order=asc a page holds one organization less than a limit above 2."""

    def read(asked: Listing) -> Listing:
        shorter = asked.order == "asc" and asked.limit > 2
        return dataclasses.replace(asked, limit=asked.limit - 1) if shorter else asked

    return listing(read)


@fault(
    "creates",
    "create.null-lists",
    lambda w: w.create(domain_data=None).status_code == 422,
    "a schema that was generated from the OpenAPI document",
    level=SHOULD,
)
def ninth_null_domain_data_are_refused() -> ASGIApp:
    """A create whose domain_data are null answers 422."""

    def broken(body: Object) -> Reply | None:
        return unprocessable("domain_data") if body.get("domain_data", "") is None else None

    return strict(broken, "create")


@fault(
    "creates",
    "create.deprecated-domains-state",
    lambda w: w.made(domains=[domain()])["domains"][0]["state"] == "unverified",
    "a state for what nobody has proved",
    level=SHOULD,
)
def ninth_deprecated_domains_are_unverified() -> ASGIApp:
    """A domain that comes through the deprecated domains is unverified."""

    class Unverified(Changes):
        def plain_domain(self, domain: str, moment: int) -> Domain:
            return dataclasses.replace(super().plain_domain(domain, moment), state="unverified")

    return app(changes=Unverified())


def _null_beside(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return w.changed(id, metadata={"a": None, "b": "3"})["metadata"] == {"a": "1", "b": "3"}


@fault("metadata", "update.metadata-null-key", _null_beside, "COALESCE for each key", level=SHOULD)
def ninth_null_key_stays_beside_others() -> ASGIApp:
    """A metadata key that an update sets to null stays where the update sets another key."""

    class Staying(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            texts = {key: value for key, value in given.items() if value is not None}
            return super().merged(known, texts or given)

    return app(changes=Staying())


def _none_left(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=[])["domains"]) == 1


@fault("domains", "update.no-domains", _none_left, "if len(body.DomainData) > 0", level=SHOULD)
def ninth_empty_domain_data_are_ignored() -> ASGIApp:
    """An empty domain_data in an update changes no domain."""
    return lenient(lambda body: without(body, "domain_data") if body.get("domain_data") == [] else body, "update")


def _sixty(w: Wire) -> object:
    id = w.made(metadata={f"a{at}": "v" for at in range(30)})["id"]
    return len(w.update(id, metadata={f"b{at}": "v" for at in range(30)}).json().get("metadata", ())) == 50


@fault(
    "metadata", "update.metadata-limit-after-merge", _sixty, "a bound that the body is held against alone", level=SHOULD
)
def ninth_fifty_of_the_merged_stay() -> ASGIApp:
    """An update whose merged metadata have more than 50 pairs keeps the last 50 of them."""

    class LastFifty(Changes):
        def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
            return dict([*metadata.items()][-50:])

    return app(changes=LastFifty())


@fault(
    "deletes",
    "delete.twice",
    lambda w: w.delete(deleted(w)["id"]).status_code == 202,
    "a job in a queue that looks for the row later",
    level=SHOULD,
)
def ninth_any_id_can_be_deleted() -> ASGIApp:
    """A delete of an id that no organization has answers 202."""

    def accepted(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or response.status != 404:
            return response
        return Reply(202, (("content-type", "text/plain"), ("x-request-id", "planted-request")), b"Accepted")

    return on_response(accepted)


def _microseconds(w: Wire) -> object:
    id = w.made()["id"]
    return len(w.changed(id, name="Other")["updated_at"]) == 27 and len(w.shown(id)["updated_at"]) == 24


@fault("fields", "organization.timestamp-form", _microseconds, "a moment that was never read back", level=SHOULD)
def ninth_update_answers_microseconds() -> ASGIApp:
    """The answer to an update shows updated_at with six decimals."""
    return reshaped(lambda found: {**found, "updated_at": found["updated_at"][:-1] + "000Z"}, "update")


@fault(
    "bodies",
    "body.name-padding",
    lambda w: w.changed(w.made(name=" A ")["id"], name=" B ")["name"] == "B",
    "a form of the dashboard that shares the update",
    level=SHOULD,
)
def ninth_update_trims_names() -> ASGIApp:
    """An update cuts off white space around the name; a create keeps it."""
    return reading(create=False, name=lambda name: name.strip() or name)


@fault(
    "headers",
    "answer.request-id",
    lambda w: "x-request-id" not in w.delete(w.made()["id"]).headers,
    "a middleware that acts on JSON alone",
    level=SHOULD,
)
def ninth_deletes_have_no_request_id() -> ASGIApp:
    """The answer to a delete has no X-Request-ID."""

    def bare(request: Request, response: Reply) -> Reply:
        return response.with_header("x-request-id", None) if request.operation == "delete" else response

    return on_response(bare)


def _consumer(w: Wire) -> object:
    return w.update(w.made()["id"], domain_data=verified("gmail.com")).status_code == 200


@fault("domains", "body.consumer-domain", _consumer, "a rule that stands in the class of creates alone", level=SHOULD)
def ninth_update_takes_consumer_domains() -> ASGIApp:
    """An update takes consumer domains such as gmail.com; a create refuses them."""

    class Creating(Rules):
        def update(self, content: bytes) -> Object:
            self.checks = False
            try:
                return super().update(content)
            finally:
                self.checks = True

        def check_domains(self, body: Mapping[str, object]) -> None:
            if getattr(self, "checks", True):
                super().check_domains(body)

    return app(rules=Creating())
