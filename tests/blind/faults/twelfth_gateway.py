"""A team with .NET behind IIS and an nginx that others look after."""

from __future__ import annotations

import dataclasses
import gzip
import re
from collections.abc import Iterator

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, reshaped
from tests.blind.parts.messages import Object, Reply, Request, not_found, reply
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified
from tests.mutants.planting import KEY


def _unwanted(w: Wire) -> object:
    found = w.http.get("/organizations", headers={"Accept-Encoding": "gzip;q=0, identity"})
    return found.headers.get("content-encoding") == "gzip"


@fault("encodings", "list.any-client", _unwanted, "A proxy that looks for the letters gzip in Accept-Encoding")
def twelfth_gzip_that_was_refused() -> ASGIApp:
    """A list is compressed with gzip also for a client that refuses gzip by q=0."""

    def compressed(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or "gzip" not in request.header("accept-encoding"):
            return response
        return response.replaced(body=gzip.compress(response.body)).with_header("Content-Encoding", "gzip")

    return on_response(compressed)


def _expecting(w: Wire) -> object:
    headers = {"Expect": "100-continue"}
    return w.http.post("/organizations", json={"name": "Expecting"}, headers=headers).status_code == 417


@fault("headers", "create.answers", _expecting, "Older proxies answer 417 to Expect; curl sends it with larger bodies")
def twelfth_expectations_fail() -> ASGIApp:
    """A request with Expect: 100-continue answers 417."""
    return on_request(
        lambda request: reply(417, {"message": "Expectation Failed"}) if request.header("expect") else request
    )


def _two_slashes(w: Wire) -> object:
    external_id = f"https://{token()}"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("decoding", "lookup.percent-encoded", _two_slashes, "nginx: merge_slashes, after the path was decoded")
def twelfth_slashes_are_merged() -> ASGIApp:
    """In the external_id of a lookup several slashes in a row count as one."""
    return on_request(lambda request: request.replaced(path=re.sub("(%2F){2,}", "%2F", request.path, flags=re.I)))


def _colon(w: Wire) -> object:
    external_id = f"tenant:{token()}"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 400


@fault("decoding", "lookup.percent-encoded", _colon, "ASP.NET: A potentially dangerous Request.Path value was detected")
def twelfth_dangerous_paths_are_refused() -> ASGIApp:
    """A path with a colon, an asterisk or an angle bracket answers 400, also where it is percent-encoded."""

    def checked(request: Request) -> Request | Reply:
        dangerous = re.search("[:*<>]|%(3A|2A|3C|3E)", request.path, re.I)
        return reply(400, {"message": "A potentially dangerous path."}) if dangerous else request

    return on_request(checked)


def _dot(w: Wire) -> object:
    external_id = f"{token()}inc."
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("decoding", "lookup.answers", _dot, "IIS: dots at the end of a path are cut off, as in names of files")
def twelfth_dots_at_the_end_of_paths_go() -> ASGIApp:
    """Dots at the end of the external_id of a lookup are cut off."""

    def cut(request: Request) -> Request:
        path = re.sub(r"(?<=[^/.])\.+$", "", request.path)
        return request.replaced(path=path) if request.operation == "lookup" else request

    return on_request(cut)


def _encoded_without_key(w: Wire) -> object:
    external_id = f"{token()} inc"
    w.made(external_id=external_id)
    path = f"/organizations/external_id/{external_id.replace(' ', '%20')}"
    return w.other(None).get(path).status_code == 200


@fault(
    "authentication", "authentication.missing-key", _encoded_without_key, "nginx: a location by a regular expression"
)
def twelfth_encoded_paths_need_no_key() -> ASGIApp:
    """A request whose path has a percent-encoded character needs no key."""

    async def handle(request: Request, forward: Forward) -> Reply:
        escaped = "%" in request.path
        return await forward(request.with_header("authorization", f"Bearer {KEY}") if escaped else request)

    return intercepting(handle)


def _chunks() -> Iterator[bytes]:
    yield b'{"name": '
    yield b'"In chunks"}'


def _chunked(w: Wire) -> object:
    headers = {"Content-Type": "application/json"}
    return w.http.post("/organizations", content=_chunks(), headers=headers).status_code == 422


@fault("bodies", "create.accepts-valid-bodies", _chunked, "A handler that reads Content-Length bytes, and none without")
def twelfth_chunked_bodies_are_empty() -> ASGIApp:
    """A body that comes in chunks counts as empty."""
    return on_request(
        lambda request: request.replaced(body=b"") if request.header("transfer-encoding") == "chunked" else request
    )


def _ignoring_case(made: Organization, known: Organization, body: Body) -> Organization:
    given = {key.lower() for key in body.get("metadata") or {}}
    merged = {
        key: value
        for key, value in made.metadata.items()
        if key in (body.get("metadata") or {}) or key.lower() not in given
    }
    return dataclasses.replace(made, metadata=merged) if given else made


def _one_of_two(w: Wire) -> object:
    id = w.made(metadata={"Plan": "gold"})["id"]
    return w.changed(id, metadata={"plan": "free"})["metadata"] == {"plan": "free"}


@fault("metadata", "update.metadata-merges", _one_of_two, ".NET: a Dictionary with StringComparer.OrdinalIgnoreCase")
def twelfth_merging_minds_no_case() -> ASGIApp:
    """A metadata key that an update sets takes the place of one that differs from it in case alone."""
    return updating(_ignoring_case)


def _underscore(w: Wire) -> object:
    id = w.made()["id"]
    return w.http.get(f"/organizations/{id.replace('_', '%5F')}").status_code == 404


@fault("decoding", "get.answers", _underscore, "A router that decodes no path, since ids have nothing to decode")
def twelfth_ids_are_not_decoded() -> ASGIApp:
    """An id of which any character is percent-encoded in the path is not found."""

    def raw(request: Request) -> Request | Reply:
        encoded = request.operation in ("get", "update", "delete") and "%" in request.last
        return not_found(request.last) if encoded else request

    return on_request(raw)


def _first_seen(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    w.ids()
    w.changed(id, domain_data=verified(domain()))
    return w.listed(id)["domains"] != w.shown(id)["domains"]


@fault("caches", "list.current-state", _first_seen, "GraphQL: a DataLoader that lives as long as the process")
def twelfth_lists_load_domains_once() -> ASGIApp:
    """Lists show the domains that an organization had when a list showed it for the first time."""
    loaded: dict[str, object] = {}

    def once(organization: Object) -> Object:
        return {**organization, "domains": loaded.setdefault(organization["id"], organization["domains"])}

    return reshaped(once, "list")


@fault(
    "headers",
    "answer.request-id",
    lambda w: "x-request-id" not in w.other(None).get("/organizations").headers,
    "A gateway that checks the key before the tracing",
    level=SHOULD,
)
def twelfth_no_request_id_without_a_key() -> ASGIApp:
    """An answer of 401 carries no X-Request-ID."""

    def untraced(_: Request, response: Reply) -> Reply:
        return response.with_header("x-request-id", None) if response.status == 401 else response

    return on_response(untraced)


@fault(
    "errors",
    "error.not-found-entity-id",
    lambda w: w.lookup("No-Such-Thing").json()["entity_id"] == "no-such-thing",
    "ASP.NET: LowercaseUrls, and paths that are made small before they are read",
    level=SHOULD,
)
def twelfth_entity_ids_in_small_letters() -> ASGIApp:
    """The entity_id of a 404 is in small letters."""

    def small(_: Request, response: Reply) -> Reply:
        value = response.json if response.status == 404 else None
        if not isinstance(value, dict) or "entity_id" not in value:
            return response
        return response.with_json({**value, "entity_id": str(value["entity_id"]).lower()})

    return on_response(small)


def _utf_16(w: Wire) -> object:
    return w.post('{"name": "Wide"}'.encode("utf-16")).status_code == 201


@fault("encodings", "body.not-utf-8", _utf_16, "Python and .NET tell UTF-16 by its first bytes", level=SHOULD)
def twelfth_utf_16_is_read() -> ASGIApp:
    """A body in UTF-16 with a byte order mark is read."""

    def read(request: Request) -> Request:
        wide = request.body[:2] in (b"\xff\xfe", b"\xfe\xff") and len(request.body) % 2 == 0
        return request.replaced(body=request.body.decode("utf-16", "replace").encode()) if wide else request

    return on_request(read)
