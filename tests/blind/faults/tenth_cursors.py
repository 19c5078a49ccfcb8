"""Cursors as libraries for pages compute them."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.raw import altering
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _ties(w: Wire) -> object:
    name = token()
    ids = w.many(5, name=name)
    return sorted(w.walk(search=name, order="desc", limit=1)) != sorted(ids)


@fault(
    "cursors",
    "list.walk-forward",
    _ties,
    "activepieces/activepieces#14323: a cursor of the created_at in seconds, and no second column",
)
def tenth_cursors_skip_the_same_second() -> ASGIApp:
    """A page behind a cursor leaves out what was created in the same second as the organization of the cursor."""

    class Seconds(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            moment, _ = super().key(listing, cursor)
            second = moment - moment % 1000
            newer = self.oldest_first(listing) == (cursor == self.onwards_from(listing))
            return (second + 999, "~") if newer else (second, "")

    return app(pages=Seconds)


def _turned(w: Wire) -> object:
    ids = w.many(3)[::-1]
    return w.ids(order="desc", before=ids[1], limit=1) == [ids[2]]


@fault("cursors", "list.walk-back", _turned, "d3vyce/fastapi-toolsets#135")
def tenth_before_leads_onwards() -> ASGIApp:
    """With before, a list in asc or desc shows what comes behind the cursor, like after."""

    def turned(asked: Listing) -> Listing:
        if asked.order == "normal" or asked.before is None:
            return asked
        return dataclasses.replace(asked, before=None, after=asked.before)

    return listing(turned)


def _forgotten(w: Wire) -> object:
    ids = w.many(3)[::-1]
    before, after = w.cursors(order="desc", after=ids[0], limit=1)
    return before is None and after == ids[1]


@fault("cursors", "list.middle-page", _forgotten, "reindexio/graphql-relay-mongodb-pagination#5")
def tenth_no_way_back_behind_after() -> ASGIApp:
    """On a page behind after, before is null."""

    def altered(_: Pages, asked: Listing, page: Page) -> Page:
        back = asked.order != "normal" and asked.after is not None
        return dataclasses.replace(page, before=None) if back else page

    return paged(altered)


def _onwards(w: Wire) -> object:
    ids = w.many(3)[::-1]
    before, after = w.cursors(order="asc", before=ids[0], limit=1)
    return after is None and before == ids[1]


@fault("cursors", "list.middle-page", _onwards, "zoontek/prisma-cursor-pagination#2: false without a second query")
def tenth_no_way_onwards_before_before() -> ASGIApp:
    """On a page that was asked for with before, after is null."""

    def altered(_: Pages, asked: Listing, page: Page) -> Page:
        back = asked.order != "normal" and asked.before is not None
        return dataclasses.replace(page, after=None) if back else page

    return paged(altered)


def _first(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)[::-1]
    return w.cursors(order="desc", search=name, before=ids[1], limit=2)[0] == ids[0]


@fault("cursors", "list.first-page", _first, "mikro-orm/mikro-orm#5320: hasPrevPage = before || after ? true : ...")
def tenth_before_promises_more() -> ASGIApp:
    """A first page that was reached with before has a cursor to what comes before it."""

    def altered(_: Pages, asked: Listing, page: Page) -> Page:
        if asked.order == "normal" or asked.before is None or not page.organizations:
            return page
        return dataclasses.replace(page, before=page.organizations[0].id)

    return paged(altered)


def _unfiltered(w: Wire) -> object:
    name = token()
    first = w.made(name=name)["id"]
    other = w.made()["id"]
    last = w.made(name=name)["id"]
    return other in w.ids(order="asc", search=name, before=last) and w.ids(order="asc", search=name) == [first, last]


@fault("cursors", "list.filter-survives-paging", _unfiltered, "a branch for pages backwards, with a query of its own")
def tenth_pages_back_forget_the_search() -> ASGIApp:
    """With before, search is not applied."""
    return listing(lambda asked: dataclasses.replace(asked, search="") if asked.before else asked)


def _unfiltered_domains(w: Wire) -> object:
    name = domain()
    other = w.made()["id"]
    w.made(domain_data=verified(name))
    last = w.made(domain_data=verified(name))["id"]
    return other in w.ids(order="desc", domains=name, after=last)


@fault(
    "cursors",
    "list.filter-survives-paging",
    _unfiltered_domains,
    "a walk whose next request is made of the cursor alone",
)
def tenth_pages_onwards_forget_the_domains() -> ASGIApp:
    """With after, domains are not applied."""
    return listing(lambda asked: dataclasses.replace(asked, domains=()) if asked.after else asked)


def _crash(w: Wire) -> object:
    return w.list(after="abc").status_code == 500 and w.list(after="org_01EHZNVPK3SFK441A1RGBFSHRT").status_code == 422


@fault("cursors", "list.any-cursor-answered", _crash, "PostgreSQL: invalid input syntax for type uuid")
def tenth_cursors_without_prefix_crash() -> ASGIApp:
    """A cursor that does not begin with org_ makes the server fail."""

    def judged(request: Request) -> Request | Reply:
        parts = [part.partition("=") for part in request.query.split("&")]
        odd = any(name in ("after", "before") and value and not value.startswith("org_") for name, _, value in parts)
        return crash() if request.operation == "list" and odd else request

    return on_request(judged)


def _ends(w: Wire) -> object:
    name = token()
    w.many(12, name=name)
    return len(w.walk(search=name, order="desc", limit=5)) == 10


@fault("cursors", "list.walk-forward", _ends, "Elasticsearch: a query without a size finds ten documents")
def tenth_searches_end_at_ten() -> ASGIApp:
    """A search shows the ten newest organizations that match, and no page leads to further ones."""

    class Ten(Pages):
        def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self.known(listing, super().older(listing, key, limit))

        def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self.known(listing, super().newer(listing, key, limit))

        def known(self, listing: Listing, found: list[Organization]) -> list[Organization]:
            if not listing.search:
                return found
            hits = {each.id for each in self.store.older((2**62, ""), 10, listing.search, None)}
            return [each for each in found if each.id in hits]

    return app(pages=Ten)


def _changed(w: Wire) -> object:
    first, second, third = w.many(3)
    w.changed(first, name="Changed")
    return w.ids(order="desc", after=third, limit=2) == [second, first] and w.ids(order="desc", limit=3)[0] == first


@fault("cursors", "list.newest-first", _changed, "a list sorted by its index on updated_at, with keys of created_at")
def tenth_first_pages_show_the_last_changed() -> ASGIApp:
    """A first page in desc or normal is sorted by updated_at."""

    def altered(pages: Pages, asked: Listing, page: Page) -> Page:
        if asked.order == "asc" or asked.after or asked.before:
            return page
        found = sorted(page.organizations, key=lambda each: (each.updated_at, each.id), reverse=True)
        return dataclasses.replace(page, organizations=found)

    return paged(altered)


def _cut(head: bytes, body: bytes) -> bytes:
    try:
        length = len(body.decode())
    except UnicodeDecodeError:
        return head + body
    return head.replace(b"content-length: %d" % len(body), b"content-length: %d" % length) + body[:length]


@fault(
    "transport",
    "answer.json",
    lambda w: not w.create(name="Zoë").text.endswith("}"),
    "abergs/OwinFriendlyExceptions#8: the length of the text, not of its bytes",
    serve=altering(_cut),
)
def tenth_length_in_characters() -> ASGIApp:
    """Content-Length counts characters, so that the end of a body with other letters than ASCII is missing."""
    return app()
