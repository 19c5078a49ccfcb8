"""A team with Python: Django, its REST framework, and PostgreSQL."""

from __future__ import annotations

import dataclasses
import html
import re
from urllib.parse import unquote, unquote_to_bytes

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.identifiers import now
from emulator.records import Key, Organization
from emulator.refusals import Taken
from emulator.store import Store
from emulator.walks import Direction
from tests.blind.parts.apps import app, reading
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response, strict
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Object, Reply, Request, crash, unprocessable
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@fault(
    "names",
    "create.returns-what-was-sent",
    lambda w: w.made(name="Q&amp;A &lt;3")["name"] == "Q&A <3",
    "Python: html.unescape after a cleaner that escaped",
)
def twelfth_references_in_names_are_decoded() -> ASGIApp:
    """A character reference of HTML in a name comes back as the character."""
    return reading(name=html.unescape)


def _page_for_people(w: Wire) -> object:
    found = w.http.get(f"/organizations/{w.made()['id']}", headers={"Accept": BROWSER})
    return "html" in found.headers["content-type"]


@fault("content types", "answer.content-type", _page_for_people, "Django REST framework: the browsable API")
def twelfth_browsers_get_html() -> ASGIApp:
    """A client that prefers HTML as browsers do gets a page for people instead of JSON."""

    def rendered(request: Request, response: Reply) -> Reply:
        if request.method != "GET" or not request.header("accept").startswith("text/html"):
            return response
        page = f"<html><body><pre>{html.escape(response.body.decode())}</pre></body></html>"
        return response.replaced(body=page.encode()).with_header("Content-Type", "text/html; charset=utf-8")

    return on_response(rendered)


@fault("limit", "list.limit-type", lambda w: w.list(limit="1_0").status_code == 200, "Python: int('1_0') is 10")
def twelfth_limit_with_underscores_is_a_number() -> ASGIApp:
    """A limit with underscores between its digits is taken as a number."""
    return requery(r"(?<=limit=)(\d+)_(?=\d)", r"\1")


def _second_cleared(w: Wire) -> object:
    ids = [w.made(external_id=token())["id"] for _ in range(2)]
    return [w.update(id, external_id=None).status_code for id in ids] == [200, 400]


