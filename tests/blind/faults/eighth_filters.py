"""Filters by name and by domain, from an index beside the database."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Rules
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.stores import EVERYBODY, DomainStore, matching
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Ids, Wire, domain, token, verified


def _by_domains(w: Wire, *names: str) -> Ids:
    page = w.http.get(f"{ORGANIZATIONS}?domains={','.join(names)}").json()
    return [each["id"] for each in page["data"]]


def _both_asked_for(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    w.made(domain_data=verified(second))
    return _by_domains(w, first, second) == []


@fault("domain filter", "list.several-domains", _both_asked_for, "Algolia: facetFilters of a flat array mean AND")
def eighth_several_domains_must_all_match() -> ASGIApp:
    """domains with several values lists the organizations that have all of them."""

    class Joined(Rules):
        def names(self, values: Sequence[str]) -> list[str] | None:
            found = super().names(values)
            return found and [",".join(found)]

    class All(DomainStore):
        def has(self, organization: Organization, domain: str) -> bool:
            return all(super(All, self).has(organization, each) for each in domain.split(","))

    return app(All(), rules=Joined())


def _twice(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    return _by_domains(w, first, second) == [id, id]


@fault("domain filter", "list.several-domains", _twice, "Rails: joins(:domains) without distinct")
def eighth_two_matching_domains_list_twice() -> ASGIApp:
    """An organization that has two of the domains that were asked for comes twice."""

    class Joining(Pages):
        def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            names = self.domains(listing)
            found = [each for name in names for each in self.store.older(key, limit, listing.search, name)]
            return sorted(found, key=lambda each: each.key, reverse=True)[:limit]

    return app(pages=Joining)


def _wildcard(w: Wire) -> object:
    first, last = token(), token()
    id = w.made(name=f"{first} and {last}")["id"]
    return w.ids(search=f"{first}*{last}") == [id]


@fault("search", "list.search-special-characters", _wildcard, "Elasticsearch: a wildcard query of the text as it came")
def eighth_asterisk_is_a_wildcard() -> ASGIApp:
    """An asterisk in a search stands for any text."""

    def matches(text: str, found: Organization) -> bool:
        pattern = ".*".join(re.escape(part) for part in text.casefold().split("*"))
        return re.search(pattern, found.name.casefold(), re.DOTALL) is not None

    return matching(matches)


def _old_name(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    w.changed(id, name="Renamed")
    return w.ids(search=name) == [id]


@fault("search", "list.search", _old_name, "Rails: after_create indexes, and nobody wrote after_update")
def eighth_rename_is_not_indexed() -> ASGIApp:
    """A search looks at the name that an organization was created with."""
    names: dict[str, str] = {}

    class Indexed(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            names[organization.id] = organization.name.casefold()

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if not search:
                return super()._walk(direction, than, limit, search, domain)
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if search.casefold() in names[each.id]][:limit]

    return app(Indexed())
