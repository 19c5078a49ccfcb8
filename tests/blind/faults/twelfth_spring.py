"""A team with Spring and JPA."""

from __future__ import annotations

import asyncio
import dataclasses
import re

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.refusals import Refusal
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_request, on_response
from tests.blind.parts.listing import paged
from tests.blind.parts.messages import Json, Object, Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, together, token, verified

STATES = ("pending", "verified")


def _state(item: Json) -> Json:
    if not isinstance(item, dict) or type(item.get("state")) is not int:
        return item
    return {**item, "state": dict(enumerate(STATES)).get(item["state"], item["state"])}


def _ordinals(body: Object) -> Object:
    given = body.get("domain_data")
    return {**body, "domain_data": [_state(item) for item in given]} if isinstance(given, list) else body


@fault(
    "bodies",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[{"domain": domain(), "state": 1}]).status_code == 201,
    "Jackson takes the ordinal of an enum unless FAIL_ON_NUMBERS_FOR_ENUMS is set",
)
def twelfth_states_by_number() -> ASGIApp:
    """The state of a domain may be given as 0 for pending or 1 for verified."""
    return lenient(_ordinals)


@fault(
    "metadata",
    "body.metadata-type",
    lambda w: w.create(metadata="").status_code == 201,
    "Jackson: ACCEPT_EMPTY_STRING_AS_NULL_OBJECT",
)
def twelfth_empty_text_is_no_metadata() -> ASGIApp:
    """An empty text in place of the metadata object is taken for null."""
    return lenient(lambda body: {**body, "metadata": None} if body.get("metadata") == "" else body)


def _unwrapped(body: Object) -> Object:
    given = body.get("name")
    return {**body, "name": given[0]} if isinstance(given, list) and len(given) == 1 else body


@fault(
    "bodies",
    "body.name-type",
    lambda w: w.create(name=["In an array"]).status_code == 201,
    "Jackson: UNWRAP_SINGLE_VALUE_ARRAYS",
)
def twelfth_name_in_an_array() -> ASGIApp:
    """An array that holds one text is taken for a name."""
    return lenient(_unwrapped)


def _percent(w: Wire) -> object:
    external_id = f"{token()}-50%"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 400


@fault("decoding", "lookup.percent-encoded", _percent, "Spring Security: StrictHttpFirewall rejects an encoded percent")
def twelfth_percent_in_paths_is_refused() -> ASGIApp:
    """A path with an encoded percent sign in it answers 400."""
    return on_request(lambda request: reply(400, {"message": "Bad Request"}) if "%25" in request.path else request)


