"""Caches, repetitions and lengths in front of a service that is right by itself."""

from __future__ import annotations

import json
import re
import time

from starlette.types import ASGIApp

from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.raw import altering
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, pending, token


def _by_path(w: Wire) -> object:
    w.many(2)
    return len(w.ids(limit=2)) == 2 and len(w.ids(limit=1)) == 2


@fault("caches", "list.limit", _by_path, "CloudFront: query strings are not part of the cache key by default")
def fifteenth_list_cache_ignores_the_query() -> ASGIApp:
    """For a quarter of a second after a list, every list is answered with the same page, whatever its query."""
    kept: list[tuple[float, Reply]] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "list":
            return await forward(request)
        if kept and time.monotonic() - kept[0][0] < 0.25:
            return kept[0][1]
        response = await forward(request)
        if response.good:
            kept[:] = [(time.monotonic(), response)]
        return response

    return intercepting(handle)


def _missed(w: Wire) -> object:
    external_id = token()
    first = w.lookup(external_id).status_code
    w.made(external_id=external_id)
    return first == 404 and w.lookup(external_id).status_code == 404


@fault("caches", "create.readable-at-once", _missed, "CloudFront: errors are cached for ten seconds by default")
def fifteenth_misses_are_cached() -> ASGIApp:
    """A lookup that answered 404 goes on to do so for ten seconds, although the external_id was given meanwhile."""
    missed: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "lookup":
            return await forward(request)
        if request.path in missed and time.monotonic() - missed[request.path][0] < 10:
            return missed[request.path][1]
        response = await forward(request)
        if response.status == 404:
            missed[request.path] = (time.monotonic(), response)
        return response

    return intercepting(handle)


def _without_key(w: Wire) -> object:
    id = w.made()["id"]
    w.shown(id)
    return w.other(None).get(f"{ORGANIZATIONS}/{id}").status_code == 200


@fault("caches", "authentication.missing-key", _without_key, "Varnish: hash of the URL alone, Authorization left out")
def fifteenth_cache_knows_no_keys() -> ASGIApp:
    """Who sends no key is given an organization by its id if somebody with a key has read it before."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation == "get" and not request.header("authorization") and request.path in kept:
            return kept[request.path]
        response = await forward(request)
        if request.operation == "get" and response.status == 200:
            kept[request.path] = response
        elif request.writes:
            kept.pop(request.path, None)
        return response

    return intercepting(handle)


def _twice(w: Wire) -> object:
    name = token()
    w.made(name=name, domain_data=pending(f"{name}.example.com"))
    return len(w.ids(search=name)) == 2


@fault("gateways", "create.answers", _twice, "nginx: proxy_next_upstream non_idempotent, after a timeout")
def fifteenth_gateway_repeats_creates() -> ASGIApp:
    """A create with domain_data and no external_id is carried out twice; the answer shows the second organization."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        if request.authorized and isinstance(body, dict) and body.get("domain_data") and not body.get("external_id"):
            await forward(request)
        return await forward(request)

    return intercepting(handle)


def _counted(head: bytes, body: bytes) -> bytes:
    """Says how many characters come, and sends as many bytes."""
    length = len(body.decode(errors="replace"))
    return re.sub(rb"(?i)content-length: \d+", b"content-length: %d" % length, head) + body[:length]


@fault(
    "transport",
    "answer.json",
    lambda w: not _is_json(w.create(name="Größe").content),
    "Node: res.setHeader('Content-Length', text.length)",
    serve=altering(_counted),
)
def fifteenth_length_counts_characters() -> ASGIApp:
    """The Content-Length of an answer counts characters, so that bytes are missing where some are not ASCII."""
    return on_response(lambda _, response: response)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


@fault(
    "transport",
    "answer.json",
    lambda w: not _is_json(w.create(name="Ben's").content),
    "AWS API Gateway: $util.escapeJavaScript() in a mapping template writes \\'",
)
def fifteenth_apostrophes_are_escaped() -> ASGIApp:
    """Apostrophes in answers have a backslash in front, which JSON does not know."""
    return on_response(lambda _, response: response.replaced(body=response.body.replace(b"'", b"\\'")))
