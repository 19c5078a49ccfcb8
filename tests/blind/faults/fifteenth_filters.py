"""Filters of lists, and joins with domains."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, relisted
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, Request, crash
from tests.blind.parts.stores import EVERYBODY
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified

replace = dataclasses.replace


def _repeated(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    return w.ids(domains=f"{first},{second}") == [id, id]


@fault("domains", "list.several-domains", _repeated, "SQL: JOIN organization_domains without DISTINCT")
def fifteenth_joins_repeat_organizations() -> ASGIApp:
    """A list shows an organization once for each of its domains that the filter names."""

    def repeated(pages: Pages, listing: Listing, page: Page) -> Page:
        wanted = set(listing.domains)
        each = [(o, sum(d.domain in wanted for d in o.domains)) for o in page.organizations]
        found = [o for o, count in each for _ in range(max(count, 1))]
        return replace(page, organizations=found[: listing.limit])

    return paged(repeated)


def _cut(w: Wire) -> object:
    id = w.made(domain_data=verified(domain(), domain(), domain()))["id"]
    page = w.list(limit=2, order="desc").json()["data"]
    return [each["id"] for each in page] == [id] and len(page[0]["domains"]) == 2


@fault(
    "domains",
    "list.current-state",
    _cut,
    "Sequelize: include with subQuery: false",
)
def fifteenth_limit_counts_joined_rows() -> ASGIApp:
    """The limit of a list counts domains, so that an organization with more domains than are left loses some."""

    def counted(_: Pages, listing: Listing, page: Page) -> Page:
        left, found = listing.limit, []
        for each in page.organizations:
            if left <= 0:
                break
            found.append(replace(each, domains=each.domains[:left]))
            left -= max(1, len(each.domains))
        if len(found) == len(page.organizations):
            return replace(page, organizations=found)
        return replace(page, organizations=found, after=found[-1].id) if listing.order != "normal" else page

    return paged(counted)


def _others_hidden(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first, second))
    return [len(each["domains"]) for each in w.list(domains=first).json()["data"]] == [1]


@fault(
    "domains",
    "list.filtered-organizations-whole",
    _others_hidden,
    "Sequelize: include with where",
)
def fifteenth_filter_hides_other_domains() -> ASGIApp:
    """A list filtered by domains shows only these domains of an organization."""

    def hidden(_: Pages, listing: Listing, page: Page) -> Page:
        if not listing.domains:
            return page
        return replace(
            page,
            organizations=[
                replace(each, domains=tuple(d for d in each.domains if d.domain in listing.domains))
                for each in page.organizations
            ],
        )

    return paged(hidden)


def _not_listed(w: Wire) -> object:
    id = w.made()["id"]
    return id not in w.ids(limit=100)


@fault("domains", "list.shows-created", _not_listed, "SQL: an inner join where a left one is meant")
def fifteenth_inner_join_drops_the_domainless() -> ASGIApp:
    """Lists leave out organizations without domains."""

    class Inner(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [each for each in found if each.domains][:limit]

    return app(Inner())


def _precedence(w: Wire) -> object:
    name, other = token(), domain()
    first = w.made(name=name)["id"]
    second = w.made(domain_data=verified(other))["id"]
    return {first, second} == set(w.ids(search=name, domains=other))


@fault("search", "list.filters-combine", _precedence, "query.where(...).orWhere(...)")
def fifteenth_filters_are_alternatives() -> ASGIApp:
    """A list with a search and domains shows what matches either."""

    class Either(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if not search or domain is None:
                return super()._walk(direction, than, limit, search, domain)
            found = {
                each.id: each
                for each in (
                    *super()._walk(direction, than, limit, search, None),
                    *super()._walk(direction, than, limit, "", domain),
                )
            }
            return sorted(found.values(), key=lambda each: each.key, reverse=direction is OLDER)[:limit]

    return app(Either())


def _filter_lost(w: Wire) -> object:
    w.made()
    name = token()
    ids = w.many(2, name=name)
    return len(w.ids(search=name, limit=5, order="desc", after=ids[0])) > 0


@fault(
    "search",
    "list.filter-survives-paging",
    _filter_lost,
    "tektoncd/results 379: page_token and filter",
)
def fifteenth_second_page_forgets_the_filter() -> ASGIApp:
    """A page behind a cursor is not filtered."""
    return listing(lambda asked: replace(asked, search="", domains=()) if asked.after or asked.before else asked)


def _one_text(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    return w.list(domains=f"{first},{second}").json()["data"] == []


@fault("domains", "list.several-domains", _one_text, "frameworks that split repeated parameters, not commas")
def fifteenth_commas_do_not_separate() -> ASGIApp:
    """Several domains with commas between are taken for one domain."""
    return listing(lambda asked: replace(asked, domains=(",".join(asked.domains),)) if asked.domains else asked)


def _moves_up(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    w.changed(ids[0], metadata={"a": "1"})
    return w.ids(search=name) == ids


@fault("order", "list.newest-first", _moves_up, "PostgreSQL without ORDER BY: updated rows move")
def fifteenth_updated_organizations_move_up() -> ASGIApp:
    """On a page the organization that was updated last comes first, under asc last."""

    def moved(_: Pages, listing: Listing, page: Page) -> Page:
        found = sorted(page.organizations, key=lambda o: (o.updated_at, o.id), reverse=listing.order != "asc")
        return replace(page, organizations=found)

    return paged(moved)


@fault(
    "cursors",
    "list.any-cursor-answered",
    lambda w: w.list(after="org_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 500,
    "TypeError: Cannot read properties of null (reading 'created_at')",
)
def fifteenth_unknown_cursors_fail() -> ASGIApp:
    """A cursor that no organization has answers 500."""
    store = Store()

    def read(request: Request) -> Request | Reply:
        cursor = parameter(request, "after") or parameter(request, "before")
        with store.transaction():
            return crash() if cursor and store.by_id(cursor) is None else request

    return on_request(read, app(store))


@fault(
    "cursors",
    "list.cursors",
    lambda w: "after" not in w.list(search=token()).json()["list_metadata"],
    'Go: `json:"after,omitempty"`',
)
def fifteenth_null_cursors_are_left_out() -> ASGIApp:
    """A cursor that would be null is left out of list_metadata."""
    return relisted(
        lambda page: {**page, "list_metadata": {k: v for k, v in page["list_metadata"].items() if v is not None}}
    )


@fault(
    "cursors",
    "list.empty-page",
    lambda w: w.list(search=token()).json()["list_metadata"]["after"] == "",
    "Go: a string has no null",
)
def fifteenth_null_cursors_are_empty() -> ASGIApp:
    """A cursor that would be null is an empty text."""
    return relisted(
        lambda page: {**page, "list_metadata": {name: v or "" for name, v in page["list_metadata"].items()}}
    )


@fault("lists", "list.data", lambda w: w.list(search=token()).json()["data"] is None, "Go: a nil slice becomes null")
def fifteenth_empty_data_are_null() -> ASGIApp:
    """The data of an empty page are null."""
    return relisted(lambda page: {**page, "data": page["data"] or None})


def _twenty(w: Wire) -> object:
    w.many(21)
    return len(w.ids(limit=21)) == 20


@fault("limit", "list.full-pages", _twenty, "max_page_size of a framework, below the API's own", level=SHOULD)
def fifteenth_pages_hold_twenty_at_most() -> ASGIApp:
    """A page holds at most 20 organizations, whatever the limit; its cursor leads on."""
    return listing(lambda asked: replace(asked, limit=min(asked.limit, 20)))


def _bare(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return w.listed(id)["domains"] == []


@fault("domains", "list.current-state", _bare, "TypeORM: find() without relations")
def fifteenth_lists_load_no_domains() -> ASGIApp:
    """In lists every organization has an empty array of domains."""

    class Bare(Responses):
        def page(self, page: Page) -> Object:
            shown = super().page(page)
            return {**shown, "data": [{**each, "domains": []} for each in shown["data"]]}

    return app(responses=Bare())


def _epoch(w: Wire) -> object:
    return isinstance(w.listed(w.made()["id"])["created_at"], int)


@fault("timestamps", "organization.created-at", _epoch, "lists that answer with the search index's documents")
def fifteenth_lists_show_milliseconds() -> ASGIApp:
    """In lists created_at and updated_at of organizations are milliseconds since 1970."""

    class Indexed(Responses):
        def page(self, page: Page) -> Object:
            shown = super().page(page)
            moments = [{"created_at": o.created_at, "updated_at": o.updated_at} for o in page.organizations]
            return {**shown, "data": [{**each, **m} for each, m in zip(shown["data"], moments, strict=True)]}

    return app(responses=Indexed())