@fault(
    "errors",
    "error.message",
    lambda w: "message" not in w.update("org_01ARZ3NDEKTSV4RRFFQ69G5FAV", name="No").json(),
    "Spring Boot leaves the message out of its error page since 2.3",
)
def twelfth_update_of_unknown_has_no_message() -> ASGIApp:
    """The 404 of an update has a timestamp, a status, an error and a path, but no message."""

    def page(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or response.status != 404:
            return response
        moment = "2026-01-01T00:00:00.000+00:00"
        return response.with_json({"timestamp": moment, "status": 404, "error": "Not Found", "path": request.path})

    return on_response(page)


@fault(
    "content types",
    "answer.content-type",
    lambda w: "problem" in w.create(name=1).headers["content-type"],
    "Spring: ProblemDetail",
)
def twelfth_refusals_are_problems() -> ASGIApp:
    """A 422 is labelled application/problem+json."""

    def labelled(_: Request, response: Reply) -> Reply:
        problem = response.status == 422
        return response.with_header("Content-Type", "application/problem+json") if problem else response

    return on_response(labelled)


def _few_domains(w: Wire) -> object:
    id = w.made(domain_data=verified(domain(), domain(), domain()))["id"]
    page = w.list(limit=1).json()["data"]
    return [(each["id"], len(each["domains"])) for each in page] == [(id, 1)]


@fault("domains", "list.current-state", _few_domains, "JPA: setMaxResults on the query that fetches the domains, too")
def twelfth_limit_holds_for_domains_too() -> ASGIApp:
    """All organizations of a page together show no more domains than its limit."""

    def cut(_: Pages, listing: Listing, page: Page) -> Page:
        left, shown = listing.limit, []
        for each in page.organizations:
            shown.append(dataclasses.replace(each, domains=each.domains[:left]))
            left -= len(shown[-1].domains)
        return dataclasses.replace(page, organizations=shown)

    return paged(cut)


def _unnoticed(w: Wire) -> object:
    id = w.made(name="Same", metadata={"plan": "free"})["id"]
    return w.changed(id, name="Same", metadata={"plan": "gold"})["metadata"] == {"plan": "free"}


@fault("update", "update.sets-what-was-sent", _unnoticed, "Java: equals() of an entity that compares ids and names")
def twelfth_same_name_is_no_change() -> ASGIApp:
    """An update that sends the name that the organization has changes none of its other fields."""

    def equal(made: Organization, known: Organization, body: Body) -> Organization:
        return known if body.get("name") == known.name else made

    return updating(equal)


class Immutable(Refusal):
    """A natural identifier that was to be altered."""

    status = 500


def _altered(w: Wire) -> object:
    id = w.made(external_id=token())["id"]
    return w.update(id, external_id=token()).status_code == 500


@fault("external_id", "update.sets-what-was-sent", _altered, "Hibernate: An immutable natural identifier was altered")
def twelfth_external_id_cannot_be_altered() -> ASGIApp:
    """An update that gives an organization another external_id in place of the one it has answers 500."""

    class Natural(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            made = super().updated(known, body)
            if known.external_id and made.external_id and made.external_id != known.external_id:
                raise Immutable("An immutable natural identifier was altered")
            return made

    return app(changes=Natural())


def _two_deletes(w: Wire) -> object:
    for _ in range(3):
        id = w.made()["id"]
        if 500 in [each.status_code for each in together(*[lambda id=id: w.delete(id)] * 4)]:
            return True
    return False


@fault("concurrency", "answer.status", _two_deletes, "Hibernate: StaleStateException, unexpected row count")
def twelfth_deletes_at_once_crash() -> ASGIApp:
    """A delete answers 500 while another one of the same organization is going on."""
    running: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "delete" or not request.authorized:
            return await forward(request)
        if request.path in running:
            return crash()
        running.add(request.path)
        await asyncio.sleep(0.01)
        response = await forward(request)
        running.discard(request.path)
        return response

    return intercepting(handle)


def _similar_keys(w: Wire) -> object:
    start = token()
    headers = [{"Idempotency-Key": f"{start}-order-{number}"} for number in (1, 2)]
    body = {"name": "Keyed"}
    first, second = [w.http.post("/organizations", json=body, headers=each).json()["id"] for each in headers]
    return first == second


@fault("headers", "create.ids-differ", _similar_keys, "A column of 16 characters for Idempotency-Keys")
def twelfth_idempotency_keys_are_cut() -> ASGIApp:
    """Two Idempotency-Keys that begin with the same sixteen characters count as the same key."""

    def cut(request: Request) -> Request:
        key = request.header("idempotency-key")
        return request.with_header("idempotency-key", key[:16]) if key else request

    return on_request(cut)


def _semicolon(w: Wire) -> object:
    external_id = f"{token()};eu"
    w.made(external_id=external_id)
    return w.http.get(f"/organizations/external_id/{external_id}").status_code == 404


@fault("decoding", "lookup.percent-encoded", _semicolon, "Spring: UrlPathHelper removes what follows a semicolon")
def twelfth_semicolons_end_a_step() -> ASGIApp:
    """In a lookup a semicolon that is not percent-encoded, with what follows it, is no part of the external_id."""

    def removed(request: Request) -> Request:
        return request.replaced(path=re.sub(";.*", "", request.path)) if request.operation == "lookup" else request

    return on_request(removed)
