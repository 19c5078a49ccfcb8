"""What search and domains choose, and what they do to the list."""

from __future__ import annotations

import dataclasses
import html
import re

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.stores import EVERYBODY, filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _within(text: str, name: str) -> bool:
    return text.casefold() in name.casefold()


def _former_name(w: Wire) -> object:
    former, name = token(), token()
    id = w.made(name=former)["id"]
    w.changed(id, name=name)
    return w.ids(search=former) == [id] and w.ids(search=name) == []


@fault("search", "list.search", _former_name, "a column for search that only inserts fill")
def sixth_search_knows_first_name() -> ASGIApp:
    """search finds an organization by the name with which it was created."""

    class First(Store):
        def __init__(self) -> None:
            super().__init__()
            self.names: dict[str, str] = {}

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.names[organization.id] = organization.name

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY if search else limit, "", domain)
            return [each for each in found if _within(search, self.names[each.id])][:limit]

    return app(First())


def _as_like_of_sql_server(text: str) -> str:
    """A regular expression for LIKE where % and _ were escaped, and sets of characters were not."""
    parts = re.split(r"(\[[^\]]+\])", text)
    return "".join(part if part.startswith("[") and part.endswith("]") else re.escape(part) for part in parts)


def _like(text: str, name: str) -> bool:
    try:
        return bool(re.search(_as_like_of_sql_server(text), name, re.IGNORECASE))
    except re.error:
        return False


def _bracket(w: Wire) -> object:
    name = token()
    w.made(name=f"{name}[EU]")
    return w.ids(search=f"{name}[EU]") == []


@fault("search", "list.search-special-characters", _bracket, "LIKE of SQL Server knows sets of characters as well")
def sixth_brackets_are_sets_of_characters() -> ASGIApp:
    """In a search, [ and ] hold a set of characters."""
    return matching(lambda text, found: _like(text, found.name))


def _ampersand(w: Wire) -> object:
    name = f"{token()}&T"
    w.made(name=name)
    return w.ids(search=name) == []


@fault("search", "list.search", _ampersand, "linuxfoundation/easycla issue 3581: AT&T is not found")
def sixth_search_in_escaped_names() -> ASGIApp:
    """search looks at names in which &, <, > and quotes are escaped for HTML."""
    return matching(lambda text, found: _within(text, html.escape(found.name)))


def _not_pending(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.ids(domains=name) == []


@fault("domain filter", "list.domain", _not_pending, "a scope of verified domains, made for sign-in")
def sixth_pending_domains_are_not_found() -> ASGIApp:
    """A list by domain does not show organizations where the domain is pending."""
    return filtering(lambda found, name: any(each.domain == name and each.state != "pending" for each in found.domains))


def _grouped(w: Wire) -> object:
    first, second = domain(), domain()
    older = w.made(domain_data=verified(first))["id"]
    newer = w.made(domain_data=verified(second))["id"]
    return w.ids(domains=f"{first},{second}") == [older, newer]


def _rank(found: Organization, names: tuple[str, ...]) -> int:
    return min((names.index(each.domain) for each in found.domains if each.domain in names), default=0)


@fault("domain filter", "list.newest-first", _grouped, "a query for each domain, one result behind the other")
def sixth_several_domains_are_listed_in_turn() -> ASGIApp:
    """Within a page, what has the first of several domains comes before what has the second."""

    def grouped(_: Pages, asked: Listing, page: Page) -> Page:
        found = sorted(page.organizations, key=lambda each: _rank(each, asked.domains))
        return dataclasses.replace(page, organizations=found)

    return paged(grouped)


def _without_metadata(w: Wire) -> object:
    name = token()
    w.made(name=name, metadata={"plan": "gold"})
    return w.list(search=name).json()["data"][0]["metadata"] == {}


@fault("search", "list.filtered-organizations-whole", _without_metadata, "an index that holds what a table shows")
def sixth_search_hides_metadata() -> ASGIApp:
    """What a search finds is shown without its metadata and its external_id."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good or "search=" not in request.query:
            return response
        shown = response.json
        return response.with_json(
            {**shown, "data": [{**each, "metadata": {}, "external_id": None} for each in shown["data"]]}
        )

    return on_response(altered)


def _searched_in_vain(w: Wire) -> object:
    first, second = domain(), domain()
    ids = [w.made(domain_data=verified(name))["id"] for name in (first, second)]
    return set(w.ids(domains=f"{first},{second}", search=token())) == set(ids)


@fault("domain filter", "list.filters-combine", _searched_in_vain, "OR without parentheses binds less than AND")
def sixth_search_is_lost_with_several_domains() -> ASGIApp:
    """search is not looked at where several domains are given."""
    return listing(lambda asked: dataclasses.replace(asked, search="") if len(asked.domains) > 1 else asked)


def _others_before(w: Wire) -> object:
    name = token()
    w.many(2)
    id = w.made(name=name)["id"]
    return len(w.ids(search=name, order="asc", before=id, limit=2)) == 2


@fault("search", "list.filter-survives-paging", _others_before, "the query of the way back was written anew")
def sixth_filters_are_lost_on_the_way_back() -> ASGIApp:
    """search and domains are not looked at where before is given."""
    return listing(
        lambda asked: (
            dataclasses.replace(asked, search="", domains=()) if asked.before and asked.order != "normal" else asked
        )
    )
