"""Comparisons as databases make them: collations, casts, patterns and text indexes."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from tests.blind.parts.fifteenth import rewriting
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.stores import matching
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, token


def _padded(w: Wire) -> object:
    start = token()
    w.made(external_id=start)
    return w.create(external_id=f"{start} ").status_code == 400


@fault(
    "external_id",
    "create.similar-external-ids",
    _padded,
    "MySQL and SQL Server: PAD SPACE comparison in a unique index",
)
def fifteenth_trailing_spaces_do_not_count() -> ASGIApp:
    """An external_id that differs from a taken one by trailing spaces alone answers 400."""
    taken: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        given = body.get("external_id") if isinstance(body, dict) else None
        if not request.authorized or not isinstance(given, str) or not given.isascii():
            return await forward(request)
        if given != given.rstrip(" ") or any(each.rstrip(" ") == given for each in taken if each != given):
            for known in {given.rstrip(" "), *taken} - {given}:
                found = await forward(_lookup(request, known)) if known.rstrip(" ") == given.rstrip(" ") else None
                if found and found.good:
                    return await forward(request.with_json({**request.json, "external_id": known}))
        response = await forward(request)
        if response.good:
            taken.add(given)
        return response

    return intercepting(handle)


def _lookup(request: Request, external_id: str) -> Request:
    steps = "".join(f"%{ord(letter):02X}" for letter in external_id)
    return request.replaced(method="GET", path=f"{ORGANIZATIONS}/external_id/{steps}", body=b"")


def _as_number(w: Wire) -> object:
    number = str(int(token()[5:], 16) + 1)
    w.made(external_id=f"0{number}")
    return w.lookup(number).status_code == 200


@fault("external_id", "lookup.exact", _as_number, "MySQL: WHERE external_id = 123 compares as numbers")
def fifteenth_numbers_find_equal_numbers() -> ASGIApp:
    """A lookup by digits finds an external_id of the same number with a zero in front."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "lookup" and response.status == 404 and re.fullmatch("[1-9][0-9]*", request.last):
            return await forward(request.replaced(path=f"{ORGANIZATIONS}/external_id/0{request.last}"))
        return response

    return intercepting(handle)


def _other_case(w: Wire) -> object:
    start = token()
    w.made(external_id=f"{start}ab")
    return w.create(external_id=f"{start}AB").status_code == 400


@fault("external_id", "create.similar-external-ids", _other_case, "MySQL: utf8mb4_0900_ai_ci, citext in PostgreSQL")
def fifteenth_external_ids_are_taken_in_any_case() -> ASGIApp:
    """An external_id that is taken in another case answers 400."""
    known: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        given = body.get("external_id") if isinstance(body, dict) else None
        if not request.authorized or not isinstance(given, str):
            return await forward(request)
        other = known.get(given.lower(), given)
        if other != given and (await forward(_lookup(request, other))).good:
            return await forward(request.with_json({**request.json, "external_id": other}))
        response = await forward(request)
        if response.good:
            known[given.lower()] = given
        return response

    return intercepting(handle)


def _wild(w: Wire) -> object:
    start = token()
    id = w.made(name=f"{start}ab")["id"]
    return w.ids(search=f"{start}_b") == [id]


def _like(text: str) -> str:
    return re.escape(text.lower()).replace("%", ".*").replace("_", ".")


@fault("search", "list.search-special-characters", _wild, "SQL: LIKE '%' || :search || '%'")
def fifteenth_search_is_like() -> ASGIApp:
    """In a search % stands for any text and _ for any character."""
    return matching(lambda text, found: bool(re.search(_like(text), found.name.lower(), re.DOTALL)))


def _pattern_fails(request: Request) -> Request | Reply:
    try:
        re.compile(parameter(request, "search"))
    except re.error:
        return crash()
    return request


@fault(
    "search",
    "list.any-text-answered",
    lambda w: w.list(search="Inc (").status_code == 500,
    "MongoDB: { name: { $regex: search } }",
)
def fifteenth_search_is_a_broken_pattern() -> ASGIApp:
    """A search that is no regular expression answers 500."""
    return on_request(_pattern_fails)


def _zoe(w: Wire) -> object:
    name = f"{token()} Zoë"
    w.made(name=name)
    return w.ids(search=name) == []


@fault("search", "list.search", _zoe, "Tomcat 7: URIEncoding is ISO-8859-1")
def fifteenth_queries_are_latin_1() -> ASGIApp:
    """A search is percent-decoded as ISO-8859-1."""

    def read(request: Request) -> Request:
        if request.operation != "list":
            return request
        bytes_of = re.compile("%([89A-Fa-f][0-9A-Fa-f])")
        change = bytes_of.sub(lambda m: "".join(f"%{b:02X}" for b in chr(int(m[1], 16)).encode()), request.query)
        return request.replaced(query=change)

    return on_request(read)


def _elsewhere(w: Wire) -> object:
    value = token()
    id = w.made(metadata={"note": value})["id"]
    return w.ids(search=value) == [id]


@fault("search", "list.search", _elsewhere, "a full-text index over the whole document")
def fifteenth_search_reads_everything() -> ASGIApp:
    """A search finds its text in metadata and in the external_id too."""
    return matching(
        lambda text, found: any(
            text.lower() in each.lower() for each in (found.name, found.external_id or "", *found.metadata.values())
        )
    )


@fault(
    "metadata",
    "create.accepts-documented-bounds",
    lambda w: w.create(metadata={"key": "é" * 400}).status_code == 400,
    "Oracle: VARCHAR2(600) counts bytes",
    level=SHOULD,
)
def fifteenth_metadata_lengths_are_bytes() -> ASGIApp:
    """A metadata value of more than 600 bytes answers 400."""
    refused = Reply(
        400,
        (("content-type", "application/json"), ("x-request-id", "planted-request")),
        b'{"message":"metadata: a value is too long","code":"invalid_metadata"}',
    )

    def judged(request: Request) -> Reply | None:
        given = request.json.get("metadata") if isinstance(request.json, dict) else None
        found = given.values() if isinstance(given, dict) else ()
        return refused if any(len(str(v).encode(errors="replace")) > 600 for v in found) else None

    return rewriting(judged)
