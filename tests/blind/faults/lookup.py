"""Lookups by external_id."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.records import Organization
from emulator.refusals import NotFound
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire, token

ENCODED = "lookup.percent-encoded"


EXACT = "lookup.exact"


def seeking(change: Callable[[str], str]) -> ASGIApp:
    """An app that looks for another external_id than was asked for."""

    class Seeking(Api):
        def known_outside(self, external_id: str) -> Organization:
            return super().known_outside(change(external_id))

    return app(api=Seeking)


def _lost(external_id: str) -> Proof:
    def shows(w: Wire) -> object:
        id = w.made(external_id=external_id)["id"]
        response = w.lookup(external_id)
        return response.status_code != 200 or response.json().get("id") != id

    return shows


def _found(kept: str, asked: str) -> Proof:
    def shows(w: Wire) -> object:
        w.made(external_id=kept)
        return w.lookup(asked).status_code == 200

    return shows


@fault("lookup", ENCODED, _lost("team/7"), "github.com/delvedor/find-my-way/issues/348")
def lookup_slash_splits_path() -> ASGIApp:
    """The path is decoded before it is routed: an external_id with a slash is not found."""

    def routed(request: Request) -> Request | Reply:
        if request.operation == "lookup" and "%2f" in request.path.lower():
            return reply(404, {"message": f"Cannot GET {unquote(request.path)}", "error": "Not Found"})
        return request

    return on_request(routed)


@fault("lookup", ENCODED, _lost("50%25 off"), "github.com/http4k/http4k/issues/470")
def lookup_decodes_twice() -> ASGIApp:
    """The external_id in the path is decoded twice."""
    return seeking(unquote)


@fault("lookup", ENCODED, _lost("c++"), "github.com/NanoHttpd/nanohttpd/issues/537")
def lookup_plus_becomes_space() -> ASGIApp:
    """A plus sign in the path, however it is sent, is read as a space."""
    return seeking(lambda v: v.replace("+", " "))


@fault("lookup", ENCODED, _lost("report.json"), "Rails' optional (.:format)")
def lookup_ending_taken_for_format() -> ASGIApp:
    """A lookup takes the end of an external_id behind a dot for a format and cuts it off."""
    return seeking(lambda v: v.rpartition(".")[0] or v)


@fault("lookup", ENCODED, _lost("a;b=1"), "Java's matrix parameters")
def lookup_cuts_at_semicolon() -> ASGIApp:
    """A lookup cuts the external_id off at a semicolon."""
    return seeking(lambda v: v.partition(";")[0])


@fault("lookup", ENCODED, _lost("what?now"), "a gateway that rebuilds the URL from decoded parts")
def lookup_cuts_at_question_mark() -> ASGIApp:
    """A lookup cuts the external_id off at a question mark, although it came percent-encoded."""
    return seeking(lambda v: v.partition("?")[0])


@fault(
    "lookup",
    "lookup.answers",
    lambda w: w.made(external_id="..") and w.http.get("/organizations/external_id/%2E%2E").status_code != 200,
    "FACTS: what was accepted must be found",
)
def lookup_dots_are_resolved() -> ASGIApp:
    """An external_id of dots alone is accepted but resolved as a path: the lookup finds nothing."""

    def resolved(request: Request) -> Request | Reply:
        dots = request.operation == "lookup" and unquote(request.last) in {".", ".."}
        return reply(404, {"message": "Not Found"}) if dots else request

    return on_request(resolved)


@fault("lookup", EXACT, _found("Tenant-A", "tenant-a"), "a case-insensitive collation")
def lookup_ignores_case() -> ASGIApp:
    """A lookup finds an external_id in another case."""

    class Folding(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return self._one("SELECT * FROM organization WHERE external_id = ? COLLATE NOCASE", external_id)

    return app(Folding())


@fault("lookup", EXACT, _found("abc-1", "abc_1"), "LIKE in place of =")
def lookup_takes_wildcards() -> ASGIApp:
    """A lookup compares with LIKE: _ and % in the asked external_id match anything."""

    class Like(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or self._one(
                "SELECT * FROM organization WHERE external_id LIKE ?", external_id
            )

    return app(Like())


@fault("lookup", EXACT, lambda w: w.lookup(w.made()["id"]).status_code == 200, "one handler for both routes")
def lookup_finds_by_id() -> ASGIApp:
    """A lookup also finds an organization by its id."""

    class Both(Api):
        def known_outside(self, external_id: str) -> Organization:
            return self.store.by_id(external_id) or super().known_outside(external_id)

    return app(api=Both)


@fault("lookup", EXACT, _found("padded", "padded "), "MySQL's PAD SPACE; github.com/nhl/link-move/issues/67")
def lookup_ignores_spaces_at_end() -> ASGIApp:
    """A lookup ignores spaces at the end of the asked external_id."""

    class Padding(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or super().by_external_id(external_id.rstrip(" "))

    return app(Padding())


@fault("lookup", EXACT, _found("42", "042"), "github.com/strongloop/strong-remoting/issues/143")
def lookup_compares_numbers() -> ASGIApp:
    """A lookup of digits compares them as a number: 042 finds 42."""
    return seeking(lambda v: str(int(v)) if v.isdecimal() and v.isascii() and len(v) < 18 else v)


@fault(
    "lookup",
    EXACT,
    lambda w: w.made(external_id=f"{(e := token())}-suffix") and w.lookup(e).status_code == 200,
    "a prefix scan of a key-value store",
)
def lookup_finds_by_beginning() -> ASGIApp:
    """A lookup finds an organization whose external_id only begins with what was asked for."""

    class Prefix(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or self._one(
                "SELECT * FROM organization WHERE substr(external_id, 1, length(?1)) = ?1 AND length(?1) > 3",
                external_id,
            )

    return app(Prefix())


@fault("lookup", "lookup.unknown", lambda w: w.lookup(token()).status_code == 200, "a handler that returns null")
def lookup_unknown_answers_null() -> ASGIApp:
    """A lookup of an unknown external_id answers 200 with null."""
    return on_response(
        lambda request, response: (
            response.replaced(status=200, body=b"null")
            if response.status == 404 and request.operation == "lookup"
            else response
        )
    )


@fault(
    "lookup",
    "lookup.after-change",
    lambda w: (
        w.update(w.made(external_id=(e := token()))["id"], external_id=token()) and w.lookup(e).status_code == 200
    ),
    "an index that is only added to",
)
def lookup_finds_old_external_id() -> ASGIApp:
    """After a change of external_id the old one still finds the organization."""
    return _aliased(lambda organization, _: True)


@fault(
    "lookup",
    "lookup.after-clearing",
    lambda w: w.update(w.made(external_id=(e := token()))["id"], external_id=None) and w.lookup(e).status_code == 200,
    "an index that null does not touch",
)
def lookup_finds_cleared_external_id() -> ASGIApp:
    """An external_id that was cleared, though not one that was changed, still finds the organization."""
    return _aliased(lambda organization, _: organization.external_id is None)


def _aliased(still: Callable[[Organization, str], bool]) -> ASGIApp:
    index: dict[str, str] = {}

    class Indexed(Store):
        def _write(self, statement: str, organization: Organization) -> None:
            super()._write(statement, organization)
            if organization.external_id is not None:
                index[organization.external_id] = organization.id

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for known in [key for key, id in index.items() if id == organization.id]:
                del index[known]

    class Aliased(Api):
        def known_outside(self, external_id: str) -> Organization:
            found = self.store.by_external_id(external_id)
            if found is None and external_id in index:
                found = self.store.by_id(index[external_id])
                found = found if found and still(found, external_id) else None
            if found is None:
                raise NotFound(external_id)
            return found

    return app(Indexed(), api=Aliased)
