"""search and domains, which choose too much or too little."""

from __future__ import annotations

import difflib
import re
from urllib.parse import parse_qs

from starlette.types import ASGIApp

from emulator.records import Key, Organization
from emulator.store import Store
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.stores import EVERYBODY, DomainStore, filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def within(text: str, found: Organization) -> bool:
    """Whether a search for a text should find an organization."""
    return text.casefold() in found.name.casefold()


@fault(
    "filters",
    "list.any-text-answered",
    lambda w: w.list(search="what's!").status_code == 500 and w.list(search="what").status_code == 200,
    "to_tsquery, which has a grammar",
)
def eleventh_searches_are_parsed() -> ASGIApp:
    """A search for a text with ', !, :, ( or & answers 500."""

    def judged(request: Request) -> Request | Reply:
        texts = parse_qs(request.query).get("search", [""])
        return crash() if request.operation == "list" and re.search(r"['!:()&|<]", texts[-1]) else request

    return on_request(judged)


def _backslash(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name}\\a")["id"]
    w.made(name=f"{name}%a")
    return id not in w.ids(search=f"{name}\\a") and id in w.ids(search=name)


@fault("filters", "list.search-special-characters", _backslash, "LIKE with % and _ escaped, and \\ forgotten")
def eleventh_backslashes_escape() -> ASGIApp:
    """In a search a backslash makes the next character stand for itself, and is not looked for."""
    return matching(lambda text, found: within(re.sub(r"\\(.)", r"\1", text), found))


def _outside(w: Wire) -> object:
    external = token()
    id = w.made(external_id=external)["id"]
    return w.ids(search=external) == [id]


@fault("filters", "list.search", _outside, "search_fields with all that people look for")
def eleventh_search_looks_at_external_ids() -> ASGIApp:
    """search finds organizations by their external_id too."""
    return matching(lambda text, found: within(text, found) or text in (found.external_id or ""))


def _alike(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name}a")["id"]
    return w.ids(search=f"{name}b") == [id]


@fault("filters", "list.search", _alike, "pg_trgm and its operator of similarity")
def eleventh_search_finds_similar_names() -> ASGIApp:
    """search finds names that are almost the text as well."""

    def close(text: str, found: Organization) -> bool:
        return difflib.SequenceMatcher(None, text.casefold(), found.name.casefold()).ratio() > 0.85

    return matching(lambda text, found: within(text, found) or close(text, found))


def _former(w: Wire) -> object:
    first, second = token(), token()
    id = w.made(name=first)["id"]
    w.changed(id, name=second)
    return w.ids(search=first) == [id] == w.ids(search=second)


@fault("filters", "list.search", _former, "an index of a search engine to which updates only add")
def eleventh_search_finds_former_names() -> ASGIApp:
    """search finds an organization by its former names too."""
    names: dict[str, set[str]] = {}

    class Former(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            names[organization.id] = {organization.name.casefold()}

        def update(self, organization: Organization) -> None:
            super().update(organization)
            names[organization.id].add(organization.name.casefold())

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if any(search.casefold() in name for name in names[each.id])][:limit]

    return app(Former())


def _too_long(w: Wire) -> object:
    name = token() + token()
    w.made(name=name)
    return w.ids(search=name) == [] != w.ids(search=name[:18])


@fault("filters", "list.search", _too_long, "an analyzer with grams of at most 20 letters")
def eleventh_long_searches_find_nothing() -> ASGIApp:
    """A search for more than 20 characters without a space finds nothing."""
    return matching(lambda text, found: within(text, found) and max(map(len, text.split() or [""])) <= 20)


def _second_domain(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    return w.ids(domains=first) == [id] and w.ids(domains=second) == []


@fault("filters", "list.domain", _second_domain, "domains[0] in the condition")
def eleventh_filter_sees_the_first_domain() -> ASGIApp:
    """domains finds an organization by the first of its domains alone."""
    return filtering(lambda organization, name: name in [each.domain for each in organization.domains[:1]])


def _attached_later(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    w.changed(id, domain_data=verified(second))
    return w.ids(domains=second) == [] and w.shown(id)["domains"][0]["domain"] == second


@fault("filters", "list.domain", _attached_later, "a copied column for the filter that creates fill")
def eleventh_filter_sees_no_updates() -> ASGIApp:
    """domains finds organizations by the domains of their create, not by those of later updates."""
    created: dict[str, set[str]] = {}

    class Copied(DomainStore):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            created[organization.id] = {each.domain for each in organization.domains}

        def has(self, organization: Organization, domain: str) -> bool:
            return domain in created.get(organization.id, set())

    return app(Copied())


def _one_of_two(w: Wire) -> object:
    name = domain()
    _, second = w.many(2, domain_data=verified(name))
    return w.ids(domains=name) == [second]


@fault("filters", "list.domain", _one_of_two, "a Map from domain to organization")
def eleventh_filter_finds_one_organization() -> ASGIApp:
    """domains with one value finds only the newest organization that has it."""
    newest: dict[str, str] = {}

    class Mapped(DomainStore):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            newest.update({each.domain: organization.id for each in organization.domains})

        def update(self, organization: Organization) -> None:
            super().update(organization)
            newest.update({each.domain: organization.id for each in organization.domains})

        def has(self, organization: Organization, domain: str) -> bool:
            return super().has(organization, domain) and newest.get(domain) == organization.id

    return app(Mapped())
