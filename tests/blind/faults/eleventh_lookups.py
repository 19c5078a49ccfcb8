"""Lookups by external_id that find too much or too little."""

from __future__ import annotations

import fnmatch
import re
from urllib.parse import quote, unquote

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, reshaped
from tests.blind.parts.messages import Reply, Request, written
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def finding(pattern: str, replacement: str) -> ASGIApp:
    """An app that looks up another external_id than was sent, by a regular expression on the decoded one."""

    def read(request: Request) -> Request | Reply:
        if request.operation != "lookup":
            return request
        start, _, external = request.path.partition("/external_id/")
        changed = re.sub(pattern, replacement, unquote(external))
        return request.replaced(path=f"{start}/external_id/{quote(changed, safe='')}")

    return on_request(read)


def _lost(w: Wire, external: str) -> bool:
    return w.made(external_id=external)["external_id"] == external and w.lookup(external).status_code == 404


@fault("lookups", "lookup.percent-encoded", lambda w: _lost(w, f"{token()}.v2"), "suffixes that choose the format")
def eleventh_lookup_drops_suffixes() -> ASGIApp:
    """A lookup leaves out what comes behind the last dot of an external_id."""
    return finding(r"(?<=[^.])\.\w+$", "")


def _redirected(w: Wire) -> object:
    external = f"{token()}//a"
    w.made(external_id=external)
    return w.lookup(external).status_code == 301


@fault("lookups", "lookup.percent-encoded", _redirected, "http.ServeMux, which cleans the decoded path")
def eleventh_lookup_redirects_double_slashes() -> ASGIApp:
    """A lookup of an external_id with two slashes in a row is redirected to one slash."""

    async def handle(request: Request, forward: Forward) -> Reply:
        path = unquote(request.path)
        if request.operation == "lookup" and "//" in path:
            return Reply(301, (("location", quote(re.sub("/+", "/", path))),), b"")
        return await forward(request)

    return intercepting(handle)


@fault(
    "lookups",
    "lookup.unknown",
    lambda w: w.lookup(token()).status_code == 200,
    "filter(...).first(), which is None",
)
def eleventh_lookup_of_the_unknown_is_null() -> ASGIApp:
    """A lookup of an unknown external_id answers 200 with null."""

    def altered(request: Request, response: Reply) -> Reply:
        unknown = request.operation == "lookup" and response.status == 404
        return response.replaced(status=200, body=b"null") if unknown else response

    return on_response(altered)


def _wild(w: Wire) -> object:
    start = token()
    w.made(external_id=f"{start}-x")
    return w.lookup(f"{start}_x").status_code == 200


@fault("lookups", "lookup.exact", _wild, "LIKE, where = would have done")
def eleventh_lookup_has_wildcards() -> ASGIApp:
    """In a lookup an underscore stands for any character."""

    class Like(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            exact = super().by_external_id(external_id)
            if exact or "_" not in external_id:
                return exact
            pattern = re.sub(r"([*?[])", r"[\1]", external_id).replace("_", "?")
            rows = self._connection.execute("SELECT external_id FROM organization WHERE external_id IS NOT NULL")
            found = [row[0] for row in rows if fnmatch.fnmatchcase(row[0], pattern)]
            return super().by_external_id(found[0]) if found else None

    return app(Like())


def _cleared(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    w.changed(id, external_id=None)
    return w.lookup(external).status_code == 200 and w.shown(id)["external_id"] is None


@fault("lookups", "lookup.after-clearing", _cleared, "a Map that is written only where the new value is truthy")
def eleventh_lookup_finds_the_cleared() -> ASGIApp:
    """A lookup finds an organization by the external_id that an update cleared."""
    former: dict[str, str] = {}

    class Remembering(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and known.external_id and organization.external_id is None:
                former[known.external_id] = organization.id

        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or self.by_id(former.get(external_id, ""))

    return app(Remembering())


def _bare(w: Wire) -> object:
    external = token()
    made = w.made(external_id=external, domain_data=verified(domain()))
    return w.lookup(external).json()["domains"] == [] != w.shown(made["id"])["domains"]


@fault("lookups", "lookup.current-state", _bare, "a query without the JOIN of the other one")
def eleventh_lookup_shows_no_domains() -> ASGIApp:
    """A lookup shows an organization without its domains."""
    return reshaped(lambda organization: {**organization, "domains": []}, "lookup")


def _latin(w: Wire) -> object:
    external = token()
    w.made(name="Müller", external_id=external)
    return "Müller".encode("latin-1") in w.lookup(external).content


@fault("lookups", "answer.json", _latin, "a converter of texts whose default is ISO 8859-1")
def eleventh_lookup_answers_in_latin_1() -> ASGIApp:
    """A lookup is answered in ISO 8859-1, with question marks for what that cannot write."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "lookup" or not response.good:
            return response
        return response.replaced(body=written(response.json).decode().encode("latin-1", errors="replace"))

    return on_response(altered)
