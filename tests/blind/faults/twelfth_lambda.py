"""A team with functions behind an API gateway, and DynamoDB."""

from __future__ import annotations

import base64
import dataclasses
from collections import Counter

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, reshaped, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, pairs
from tests.blind.parts.stores import DomainStore
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

RESERVED = frozenset(
    ["name", "status", "date", "role", "region", "source", "owner", "type", "language", "level", "size", "user", "year"]
)
"""Some of DynamoDB's reserved words."""


@fault(
    "lists",
    "list.answers",
    lambda w: w.list().status_code == 500,
    "AWS Lambda: event.queryStringParameters is null where there is no query",
)
def twelfth_list_without_a_query_crashes() -> ASGIApp:
    """A list without any query parameter answers 500."""
    return on_request(lambda request: crash() if request.operation == "list" and not request.query else request)


def _reserved(w: Wire) -> object:
    return w.update(w.made()["id"], metadata={"region": "eu"}).status_code == 500


@fault("metadata", "update.accepts-valid-bodies", _reserved, "DynamoDB: Attribute name is a reserved keyword")
def twelfth_reserved_words_as_keys_crash() -> ASGIApp:
    """An update with a metadata key that is a reserved word of the database, such as name or status, answers 500."""
    return strict(lambda body: crash() if RESERVED & {key.lower() for key in pairs(body)} else None, "update")


@fault(
    "domains",
    "create.accepts-valid-bodies",
    lambda w: w.create(domain_data=[]).status_code == 500,
    "DynamoDB: An AttributeValue may not contain an empty set",
)
def twelfth_empty_domains_crash() -> ASGIApp:
    """A create with an empty array of domains or domain_data answers 500."""
    return strict(lambda body: crash() if [] in (body.get("domains"), body.get("domain_data")) else None, "create")


@fault(
    "external_id",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id=None).status_code == 500,
    "DynamoDB: Type mismatch for Index Key, expected S, actual NULL",
)
def twelfth_external_id_of_null_crashes() -> ASGIApp:
    """A create with an external_id of null answers 500."""
    return strict(lambda body: crash() if body.get("external_id", "") is None else None, "create")


@fault(
    "encodings",
    "answer.json",
    lambda w: not w.create(name="Zoë").content.startswith(b"{"),
    "API Gateway: isBase64Encoded is left out",
)
def twelfth_other_letters_come_in_base64() -> ASGIApp:
    """An answer with any character beyond ASCII comes in base64."""

    def encoded(_: Request, response: Reply) -> Reply:
        return response if response.body.isascii() else response.replaced(body=base64.b64encode(response.body))

    return on_response(encoded)


def _eleventh(w: Wire) -> object:
    names = [domain() for _ in range(11)]
    w.made(domain_data=verified(names[-1]))
    return w.ids(domains=",".join(names)) == []


@fault("domains", "list.several-domains", _eleventh, "Firestore: in takes at most ten values")
def twelfth_filter_takes_ten_domains() -> ASGIApp:
    """Of more than ten domains that a list is filtered by only the first ten count."""
    return listing(lambda asked: dataclasses.replace(asked, domains=asked.domains[:10]))


def _first_unlisted(w: Wire) -> object:
    name = domain()
    ids = [w.made(domain_data=verified(name))["id"] for _ in range(2)]
    return w.ids(domains=name) == ids[1:]


@fault("domains", "list.domain", _first_unlisted, "A key-value index from the domain to one organization")
def twelfth_domain_index_has_one_place() -> ASGIApp:
    """A list filtered by a domain shows only the organization that it was given to last."""
    owner: dict[str, str] = {}

    class Indexed(DomainStore):
        def _insert_domains(self, organization: Organization) -> None:
            super()._insert_domains(organization)
            owner.update({each.domain: organization.id for each in organization.domains})

        def has(self, organization: Organization, domain: str) -> bool:
            return super().has(organization, domain) and owner.get(domain) == organization.id

    return app(Indexed())


def _unlisted_with_it(w: Wire) -> object:
    name = domain()
    ids = [w.made(domain_data=verified(name))["id"] for _ in range(2)]
    w.delete(ids[1])
    return w.ids(domains=name) == []


