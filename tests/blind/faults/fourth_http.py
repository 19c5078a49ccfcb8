"""Requests that a framework or a proxy refuses or empties, and caches that answer for them."""

from __future__ import annotations

import gzip
import hashlib
import time

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire

HTTP = "fourth: HTTP"
STALE = "fourth: caches"
NONE = "none: not looked up"


def empty_json(w: Wire) -> bool:
    id = w.made()["id"]
    return w.http.delete(f"/organizations/{id}", headers={"Content-Type": "application/json"}).status_code == 400


@fault(HTTP, NONE, empty_json, "FST_ERR_CTP_EMPTY_JSON_BODY of Fastify")
def fourth_delete_with_content_type_refused() -> ASGIApp:
    """A deletion with Content-Type application/json and no body answers 400."""

    def change(request: Request) -> Request | Reply:
        empty = request.operation == "delete" and "json" in request.header("content-type") and not request.body
        return (
            reply(400, {"message": "Body cannot be empty when content-type is 'application/json'"})
            if empty
            else request
        )

    return on_request(change)


@fault(
    HTTP,
    NONE,
    lambda w: w.post('{"name": "a"}', Content_Type='application/json; charset="utf-8"').status_code == 415,
    "a comparison of texts",
)
def fourth_quoted_charset_refused() -> ASGIApp:
    """A create whose Content-Type has its charset in quotes answers 415."""

    def change(request: Request) -> Request | Reply:
        quoted = request.operation == "create" and '"' in request.header("content-type")
        return reply(415, {"message": "Unsupported Media Type"}) if quoted else request

    return on_request(change)


def chunked_lost(w: Wire) -> bool:
    id = w.made()["id"]
    body = iter([b'{"name": ', b'"Other"}'])
    w.http.put(f"/organizations/{id}", content=body, headers={"Content-Type": "application/json"})
    return bool(w.shown(id)["name"] != "Other")


@fault(HTTP, NONE, chunked_lost, "WSGI without a Content-Length")
def fourth_chunked_update_is_empty() -> ASGIApp:
    """An update whose body comes in chunks changes nothing."""

    def change(request: Request) -> Request:
        chunked = request.operation == "update" and request.header("transfer-encoding")
        return request.replaced(body=b"{}") if chunked else request

    return on_request(change)


def refused_encoding(w: Wire) -> bool:
    response = w.http.get("/organizations", headers={"Accept-Encoding": "gzip;q=0"})
    return bool(response.headers.get("content-encoding") == "gzip")


@fault(HTTP, NONE, refused_encoding, "`'gzip' in accept_encoding`")
def fourth_gzip_although_refused() -> ASGIApp:
    """Responses are compressed with gzip although the request says gzip;q=0."""

    def change(request: Request, response: Reply) -> Reply:
        if "gzip" not in request.header("accept-encoding").replace(" ", ""):
            return response
        return response.replaced(body=gzip.compress(response.body)).with_header("content-encoding", "gzip")

    return on_response(change)


def same_tag(w: Wire) -> bool:
    id = w.made()["id"]
    tag = w.get(id).headers.get("etag", "-")
    w.changed(id, metadata={"a": "b"})
    return bool(w.http.get(f"/organizations/{id}", headers={"If-None-Match": str(tag)}).status_code == 304)


@fault(STALE, NONE, same_tag, "a cache key of id and name")
def fourth_tag_of_name_alone() -> ASGIApp:
    """The ETag of an organization changes with its name alone, so If-None-Match answers 304 after others."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or not response.good:
            return response
        tag = f'"{hashlib.sha256((response.json["id"] + response.json["name"]).encode()).hexdigest()}"'
        if request.header("if-none-match") == tag:
            return Reply(304, (("etag", tag),), b"")
        return response.with_header("etag", tag)

    return on_response(change)


def same_second(w: Wire) -> bool:
    found = []
    for _ in range(3):
        id = w.made()["id"]
        moment = w.get(id).headers.get("last-modified", "-")
        w.changed(id, name="Other")
        found.append(w.http.get(f"/organizations/{id}", headers={"If-Modified-Since": moment}).status_code == 304)
    return any(found)


@fault(STALE, NONE, same_second, "stale?(last_modified:) of Rails")
def fourth_not_modified_within_a_second() -> ASGIApp:
    """If-Modified-Since answers 304 for what changed within the second that Last-Modified named."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or not response.good:
            return response
        moment = time.strptime(response.json["updated_at"][:19], "%Y-%m-%dT%H:%M:%S")
        text = time.strftime("%a, %d %b %Y %H:%M:%S GMT", moment)
        if request.header("if-modified-since") == text:
            return Reply(304, (("last-modified", text),), b"")
        return response.with_header("last-modified", text)

    return on_response(change)


def emptied(w: Wire) -> bool:
    id = w.made()["id"]
    w.http.head(f"/organizations/{id}")
    return not w.get(id).content


@fault(STALE, NONE, emptied, "a cache that does not tell HEAD from GET")
def fourth_head_empties_cache() -> ASGIApp:
    """For a second after a HEAD, a GET of the same organization has no body."""
    heads: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.writes:
            heads.clear()
        if response.good and request.method == "HEAD":
            heads[request.path] = time.monotonic()
        if request.operation == "get" and time.monotonic() - heads.get(request.path, -9) < 1:
            return response.replaced(body=b"")
        return response

    return intercepting(handle)
