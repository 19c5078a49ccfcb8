"""Filters by one domain that find too much or too little."""

from __future__ import annotations

import re

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.parts.listing import asking, without_domains
from tests.mutants.planting import mutant, plant


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


# fmt: off
plant("domains-ignored", "list.domain", "domains is ignored.", asking(without_domains))
# fmt: on


@mutant("unknown-domain-lists-all", "list.domain")
class UnknownDomainListsAll(Pages):
    """A domain that nobody has lists everybody."""

    def organizations(self, listing: Listing) -> list[Organization]:
        return super().organizations(listing) or super().organizations(without_domains(listing))


@mutant("domain-suffixes", "list.domain")
class DomainSuffixes(Matching):
    """domains lists who has a domain that ends like it."""

    def matches(self, owned: str, asked: str) -> bool:
        return owned.endswith(asked)


@mutant("domain-prefixes", "list.domain")
class DomainPrefixes(Matching):
    """domains lists who has a domain that begins like it."""

    def matches(self, owned: str, asked: str) -> bool:
        return owned.startswith(asked)


@mutant("domains-of-subdomains", "list.domain")
class DomainsOfSubdomains(Matching):
    """domains lists who has a domain above it."""

    def matches(self, owned: str, asked: str) -> bool:
        return asked == owned or asked.endswith(f".{owned}")


@mutant("first-domain-of-each", "list.domain")
class FirstDomainOfEach(Store):
    """domains looks at the first domain of each organization only."""

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super().older(than, limit, search, domain)
        return [each for each in found if domain is None or each.domains[0].domain == domain]


@mutant("domains-of-verified-only", "list.domain")
class DomainsOfVerifiedOnly(Store):
    """domains lists only who has the domain verified."""

    def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        found = super().older(than, limit, search, domain)
        return [each for each in found if domain is None or any(owned.state != "pending" for owned in each.domains)]


@mutant("former-domains", "list.domain")
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


@mutant("domain-dots-are-wildcards", "list.domain")
class DomainDotsAreWildcards(Matching):
    """A dot in domains stands for any character."""

    def matches(self, owned: str, asked: str) -> bool:
        return re.fullmatch(".".join(map(re.escape, asked.split("."))), owned) is not None


@mutant("domain-without-www", "list.domain")
class DomainWithoutWww(Matching):
    """domains does not mind www at the beginning."""

    def matches(self, owned: str, asked: str) -> bool:
        return owned.removeprefix("www.") == asked.removeprefix("www.")


@mutant("domain-dashes-ignored", "list.domain")
class DomainDashesIgnored(Matching):
    """domains does not mind dashes."""

    def matches(self, owned: str, asked: str) -> bool:
        return owned.replace("-", "") == asked.replace("-", "")


@mutant("owners-of-several-domains-hidden", "list.domain")
class OwnersOfSeveralDomainsHidden(Matching):
    """domains lists nobody who has more than one domain."""

    def chosen(self, found: list[Organization], domain: str | None, limit: int) -> list[Organization]:
        fitting = [each for each in found if domain is None or len(each.domains) == 1]
        return super().chosen(fitting, domain, limit)
