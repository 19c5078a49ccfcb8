"""Gets and lookups: caches, collations, indexes, and paths that are decoded in another way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import quote, unquote

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.records import Organization
from emulator.refusals import NotFound
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.messages import Reply, Request, bad_request, not_found, reply, unprocessable
from tests.blind.parts.sixteenth import everybody
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

PREFIX = "/organizations/external_id/"


def _stale_get(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    w.changed(id, name="Other")
    return w.shown(id)["name"] != "Other"


@fault("staleness", "get.current-state", _stale_get, "nginx: proxy_cache_valid 200 5s")
def sixteenth_gets_are_cached() -> ASGIApp:
    """A get answers for five seconds what the first one answered."""
    kept: dict[str, tuple[float, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "get":
            return await forward(request)
        since, response = kept.get(request.path, (0.0, None))
        if response is None or time.monotonic() - since > 5:
            response = await forward(request)
            if response.status == 200:
                kept[request.path] = (time.monotonic(), response)
        return response

    return intercepting(handle)


def _stale_lookup(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    w.lookup(external_id)
    w.changed(id, name="Other")
    return w.lookup(external_id).json()["name"] != "Other"


@fault("staleness", "lookup.current-state", _stale_lookup, "an update drops the entry by id alone")
def sixteenth_lookups_keep_what_they_saw() -> ASGIApp:
    """A lookup answers what the first one answered until its organization is deleted."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.operation == "lookup" and request.last in kept:
            return kept[request.last]
        response = await forward(request)
        if request.operation == "lookup" and response.status == 200:
            kept[request.last] = response
        if request.operation == "delete" and response.good:
            for key in [key for key, seen in kept.items() if seen.json["id"] == request.last]:
                del kept[key]
        return response

    return intercepting(handle)


@fault(
    "status",
    "get.unknown",
    lambda w: w.get("org_123").status_code == 400,
    "ParseULIDPipe on the path",
)
def sixteenth_other_ids_are_bad_requests() -> ASGIApp:
    """A get of an id that is no ULID behind org_ answers 400."""

    def judged(request: Request) -> Request | Reply:
        formed = re.fullmatch("org_[0-9A-HJKMNP-TV-Z]{26}", unquote(request.last))
        return request if request.operation != "get" or formed else bad_request("invalid_id")

    return on_request(judged)


