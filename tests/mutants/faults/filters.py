"""Filters that are ignored, half applied, or lost on the way."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from tests.mutants.planting import mutant, plant


def asking(change: Callable[[Listing], Listing]) -> type[Rules]:
    """Rules that make another listing of a query."""

    class Asking(Rules):
        def listing(self, query: Query) -> Listing:
            return change(super().listing(query))

    return Asking


def is_first(listing: Listing) -> bool:
    """Whether no cursor is given."""
    return listing.before is None and listing.after is None


def without_search(listing: Listing) -> Listing:
    """The listing without its search."""
    return dataclasses.replace(listing, search="")


def without_domains(listing: Listing) -> Listing:
    """The listing without its domains."""
    return dataclasses.replace(listing, domains=())


for name, requirement, fault, change in (
    ("search-ignored", "list.search", "search is ignored.", without_search),
    ("search-lost-behind-a-cursor", "list.filter-survives-paging", "search is ignored where there is a cursor.",
     lambda listing: listing if is_first(listing) else without_search(listing)),
    ("search-ignored-with-domains", "list.filters-combine", "search is ignored where there are domains.",
     lambda listing: without_search(listing) if listing.domains else listing),
    ("search-ignored-under-asc", "list.walk-forward", "search is ignored under asc.",
     lambda listing: without_search(listing) if listing.order == "asc" else listing),
    ("search-cut-short", "list.search", "Only the first three characters of a search count.",
     lambda listing: dataclasses.replace(listing, search=listing.search[:3])),
    ("domains-ignored", "list.domain", "domains is ignored.", without_domains),
    ("domains-lost-behind-a-cursor", "list.filter-survives-paging", "domains is ignored where there is a cursor.",
     lambda listing: listing if is_first(listing) else without_domains(listing)),
    ("domains-ignored-with-search", "list.filters-combine", "domains is ignored where there is a search.",
     lambda listing: without_domains(listing) if listing.search else listing),
    ("first-domain-only", "list.several-domains", "Only the first of several domains counts.",
     lambda listing: dataclasses.replace(listing, domains=listing.domains[:1])),
    ("last-domain-only", "list.several-domains", "Only the last of several domains counts.",
     lambda listing: dataclasses.replace(listing, domains=listing.domains[-1:])),
    ("two-domains-at-most", "list.several-domains", "Only the first two of several domains count.",
     lambda listing: dataclasses.replace(listing, domains=listing.domains[:2])),
    ("several-domains-ignored", "list.several-domains", "Several domains are ignored.",
     lambda listing: listing if len(listing.domains) < 2 else without_domains(listing)),
    ("domains-forgotten-backward", "list.filter-survives-paging", "domains is ignored on the way back.",
     lambda listing: without_domains(listing) if (listing.after if listing.order == "normal" else listing.before)
     else listing),
    ("filters-forgotten-under-normal", "list.filter-survives-paging", "Filters are ignored under normal.",
     lambda listing: without_domains(without_search(listing)) if listing.order == "normal" else listing),
    ("order-ignored-with-domains", "list.filter-survives-paging", "A list of domains is always the newest first.",
     lambda listing: dataclasses.replace(listing, order="desc") if listing.domains else listing),
    ("limit-ignored-with-domains", "list.filter-survives-paging", "A list of domains holds ten, whatever the limit.",
     lambda listing: dataclasses.replace(listing, limit=10) if listing.domains else listing),
    ("limit-ignored-without-filter", "list.limit", "A list without a filter holds ten, whatever the limit.",
     lambda listing: listing if listing.search or listing.domains else dataclasses.replace(listing, limit=10)),
):  # fmt: skip
    plant(name, requirement, fault, asking(change))


@mutant("list.several-domains")
class DomainsNotSplit(Rules):
    """Several domains with commas between count as one name."""

    def names(self, values: Sequence[str]) -> list[str] | None:
        return [*values] or None


@mutant("list.domain")
class UnknownDomainListsAll(Pages):
    """A domain that nobody has lists everybody."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return super().organizations(listing) or super().organizations(without_domains(listing))


@mutant("list.search")
class SearchWithoutMatchListsAll(Pages):
    """A search that finds nothing lists everybody."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return super().organizations(listing) or super().organizations(without_search(listing))


@mutant("list.search")
class SearchMatchesWholeNames(Pages):
    """A search finds only names that are the same."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return [each for each in found if listing.search in ("", each.name)]


