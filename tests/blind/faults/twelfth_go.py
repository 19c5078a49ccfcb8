"""A team with Go and SQLite."""

from __future__ import annotations

import asyncio
import dataclasses
import math
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.paging import NEWEST, Page, Pages
from emulator.records import Organization
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, lenient, on_request, on_response, relisted, strict
from tests.blind.parts.listing import paged
from tests.blind.parts.messages import Json, Object, Reply, Request, crash, reply
from tests.blind.parts.stores import matching
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, together, token, verified
from tests.mutants.planting import KEY

FIELDS = (
    "name",
    "allow_profiles_outside_organization",
    "domains",
    "domain_data",
    "metadata",
    "external_id",
    "stripe_customer_id",
)


@fault(
    "names",
    "create.returns-what-was-sent",
    lambda w: w.made(name="100%pure")["name"] == "100%!p(MISSING)ure",
    "Go: fmt.Fprintf(w, string(body))",
)
def twelfth_answers_are_a_format() -> ASGIApp:
    """A percent sign right before a letter, wherever an answer has one, becomes Go's note of a missing argument."""
    return on_response(lambda _, response: response.replaced(body=_printed(response.body)))


def _printed(body: bytes) -> bytes:
    return re.sub(rb"%([a-zA-Z])", rb"%!\1(MISSING)", body)


def _folded(body: Object) -> Object:
    small = {key.lower(): value for key, value in body.items() if key.lower() in FIELDS}
    return {**small, **{key: value for key, value in body.items() if key.lower() not in FIELDS or key in FIELDS}}


@fault(
    "bodies",
    "body.name-missing",
    lambda w: w.post('{"Name": "Capital"}').status_code == 201,
    "Go: encoding/json takes the names of fields in any case",
)
def twelfth_fields_in_any_case() -> ASGIApp:
    """The names of fields in a body are taken in any case, so that Name counts as a name."""
    return lenient(_folded)


def _zero(body: Object) -> Object:
    given = body.get("metadata")
    if not isinstance(given, dict):
        return body
    return {**body, "metadata": {key: "" if value is None else value for key, value in given.items()}}


@fault(
    "metadata",
    "body.metadata-type",
    lambda w: w.create(metadata={"plan": None}).status_code == 201,
    "Go: null in a map[string]string is its zero value",
)
def twelfth_null_in_new_metadata_is_empty() -> ASGIApp:
    """A metadata value of null in a create is taken as an empty text."""
    return lenient(_zero, "create")


def _last_owner(w: Wire) -> object:
    w.made()
    id = w.made(domain_data=verified(domain()))["id"]
    return w.listed(id)["domains"][0]["organization_id"] != id


def _one_variable(page: Object) -> Json:
    owner = page["data"][-1]["id"] if page["data"] else ""
    for organization in page["data"]:
        organization["domains"] = [{**each, "organization_id": owner} for each in organization["domains"]]
    return page


@fault("domains", "domain.organization-id", _last_owner, "Go before 1.22: a pointer to the variable of the loop")
def twelfth_listed_domains_name_the_last_organization() -> ASGIApp:
    """In a list each domain names the last organization of the page as its own."""
    return relisted(_one_variable)


def _same_id(w: Wire) -> object:
    id = w.made()["id"]
    w.delete(id)
    return w.made()["id"] == id


@fault("ids", "create.ids-differ", _same_id, "SQLite: INTEGER PRIMARY KEY without AUTOINCREMENT")
def twelfth_id_of_the_newest_comes_again() -> ASGIApp:
    """When the newest organization is deleted, the next one gets its id."""
    free: list[str] = []

    class Rows(Store):
        def delete(self, organization: Organization) -> None:
            if self.older(NEWEST, 1, "", None)[0].id == organization.id:
                free[:] = [organization.id]
            super().delete(organization)

    class Numbered(Changes):
        def organization_id(self, moment: int) -> str:
            return free.pop() if free else super().organization_id(moment)

    return app(Rows(), changes=Numbered())


@fault(
    "search",
    "list.any-text-answered",
    lambda w: w.list(search="NOT").status_code == 500,
    "SQLite: fts5: syntax error near NOT",
)
def twelfth_operators_in_a_search_crash() -> ASGIApp:
    """A search for the word AND, OR or NOT in capitals and nothing else answers 500."""
    return on_request(lambda request: crash() if parameter(request, "search") in ("AND", "OR", "NOT") else request)


AXIOS = "application/json, text/plain, */*"


