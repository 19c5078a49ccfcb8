"""Domains that are kept, shown or judged wrongly in one case only."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_response, relisted, reshaped, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, verified

DOMAINS = "domains"


def replacing(change: type[Changes]) -> ASGIApp:
    """An app that changes organizations in its own way."""
    return app(changes=change())


def _both_verified(w: Wire) -> bool:
    made = w.made(domain_data=[*verified(domain()), *pending(domain())])
    return [each["state"] for each in made["domains"]] == ["verified", "verified"]


@fault(DOMAINS, "none: a domain has the given state", _both_verified, "a variable of the loop, taken after it")
def all_domains_have_the_state_of_the_first() -> ASGIApp:
    """All domains of a body get the state of the first one."""

    class First(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().domains(body, moment)
            return tuple(replace(each, state=found[0].state) for each in found)

    return replacing(First)


def _foreign_parent(w: Wire) -> bool:
    w.made(domain_data=verified(domain()))
    w.made()
    newest, oldest = w.list().json()["data"]
    return bool(oldest["domains"][0]["organization_id"] == newest["id"])


@fault(DOMAINS, "none: a domain names its organization", _foreign_parent, "a closure over the wrong variable")
def domains_in_lists_name_the_first_organization() -> ASGIApp:
    """In lists, the organization_id of each domain is the id of the first organization on the page."""

    def named(page: Object) -> Object:
        for organization in page["data"]:
            for each in organization["domains"]:
                each["organization_id"] = page["data"][0]["id"]
        return page

    return relisted(named)


def _one_is_left(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain(), domain()))["id"]
    return len(w.changed(id, domain_data=verified(domain()))["domains"]) == 2


@fault(DOMAINS, "none: an update replaces the domains", _one_is_left, "rows updated pair by pair")
def fewer_domains_leave_the_others() -> ASGIApp:
    """An update with fewer domains than there are replaces just as many."""

    class Pairwise(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            given = {each.domain for each in found}
            rest = known.domains[len(found) :] if found else ()
            return (*found, *(each for each in rest if each.domain not in given))

    return replacing(Pairwise)


def _moved(w: Wire) -> bool:
    name = domain()
    first, _ = w.many(2, domain_data=verified(name))
    return bool(w.shown(first)["domains"] == [])


@fault(DOMAINS, "none: a domain may belong to several", _moved, "an upsert by the domain")
def a_domain_moves_to_its_newest_organization() -> ASGIApp:
    """A domain that another organization gets is lost to the first."""

    class Moving(Store):
        def _insert_domains(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super()._insert_domains(organization)

    return app(Moving())


def _deleted_elsewhere(w: Wire) -> bool:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    w.delete(second)
    return bool(w.shown(first)["domains"] == [])


@fault(DOMAINS, "none: a delete touches no other organization", _deleted_elsewhere, "DELETE by the wrong column")
def a_delete_takes_the_domains_of_others() -> ASGIApp:
    """A delete removes the organization's domains wherever they are."""

    class Sweeping(Store):
        def delete(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().delete(organization)

    return app(Sweeping())


def _replaced_elsewhere(w: Wire) -> bool:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    w.changed(second, domain_data=verified(domain()))
    return bool(w.shown(first)["domains"] == [])


@fault(DOMAINS, "none: an update touches no other organization", _replaced_elsewhere, "DELETE by the wrong column")
def an_update_takes_the_domains_of_others() -> ASGIApp:
    """An update that replaces domains removes the old ones wherever they are."""

    class Sweeping(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            kept = {each.domain for each in organization.domains}
            for each in known.domains if known else ():
                if each.domain not in kept:
                    self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().update(organization)

    return app(Sweeping())


def _one_of_two(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain(), domain()))["id"]
    return len(w.changed(id, name="Other")["domains"]) == 1 < len(w.shown(id)["domains"])


@fault(DOMAINS, "none: an update answers with the organization", _one_of_two, "a join read to its first row")
def updates_answer_with_one_domain() -> ASGIApp:
    """The response of an update shows only the first domain."""
    return reshaped(lambda value: {**value, "domains": value["domains"][:1]}, "update")


def _new_id(w: Wire) -> bool:
    made = w.made(domain_data=verified(domain()))
    return bool(w.changed(made["id"], name="Other")["domains"][0]["id"] != made["domains"][0]["id"])


@fault(DOMAINS, "none: fields left out keep their value", _new_id, "children deleted and inserted on each save")
def each_update_makes_new_ids_of_domains() -> ASGIApp:
    """An update without domains gives the known ones new ids."""

    class Saving(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            return tuple(replace(each, id=self.domain_id(moment)) for each in found)

    return replacing(Saving)


def _null(w: Wire) -> bool:
    return w.changed(w.made(domain_data=verified(domain()))["id"], domain_data=[])["domains"] is None


@fault(DOMAINS, "none: domains is an array", _null, "a nil slice in Go")
def an_update_to_no_domains_shows_null() -> ASGIApp:
    """The response of an update with an empty domain_data has null for the domains."""

    def shown(request: Request, response: Reply) -> Reply:
        emptied = request.operation == "update" and response.good and request.json.get("domain_data") == []
        return response.with_json({**response.json, "domains": None}) if emptied else response

    return on_response(shown)


def _still_pending(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return bool(w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending")


@fault(DOMAINS, "none: an update replaces the domains", _still_pending, "INSERT ... ON CONFLICT DO NOTHING")
def a_domain_given_again_keeps_its_state() -> ASGIApp:
    """An update that gives a known domain with another state changes nothing of it."""

    class Keeping(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            there = {each.domain: each for each in known.domains}
            return tuple(there.get(each.domain, each) for each in super().replaced_domains(known, body, moment))

    return replacing(Keeping)


def _five_of_six(w: Wire) -> bool:
    w.made(domain_data=verified(*(domain() for _ in range(6))))
    return len(w.list().json()["data"][0]["domains"]) == 5


@fault(DOMAINS, "none: lists show all domains", _five_of_six, "a nested page with a default limit")
def lists_show_five_domains() -> ASGIApp:
    """In lists, an organization has at most five domains."""
    return reshaped(lambda value: {**value, "domains": value["domains"][:5]}, "list")


def _given(body: Object) -> list[str]:
    items = body.get("domain_data")
    return [
        item["domain"]
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("domain"), str)
    ]


@fault(
    DOMAINS,
    "none: valid bodies are accepted",
    lambda w: w.create(domain_data=verified(domain().replace(".com", ".photography"))).status_code == 422,
    "a regular expression from before 2013",
)
def long_top_level_domains_are_refused() -> ASGIApp:
    """A domain must end with two to six letters."""
    form = re.compile(r".*\.[A-Za-z]{2,6}")
    return strict(lambda body: unprocessable("domain_data") if not all(map(form.fullmatch, _given(body))) else None)


def _bare(w: Wire) -> bool:
    name = domain()
    return bool(w.made(domain_data=verified(f"www.{name}"))["domains"][0]["domain"] == name)


@fault(DOMAINS, "none: a domain comes back", _bare, "what people paste")
def domains_lose_their_www() -> ASGIApp:
    """A domain loses `www.` at its beginning."""

    def bare(body: Object) -> Object:
        if len(_given(body)) != len(body.get("domain_data") or []):
            return body
        items = body.get("domain_data") or []
        shorter = [{**item, "domain": item["domain"].removeprefix("www.")} for item in items]
        return {**body, "domain_data": shorter} if items else body

    return lenient(bare)