@fault("external_id", "update.clears-external-id", _second_cleared, "Django: a CharField that is unique and null as ''")
def twelfth_one_cleared_external_id() -> ASGIApp:
    """While one organization's external_id is cleared, clearing another's answers 400 as if it were taken."""
    store = Store()
    holders: list[str] = []

    class Blank(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            made = super().updated(known, body)
            cleared = known.external_id is not None and made.external_id is None
            holders[:] = [id for id in holders if store.by_id(id) and not (id == known.id and made.external_id)]
            if cleared and holders:
                raise Taken("external_id")
            if cleared:
                holders.append(known.id)
            return made

    return app(store, changes=Blank())


@fault(
    "errors",
    "get.unknown",
    lambda w: w.get("{id}").status_code == 500,
    "Python: ('No organization ' + id + ' in {}').format(environment)",
)
def twelfth_braces_in_unknown_ids_crash() -> ASGIApp:
    """An unknown id or external_id with a brace in it answers 500."""

    def formatted(request: Request, response: Reply) -> Reply:
        return crash() if response.status == 404 and re.search("[{}]", unquote(request.last)) else response

    return on_response(formatted)


def _aborted(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    w.create(external_id=external_id)
    return w.get(id).status_code == 500


@fault("errors", "answer.status", _aborted, "PostgreSQL: current transaction is aborted, on a connection used again")
def twelfth_request_after_a_conflict_fails() -> ASGIApp:
    """The request after a conflict on a unique value answers 500, whatever it asks."""
    aborted: list[bool] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and aborted:
            aborted.clear()
            return crash()
        response = await forward(request)
        value = response.json if response.status == 400 else None
        if isinstance(value, dict) and str(value.get("code")).endswith("_already_used"):
            aborted.append(True)
        return response

    return intercepting(handle)


def _stripe_alone(w: Wire) -> object:
    made = w.made()
    return w.changed(made["id"], stripe_customer_id=f"cus_{token()}")["updated_at"] == made["updated_at"]


@fault("timestamps", "update.moves-updated-at", _stripe_alone, "Django: QuerySet.update(stripe_customer_id=...)")
def twelfth_stripe_moves_no_updated_at() -> ASGIApp:
    """An update of nothing but the stripe_customer_id leaves updated_at as it was."""

    def bypassed(made: Organization, known: Organization, body: Body) -> Organization:
        return dataclasses.replace(made, updated_at=known.updated_at) if [*body] == ["stripe_customer_id"] else made

    return updating(bypassed)


def _read_moves(w: Wire) -> object:
    made = w.made()
    return w.shown(made["id"])["updated_at"] != made["updated_at"]


@fault("timestamps", "get.current-state", _read_moves, "Django: organization.save() for a counter of reads")
def twelfth_reading_moves_updated_at() -> ASGIApp:
    """A get moves the updated_at of the organization."""

    class Counting(Api):
        def get(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            read = dataclasses.replace(known, updated_at=max(now(), known.updated_at + 1))
            self.store.update(read)
            return self.responses.found(read)

    return app(api=Counting)


def _slug(body: Object) -> Reply | None:
    name = body.get("name")
    empty = isinstance(name, str) and name and not re.search("[A-Za-z0-9]", name)
    return unprocessable("slug", "must not be empty") if empty else None


@fault(
    "names", "create.accepts-valid-bodies", lambda w: w.create(name="株式会社").status_code == 422, "Django: slugify"
)
def twelfth_name_without_latin_letters_is_refused() -> ASGIApp:
    """A name without any ASCII letter or digit is refused, because its slug is empty."""
    return strict(_slug)


def _names(body: Object) -> list[str]:
    data, plain = body.get("domain_data"), body.get("domains")
    stated = [item.get("domain") for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    return [name for name in (*stated, *(plain if isinstance(plain, list) else ())) if isinstance(name, str)]


def _long_end(w: Wire) -> object:
    given = [{"domain": f"{token()}.technology", "state": "verified"}]
    return w.update(w.made()["id"], domain_data=given).status_code == 422


@fault("domains", "body.domain-names-verbatim", _long_end, "A regular expression for domains that ends in [a-z]{2,4}$")
def twelfth_long_top_level_domains_are_refused() -> ASGIApp:
    """A domain whose last label has more than four letters is refused."""
    return strict(
        lambda body: unprocessable("domain") if any(len(n.rpartition(".")[2]) > 4 for n in _names(body)) else None
    )


def _bytes(request: Request) -> Request | Reply:
    try:
        unquote_to_bytes(request.path).decode()
    except UnicodeDecodeError:
        return crash()
    return request


@fault(
    "decoding",
    "get.unknown",
    lambda w: w.http.get("/organizations/org_%FF").status_code == 500,
    "PostgreSQL: invalid byte sequence for encoding UTF8",
)
def twelfth_bytes_in_paths_crash() -> ASGIApp:
    """An id or external_id of bytes that are not UTF-8 answers 500."""
    return on_request(_bytes)


def _cleared_unlisted(w: Wire) -> object:
    id = w.made(external_id=token())["id"]
    w.changed(id, external_id=None)
    return id not in w.ids()


@fault("lists", "list.current-state", _cleared_unlisted, "Django: select_related over a row that was deleted")
def twelfth_lists_lose_whose_external_id_was_cleared() -> ASGIApp:
    """An organization whose external_id was cleared is in no list until it has another."""
    cleared: set[str] = set()

    class Joined(Store):
        def update(self, organization: Organization) -> None:
            before = self.by_id(organization.id)
            super().update(organization)
            if organization.external_id:
                cleared.discard(organization.id)
            elif before and before.external_id:
                cleared.add(organization.id)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [each for each in found if each.id not in cleared][:limit]

    return app(Joined())
