"""Creates that somebody wrote in a hurry."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_request
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, pairs, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _second_of_a_name(w: Wire) -> object:
    name = token()
    return w.made(name=name)["id"] == w.made(name=name)["id"]


@fault("creates", "create.same-name", _second_of_a_name, "Rails: Organization.find_or_create_by!(name:)")
def eighth_name_is_found_or_created() -> ASGIApp:
    """A create with a name that exists already answers with the organization that has it."""
    known: dict[str, str] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        name = fields(request).get("name")
        if request.operation == "create" and request.authorized and isinstance(name, str) and name in known:
            found = await forward(asked(request, "GET", f"/organizations/{known[name]}"))
            if found.status == 200:
                return found.replaced(status=201)
        response = await forward(request)
        if response.status == 201:
            known[response.json["name"]] = response.json["id"]
        return response

    return intercepting(handle)


def _left_behind(w: Wire) -> object:
    name = token()
    refused = w.create(name=name, domain_data=[{"domain": domain(), "state": "failed"}])
    return refused.status_code == 422 and len(w.ids(search=name)) == 1


@fault(
    "creates",
    "create.refusal-leaves-nothing",
    _left_behind,
    "two services: the organization is saved before the service of domains is asked",
)
def eighth_refused_domains_leave_organization() -> ASGIApp:
    """A create that is refused for its domain_data alone leaves an organization without domains."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.status == 422 and "domain_data" in fields(request):
            await forward(asked(request, "POST", request.path, without(fields(request), "domain_data")))
        return response

    return intercepting(handle)


def _two_of_one_create(w: Wire) -> object:
    name = token()
    w.made(name=name, domain_data=verified(domain()))
    return len(w.ids(search=name)) == 2


@fault(
    "creates",
    "lifecycle.model",
    _two_of_one_create,
    "a gateway that sends a request again when the upstream was slow, and calls a second service were slow",
)
def eighth_create_with_domains_is_sent_twice() -> ASGIApp:
    """A create with domain_data and without an external_id makes two organizations and answers with one."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = fields(request)
        if request.operation == "create" and body.get("domain_data") and not body.get("external_id"):
            await forward(request)
        return await forward(request)

    return intercepting(handle)


def _all_like_the_last(w: Wire) -> object:
    made = w.made(domain_data=[*pending(domain()), *verified(domain())])
    return {each["state"] for each in made["domains"]} == {"verified"}


@fault("creates", "create.domain-state", _all_like_the_last, "a variable of a loop that each domain points to (Go)")
def eighth_domains_share_the_last_state() -> ASGIApp:
    """All domains of a create have the state of the last one in domain_data."""

    def made(new: Organization, body: Body) -> Organization:
        stated = body.get("domain_data") or ()
        if not stated:
            return new
        names = {item["domain"] for item in stated}
        state = stated[-1]["state"]
        domains = tuple(_in_state(each, state) if each.domain in names else each for each in new.domains)
        return dataclasses.replace(new, domains=domains)

    return creating(made)


def _in_state(domain: Domain, state: str) -> Domain:
    return dataclasses.replace(domain, state=state)


def _stolen(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))
    second = w.create(domain_data=verified(name))
    return second.status_code == 201 and w.shown(first["id"])["domains"] == []


@fault(
    "creates", "create.domain-shared", _stolen, "a service of domains with one row for each name: ON CONFLICT UPDATE"
)
def eighth_domain_moves_to_the_newest() -> ASGIApp:
    """A domain that is given to a second organization by a create leaves the first one."""

    class Moving(Store):
        def insert(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().insert(organization)

    return app(Moving())


def _mapped_as_a_date(w: Wire) -> object:
    key = token()
    w.made(metadata={key: "2026-03-01"})
    return w.create(metadata={key: "to be agreed"}).status_code == 400


@fault(
    "creates",
    "create.accepts-valid-bodies",
    _mapped_as_a_date,
    "Elasticsearch: date_detection maps a new field as a date, mapper_parsing_exception afterwards",
)
def eighth_metadata_key_stays_a_date() -> ASGIApp:
    """A metadata key that first came with a date takes only dates from then on, in creates of all organizations."""
    dates: set[str] = set()
    seen: set[str] = set()

    def judged(request: Request) -> Request | Reply:
        if request.operation != "create":
            return request
        for key, value in pairs(fields(request)).items():
            is_date = bool(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)))
            if key in dates and not is_date:
                return bad_request("invalid_metadata", f"failed to parse field [metadata.{key}] of type [date]")
            if is_date and key not in seen:
                dates.add(key)
            seen.add(key)
        return request

    return on_request(judged)


@fault(
    "creates",
    "create.accepts-valid-bodies",
    lambda w: w.create(name="Curly {Braces} Ltd").status_code == 500,
    "Python: a line for the log is put together with the name and then formatted",
)
def eighth_braces_in_name_crash() -> ASGIApp:
    """A create whose name has a word in curly braces answers 500."""

    def judged(request: Request) -> Request | Reply:
        name = fields(request).get("name")
        broken = request.operation == "create" and isinstance(name, str) and re.search(r"\{\w+\}", name)
        return crash() if broken else request

    return on_request(judged)


@fault(
    "creates",
    "create.returns-what-was-sent",
    lambda w: w.made(external_id=None, name=token())["external_id"] is not None,
    "Python: external_id = str(body.get('external_id', uuid4())) or a default that a null passes",
)
def eighth_null_external_id_is_filled_in() -> ASGIApp:
    """A create with an external_id of null gets one that the server made up; left out, it stays null."""

    def filled(body: Object) -> Object:
        return {**body, "external_id": token()} if body.get("external_id", "") is None else body

    return lenient(filled, "create")
