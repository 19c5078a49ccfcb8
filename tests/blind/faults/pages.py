"""What a page shows of its organizations and cursors."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response, relisted
from tests.blind.parts.listing import paged
from tests.blind.parts.messages import Reply, Request, crash, unprocessable
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import domain, token, verified


@fault(
    "paging",
    "list.last-page",
    lambda w: w.many(2, name=(t := token())) and w.cursors(search=t, limit=2, order="desc")[1] is not None,
    "has_more = len(page) == limit",
)
def full_last_page_has_cursor() -> ASGIApp:
    """A last page that is exactly full has a cursor to a page that is empty."""

    def altered(pages: Pages, listing: Listing, page: Page) -> Page:
        full = page.organizations and len(page.organizations) == listing.limit
        if not full or pages.turned_round(listing):
            return page
        return dataclasses.replace(page, after=page.organizations[-1].id)

    return paged(altered)


@fault(
    "paging",
    "list.first-page",
    lambda w: w.many(2) and w.cursors(order="desc", limit=1)[0] is not None,
    "before = data[0].id, whatever precedes it",
)
def first_page_has_backward_cursor() -> ASGIApp:
    """`before` is always the first id of the page, also on the first page."""
    return paged(
        lambda pages, listing, page: (
            dataclasses.replace(page, before=page.organizations[0].id)
            if page.organizations and not pages.turned_round(listing)
            else page
        )
    )


@fault(
    "paging",
    "list.middle-page",
    lambda w: (ids := w.many(3)) and w.cursors(order="desc", limit=1, after=ids[2])[0] is None,
    "github.com/eclipse-jnosql/jnosql/issues/756",
)
def forward_pages_have_no_way_back() -> ASGIApp:
    """A page that was reached by `after` has no backward cursor."""
    return paged(
        lambda pages, listing, page: (
            dataclasses.replace(page, before=None) if listing.after and not pages.turned_round(listing) else page
        )
    )


@fault(
    "paging",
    "list.middle-page",
    lambda w: (ids := w.many(3)) and w.cursors(order="desc", limit=1, before=ids[0])[1] is None,
    "github.com/mikro-orm/mikro-orm/pull/5320",
)
def backward_pages_have_no_way_on() -> ASGIApp:
    """A page that was reached by `before` has no forward cursor."""
    return paged(
        lambda pages, listing, page: (
            dataclasses.replace(page, after=None) if listing.before and not pages.turned_round(listing) else page
        )
    )


@fault(
    "paging",
    "list.shows-created",
    lambda w: w.made(domain_data=verified(domain())) and w.made()["id"] not in w.ids(),
    "INNER JOIN of organizations and domains",
)
def list_hides_organizations_without_domains() -> ASGIApp:
    """Organizations without domains are never listed."""

    class Joined(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            return [o for o in super()._walk(direction, than, EVERYBODY, search, domain) if o.domains][:limit]

    return app(Joined())


@fault(
    "paging",
    "list.current-state",
    lambda w: (
        w.made(name=(t := token()), domain_data=verified(domain(), domain(), domain()))
        and len(w.list(search=t, limit=2).json()["data"][0]["domains"]) != 3
    ),
    "LIMIT on a join",
)
def list_limit_counts_domains() -> ASGIApp:
    """The limit counts rows of a join: a page shows at most as many domains as the limit says."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or not response.good:
            return response
        limit = int((re.search(r"(?<![a-z])limit=(\d+)", request.query) or [0, 10])[1])
        value, left = response.json, limit
        for organization in value["data"]:
            organization["domains"] = organization["domains"][:left]
            left -= len(organization["domains"])
        return response.with_json(value)

    return on_response(altered)


@fault("paging", "list.cursors", lambda w: "after" not in w.list(search=token()).json()["list_metadata"], "omitempty")
def null_cursors_left_out() -> ASGIApp:
    """A cursor that is null is left out of list_metadata."""
    return relisted(lambda value: {**value, "list_metadata": {k: v for k, v in value["list_metadata"].items() if v}})


@fault("paging", "list.single-page", lambda w: w.cursors(search=token()) == ("", ""), "Go's zero value")
def null_cursors_are_empty_texts() -> ASGIApp:
    """A cursor that should be null is the empty text."""
    return relisted(lambda value: {**value, "list_metadata": {k: v or "" for k, v in value["list_metadata"].items()}})


@fault("paging", "list.data", lambda w: w.list(search=token()).json()["data"] is None, "Go's nil slice")
def empty_page_has_null_data() -> ASGIApp:
    """data is null on a page without matches."""
    return relisted(lambda value: {**value, "data": value["data"] or None})


@fault(
    "paging",
    "answer.status",
    lambda w: w.list(after="org_01EHZNVPK3SFK441A1RGBFSHRT").status_code >= 500,
    "FACTS: an unknown cursor never answers 5xx",
)
def unknown_cursor_crashes() -> ASGIApp:
    """A cursor that belongs to no organization answers 500."""
    return on_response(
        lambda _, response: crash() if response.status == 422 and b"unknown_cursor" in response.body else response
    )


@fault(
    "paging",
    "list.accepts-valid-queries",
    lambda w: w.list(order="asc", search="a", limit=5, domains=domain()).status_code != 200,
    "a query builder that knows one criterion",
)
def search_and_domains_together_refused() -> ASGIApp:
    """search and domains in one request are refused with 422."""
    return on_request(
        lambda request: (
            unprocessable("search")
            if request.operation == "list" and "search=" in request.query and "domains=" in request.query
            else request
        )
    )
