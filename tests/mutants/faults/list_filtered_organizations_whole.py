"""Filters that hide part of what they find."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.mutants.planting import plant


def showing(change: Callable[[Listing, Organization], Organization]) -> type[Pages]:
    """Pages that show their organizations in another way."""

    class Showing(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            changed = [change(listing, each) for each in page.organizations]
            return dataclasses.replace(page, organizations=changed)

    return Showing


def only_matching_domains(listing: Listing, each: Organization) -> Organization:
    """The organization with the domains that were asked for."""
    matching = tuple(domain for domain in each.domains if domain.domain in listing.domains)
    return dataclasses.replace(each, domains=matching) if listing.domains else each


def first_matching_domain(listing: Listing, each: Organization) -> Organization:
    """The organization with the first of the domains that were asked for."""
    matching = only_matching_domains(listing, each)
    return dataclasses.replace(matching, domains=matching.domains[:1]) if listing.domains else each


def domains_hidden_by_search(listing: Listing, each: Organization) -> Organization:
    """The organization without its domains, in a search."""
    return dataclasses.replace(each, domains=()) if listing.search else each


def metadata_hidden_by_domains(listing: Listing, each: Organization) -> Organization:
    """The organization without its metadata, in a list of domains."""
    return dataclasses.replace(each, metadata={}) if listing.domains else each


def external_id_hidden_by_filters(listing: Listing, each: Organization) -> Organization:
    """The organization without its external_id, in a filtered list."""
    return dataclasses.replace(each, external_id=None) if listing.domains or listing.search else each


# fmt: off
plant("filter-hides-other-domains", "list.filtered-organizations-whole",
      "A list of domains shows no other domains of its organizations.",
      showing(only_matching_domains))
plant("filter-shows-one-domain", "list.filtered-organizations-whole",
      "A list of domains shows one domain of each organization.",
      showing(first_matching_domain))
plant("search-hides-domains", "list.filtered-organizations-whole", "A search shows no domains.",
      showing(domains_hidden_by_search))
plant("domains-hide-metadata", "list.filtered-organizations-whole", "A list of domains shows no metadata.",
      showing(metadata_hidden_by_domains))
plant("filters-hide-external-id", "list.filtered-organizations-whole", "A filtered list shows no external_id.",
      showing(external_id_hidden_by_filters))
# fmt: on
