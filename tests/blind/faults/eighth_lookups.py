"""Reads by id and by external_id."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response, reshaped
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _without_metadata(w: Wire) -> object:
    made = w.made(external_id=token(), metadata={"tier": "gold"})
    return w.lookup(made["external_id"]).json()["metadata"] == {}


@fault("lookups", "lookup.current-state", _without_metadata, "DynamoDB: the attributes that an index projects")
def eighth_index_projects_no_metadata() -> ASGIApp:
    """A lookup shows every organization with empty metadata."""
    return reshaped(lambda shown: {**shown, "metadata": {}}, "lookup")


def _by_beginning(w: Wire) -> object:
    external_id = token()
    w.made(external_id=f"{external_id}-eu")
    return w.lookup(external_id).status_code == 200


@fault("lookups", "lookup.exact", _by_beginning, "DynamoDB: begins_with(sk, :external_id) in a single table")
def eighth_lookup_by_beginning() -> ASGIApp:
    """An external_id that nobody has finds an organization whose external_id begins with it and a hyphen."""

    class Beginning(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            statement = "SELECT * FROM organization WHERE substr(external_id, 1, length(?1) + 1) = ?1 || '-'"
            return super().by_external_id(external_id) or self._one(statement, external_id)

    return app(Beginning())


def _percent(w: Wire) -> object:
    external_id = f"{token()}%2Dx"
    return w.create(external_id=external_id).status_code == 201 and w.lookup(external_id).status_code == 404


@fault("lookups", "lookup.percent-encoded", _percent, "decodeURIComponent on what the router has decoded already")
def eighth_external_id_is_decoded_twice() -> ASGIApp:
    """In the path of a lookup, an external_id with a percent sign and two hexadecimal digits is decoded twice."""

    def decoded(request: Request) -> Request:
        if request.operation != "lookup":
            return request
        twice = unquote(unquote(request.last, errors="replace"), errors="replace")
        return request.replaced(path=f"/organizations/external_id/{quote(twice, safe='')}")

    return on_request(decoded)


def _slashes(w: Wire) -> object:
    external_id = f"https://{token()}.example.com"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("lookups", "lookup.percent-encoded", _slashes, "nginx: merge_slashes on the decoded path")
def eighth_gateway_merges_slashes() -> ASGIApp:
    """Two slashes in a row within an external_id, percent-encoded in the path, are read as one."""

    def merged(request: Request) -> Request:
        if request.operation != "lookup":
            return request
        return request.replaced(path=re.sub("(?:%2[Ff])+", "%2F", request.path))

    return on_request(merged)


def _by_external_id(w: Wire) -> object:
    made = w.made(external_id=token())
    return w.get(made["external_id"]).status_code == 200


@fault("lookups", "get.exact-id", _by_external_id, "const org = byId.get(key) ?? byExternalId.get(key)")
def eighth_get_takes_external_ids() -> ASGIApp:
    """Get finds an organization by its external_id as well."""

    class Either(Api):
        def known(self, id: str) -> Organization:
            return self.store.by_external_id(id) or super().known(id)

    return app(api=Either)


INHERITED = ("constructor", "toString", "valueOf", "hasOwnProperty", "__proto__")


@fault(
    "lookups",
    "lookup.unknown",
    lambda w: w.lookup("constructor").status_code == 500,
    "Node: byExternalId is an object, and byExternalId['constructor'] is a function",
)
def eighth_lookup_of_inherited_property() -> ASGIApp:
    """A lookup of constructor, toString or another property of any JavaScript object answers 500."""

    def judged(request: Request) -> Request | Reply:
        return crash() if request.operation == "lookup" and unquote(request.last) in INHERITED else request

    return on_request(judged)


def _long_path(w: Wire) -> object:
    external_id = f"{token()}/".ljust(128, "/")
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 400


@fault("lookups", "create.readable-at-once", _long_path, "IIS and Azure gateways: maxUrlLength of 260 characters")
def eighth_long_path_is_refused() -> ASGIApp:
    """A lookup whose path has more than 260 characters, percent-encoding included, answers 400."""

    def judged(request: Request) -> Request | Reply:
        if request.operation == "lookup" and len(request.path) > 260:
            return reply(400, {"message": "The length of the URL for this request exceeds the limit."})
        return request

    return on_request(judged)


@fault(
    "lookups",
    "error.message",
    lambda w: w.lookup(token()).content == b"",
    "Sinatra, Rails: head :not_found",
)
def eighth_missed_lookup_says_nothing() -> ASGIApp:
    """The 404 of a lookup has an empty body."""

    def altered(request: Request, response: Reply) -> Reply:
        return response.replaced(body=b"") if request.operation == "lookup" and response.status == 404 else response

    return on_response(altered)