def _either(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.get(external_id).status_code == 200


@fault("ids", "get.exact-id", _either, "Prisma: findFirst({ where: { OR: [{ id }, { externalId: id }] } })")
def sixteenth_get_by_either() -> ASGIApp:
    """A get takes an external_id in the place of an id."""

    class Either(Api):
        def known(self, id: str) -> Organization:
            found = self.store.by_external_id(id)
            return found or super().known(id)

    return app(api=Either)


@fault(
    "ids",
    "get.id-in-another-case",
    lambda w: w.get(w.made()["id"].lower()).status_code == 200,
    "MySQL: a collation ending in _ci",
)
def sixteenth_ids_in_any_case() -> ASGIApp:
    """An id in another case finds its organization, for gets, updates and deletes."""

    class AnyCase(Api):
        def known(self, id: str) -> Organization:
            return next((each for each in everybody(self.store) if each.id.lower() == id.lower()), None) or _none(id)

    return app(api=AnyCase)


def _none(entity: str) -> Organization:
    raise NotFound(entity)


@fault(
    "status",
    "lookup.unknown",
    lambda w: w.lookup(token()).text == "null",
    "NestJS: return this.repository.findOneBy(...)",
)
def sixteenth_unknown_lookup_is_null() -> ASGIApp:
    """A lookup that finds nothing answers 200 with null."""
    return on_response(
        lambda request, response: (
            reply(200, None) if request.operation == "lookup" and response.status == 404 else response
        )
    )


@fault(
    "status",
    "lookup.unknown",
    lambda w: w.lookup("x" * 129).status_code == 422,
    "the path parameter has the schema of the body's field",
)
def sixteenth_long_lookups_answer_422() -> ASGIApp:
    """A lookup of more than 128 characters answers 422."""

    def judged(request: Request) -> Request | Reply:
        long = request.operation == "lookup" and len(unquote(request.path.removeprefix(PREFIX))) > 128
        return unprocessable("external_id") if long else request

    return on_request(judged)


def finding(same: Callable[[str, str], object]) -> ASGIApp:
    """An app whose lookups compare in their own way: what was asked for with what is there."""

    class Finding(Api):
        def known_outside(self, external_id: str) -> Organization:
            exact = self.store.by_external_id(external_id)
            others = (each for each in everybody(self.store) if same(external_id, each.external_id or ""))
            return exact or next(others, None) or _none(external_id)

    return app(api=Finding)


def _like(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.lookup(f"{external_id[:-1]}_").status_code == 200


@fault("external_id", "lookup.exact", _like, "SQL: WHERE external_id ILIKE :external_id")
def sixteenth_lookups_are_patterns() -> ASGIApp:
    """A lookup compares like ILIKE: in any case, with _ and % for any character and any text."""

    def like(asked_for: str, there: str) -> object:
        pattern = re.escape(asked_for).replace("_", ".").replace("%", ".*")
        return re.fullmatch(pattern, there, re.IGNORECASE | re.DOTALL)

    return finding(like)


def _equal_number(w: Wire) -> object:
    number = str(int(token()[5:], 16) + 1)
    w.made(external_id=number)
    return w.lookup(f"00{number}").status_code == 200


@fault("external_id", "lookup.exact", _equal_number, "PHP: $row['external_id'] == $externalId")
def sixteenth_equal_numbers_are_found() -> ASGIApp:
    """A lookup of digits finds the external_id that is an equal number."""
    return finding(lambda asked_for, there: asked_for.isdigit() and there.isdigit() and int(asked_for) == int(there))


def _not_found_as(sent: str) -> Callable[[Wire], object]:
    def shows(w: Wire) -> object:
        external_id = f"{token()}{sent}x"
        w.made(external_id=external_id)
        return w.http.get(PREFIX + quote(external_id, safe="+;")).status_code == 404

    return shows


def paths(change: Callable[[str], str]) -> ASGIApp:
    """An app that reads another external_id from the path of a lookup than was sent."""

    def read(request: Request) -> Request:
        if request.operation != "lookup":
            return request
        return request.replaced(path=PREFIX + change(request.path.removeprefix(PREFIX)))

    return on_request(read)


@fault("paths", "lookup.percent-encoded", _not_found_as("+"), "PHP: urldecode; Python: unquote_plus")
def sixteenth_plus_is_a_space() -> ASGIApp:
    """A plus in the path of a lookup is read as a space."""
    return paths(lambda sent: sent.replace("+", "%20"))


@fault("paths", "lookup.percent-encoded", _not_found_as("/"), "Apache: AllowEncodedSlashes Off")
def sixteenth_encoded_slash_is_not_found() -> ASGIApp:
    """A lookup with a percent-encoded slash answers 404."""
    return on_request(
        lambda request: not_found("") if request.operation == "lookup" and "%2f" in request.path.lower() else request
    )


@fault("paths", "lookup.percent-encoded", _not_found_as("%41"), "the gateway decodes, and the framework once more")
def sixteenth_paths_are_decoded_twice() -> ASGIApp:
    """The path of a lookup is decoded twice."""
    return paths(lambda sent: quote(unquote(unquote(sent)), safe=""))


@fault("paths", "lookup.percent-encoded", _not_found_as(";"), "Tomcat: path parameters")
def sixteenth_semicolon_ends_the_path() -> ASGIApp:
    """In the path of a lookup whatever stands behind a semicolon that is not percent-encoded is cut off."""
    return paths(lambda sent: sent.partition(";")[0])


def _dots(w: Wire) -> object:
    w.made(external_id="..")
    return w.http.get(PREFIX + "%2E%2E").status_code == 404


@fault("paths", "lookup.dot-segments", _dots, "a reverse proxy that resolves %2E%2E")
def sixteenth_encoded_dots_are_resolved() -> ASGIApp:
    """A lookup of percent-encoded "." or ".." answers 404."""
    return on_request(
        lambda request: (
            not_found("") if request.operation == "lookup" and unquote(request.last) in (".", "..") else request
        )
    )