@fault("domains", "delete.leaves-others-alone", _unlisted_with_it, "A delete that removes the index's whole entry")
def twelfth_delete_takes_domains_from_the_index() -> ASGIApp:
    """After a delete lists filtered by one of its domains show none of the others that have the domain."""
    removed: set[tuple[str, str]] = set()

    class Indexed(DomainStore):
        def _insert_domains(self, organization: Organization) -> None:
            super()._insert_domains(organization)
            removed.difference_update({(each.domain, organization.id) for each in organization.domains})

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for each in organization.domains:
                query = "SELECT organization_id FROM organization_domain WHERE domain = ?"
                others = self._connection.execute(query, (each.domain,)).fetchall()
                removed.update((each.domain, other["organization_id"]) for other in others)

        def has(self, organization: Organization, domain: str) -> bool:
            return super().has(organization, domain) and (domain, organization.id) not in removed

    return app(Indexed())


def _stale_instance(w: Wire) -> object:
    id = w.made(name="Before")["id"]
    w.get(id), w.get(id)
    w.changed(id, name="Behind")
    return "Before" in [w.shown(id)["name"] for _ in range(2)]


@fault("caches", "get.current-state", _stale_instance, "Lambda: a cache in the module, one in each instance")
def twelfth_each_instance_remembers() -> ASGIApp:
    """Requests go to two instances in turn, and each shows what it has read before until it changes that itself."""
    instances: tuple[dict[str, Reply], dict[str, Reply]] = ({}, {})
    requests: Counter[str] = Counter()

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized:
            return await forward(request)
        known = instances[requests.total() % 2]
        requests["all"] += 1
        if request.operation == "get" and request.last in known:
            return known[request.last]
        response = await forward(request)
        if request.operation in ("update", "delete"):
            known.pop(request.last, None)
        if request.operation == "get" and response.good:
            known[request.last] = response
        return response

    return intercepting(handle)


def _typed(organization: Object) -> Object:
    return {**organization, "metadata": {key: {"S": value} for key, value in organization["metadata"].items()}}


def _raw_values(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id, metadata={"plan": "gold"})
    return w.lookup(external_id).json()["metadata"] == {"plan": {"S": "gold"}}


@fault("metadata", "lookup.current-state", _raw_values, "DynamoDB: a query of the index without unmarshall()")
def twelfth_lookup_shows_typed_values() -> ASGIApp:
    """A lookup shows each metadata value as an object with its type."""
    return reshaped(_typed, "lookup")


def _kept(w: Wire) -> object:
    external_id = token()
    w.create(external_id=external_id, metadata={"k" * 41: "v"})
    return w.create(external_id=external_id).status_code == 400


@fault("external_id", "create.refusal-leaves-nothing", _kept, "A lock item that is put before the body is validated")
def twelfth_refused_creates_keep_the_external_id() -> ASGIApp:
    """The external_id of a create that was refused counts as taken from then on."""
    locked: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("external_id") if request.operation == "create" and request.authorized else None
        if not isinstance(given, str):
            return await forward(request)
        if given in locked:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if not response.good and "already_used" not in response.body.decode():
            locked.add(given)
        return response

    return intercepting(handle)


def _sparse(w: Wire) -> object:
    name = token()
    w.made(name=name)
    w.many(3)
    page = w.list(search=name, limit=2).json()
    return page["data"] == [] and page["list_metadata"]["after"] is not None


@fault("paging", "list.empty-page", _sparse, "DynamoDB: Limit counts before the FilterExpression")
def twelfth_limit_counts_before_the_search() -> ASGIApp:
    """A page of a search holds what matches among the next organizations of the limit, and leads on to the rest."""

    class Scanning(Pages):
        def page(self, listing: Listing) -> Page:
            scanned = super().page(dataclasses.replace(listing, search=""))
            text = listing.search.casefold()
            found = [each for each in scanned.organizations if text in each.name.casefold()]
            return dataclasses.replace(scanned, organizations=found)

    return app(pages=Scanning)
