"""Filters of lists: domains and search."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.stores import EVERYBODY, DomainStore, filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _metadata_found(w: Wire) -> object:
    word = token()
    id = w.made(metadata={"team": word})["id"]
    return w.ids(search=word) == [id]


@fault("search", "list.search", _metadata_found, "a column of tsvector that holds all texts of a row")
def ninth_search_reads_metadata() -> ASGIApp:
    """search finds organizations by the values of their metadata too."""

    def matches(text: str, found: Organization) -> bool:
        return any(text.casefold() in each.casefold() for each in (found.name, *found.metadata.values()))

    return matching(matches)


def _underscore(w: Wire) -> object:
    name = token()
    w.made(name=f"{name}x")
    return len(w.ids(search=f"{name}_")) == 1


@fault("search", "list.search-special-characters", _underscore, "escapes for % alone")
def ninth_underscore_is_any_character() -> ASGIApp:
    """An underscore in search stands for any character."""

    def matches(text: str, found: Organization) -> bool:
        name, asked = found.name.casefold(), text.casefold()
        starts = range(len(name) - len(asked) + 1)
        return any(all(a in ("_", n) for n, a in zip(name[at:], asked, strict=False)) for at in starts)

    return matching(matches)


@fault(
    "search",
    "list.any-text-answered",
    lambda w: w.list(search="a(b").status_code == 500,
    "new RegExp(search) that throws",
)
def ninth_single_bracket_fails() -> ASGIApp:
    """A search for a text with an opening bracket and no closing one answers 500."""

    def failed(request: Request, response: Reply) -> Reply:
        opened = "search=" in request.query and ("%28" in request.query or "(" in request.query)
        closed = "%29" in request.query or ")" in request.query
        return crash() if request.operation == "list" and request.authorized and opened and not closed else response

    return on_response(failed)


def _renamed(w: Wire) -> object:
    old, new = token(), token()
    id = w.made(name=old)["id"]
    w.changed(id, name=new)
    return w.ids(search=old) == [id] and w.ids(search=new) == []


@fault("search", "list.search", _renamed, "an index of names that creates and deletes maintain")
def ninth_search_knows_first_names() -> ASGIApp:
    """search matches the name that an organization was created with."""
    first: dict[str, str] = {}

    class FirstNames(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            first[organization.id] = organization.name

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if search.casefold() in first[each.id].casefold()][:limit]

    return app(FirstNames())


def _replaced(w: Wire) -> object:
    old = domain()
    id = w.made(domain_data=verified(old))["id"]
    w.changed(id, domain_data=verified(domain()))
    return w.ids(domains=old) == [id]


@fault("domain filter", "list.domain", _replaced, "a map from domain to organizations that is only ever added to")
def ninth_filter_knows_old_domains() -> ASGIApp:
    """domains finds an organization by each domain that it ever had."""
    ever: dict[str, set[str]] = {}

    class Ever(DomainStore):
        def _insert_domains(self, organization: Organization) -> None:
            super()._insert_domains(organization)
            ever.setdefault(organization.id, set()).update(each.domain for each in organization.domains)

        def has(self, organization: Organization, domain: str) -> bool:
            return domain in ever.get(organization.id, ())

    return app(Ever())


def _only_at_update(w: Wire) -> object:
    name = domain()
    w.changed(w.made()["id"], domain_data=verified(name))
    return w.ids(domains=name) == []


@fault("domain filter", "list.domain", _only_at_update, "a map from domain to organizations that creates alone fill")
def ninth_filter_misses_updated_domains() -> ASGIApp:
    """domains does not find an organization by a domain that an update gave it."""
    return filtering(
        lambda found, name: any(e.domain == name and e.created_at == found.created_at for e in found.domains)
    )


def _second_missed(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first, second))
    return w.ids(domains=second) == []


@fault("domain filter", "list.domain", _second_missed, "a primary domain in a column of the organization")
def ninth_filter_reads_first_domain() -> ASGIApp:
    """domains looks at the first domain of each organization alone."""
    return filtering(lambda found, name: bool(found.domains) and found.domains[0].domain == name)


def _twice(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    return w.ids(domains=f"{first},{second}") == [id, id]


@fault("domain filter", "list.several-domains", _twice, "a JOIN without DISTINCT")
def ninth_filter_repeats_organizations() -> ASGIApp:
    """An organization that has two of the domains that a list asks for appears twice on a page."""

    def changed(_: Pages, asked: Listing, page: Page) -> Page:
        wanted = set(asked.domains)
        rows = [o for o in page.organizations for _ in wanted & {d.domain for d in o.domains}]
        return dataclasses.replace(page, organizations=rows[: asked.limit]) if len(wanted) > 1 else page

    return paged(changed)


def _search_lost(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    return w.ids(domains=name, search=token()) == [id]


@fault("filters", "list.filters-combine", _search_lost, "if (domains) ... else if (search)")
def ninth_domains_hide_search() -> ASGIApp:
    """A list with domains ignores search."""
    return listing(lambda asked: dataclasses.replace(asked, search="") if asked.domains else asked)


def _forgotten_back(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    other = w.made()["id"]
    second = w.made(domain_data=verified(name))["id"]
    return w.ids(domains=name, order="desc", before=first) == [second, other]


@fault(
    "filters", "list.filter-survives-paging", _forgotten_back, "a query for the way back that was written separately"
)
def ninth_way_back_forgets_domains() -> ASGIApp:
    """A list with domains and before ignores domains."""
    return listing(lambda asked: dataclasses.replace(asked, domains=()) if asked.before else asked)
