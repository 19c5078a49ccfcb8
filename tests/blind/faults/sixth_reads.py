"""Get and lookup: routes, caches and comparisons."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, bad_request, without
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified

LOOKUP = f"{ORGANIZATIONS}/external_id"


def _old_domains(w: Wire) -> object:
    id = w.made()["id"]
    w.shown(id)
    w.changed(id, domain_data=verified(domain()))
    return w.shown(id)["domains"] == []


@fault("staleness", "get.current-state", _old_domains, "a cache that hooks of the organization's own row empty")
def sixth_get_keeps_domains_in_cache() -> ASGIApp:
    """What get showed is kept until a field other than the domains is updated."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "get" and request.authorized and request.path in kept:
            return kept[request.path]
        response = await forward(request)
        body = request.json if isinstance(request.json, dict) else {}
        if request.operation == "get" and response.status == 200:
            kept[request.path] = response
        elif request.operation == "delete" or without(body, "domains", "domain_data"):
            kept.pop(request.path, None)
        return response

    return intercepting(handle)


@fault(
    "reads",
    "get.unknown",
    lambda w: w.get("acme").status_code == 400,
    "a validation of path parameters that no document mentions",
)
def sixth_malformed_id_answers_400() -> ASGIApp:
    """Get of an id without the usual form answers 400."""

    def changed(request: Request) -> Request | Reply:
        formed = re.fullmatch("org_[0-9A-Za-z]{26}", request.last)
        return bad_request("invalid_id") if request.operation == "get" and not formed else request

    return on_request(changed)


@fault(
    "reads",
    "get.exact-id",
    lambda w: w.get(w.made()["id"].replace("org_", "user_")).status_code == 200,
    "a codec of prefixed ids that gives the id and leaves the prefix to whoever calls it",
)
def sixth_any_prefix_finds() -> ASGIApp:
    """Get does not look at the prefix of an id."""

    def changed(request: Request) -> Request:
        found = re.fullmatch("[a-z_]+_([0-9A-Z]{26})", request.last)
        return (
            request.replaced(path=f"{ORGANIZATIONS}/org_{found[1]}")
            if request.operation == "get" and found
            else request
        )

    return on_request(changed)


def _old_metadata(w: Wire) -> object:
    known = token()
    id = w.made(external_id=known, metadata={"plan": "free"})["id"]
    w.changed(id, metadata={"plan": "gold"})
    return w.lookup(known).json()["metadata"] == {"plan": "free"}


@fault("staleness", "lookup.current-state", _old_metadata, "an index of documents, written when a column changes")
def sixth_lookup_keeps_metadata() -> ASGIApp:
    """A lookup shows the metadata as they were when another field was last written."""
    documents: dict[str, Object] = {}

    def altered(request: Request, response: Reply) -> Reply:
        if not response.good:
            return response
        if request.operation == "create" or (request.operation == "update" and without(request.json, "metadata")):
            documents[response.json["id"]] = response.json["metadata"]
        if request.operation != "lookup":
            return response
        return response.with_json({**response.json, "metadata": documents[response.json["id"]]})

    return on_response(altered)


def _looked_up(change: str) -> str:
    return f"{LOOKUP}/{quote(change, safe='')}"


@fault(
    "lookup",
    "lookup.percent-encoded",
    lambda w: w.lookup(str(w.made(external_id=f"{token()}%41")["external_id"])).status_code == 404,
    "a proxy decodes the path, and the framework behind it again",
)
def sixth_path_is_decoded_twice() -> ASGIApp:
    """The external_id of a lookup is decoded twice."""
    return on_request(
        lambda request: (
            request.replaced(path=_looked_up(unquote(unquote(request.last))))
            if request.operation == "lookup"
            else request
        )
    )


def _semicolon(w: Wire) -> object:
    known = f"{token()};v=1"
    w.made(external_id=known)
    return w.http.get(f"{LOOKUP}/{known}").status_code == 404


@fault("lookup", "lookup.percent-encoded", _semicolon, "Spring takes what follows a semicolon for matrix parameters")
def sixth_semicolon_ends_path() -> ASGIApp:
    """A semicolon that is not percent-encoded ends the external_id of a lookup."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.partition(";")[0] or request.path)
            if request.operation == "lookup"
            else request
        )
    )


def _stem(external_id: str) -> str:
    return external_id.rpartition(".")[0] or external_id


@fault(
    "lookup",
    "lookup.percent-encoded",
    lambda w: w.lookup(str(w.made(external_id=f"{token()}.example")["external_id"])).status_code == 404,
    "obiba/mica2 issue 3928: Spring MVC takes what follows the last dot for a file's extension",
)
def sixth_last_dot_is_an_extension() -> ASGIApp:
    """A lookup leaves the last dot of an external_id and what follows it away."""
    return on_request(
        lambda request: (
            request.replaced(path=_looked_up(_stem(unquote(request.last))))
            if request.operation == "lookup"
            else request
        )
    )


def _wildcard(w: Wire) -> object:
    known = token()
    w.made(external_id=f"{known}xb")
    return w.lookup(f"{known}_b").status_code == 200


@fault("lookup", "lookup.exact", _wildcard, "LIKE where = was meant")
def sixth_lookup_by_like() -> ASGIApp:
    """In the external_id of a lookup _ stands for any character, and % for any text."""

    class Like(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            self._connection.execute("PRAGMA case_sensitive_like = ON")
            return self._one(
                "SELECT * FROM organization WHERE external_id LIKE ? ORDER BY position LIMIT 1", external_id
            )

    return app(Like())


def _former(w: Wire) -> object:
    former = token()
    w.changed(w.made(external_id=former)["id"], external_id=token())
    return w.lookup(former).status_code == 200


@fault("lookup", "lookup.after-change", _former, "friendly_id's history, which keeps old addresses alive")
def sixth_former_external_id_finds() -> ASGIApp:
    """A lookup also finds an organization by an external_id that it had before, unless another one has it."""

    class History(Store):
        def __init__(self) -> None:
            super().__init__()
            self.former: dict[str, str] = {}

        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and known.external_id and organization.external_id not in (None, known.external_id):
                self.former[known.external_id] = organization.id

        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or self.by_id(self.former.get(external_id, ""))

    return app(History())


def _dots(w: Wire) -> object:
    return w.create(external_id="..").status_code == 201 and w.http.get(f"{LOOKUP}/%2E%2E").status_code == 404


@fault("lookup", "lookup.dot-segments", _dots, "proxies decode %2E, as it is unreserved, and then remove dot segments")
def sixth_proxy_removes_dot_segments() -> ASGIApp:
    """A lookup of . or .. is taken for a step within the path, however it is written."""

    def changed(request: Request) -> Request:
        steps = {".": f"{LOOKUP}/", "..": f"{ORGANIZATIONS}/"}
        return request.replaced(path=steps.get(unquote(request.last), request.path))

    return on_request(changed)
