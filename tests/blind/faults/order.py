"""The order of lists."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.listing import listing, requery
from tests.blind.parts.messages import Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

FORWARD = "list.walk-forward"


@fault("paging", "list.order", lambda w: (ids := w.many(2)) and w.ids(order="asc")[:2] != ids, "an unread parameter")
def order_asc_is_ignored() -> ASGIApp:
    """order=asc is accepted and lists newest first."""
    return listing(lambda asked: dataclasses.replace(asked, order="desc") if asked.order == "asc" else asked)


@fault(
    "paging",
    "list.order",
    lambda w: (ids := w.many(3)) and w.ids(order="asc", limit=2) != ids[:2],
    "sorting what the database already cut",
)
def order_asc_sorts_newest_page() -> ASGIApp:
    """order=asc reads the newest organizations and turns only this page round."""

    class Turned(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            if listing.order == "asc" and not listing.after and not listing.before:
                return self.store.older(NEWEST, listing.limit, listing.search, None)[::-1]
            return super().organizations(listing)

    return app(pages=Turned)


@fault(
    "paging",
    "list.order",
    lambda w: (ids := w.many(2, name=(t := token()))) and w.ids(order="asc", search=t) != ids,
    "one of two query builders",
)
def order_ignored_with_search() -> ASGIApp:
    """With a search the order is ignored: newest first."""
    return listing(
        lambda asked: dataclasses.replace(asked, order="desc") if asked.search and asked.order == "asc" else asked
    )


@fault("paging", "list.order-unknown", lambda w: w.list(order="newest").status_code == 200, "a default branch")
def order_unknown_is_default() -> ASGIApp:
    """An unknown order counts as desc."""
    return requery(r"(?<![a-z])order=(?!asc(?:&|$)|normal(?:&|$))[^&]*", "order=desc")


@fault("paging", "list.order-unknown", lambda w: w.list(order="ASC").status_code == 200, "toLowerCase before the check")
def order_in_capitals_accepted() -> ASGIApp:
    """An order in capital letters, which is not documented, is accepted."""

    def lowered(request: Request) -> Request:
        return request.replaced(query=re.sub("order=(ASC|DESC|NORMAL)", lambda m: m[0].lower(), request.query))

    return on_request(lowered)


def _updated_first(w: Wire) -> object:
    ids = w.many(2)
    w.update(ids[0], name="Touched")
    return w.ids(order="desc")[:2] == ids


@fault("paging", "list.newest-first", _updated_first, "ORDER BY updated_at")
def list_sorts_by_last_change() -> ASGIApp:
    """A list is ordered by the last change instead of the creation."""

    class Recent(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            return sorted(found, key=lambda o: (o.updated_at, o.id), reverse=not self.oldest_first(listing))

    return app(pages=Recent)


@fault(
    "paging",
    FORWARD,
    lambda w: (ids := w.many(3)) and w.ids(order="normal", limit=1, before=ids[2]) != [ids[1]],
    "FACTS: under normal, before leads to older items (O)",
)
def normal_has_cursors_of_desc() -> ASGIApp:
    """order=normal reads and gives the cursors as desc does, not turned round."""

    class Same(Pages):
        def turned_round(self, listing: Listing) -> bool:
            return False

    return app(pages=Same)


@fault(
    "paging",
    FORWARD,
    lambda w: (ids := w.many(4)) and w.walk(order="asc", limit=2)[:4] != ids,
    "one comparison for both orders",
)
def asc_cursor_leads_to_older() -> ASGIApp:
    """With order=asc `after` compares as with desc: the second page holds older organizations."""

    class Wrong(Pages):
        def onwards(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            if listing.order == "asc" and listing.after and key != OLDEST and limit > 1:
                return self.older(listing, key, limit)[::-1]
            return super().onwards(listing, key, limit)

    return app(pages=Wrong)
