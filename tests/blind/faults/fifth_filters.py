"""Filters that choose other organizations, or show them otherwise."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.listing import listing, paged, requery
from tests.blind.parts.stores import EVERYBODY, filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

KIND = "fifth: filters"


def names(organization: Organization) -> list[str]:
    """Its domains."""
    return [each.domain for each in organization.domains]


def both_needed(w: Wire) -> bool:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    both = w.made(domain_data=verified(first, second))["id"]
    return w.ids(domains=f"{first},{second}") == [both]


@fault(KIND, "list.several-domains", both_needed, "a HAVING count")
def fifth_several_domains_must_all_match() -> ASGIApp:
    """A filter of several domains shows the organizations that have all of them."""

    class All(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            kept = [each for each in page.organizations if {*listing.domains} <= {*names(each)}]
            return replace(page, organizations=kept)

    return app(pages=All)


def of_parent(w: Wire) -> bool:
    parent = domain()
    below = w.made(domain_data=verified(f"mail.{parent}"))["id"]
    return w.ids(domains=parent) == [below]


@fault(KIND, "list.domain", of_parent, "a suffix that is compared")
def fifth_filter_finds_subdomains() -> ASGIApp:
    """A filter by domain shows the organizations that have a domain below it."""
    return filtering(lambda organization, text: any(f".{name}".endswith(f".{text}") for name in names(organization)))


def second_domain(w: Wire) -> bool:
    first, second = domain(), domain()
    w.made(domain_data=verified(first, second))
    return bool(w.ids(domains=first)) and not w.ids(domains=second)


@fault(KIND, "list.domain", second_domain, "a column for the primary domain")
def fifth_filter_knows_the_first_domain() -> ASGIApp:
    """A filter by domain looks at the first domain of each organization."""
    return filtering(lambda organization, text: text in names(organization)[:1])


def pending_missed(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=pending(name))
    return not w.ids(domains=name)


@fault(KIND, "list.domain", pending_missed, "a filter that serves sign-in")
def fifth_filter_misses_pending_domains() -> ASGIApp:
    """A filter by domain does not find pending domains."""
    return filtering(
        lambda organization, text: any(each.domain == text and each.state != "pending" for each in organization.domains)
    )


def fourth_value(w: Wire) -> bool:
    given = [domain() for _ in range(4)]
    w.made(domain_data=verified(given[3]))
    return not w.ids(domains=",".join(given))


@fault(KIND, "list.several-domains", fourth_value, "a query with three placeholders")
def fifth_filter_takes_three_domains() -> ASGIApp:
    """A filter of several domains uses the first three."""
    return listing(lambda asked: replace(asked, domains=asked.domains[:3]))


def twice(w: Wire) -> bool:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    return w.ids(domains=f"{first},{second}") == [id, id]


@fault(KIND, "list.several-domains", twice, "a join without DISTINCT")
def fifth_several_domains_show_an_organization_twice() -> ASGIApp:
    """A filter of several domains shows an organization once for each that it has."""

    def joined(pages: Pages, asked: Listing, page: Page) -> Page:
        rows = [each for each in page.organizations for name in names(each) if name in asked.domains]
        return replace(page, organizations=rows[: asked.limit]) if asked.domains else page

    return paged(joined)


def limited_first(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    w.made()
    return bool(w.ids(domains=name)) and not w.ids(domains=name, limit=1)


@fault(KIND, "list.domain", limited_first, "a filter over the page that was read")
def fifth_filter_after_limit() -> ASGIApp:
    """A filter by domain looks at the newest organizations only, as many as the limit says."""

    class Late(Store):
        def older(self, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
            found = super().older(than, limit, search, None)
            return [each for each in found if domain is None or domain in names(each)]

    return app(Late())


def dropped_going_back(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    other = w.made()["id"]
    last = w.made(domain_data=verified(name))["id"]
    first = w.made(domain_data=verified(name))["id"]
    return w.ids(domains=name, order="asc", before=first)[-2:] == [other, last]


@fault(KIND, "list.filter-survives-paging", dropped_going_back, "links to the previous page built by hand")
def fifth_before_drops_domains() -> ASGIApp:
    """With before a filter by domain is ignored."""
    return listing(lambda asked: replace(asked, domains=()) if asked.before else asked)


def cursor_of_everybody(w: Wire) -> bool:
    name = domain()
    w.made()
    w.made(domain_data=verified(name))
    return w.cursors(domains=name, order="desc")[1] is not None


@fault(KIND, "list.single-page", cursor_of_everybody, "a count without the WHERE")
def fifth_filtered_page_has_cursor_to_others() -> ASGIApp:
    """The last page of a filter by domain has a cursor when there are older organizations without the domain."""

    class Unfiltered(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_onwards(replace(listing, domains=()), page)

    return app(pages=Unfiltered)


def hidden(w: Wire) -> bool:
    name = token()
    w.made(name=name, domain_data=verified(domain()))
    return bool(w.list(search=name).json()["data"][0]["domains"] == [])


@fault(KIND, "list.filtered-organizations-whole", hidden, "documents of a search index")
def fifth_searches_show_no_domains() -> ASGIApp:
    """A search shows its organizations without domains."""
    return paged(
        lambda pages, asked, page: (
            replace(page, organizations=[replace(each, domains=()) for each in page.organizations])
            if asked.search
            else page
        )
    )


def by_metadata(w: Wire) -> bool:
    text = token()
    w.made(metadata={"a": text})
    return bool(w.ids(search=text))


@fault(KIND, "list.search", by_metadata, "a search over all columns")
def fifth_search_looks_at_metadata() -> ASGIApp:
    """A search looks at the values of metadata as well."""
    return matching(lambda text, each: any(text in part.casefold() for part in (each.name, *each.metadata.values())))


def by_external_id(w: Wire) -> bool:
    text = token()
    w.made(external_id=text)
    return bool(w.ids(search=text))


@fault(KIND, "list.search", by_external_id, "a search box that takes identifiers as well")
def fifth_search_finds_external_ids() -> ASGIApp:
    """A search for a whole external_id shows its organization."""
    return matching(lambda text, each: text.casefold() in each.name.casefold() or text == each.external_id)


def beginning(w: Wire) -> bool:
    text = token()
    w.made(name=f"{text} the longest name of all 1")
    return len(w.ids(search=f"{text} the longest name of all 2")) == 1


@fault(KIND, "list.search", beginning, "a prefix index")
def fifth_search_compares_twenty_characters() -> ASGIApp:
    """A search uses the first twenty characters of its text."""
    return listing(lambda asked: replace(asked, search=asked.search[:20]))


def plus_lost(w: Wire) -> bool:
    text = token()
    w.made(name=f"{text}+a")
    return not w.ids(search=f"{text}+a")


@fault(KIND, "list.search-special-characters", plus_lost, "a query that is decoded twice")
def fifth_search_decodes_plus_twice() -> ASGIApp:
    """A search takes an encoded plus sign for a space."""
    return requery("%2B", "+")


def old_name(w: Wire) -> bool:
    old, new = token(), token()
    id = w.made(name=old)["id"]
    w.changed(id, name=new)
    return w.ids(search=old) == [id] and not w.ids(search=new)


@fault(KIND, "list.search", old_name, "an index that hears of creates alone")
def fifth_search_knows_the_first_name() -> ASGIApp:
    """A search looks at the name that an organization was created with."""
    first: dict[str, str] = {}

    class Noting(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            first[organization.id] = organization.name

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if search.casefold() in first[each.id].casefold()][:limit]

    return app(Noting())


def any_order(w: Wire) -> bool:
    name = domain()
    ids = w.many(2, domain_data=verified(name))
    return w.ids(domains=name, order="asc") == ids[::-1]


@fault(KIND, "list.order", any_order, "a query of its own for the filter")
def fifth_filtered_lists_ignore_asc() -> ASGIApp:
    """A filter by domain shows the newest organizations first, under asc too."""
    return listing(lambda asked: replace(asked, order="desc") if asked.domains and asked.order == "asc" else asked)


def whole_words(w: Wire) -> bool:
    name = token()
    w.made(name=f"The {name}")
    return not w.ids(search=name)


@fault(KIND, "list.search-later-word", whole_words, "LIKE 'text%'", level="SHOULD")
def fifth_search_finds_beginnings_alone() -> ASGIApp:
    """A search looks at the beginning of the name."""
    return matching(lambda text, each: each.name.casefold().startswith(text.casefold()))