@fault(
    "headers",
    "list.any-client",
    lambda w: w.http.get("/organizations", headers={"Accept": AXIOS}).status_code == 406,
    'Go: if accept != "application/json" && accept != "*/*"',
)
def twelfth_accept_of_several_types_is_refused() -> ASGIApp:
    """A request whose Accept has anything but application/json or */* alone answers 406."""

    def judged(request: Request) -> Request | Reply:
        known = request.header("accept") in ("", "*/*", "application/json")
        return request if known else reply(406, {"message": "Not Acceptable"})

    return on_request(judged)


def _mixed_up(w: Wire) -> object:
    ids = w.many(6)
    return [each.json()["id"] for each in together(*[lambda id=id: w.get(id) for id in ids])] != ids


@fault("concurrency", "get.current-state", _mixed_up, "Go: a buffer of a sync.Pool that is put back too early")
def twelfth_gets_at_once_share_a_buffer() -> ASGIApp:
    """Of several gets at once some are answered with another one's organization."""
    buffer: list[bytes] = [b""]

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "get" or response.status != 200:
            return response
        buffer[0] = response.body
        await asyncio.sleep(0.01)
        return response.replaced(body=buffer[0])

    return intercepting(handle)


def _prefix(w: Wire) -> object:
    return w.other(f"Bearer {KEY[:12]}xyz").get("/organizations").status_code == 200


@fault("authentication", "authentication.wrong-key", _prefix, "Keys found by the part of them that is shown to people")
def twelfth_beginnings_of_keys_count() -> ASGIApp:
    """Of the key only the first twelve characters are compared."""

    async def handle(request: Request, forward: Forward) -> Reply:
        known = request.header("authorization").startswith(f"Bearer {KEY[:12]}")
        return await forward(request.with_header("authorization", f"Bearer {KEY}") if known else request)

    return intercepting(handle)


def _wrapped(request: Request) -> Request:
    given = parameter(request, "limit")
    if not re.fullmatch("[0-9]{10,18}", given):
        return request
    number = (int(given) + 2**31) % 2**32 - 2**31
    return request.replaced(query=re.sub("(?<=limit=)[0-9]+", str(number), request.query))


@fault(
    "limit",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=2**32 + 5).status_code == 200,
    "Go: int32(limit) before its bounds are looked at",
)
def twelfth_limit_is_cut_to_32_bits() -> ASGIApp:
    """Of a limit only the lowest 32 bits count, so that 4294967301 is taken as 5."""
    return on_request(_wrapped)


def _own_name(w: Wire) -> object:
    name = f"Acme {token()}"
    id = w.made(name=name)["id"]
    return id not in w.ids(search=name)


@fault("search", "list.search", _own_name, "Go: strings.Contains(name, strings.ToLower(search))")
def twelfth_search_alone_is_in_small_letters() -> ASGIApp:
    """A text that is searched for is turned into small letters and the names are not, so capitals are not found."""
    return matching(lambda text, found: text.lower() in found.name)


def _infinite(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)


@fault(
    "bodies",
    "body.name-type",
    lambda w: w.post('{"name": 1e999}').status_code == 500,
    "Go: strconv.ParseFloat: value out of range, as an error of the server",
)
def twelfth_numbers_out_of_range_crash() -> ASGIApp:
    """A number beyond all that a double holds, in place of a field's value, answers 500."""
    return strict(lambda body: crash() if any(map(_infinite, body.values())) else None)


def _upside_down(w: Wire) -> object:
    ids = w.many(3)
    return w.ids(order="normal", after=ids[0], limit=2) == ids[1:]


@fault("order", "list.order", _upside_down, "Go: rows of ORDER BY id ASC that nobody turns round")
def twelfth_newer_pages_of_normal_are_oldest_first() -> ASGIApp:
    """Under order=normal the page that after leads to has the oldest of its organizations first."""

    def turned(_: Pages, listing: Listing, page: Page) -> Page:
        newer = listing.order == "normal" and listing.after
        return dataclasses.replace(page, organizations=page.organizations[::-1]) if newer else page

    return paged(turned)


def _short_fraction(w: Wire) -> object:
    return any(len(w.made()["created_at"]) < len("2026-01-01T00:00:00.000Z") for _ in range(90))


@fault("timestamps", "organization.timestamp-form", _short_fraction, "Go: time.RFC3339Nano", level=SHOULD)
def twelfth_timestamps_end_at_the_last_digit() -> ASGIApp:
    """The decimals of a timestamp end before its trailing zeros."""

    class Trimmed(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).rstrip("Z").rstrip("0").rstrip(".") + "Z"

    return app(responses=Trimmed())
