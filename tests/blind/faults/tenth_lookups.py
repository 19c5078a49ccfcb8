"""Identifiers on their way through a path, a router and a collation."""

from __future__ import annotations

import re
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.records import Organization
from emulator.refusals import NotFound
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, token

ENCODED = "lookup.percent-encoded"
LOOKUP = f"{ORGANIZATIONS}/external_id/"


def _path(w: Wire, external_id: str, path: str) -> int:
    """The status of a lookup by a path as it is, of an organization that is there."""
    w.made(external_id=external_id)
    return w.http.get(LOOKUP + path).status_code


def _plus(w: Wire) -> object:
    return _path(w, name := f"{token()}+b", name) == 404 and w.lookup(name).status_code == 200


@fault("lookup", ENCODED, _plus, "goadesign/goa#1613: a path that is decoded like a form")
def tenth_plus_in_path_is_a_space() -> ASGIApp:
    """A plus sign that stands in the path of a lookup as it is is read as a space."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.replace("+", "%20")) if request.operation == "lookup" else request
        )
    )


def _semicolon(w: Wire) -> object:
    return _path(w, name := f"{token()};b", name) == 404 and w.lookup(name).status_code == 200


@fault("lookup", ENCODED, _semicolon, "Spring's UrlPathHelper: removeSemicolonContent")
def tenth_matrix_parameters_are_removed() -> ASGIApp:
    """In the path of a lookup a semicolon and what follows it are ignored."""
    return on_request(
        lambda request: (
            request.replaced(path=re.sub(";[^/]*", "", request.path)) if request.operation == "lookup" else request
        )
    )


def _merged(w: Wire) -> object:
    name = f"{token()}//b"
    w.made(external_id=name)
    return w.lookup(name).status_code == 404 and _path(w, other := f"{token()}/b", other.replace("/", "%2F")) == 200


@fault("lookup", ENCODED, _merged, "nginx/nginx#501: a path is decoded and its slashes merged before it is matched")
def tenth_slashes_are_merged() -> ASGIApp:
    """Slashes that follow each other in an external_id are read as one by a lookup."""
    return on_request(
        lambda request: (
            request.replaced(path=re.sub("(%2[Ff]){2,}", "%2F", request.path))
            if request.operation == "lookup"
            else request
        )
    )


def _suffix(w: Wire) -> object:
    name = f"{token()}.com"
    w.made(external_id=name)
    return w.lookup(name).status_code == 404


@fault("lookup", "lookup.answers", _suffix, "Spring MVC: a path variable at the end loses what follows its last dot")
def tenth_suffix_of_external_id_is_cut() -> ASGIApp:
    """A lookup ignores the last dot of the external_id and the letters behind it."""
    return on_request(
        lambda request: (
            request.replaced(path=re.sub("(?<=[^/])[.][A-Za-z0-9]+$", "", request.path))
            if request.operation == "lookup"
            else request
        )
    )


class Padding(Store):
    """Compares texts as a collation of MySQL with PAD SPACE does."""

    def by_external_id(self, external_id: str) -> Organization | None:
        """Spaces at the end do not count."""
        statement = "SELECT * FROM organization WHERE rtrim(external_id, ' ') = rtrim(?, ' ')"
        return self._one(statement, external_id)


def _padded(w: Wire) -> object:
    name = token()
    w.made(external_id=name)
    return w.lookup(f"{name} ").status_code == 200


@fault("lookup", "lookup.exact", _padded, "pingcap/tidb#31299: PAD SPACE")
def tenth_spaces_behind_external_id() -> ASGIApp:
    """A lookup ignores spaces at the end of the external_id."""
    return app(Padding())


def _null(w: Wire) -> object:
    response = w.lookup(token())
    return response.status_code == 200 and response.json() is None


@fault("lookup", "lookup.unknown", _null, "findOne gives null, and the framework serializes it")
def tenth_unknown_external_id_is_null() -> ASGIApp:
    """A lookup of an unknown external_id answers 200 with null."""

    def altered(request: Request, response: Reply) -> Reply:
        return reply(200, None) if request.operation == "lookup" and response.status == 404 else response

    return on_response(altered)


LIKE = str.maketrans("ILO", "110")


class Normalizing(Api):
    """Reads ids as Crockford's base 32 may be written."""

    def known(self, id: str) -> Organization:
        """The organization with an id, in any case, with letters that look like digits."""
        prefix, _, ulid = id.rpartition("_")
        return super().known(f"{prefix}_{ulid.upper().translate(LIKE)}" if prefix == "org" else id)


def _normalized(w: Wire) -> object:
    id = w.made()["id"]
    return w.get(f"org_{id[4:].lower()}").status_code == 200


@fault(
    "identifiers",
    "get.id-in-another-case",
    _normalized,
    "Crockford's base 32: decoding takes small letters, and O for 0",
)
def tenth_ids_are_decoded() -> ASGIApp:
    """The ULID of an id may be written in small letters, and with letters that look like digits."""
    return app(api=Normalizing)


def _tail(w: Wire) -> object:
    id = w.made()["id"]
    return w.get(f"{id}0").status_code == 200


@fault("identifiers", "get.exact-id", _tail, "a parser of ULIDs that reads 26 characters and leaves the rest")
def tenth_tails_of_ids_are_ignored() -> ASGIApp:
    """What follows the 26 characters of the ULID in an id is ignored."""

    class Short(Api):
        def known(self, id: str) -> Organization:
            return super().known(id[:30] if id.startswith("org_") else id)

    return app(api=Short)


def _id(w: Wire) -> object:
    return w.lookup(w.made()["id"]).status_code == 200


@fault("lookup", "lookup.exact", _id, "a fallback for callers that mix up their identifiers")
def tenth_lookup_falls_back_to_ids() -> ASGIApp:
    """A lookup that finds no external_id finds the organization with this id."""

    class Fallback(Api):
        def known_outside(self, external_id: str) -> Organization:
            try:
                return super().known_outside(external_id)
            except NotFound:
                return self.known(external_id)

    return app(api=Fallback)


def _decoded(w: Wire) -> object:
    name = f"{token()}%41"
    w.made(external_id=name)
    return w.lookup(name).status_code == 404


@fault("lookup", ENCODED, _decoded, "decodeURIComponent(req.params.id), which the router has decoded before")
def tenth_external_id_is_decoded_twice() -> ASGIApp:
    """A lookup percent-decodes the external_id twice."""

    class Twice(Api):
        def known_outside(self, external_id: str) -> Organization:
            return super().known_outside(unquote(external_id))

    return app(api=Twice)
