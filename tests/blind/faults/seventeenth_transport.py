"""Requests and responses as servers, proxies and caches in front of real back ends carry them."""

from __future__ import annotations

import asyncio
import codecs
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.identifiers import now
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.raw import altering
from tests.blind.parts.seventeenth import answering, crashing, replying
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, together

WRITES = ("create", "update")


def _chunked(w: Wire) -> object:
    body = iter([b'{"name": ', b'"a"}'])
    return w.http.post(ORGANIZATIONS, content=body, headers={"Content-Type": "application/json"}).status_code == 422


@fault("transport", "create.accepts-valid-bodies", _chunked, "WSGI: no Content-Length, so no body")
def seventeenth_chunked_bodies_are_empty() -> ASGIApp:
    """A body that is sent in chunks is taken for an empty one."""
    return on_request(lambda request: request.replaced(body=b"") if request.header("transfer-encoding") else request)


@fault(
    "transport",
    "create.accepts-valid-bodies",
    lambda w: w.post('{"name": "a"}', content_type="application/json; charset=utf-8").status_code == 415,
    "a comparison of the whole Content-Type with application/json",
)
def seventeenth_charset_is_unsupported() -> ASGIApp:
    """A write whose Content-Type has a charset answers 415."""
    return answering(
        lambda request: request.operation in WRITES and "charset" in request.header("content-type").lower(),
        lambda _: reply(415, {"message": "Unsupported Media Type"}),
    )


def _delete_with_type(w: Wire) -> object:
    path = f"{ORGANIZATIONS}/{w.made()['id']}"
    return w.http.delete(path, headers={"Content-Type": "application/json"}).status_code == 400


@fault("transport", "delete.answers", _delete_with_type, "Fastify: FST_ERR_CTP_EMPTY_JSON_BODY")
def seventeenth_deletes_with_a_type_need_a_body() -> ASGIApp:
    """A delete with a Content-Type of JSON and no body answers 400."""
    return answering(
        lambda r: r.operation == "delete" and "json" in r.header("content-type") and not r.body,
        lambda _: reply(400, {"message": "Body cannot be empty.", "code": "FST_ERR_CTP_EMPTY_JSON_BODY"}),
    )


@fault(
    "headers",
    "answer.content-type",
    lambda w: w.create().headers["content-type"].startswith("text/plain"),
    "Go: WriteHeader before the header is set",
)
def seventeenth_creates_are_plain_text() -> ASGIApp:
    """The answer to a create is labelled text/plain."""
    return replying(
        lambda request, response: request.operation == "create" and response.good,
        lambda response: response.with_header("Content-Type", "text/plain; charset=utf-8"),
    )


@fault(
    "transport",
    "answer.json",
    lambda w: w.get(w.made()["id"]).content.startswith(codecs.BOM_UTF8),
    "PHP: an included file that was saved with a byte order mark",
)
def seventeenth_gets_begin_with_a_mark() -> ASGIApp:
    """The answer to a get begins with a byte order mark."""
    return replying(
        lambda request, response: request.operation == "get" and response.good,
        lambda response: response.replaced(body=codecs.BOM_UTF8 + response.body),
    )


@fault(
    "gateways",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"User-Agent": "curl/8.5.0"}).status_code == 403,
    "a firewall's list of bots",
)
def seventeenth_curl_is_a_bot() -> ASGIApp:
    """A list is forbidden to curl and wget."""
    return answering(
        lambda r: r.operation == "list" and re.match("(curl|wget)/", r.header("user-agent"), re.I),
        lambda _: reply(403, {"message": "Forbidden"}),
    )


def _shorter(head: bytes, body: bytes) -> bytes:
    """The response, cut off after as many bytes as its text has characters."""
    try:
        length = len(body.decode())
    except ValueError:
        length = len(body)
    return re.sub(rb"(?i)(content-length: *)\d+", rb"\g<1>%d" % length, head) + body[:length]


