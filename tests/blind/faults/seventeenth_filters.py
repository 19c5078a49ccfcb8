"""Filters and searches as queries and indexes of real back ends got them wrong."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.listing import paged
from tests.blind.parts.seventeenth import crashing
from tests.blind.parts.stores import EVERYBODY, DomainStore, filtering, matching
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _twice(w: Wire) -> object:
    names = [domain(), domain()]
    id = w.made(domain_data=verified(*names))["id"]
    return w.ids(domains=",".join(names)) == [id, id]


@fault("filters", "list.several-domains", _twice, "SQL: JOIN without DISTINCT")
def seventeenth_joins_repeat() -> ASGIApp:
    """A list filtered by several domains shows an organization once for each of them that it has."""

    class Joined(Pages):
        def _all(
            self, walk: Callable[[Key, int, str, str | None], list[Organization]], asked: Listing, key: Key, limit: int
        ) -> list[Organization]:
            return [each for name in self.domains(asked) for each in walk(key, limit, asked.search, name)]

        def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return sorted(self._all(self.store.newer, listing, key, limit), key=lambda each: each.key)[:limit]

        def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return sorted(self._all(self.store.older, listing, key, limit), key=lambda each: each.key)[::-1][:limit]

    return app(pages=Joined)


def _matching_alone(w: Wire) -> object:
    names = [domain(), domain()]
    w.made(domain_data=verified(*names))
    return [each["domain"] for each in w.list(domains=names[0]).json()["data"][0]["domains"]] == [names[0]]


@fault("filters", "list.filtered-organizations-whole", _matching_alone, "Sequelize: include with where")
def seventeenth_filter_hides_other_domains() -> ASGIApp:
    """A list filtered by domain shows no other domains of what it finds."""

    def matching_of(organization: Organization, names: tuple[str, ...]) -> Organization:
        return dataclasses.replace(organization, domains=tuple(d for d in organization.domains if d.domain in names))

    return paged(
        lambda _, asked, page: (
            dataclasses.replace(page, organizations=[matching_of(each, asked.domains) for each in page.organizations])
            if asked.domains
            else page
        )
    )


class Sieved(Pages):
    """Pages of whatever a test of its own keeps."""

    def keeps(self, listing: Listing, organization: Organization) -> bool:
        """Whether the list shows the organization."""
        return True

    def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """The nearest newer ones."""
        found = self.store.newer(key, EVERYBODY, "", None)
        return [each for each in found if self.keeps(listing, each)][:limit]

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """The nearest older ones."""
        found = self.store.older(key, EVERYBODY, "", None)
        return [each for each in found if self.keeps(listing, each)][:limit]


def _called(organization: Organization, text: str) -> bool:
    return text.casefold() in organization.name.casefold()


def _either(w: Wire) -> object:
    name, host = token(), domain()
    ids = [w.made(name=name)["id"], w.made(domain_data=verified(host))["id"]]
    return w.ids(search=name, domains=host, order="asc") == ids


@fault("filters", "list.filters-combine", _either, "Laravel: orWhere without a group")
def seventeenth_filters_are_alternatives() -> ASGIApp:
    """search and domains together list what matches either."""

    class Alternatives(Sieved):
        def keeps(self, listing: Listing, organization: Organization) -> bool:
            named = {each.domain for each in organization.domains}
            checks = [_called(organization, listing.search)] if listing.search else []
            checks += [not named.isdisjoint(listing.domains)] if listing.domains else []
            return any(checks) or not checks

    return app(pages=Alternatives)


def _part(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(f"sub{name}"))["id"]
    return w.ids(domains=name) == [id]


@fault("filters", "list.domain", _part, "Django: domain__icontains")
def seventeenth_part_of_a_domain_is_enough() -> ASGIApp:
    """A list filtered by domain finds domains that contain the text."""
    return filtering(lambda organization, text: any(text in each.domain for each in organization.domains))


def _former(w: Wire) -> object:
    names = [domain(), domain()]
    id = w.made(domain_data=verified(names[0]))["id"]
    w.changed(id, domain_data=verified(names[1]))
    return w.ids(domains=names[0]) == [id]


@fault("filters", "list.domain", _former, "an index of domains to which updates only add")
def seventeenth_former_domains_are_found() -> ASGIApp:
    """A list filtered by domain finds organizations that had the domain once."""

    class Adding(DomainStore):
        def __init__(self) -> None:
            super().__init__()
            self.ever: dict[str, set[str]] = {}

        def _insert_domains(self, organization: Organization) -> None:
            self.ever.setdefault(organization.id, set()).update(each.domain for each in organization.domains)
            super()._insert_domains(organization)

        def has(self, organization: Organization, domain: str) -> bool:
            return domain in self.ever.get(organization.id, ())

    return app(Adding())


def _wild(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name} 50a off")["id"]
    return w.ids(search=f"{name} 50%off") == [id]


@fault("search", "list.search-special-characters", _wild, "SQL: LIKE with what the client sent")
def seventeenth_search_has_wildcards() -> ASGIApp:
    """A percent sign and an underscore in a search stand for other characters."""

    def like(text: str, found: Organization) -> bool:
        pattern = "".join({"%": ".*", "_": "."}.get(letter, re.escape(letter)) for letter in text.casefold())
        return re.search(pattern, found.name.casefold(), re.S) is not None

    return matching(like)


@fault(
    "search",
    "list.search-special-characters",
    lambda w: w.list(search="O'Neil & Co").status_code == 500,
    "PostgreSQL: to_tsquery, syntax error in tsquery",
)
def seventeenth_operators_in_a_search_crash() -> ASGIApp:
    """A search with an ampersand, a bar, an exclamation mark, a bracket, a colon or an apostrophe fails."""
    return crashing(lambda request: re.search("[&|!():']", parameter(request, "search")))


def _scanned(w: Wire) -> object:
    name = token()
    w.made(name=name)
    w.many(3)
    return w.ids(search=name, limit=2) == []


@fault("search", "list.search", _scanned, "DynamoDB: Limit counts what is scanned, before the filter")
def seventeenth_search_looks_at_a_few() -> ASGIApp:
    """A search looks at no more organizations than its limit says."""

    class Scanning(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, limit, "", domain)
            return [each for each in found if _called(each, search)]

    return app(Scanning())


def _elsewhere(w: Wire) -> object:
    external_id = token()
    id = w.made(external_id=external_id)["id"]
    return w.ids(search=external_id) == [id]


@fault("search", "list.search", _elsewhere, "search fields of an admin page: name, external_id, domain")
def seventeenth_search_looks_elsewhere() -> ASGIApp:
    """A search is matched against external_id and domains too."""

    def anywhere(text: str, found: Organization) -> bool:
        fields = [found.name, found.external_id or "", *(each.domain for each in found.domains)]
        return any(text.casefold() in field.casefold() for field in fields)

    return matching(anywhere)


def _old_name(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    w.changed(id, name="Renamed")
    return w.ids(search=name) == [id]


@fault("search", "list.search", _old_name, "a search index that only creates feed")
def seventeenth_search_knows_first_names() -> ASGIApp:
    """A search is matched against the name that an organization was created with."""

    class Indexed(Store):
        def __init__(self) -> None:
            super().__init__()
            self.names: dict[str, str] = {}

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.names[organization.id] = organization.name.casefold()

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if search.casefold() in self.names[each.id]][:limit]

    return app(Indexed())
