"""Gets and lookups behind routers, firewalls, databases and caches of real back ends."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Reply, Request, crash, not_found, reply
from tests.blind.parts.seventeenth import answering, crashing, decoded, replying
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, token


def _last(request: Request, step: str) -> Request:
    start, _, _ = request.path.rpartition("/")
    return request.replaced(path=f"{start}/{step}")


def _looked_up(w: Wire, external_id: str) -> int:
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code


@fault(
    "paths",
    "lookup.percent-encoded",
    lambda w: (
        w.http.get(f"{ORGANIZATIONS}/external_id/{w.made(external_id=f'{token()}+a')['external_id']}").status_code
        == 404
    ),
    "PHP: urldecode; Python: unquote_plus on a path",
)
def seventeenth_plus_is_a_space() -> ASGIApp:
    """A plus sign in the path of a lookup is read as a space."""
    return on_request(lambda r: _last(r, r.last.replace("+", "%20")) if r.operation == "lookup" else r)


@fault(
    "paths",
    "lookup.percent-encoded",
    lambda w: _looked_up(w, f"{token()}%41") == 404,
    "a gateway and the app both decode the path",
)
def seventeenth_paths_are_decoded_twice() -> ASGIApp:
    """The path of a lookup is decoded twice."""
    return on_request(lambda r: _last(r, quote(unquote(decoded(r)), safe="")) if r.operation == "lookup" else r)


@fault(
    "paths",
    "lookup.percent-encoded",
    lambda w: _looked_up(w, f"{token()}/a") == 404,
    "Apache: AllowEncodedSlashes Off answers 404",
)
def seventeenth_encoded_slashes_find_nothing() -> ASGIApp:
    """A lookup with an encoded slash answers 404."""
    return answering(lambda r: r.operation == "lookup" and "%2f" in r.last.lower(), lambda r: not_found(decoded(r)))


@fault(
    "paths",
    "lookup.percent-encoded",
    lambda w: _looked_up(w, f"{token()}.com") == 404,
    "Spring MVC: a path variable ends at its last dot",
)
def seventeenth_suffix_is_a_format() -> ASGIApp:
    """A lookup takes what follows the last dot for a file name extension and leaves it out."""

    def read(request: Request) -> Request:
        if request.operation != "lookup":
            return request
        return _last(request, re.sub(r"(?<=.)\.[^./%]+$", "", request.last))

    return on_request(read)


@fault(
    "paths",
    "lookup.percent-encoded",
    lambda w: _looked_up(w, f"{token()}:a") == 400,
    "ASP.NET: a potentially dangerous Request.Path value was detected",
)
def seventeenth_dangerous_paths_are_refused() -> ASGIApp:
    """A lookup answers 400 where the external_id has a colon, an asterisk, an ampersand or an angle bracket."""
    return answering(
        lambda r: r.operation == "lookup" and re.search("[:*&<>]", decoded(r)),
        lambda _: reply(400, {"message": "A potentially dangerous path was detected."}),
    )


def _matrix(w: Wire) -> object:
    external_id = w.made(external_id=f"{token()};a=b")["external_id"]
    return w.http.get(f"{ORGANIZATIONS}/external_id/{external_id}").status_code == 404


@fault("paths", "lookup.percent-encoded", _matrix, "Spring MVC: UrlPathHelper.removeSemicolonContent")
def seventeenth_semicolons_end_the_path() -> ASGIApp:
    """A lookup leaves out what follows a semicolon that is not encoded."""
    return on_request(lambda r: _last(r, r.last.partition(";")[0]) if r.operation == "lookup" else r)


@fault(
    "lookup",
    "answer.status",
    lambda w: w.http.get(f"{ORGANIZATIONS}/external_id/%FF").status_code == 500,
    "JavaScript: decodeURIComponent throws URIError: URI malformed",
)
def seventeenth_paths_beyond_utf8_crash() -> ASGIApp:
    """A lookup whose path is not UTF-8 fails."""
    return crashing(lambda r: r.operation == "lookup" and "\ufffd" in decoded(r))


class Searching(Store):
    """A store that finds by other comparisons."""

    def find(self, where: str, value: str) -> Organization | None:
        """The first organization that a condition on one value finds."""
        return self._one(f"SELECT * FROM organization WHERE {where} ORDER BY position LIMIT 1", value)  # noqa: S608


def _padded(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.lookup(f"{external_id}  ").status_code == 200


@fault("lookup", "lookup.exact", _padded, "MySQL: collations that pad with spaces")
def seventeenth_lookups_pad() -> ASGIApp:
    """A lookup does not mind spaces at the end."""

    class Padding(Searching):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or self.find(
                "rtrim(external_id, ' ') = rtrim(?, ' ')", external_id
            )

    return app(Padding())


def _by_either(w: Wire) -> object:
    return w.get(w.made(external_id=token())["external_id"]).status_code == 200


@fault("get", "get.exact-id", _by_either, "a helper that takes either identifier, used for both routes")
def seventeenth_gets_find_external_ids() -> ASGIApp:
    """A get finds an organization by its external_id too."""

    class Either(Store):
        def by_id(self, id: str) -> Organization | None:
            return super().by_id(id) or self.by_external_id(id)

    return app(Either())


@fault(
    "get",
    "get.id-in-another-case",
    lambda w: w.get(w.made()["id"].lower()).status_code == 200,
    "MySQL: a collation ending in _ci",
)
def seventeenth_gets_do_not_mind_case() -> ASGIApp:
    """An id is found in any case."""

    class Insensitive(Searching):
        def by_id(self, id: str) -> Organization | None:
            return self.find("id = ? COLLATE NOCASE", id)

    return app(Insensitive())


@fault(
    "lookup",
    "lookup.unknown",
    lambda w: w.lookup(token()).text == "null",
    "findUnique without a check for null",
)
def seventeenth_lookups_find_null() -> ASGIApp:
    """A lookup of an unknown external_id answers 200 with null."""
    return replying(lambda r, response: r.operation == "lookup" and response.status == 404, lambda _: reply(200, None))


def _looked_up_later(w: Wire) -> object:
    made = w.made(external_id=token(), name="Old")
    w.lookup(made["external_id"])
    w.changed(made["id"], name="New")
    return w.lookup(made["external_id"]).json()["name"] == "Old" and w.shown(made["id"])["name"] == "New"


def _caching(operation: str, milliseconds: int, *evicting: str) -> ASGIApp:
    """An app that keeps good answers of an operation by path; other operations evict what they name."""
    kept: dict[str, tuple[int, Reply]] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized:
            return await forward(request)
        if request.operation in evicting:
            kept.pop(request.path, None)
        if request.operation != operation:
            return await forward(request)
        until, response = kept.get(request.path, (0, crash()))
        if until > now():
            return response
        response = await forward(request)
        if response.good:
            kept[request.path] = (now() + milliseconds, response)
        return response

    return intercepting(handle)


@fault("caches", "lookup.current-state", _looked_up_later, "a cache by external_id that writes evict by id alone")
def seventeenth_lookups_are_cached() -> ASGIApp:
    """A lookup answers as the same one did within the last three seconds."""
    return _caching("lookup", 3000)


def _too_early(w: Wire) -> object:
    return w.get(w.made()["id"]).status_code == 404


@fault("staleness", "create.readable-at-once", _too_early, "reads go to a replica that lags")
def seventeenth_gets_read_a_replica() -> ASGIApp:
    """A get finds nothing for 300 milliseconds after the create."""

    def altered(_: Request, response: Reply) -> bool:
        if not response.good or "created_at" not in (response.json or {}):
            return False
        return _age(response.json["id"]) < 300

    return replying(
        lambda r, response: r.operation == "get" and altered(r, response),
        lambda response: not_found(response.json["id"]),
    )


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _age(id: str) -> int:
    """Milliseconds since the moment in an id."""
    moment = 0
    for letter in id.removeprefix("org_")[:10]:
        moment = moment * 32 + ALPHABET.index(letter)
    return now() - moment


def _found_deleted(w: Wire) -> object:
    return w.lookup(deleted(w, external_id=token())["external_id"]).status_code == 200


@fault("delete", "delete.gone", _found_deleted, "deleted_at IS NULL is missing in one of the queries")
def seventeenth_lookups_find_deleted_ones() -> ASGIApp:
    """A lookup still finds organizations that were deleted."""

    class Marking(Store):
        def __init__(self) -> None:
            super().__init__()
            self.gone: dict[str | None, Organization] = {}

        def delete(self, organization: Organization) -> None:
            self.gone[organization.external_id] = organization
            super().delete(organization)

        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or self.gone.get(external_id)

    return app(Marking())
