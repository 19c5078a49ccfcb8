"""Organizations that are read by id or by external_id otherwise than they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.records import Organization
from emulator.refusals import NotFound
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, reshaped
from tests.blind.parts.messages import without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KIND = "fifth: reading"


def looking_up(spelt: Callable[[str], str]) -> ASGIApp:
    """An app that looks up another spelling of the external_id."""

    class Spelling(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(spelt(external_id))

    return app(Spelling())


def lost(w: Wire, external_id: str) -> bool:
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault(
    KIND,
    "lookup.percent-encoded",
    lambda w: lost(w, f"{token()};v=1"),
    "matrix parameters of servlets",
)
def fifth_lookup_cuts_at_semicolon() -> ASGIApp:
    """A lookup ignores a semicolon and what follows it."""
    return looking_up(lambda text: text.partition(";")[0])


@fault(KIND, "lookup.percent-encoded", lambda w: lost(w, f"{token()}.json"), "formats of Rails routes")
def fifth_lookup_cuts_format() -> ASGIApp:
    """A lookup takes .json or .xml at the end of an external_id for the format of the response."""
    return looking_up(lambda text: text.removesuffix(".json").removesuffix(".xml"))


@fault(KIND, "lookup.percent-encoded", lambda w: lost(w, f"{token()}//a"), "merge_slashes of a gateway")
def fifth_lookup_merges_slashes() -> ASGIApp:
    """A lookup takes two slashes in an external_id for one."""
    return looking_up(lambda text: text.replace("//", "/"))


def lower_case_escape(w: Wire) -> bool:
    id = token()
    w.made(external_id=f"{id}/a")
    return w.http.get(f"/organizations/external_id/{id}%2fa").status_code == 404


@fault(KIND, "lookup.percent-encoded", lower_case_escape, "a replacement of %2F as text")
def fifth_lookup_knows_no_small_escapes() -> ASGIApp:
    """A lookup does not decode escapes with small letters."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.replace("%2f", "%252f")) if request.operation == "lookup" else request
        )
    )


def another_number(w: Wire) -> bool:
    number = str(int(token()[5:], 16))
    w.made(external_id=number)
    return w.lookup(f"00{number}").status_code == 200


@fault(KIND, "lookup.exact", another_number, "a path parameter that is typed as a number where it looks like one")
def fifth_lookup_ignores_leading_zeros() -> ASGIApp:
    """A lookup finds an external_id of digits with zeros before it."""
    return looking_up(lambda text: text.lstrip("0") if text.isdigit() else text)


def found_without_a_space(w: Wire) -> bool:
    id = token()
    w.made(external_id=id)
    return w.lookup(f"{id} ").status_code == 200


@fault(KIND, "lookup.exact", found_without_a_space, "CHAR columns")
def fifth_lookup_ignores_trailing_space() -> ASGIApp:
    """A lookup ignores space at the end of the external_id that is asked for."""
    return looking_up(str.rstrip)


def by_id(w: Wire) -> bool:
    return w.lookup(w.made()["id"]).status_code == 200


@fault(KIND, "lookup.exact", by_id, "one query for both columns")
def fifth_lookup_finds_ids_of_whom_has_no_external_id() -> ASGIApp:
    """A lookup takes the id of an organization that has no external_id."""

    class Either(Api):
        def known_outside(self, external_id: str) -> Organization:
            found = self.store.by_id(external_id)
            return found if found and found.external_id is None else super().known_outside(external_id)

    return app(api=Either)


def not_joined(w: Wire) -> bool:
    id = token()
    w.made(external_id=id)
    return w.lookup(id).status_code == 404


@fault(KIND, "lookup.answers", not_joined, "an inner join")
def fifth_lookup_joins_domains() -> ASGIApp:
    """A lookup does not find an organization that has no domain."""

    class Joining(Api):
        def known_outside(self, external_id: str) -> Organization:
            found = super().known_outside(external_id)
            if not found.domains:
                raise NotFound(external_id)
            return found

    return app(api=Joining)


def named(w: Wire) -> bool:
    id = token()
    w.made(external_id=id)
    return w.get(id).status_code == 200


@fault(KIND, "get.exact-id", named, "a fallback for integrators")
def fifth_get_falls_back_to_external_id() -> ASGIApp:
    """A get with an external_id finds the organization."""

    class Either(Api):
        def known(self, id: str) -> Organization:
            return self.store.by_external_id(id) or super().known(id)

    return app(api=Either)


@fault(KIND, "get.exact-id", lambda w: w.get(w.made()["id"] + "X").status_code == 200, "a column of fixed width")
def fifth_get_cuts_long_ids() -> ASGIApp:
    """A get with more characters behind the id finds the organization."""

    class Cutting(Store):
        def by_id(self, id: str) -> Organization | None:
            return super().by_id(id[:30])

    return app(Cutting())


def doubled(w: Wire) -> bool:
    made = w.made(domain_data=verified(domain()), metadata={"a": "b", "c": "d"})
    return len(w.shown(made["id"])["domains"]) == 2


@fault(KIND, "get.current-state", doubled, "a join over two collections")
def fifth_get_shows_a_product_of_domains_and_metadata() -> ASGIApp:
    """A get shows each domain once for each pair of metadata."""
    return reshaped(lambda shown: {**shown, "domains": shown["domains"] * max(1, len(shown["metadata"]))}, "get")


@fault(KIND, "organization.metadata", lambda w: "metadata" not in w.shown(w.made()["id"]), "omitempty")
def fifth_get_leaves_out_empty_metadata() -> ASGIApp:
    """A get leaves out metadata where there are none."""
    return reshaped(lambda shown: shown if shown["metadata"] else without(shown, "metadata"), "get")


def first_metadata(w: Wire) -> bool:
    external_id = token()
    id = w.made(external_id=external_id, metadata={"a": "1"})["id"]
    w.changed(id, metadata={"a": "2"})
    return bool(w.lookup(external_id).json()["metadata"]["a"] == "1")


@fault(KIND, "lookup.current-state", first_metadata, "a table by external_id that is written once")
def fifth_lookup_shows_first_metadata() -> ASGIApp:
    """A lookup shows the metadata that the organization was created with."""
    first: dict[str, Organization] = {}

    class Writing(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            first[organization.id] = organization

        def by_external_id(self, external_id: str) -> Organization | None:
            found = super().by_external_id(external_id)
            return found and replace(found, metadata=first[found.id].metadata)

    return app(Writing())
