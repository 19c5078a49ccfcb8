"""Neighbours of what was missed: fields that need another, and lists with another parameter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating, updating
from tests.blind.parts.interception import on_request
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Request
from tests.blind.parts.stores import EVERYBODY, filtering
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

FLAG = "allow_profiles_outside_organization"
FIELDS = "fourth: a field that needs another"
LISTS = "fourth: lists"
NONE = "none: not looked up"


@fault(FIELDS, NONE, lambda w: w.made(external_id=token())["external_id"] is None)
def fourth_external_id_needs_metadata() -> ASGIApp:
    """A create with an external_id and no metadata loses the external_id."""
    return creating(lambda new, body: new if "metadata" in body else replace(new, external_id=None))


@fault(FIELDS, NONE, lambda w: w.made(metadata={"a": "b"})["metadata"] == {})
def fourth_metadata_need_external_id() -> ASGIApp:
    """A create with metadata and no external_id loses the metadata."""
    return creating(lambda new, body: new if "external_id" in body else replace(new, metadata={}))


def flag_alone(w: Wire) -> bool:
    return not w.changed(w.made()["id"], **{FLAG: True})[FLAG]


@fault(FIELDS, NONE, flag_alone)
def fourth_flag_of_update_needs_domains() -> ASGIApp:
    """An update to allow_profiles_outside_organization true is lost where the organization has no domains."""
    return updating(lambda new, known, body: new if new.domains else replace(new, allow_profiles=known.allow_profiles))


def customer_alone(w: Wire) -> bool:
    return "stripe_customer_id" not in w.changed(w.made()["id"], stripe_customer_id=f"cus_{token()}")


@fault(FIELDS, NONE, customer_alone)
def fourth_stripe_customer_needs_external_id() -> ASGIApp:
    """An update of stripe_customer_id is lost where the organization has no external_id."""
    return updating(
        lambda new, known, body: new if new.external_id else replace(new, stripe_customer_id=known.stripe_customer_id)
    )


def descending(w: Wire, **query: str) -> bool:
    text, name = token(), domain()
    ids = w.many(2, name=text, domain_data=verified(name))
    chosen = {"search": text} if query["by"] == "search" else {"domains": name}
    return w.ids(**chosen, order="asc") != ids


@fault(LISTS, NONE, lambda w: descending(w, by="search"))
def fourth_order_ignored_with_search() -> ASGIApp:
    """A search is newest first whatever its order."""
    return listing(lambda asked: replace(asked, order="desc") if asked.search and asked.order == "asc" else asked)


@fault(LISTS, NONE, lambda w: descending(w, by="domains"))
def fourth_order_ignored_with_domains() -> ASGIApp:
    """A list by domains is newest first whatever its order."""
    return listing(lambda asked: replace(asked, order="desc") if asked.domains and asked.order == "asc" else asked)


def mended(condition: str, pattern: str, replacement: str) -> ASGIApp:
    """An app that reads a list's query otherwise where it has some parameter."""

    def change(request: Request) -> Request:
        if request.operation == "list" and re.search(condition, request.query):
            return request.replaced(query=re.sub(pattern, replacement, request.query))
        return request

    return on_request(change)


TOO_MANY = r"limit=(10[1-9]|1[1-9]\d|[2-9]\d\d|\d{4,})"


@fault(LISTS, NONE, lambda w: w.list(domains=domain(), limit=101).status_code == 200)
def fourth_limit_unbounded_with_domains() -> ASGIApp:
    """A list by domains accepts a limit above 100."""
    return mended("domains=", TOO_MANY, "limit=100")


@fault(LISTS, NONE, lambda w: w.list(after=w.made()["id"], limit=101).status_code == 200)
def fourth_limit_unbounded_with_cursor() -> ASGIApp:
    """A page from a cursor accepts a limit above 100."""
    return mended("(after|before)=", TOO_MANY, "limit=100")


@fault(LISTS, NONE, lambda w: w.list(order="asc", limit=101).status_code == 200)
def fourth_limit_unbounded_under_asc() -> ASGIApp:
    """A list under order=asc accepts a limit above 100."""
    return mended("order=asc", TOO_MANY, "limit=100")


@fault(LISTS, NONE, lambda w: w.list(search="a", order="up").status_code == 200)
def fourth_any_order_with_search() -> ASGIApp:
    """A search accepts an unknown order."""
    return mended("search=", r"order=(?!(asc|desc|normal)(&|$))[^&]*", "order=desc")


def pending_hidden(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=pending(name))
    return not w.ids(domains=name)


@fault(LISTS, NONE, pending_hidden)
def fourth_filter_hides_pending() -> ASGIApp:
    """A filter by domain finds no pending domains."""
    return filtering(lambda found, name: any(e.domain == name and e.state != "pending" for e in found.domains))


def later_hidden(w: Wire) -> bool:
    name = domain()
    w.changed(w.made()["id"], domain_data=verified(name))
    return not w.ids(domains=name)


@fault(LISTS, NONE, later_hidden)
def fourth_filter_hides_domains_of_updates() -> ASGIApp:
    """A filter by domain finds no domains that an update set."""
    return filtering(
        lambda found, name: any(e.domain == name and e.created_at == found.created_at for e in found.domains)
    )


def far(condition: Callable[[Listing], object]) -> ASGIApp:
    """An app whose way back gives the far end of what precedes a cursor."""

    class Far(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None or not condition(listing):
                return super().organizations(listing)
            return self.backward(listing, self.key(listing, cursor), EVERYBODY)[::-1][: listing.limit]

    return app(pages=Far)


def newest_of_domain(w: Wire) -> bool:
    name = domain()
    ids = w.many(4, domain_data=verified(name))
    return w.ids(order="desc", domains=name, limit=1, before=ids[0]) != [ids[1]]


@fault(LISTS, NONE, newest_of_domain)
def fourth_desc_before_with_domains_gives_newest() -> ASGIApp:
    """Under order=desc with domains, a page before a cursor holds the newest of all, not the nearest."""
    return far(lambda asked: asked.order == "desc" and asked.domains)


def oldest_of_search(w: Wire) -> bool:
    text = token()
    ids = w.many(4, name=text)
    return w.ids(order="asc", search=text, limit=1, before=ids[3]) != [ids[2]]


@fault(LISTS, NONE, oldest_of_search)
def fourth_asc_before_with_search_gives_oldest() -> ASGIApp:
    """Under order=asc with a search, a page before a cursor holds the oldest of all, not the nearest."""
    return far(lambda asked: asked.order == "asc" and asked.search)


def twenty(condition: Callable[[Listing], object]) -> ASGIApp:
    """An app whose lists have another default limit under a condition."""

    class Default(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return replace(asked, limit=20) if condition(asked) and not query.getlist("limit") else asked

    return app(rules=Default())


def eleven(w: Wire, **query: str) -> bool:
    ids = w.many(12, name=query.get("search", "a"))
    return len(w.ids(**query, **({} if "search" in query else {"after": ids[0]}))) > 10


@fault(LISTS, NONE, lambda w: eleven(w, search=token()))
def fourth_other_default_limit_with_search() -> ASGIApp:
    """A search without a limit holds up to twenty."""
    return twenty(lambda asked: asked.search)


@fault(LISTS, NONE, lambda w: eleven(w, order="asc"))
def fourth_other_default_limit_with_cursor() -> ASGIApp:
    """A page from a cursor without a limit holds up to twenty."""
    return twenty(lambda asked: asked.before or asked.after)