@mutant("list.search-later-word", weak="O does not say how search matches")
class SearchMatchesBeginnings(Pages):
    """A search finds only how names begin."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return [each for each in found if each.name.startswith(listing.search)]


@mutant("list.search")
class SearchInExternalIdOnly(Pages):
    """A search looks at external_id, not at the name."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(without_search(listing), key, 1000)
        return [each for each in found if listing.search in (each.external_id or "")][:limit]


@mutant("list.filters-combine")
class EitherFilterWillDo(Pages):
    """search and domains together list what matches one of them."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        if not (listing.search and listing.domains):
            return super().older(listing, key, limit)
        either = [
            *super().older(without_search(listing), key, limit),
            *super().older(without_domains(listing), key, limit),
        ]
        each = {organization.id: organization for organization in either}.values()
        return sorted(each, key=lambda organization: organization.key, reverse=True)[:limit]


@mutant("list.several-domains")
class AllDomainsNeeded(Pages):
    """Several domains list who has all of them."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        wanted = set(listing.domains)
        return [each for each in found if wanted <= {domain.domain for domain in each.domains}]


@mutant("list.several-domains")
class ListedOncePerDomain(Pages):
    """An organization with two of the domains is listed twice."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        wanted = set(listing.domains)
        return [each for each in found for _ in wanted & {domain.domain for domain in each.domains} or [None]][:limit]


class Matching(Store):
    """A store that takes a domain for another one."""

    def newer(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        return self.chosen(super().newer(than, 1000, search, None), domain, limit)

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        return self.chosen(super().older(than, 1000, search, None), domain, limit)

    def chosen(self, found: list[Organization], domain: str | None, limit: int) -> list[Organization]:
        wanted = [
            each
            for each in found
            if domain is None or any(self.matches(owned.domain, domain) for owned in each.domains)
        ]
        return wanted[:limit]

    def matches(self, owned: str, asked: str) -> bool:
        return owned == asked


@mutant("list.domain")
class DomainSuffixes(Matching):
    """domains lists who has a domain that ends like it."""

    def matches(self, owned: str, asked: str) -> bool:
        return owned.endswith(asked)


@mutant("list.domain")
class DomainPrefixes(Matching):
    """domains lists who has a domain that begins like it."""

    def matches(self, owned: str, asked: str) -> bool:
        return owned.startswith(asked)


@mutant("list.domain")
class DomainsOfSubdomains(Matching):
    """domains lists who has a domain above it."""

    def matches(self, owned: str, asked: str) -> bool:
        return asked == owned or asked.endswith(f".{owned}")


@mutant("list.domain")
class FirstDomainOfEach(Store):
    """domains looks at the first domain of each organization only."""

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super().older(than, limit, search, domain)
        return [each for each in found if domain is None or each.domains[0].domain == domain]


@mutant("list.domain")
class DomainsOfVerifiedOnly(Store):
    """domains lists only who has the domain verified."""

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super().older(than, limit, search, domain)
        return [each for each in found if domain is None or any(owned.state != "pending" for owned in each.domains)]


@mutant("list.walk-forward")
class SearchMindsCaseBehindACursor(Pages):
    """On the second page a search is held against names in capitals."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        return found if is_first(listing) else [each for each in found if listing.search in each.name.upper()]


@mutant("list.search")
class SearchOfOldNames(Store):
    """A search finds an organization under its first name only."""

    def update(self, organization: Organization) -> None:
        super().update(organization)
        statement = "UPDATE organization SET name_folded = ? WHERE id = ?"
        first = self._firsts.setdefault(organization.id, organization.name)
        self._connection.execute(statement, (first.casefold(), organization.id))

    def insert(self, organization: Organization) -> None:
        super().insert(organization)
        self._firsts[organization.id] = organization.name

    def __init__(self) -> None:
        super().__init__()
        self._firsts: dict[str, str] = {}


@mutant("list.domain")
class FormerDomains(Store):
    """domains finds an organization under the domains that it had before too."""

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, str] = {}

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        super().update(organization)
        self._former |= {domain.domain: organization.id for domain in (known.domains if known else ())}

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        former = self.by_id(self._former.get(domain or "", ""))
        return super().older(than, limit, search, domain) or ([former] if former and former.key < than else [])


@mutant("list.search")
class SearchOfAsciiOnly(Pages):
    """A search with letters that are not ASCII finds nothing."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        return super().older(listing, key, limit) if listing.search.isascii() else []
