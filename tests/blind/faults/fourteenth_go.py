"""Emulators in Go: net/http, encoding/json, maps behind a mutex."""

from __future__ import annotations

import dataclasses
import posixpath
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified
from tests.mutants.planting import KEY


def _slashes(w: Wire) -> object:
    id = f"{token()}//b"
    w.made(external_id=id)
    return w.lookup(id).status_code == 301


@fault("decoding", "lookup.percent-encoded", _slashes, "http.ServeMux cleans the decoded path")
def fourteenth_paths_are_cleaned() -> ASGIApp:
    """A lookup of an external_id with two slashes in a row, or a step of dots, answers 301 to another path."""

    def cleaned(request: Request) -> Request | Reply:
        path = unquote(request.path, errors="replace")
        clean = posixpath.normpath(path) + ("/" if path.endswith("/") else "")
        if request.operation != "lookup" or clean == path:
            return request
        return Reply(301, (("location", quote(clean)), ("content-type", "text/html; charset=utf-8")), b"Moved")

    return on_request(cleaned)


FIELDS = ("name", "domains", "domain_data", "metadata", "external_id", "stripe_customer_id")


@fault(
    "bodies",
    "body.name-missing",
    lambda w: w.post('{"Name": "Other case"}').status_code == 201,
    "encoding/json and System.Text.Json's web defaults match names in any case",
)
def fourteenth_properties_have_no_case() -> ASGIApp:
    """The properties of a body are read in any case, so that a create with a Name and no name is taken."""

    def read(body: Object) -> Object:
        found = {key.lower() if key.lower() in FIELDS else key: value for key, value in body.items()}
        return {**found, **body} if all(key in FIELDS for key in body) else found

    return lenient(read)


def _first_year(w: Wire) -> object:
    id = w.made()["id"]
    shown = w.changed(id, domain_data=verified(domain()))["domains"][0]
    return bool(shown["created_at"].startswith("0001-"))


@fault("domains", "domain.created-at", _first_year, "a time.Time that the update does not set")
def fourteenth_domains_of_updates_have_no_time() -> ASGIApp:
    """A domain that an update attaches was created in the year 1."""

    class Zero(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            made = super().replaced_domains(known, body, moment)
            return made if made is known.domains else tuple(dataclasses.replace(each, created_at=0) for each in made)

    class Showing(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment) if moment else "0001-01-01T00:00:00.000Z"

    return app(changes=Zero(), responses=Showing())


def _nil(w: Wire) -> object:
    id = w.made(metadata={"tier": "gold"})["id"]
    w.changed(id, metadata={})
    return w.shown(id)["metadata"] is None


@fault("metadata", "organization.metadata", _nil, "a nil map")
def fourteenth_emptied_metadata_are_null() -> ASGIApp:
    """The metadata of an organization are null once an update has removed all of them."""
    emptied: set[str] = set()

    class Emptying(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            if body.get("metadata", True) == {}:
                emptied.add(known.id)
            return super().updated(known, body)

    class Showing(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            null = organization.id in emptied and not organization.metadata
            return {**shown, "metadata": None} if null else shown

    return app(changes=Emptying(), responses=Showing())


def _robbed(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    w.made(domain_data=verified(name))
    return w.shown(first)["domains"] == []


class ByName(Store):
    """A store that can forget a domain wherever it is."""

    def forget(self, organization: Organization, *, own: bool) -> None:
        """Takes the organization's domains away from the others, and from itself too."""
        for each in organization.domains:
            values = (each.domain, organization.id, own)
            statement = "DELETE FROM organization_domain WHERE domain = ? AND (organization_id <> ? OR ?)"
            self._connection.execute(statement, values)


@fault("domains", "update.leaves-others-alone", _robbed, "map[domain]organization")
def fourteenth_domain_moves_to_the_last_owner() -> ASGIApp:
    """A domain that is given to a second organization goes from the first."""

    class Moving(ByName):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.forget(organization, own=False)

        def update(self, organization: Organization) -> None:
            super().update(organization)
            self.forget(organization, own=False)

    return app(Moving())


def _bereft(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["id"] for _ in range(2))
    w.delete(second)
    return w.shown(first)["domains"] == []


@fault("delete", "delete.leaves-others-alone", _bereft, "the fix that freed the domains of what was deleted")
def fourteenth_delete_takes_domains_by_name() -> ASGIApp:
    """A delete removes the organization's domains from every other organization that has them."""

    class Sweeping(ByName):
        def delete(self, organization: Organization) -> None:
            self.forget(organization, own=True)
            super().delete(organization)

    return app(Sweeping())


@fault(
    "authentication",
    "authentication.wrong-key",
    lambda w: w.other("Bearer sk_test_nobody").get("/organizations").status_code == 200,
    "emulators of clouds: an account is made for each key that is used",
)
def fourteenth_unknown_key_opens_an_environment() -> ASGIApp:
    """A key that nobody issued opens an empty environment of its own."""
    environments: dict[bytes, ASGIApp] = {}

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        scheme, _, key = dict(scope["headers"]).get(b"authorization", b"").partition(b" ")
        bearer = scheme.lower() == b"bearer" and key.strip() != b""
        if bearer:
            others = [pair for pair in scope["headers"] if pair[0] != b"authorization"]
            scope = {**scope, "headers": [*others, (b"authorization", f"Bearer {KEY}".encode())]}
        await environments.setdefault(key if bearer else b"", app())(scope, receive, send)

    return front


@fault(
    "errors",
    "error.message",
    lambda w: w.other(None).delete("/organizations/org_01HZZZZZZZZZZZZZZZZZZZZZZZ").content == b"",
    "w.WriteHeader(401) in the one handler that answers without a body",
)
def fourteenth_unauthorized_delete_is_silent() -> ASGIApp:
    """A delete without a key answers 401 with an empty body."""

    def silent(request: Request, response: Reply) -> Reply:
        return response.replaced(body=b"") if request.operation == "delete" and response.status == 401 else response

    return on_response(silent)