def _cut_off(w: Wire) -> object:
    try:
        w.create(name="Zürich Ärzte").json()
    except ValueError:
        return True
    return False


@fault(
    "transport", "answer.json", _cut_off, "Content-Length: body.length, counted in characters", serve=altering(_shorter)
)
def seventeenth_length_counts_characters() -> ASGIApp:
    """Responses are shorter by a byte for each further byte of a character."""
    return app()


def _undecodable(w: Wire) -> object:
    try:
        w.list()
    except Exception as error:
        return "DecodingError" in type(error).__name__
    return False


@fault("transport", "answer.json", _undecodable, "a proxy that unpacks bodies and passes the header on")
def seventeenth_lists_claim_to_be_packed() -> ASGIApp:
    """Lists say that they are packed with gzip and are not."""
    return replying(
        lambda request, response: request.operation == "list" and response.good,
        lambda response: response.with_header("Content-Encoding", "gzip"),
    )


def _same_page(w: Wire) -> object:
    w.many(3)
    return any(len(w.ids(limit=1)) == 1 and len(w.ids(limit=3)) == 1 for _ in range(3))


@fault("caches", "list.accepts-valid-queries", _same_page, "a CDN whose cache key leaves out the query")
def seventeenth_cache_ignores_the_query() -> ASGIApp:
    """A list answers with the last list of the 300 milliseconds before, whatever its query was."""
    kept: list[tuple[int, Reply]] = [(0, crash())]

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "list" or not request.authorized:
            return await forward(request)
        if kept[0][0] > now():
            return kept[0][1]
        response = await forward(request)
        if response.good:
            kept[0] = (now() + 300, response)
        return response

    return intercepting(handle)


@fault(
    "queries",
    "answer.status",
    lambda w: w.http.get(f"{ORGANIZATIONS}?search=a&search=b").status_code == 500,
    "Express: search.trim is not a function, as it is an array",
)
def seventeenth_repeated_parameters_crash() -> ASGIApp:
    """A list fails whose query has search, order, limit or a cursor twice."""

    def repeated(request: Request) -> bool:
        names = [name for name, _ in parse_qsl(request.query, keep_blank_values=True)]
        return request.operation == "list" and any(
            names.count(name) > 1 for name in ("search", "order", "limit", "before", "after")
        )

    return crashing(repeated)


def _lost_key(w: Wire) -> object:
    id = w.made()["id"]
    together(*[lambda at=at: w.update(id, metadata={f"k{at}": "v"}) for at in range(6)])
    return len(w.shown(id)["metadata"]) < 6


@fault("races", "update.metadata-race", _lost_key, "read, merge, write without a lock", level=SHOULD)
def seventeenth_merges_race() -> ASGIApp:
    """Of updates of one organization's metadata at once, the last one alone is kept."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = fields(request).get("metadata")
        if request.operation != "update" or not request.authorized or not isinstance(given, dict) or not given:
            return await forward(request)
        known = await forward(request.replaced(method="GET", body=b""))
        await asyncio.sleep(0.02)
        response = await forward(request)
        if known.status != 200 or response.status != 200:
            return response
        meant = {**known.json["metadata"], **given}
        more = {key: None for key in response.json["metadata"] if key not in meant}
        return await forward(request.with_json({"metadata": more})) if more else response

    return intercepting(handle)


def _beyond_fifty(w: Wire) -> object:
    id = w.made(metadata={f"a{at}": "" for at in range(30)})["id"]
    return w.update(id, metadata={f"b{at}": "" for at in range(30)}).status_code == 200


@fault("metadata", "update.metadata-limit-after-merge", _beyond_fifty, "the body is checked, not the sum", level=SHOULD)
def seventeenth_merges_have_no_limit() -> ASGIApp:
    """An update may bring the metadata to more than 50 pairs."""

    class Unlimited(Changes):
        def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
            return metadata

    return app(changes=Unlimited())
