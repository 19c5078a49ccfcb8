"""The filter by domain."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.listing import listing
from tests.blind.parts.stores import DomainStore, filtering
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, verified


def _lost_going_back(w: Wire) -> object:
    shared = domain()
    first = w.made(domain_data=verified(shared))["id"]
    w.made(name="Between")
    second = w.made(domain_data=verified(shared))["id"]
    return w.ids(domains=shared, order="desc", limit=1, before=first) != [second]


@fault("search", "list.filter-survives-paging", _lost_going_back, "one of two query builders")
def domains_lost_going_back() -> ASGIApp:
    """With `before` the filter by domain is left aside."""
    return listing(lambda asked: dataclasses.replace(asked, domains=()) if asked.before else asked)


def _either_listed(w: Wire) -> object:
    names = domain(), domain()
    for name in names:
        w.made(domain_data=verified(name))
    return len(w.ids(domains=",".join(names))) != 2


@fault("search", "list.several-domains", _either_listed, "O form without explode")
def domains_only_first_counts() -> ASGIApp:
    """Of several domains in the query only the first is looked for."""
    return listing(lambda asked: dataclasses.replace(asked, domains=asked.domains[:1]))


@fault(
    "search",
    "list.several-domains",
    lambda w: w.made(domain_data=verified(d := domain())) and w.ids(domains=f"{d},{domain()}") == [],
    "a comma that nobody splits",
)
def domains_with_comma_are_one() -> ASGIApp:
    """Several domains in the query are taken for one with commas in it."""

    class Whole(Rules):
        def names(self, values: Sequence[str]) -> list[str] | None:
            return [value for value in values if value] or None

    return app(rules=Whole())


@fault(
    "search",
    "list.domain",
    lambda w: w.made(domain_data=verified(f"sub-{(d := domain())}")) and w.ids(domains=d) != [],
    "LIKE '%domain'",
)
def domains_match_by_ending() -> ASGIApp:
    """A filter by domain also lists organizations whose domain only ends in what was asked for."""
    return filtering(lambda organization, asked: any(each.domain.endswith(asked) for each in organization.domains))


@fault(
    "search",
    "list.domain",
    lambda w: w.made(domain_data=pending(d := domain())) and w.ids(domains=d) == [],
    "a lookup for login used as the filter",
)
def domains_pending_not_found() -> ASGIApp:
    """A filter by domain lists only organizations that have verified it."""
    return filtering(
        lambda organization, asked: any(d.domain == asked and d.state != "pending" for d in organization.domains)
    )


@fault(
    "search",
    "list.domain",
    lambda w: w.made(domain_data=verified(domain(), d := domain())) and w.ids(domains=d) == [],
    "a primary domain in a column of its own",
)
def domains_second_not_found() -> ASGIApp:
    """A filter by domain looks only at the first domain of an organization."""
    return filtering(lambda organization, asked: asked in {each.domain for each in organization.domains[:1]})


def _replaced_found(w: Wire) -> object:
    old = domain()
    id = w.made(domain_data=verified(old))["id"]
    w.update(id, domain_data=verified(domain()))
    return w.ids(domains=old) == [id]


@fault("search", "list.domain", _replaced_found, "an index that is only added to")
def domains_replaced_still_found() -> ASGIApp:
    """A filter by domain still lists an organization by a domain that an update replaced."""

    ever: dict[str, set[str]] = {}

    class Keeping(DomainStore):
        def _insert_domains(self, organization: Organization) -> None:
            super()._insert_domains(organization)
            for each in organization.domains:
                ever.setdefault(each.domain, set()).add(organization.id)

        def has(self, organization: Organization, domain: str) -> bool:
            return organization.id in ever.get(domain, ())

    return app(Keeping())


def _twice(w: Wire) -> object:
    names = domain(), domain()
    id = w.made(domain_data=verified(*names))["id"]
    return w.ids(domains=",".join(names)) == [id, id]


@fault("search", "list.several-domains", _twice, "a join without DISTINCT")
def domains_both_listed_twice() -> ASGIApp:
    """An organization that has two of the asked domains is listed twice."""

    class Joined(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            asked = set(listing.domains)
            each = [[one] * max(1, len(asked & {d.domain for d in one.domains})) for one in found]
            return [one for several in each for one in several][: listing.limit]

    return app(pages=Joined)
