"""Lists: order, limit, what they show and when."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.validation import Listing
from tests.blind.parts.interception import Forward, intercepting, relisted, reshaped
from tests.blind.parts.listing import paged, requery
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _newest_ascending(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="asc", limit=2) == ids[1:]


@fault("lists", "list.order", _newest_ascending, "the limit in a subquery, the order outside of it")
def ninth_limit_before_ascending_order() -> ASGIApp:
    """The first page under order=asc holds the newest organizations, from the oldest of them on."""

    def changed(pages: Pages, asked: Listing, page: Page) -> Page:
        if asked.order != "asc" or asked.after or asked.before:
            return page
        newest = pages.page(dataclasses.replace(asked, order="desc")).organizations
        return dataclasses.replace(page, organizations=newest[::-1])

    return paged(lambda pages, asked, page: changed(Pages(pages.store), asked, page))


def _updated_last(w: Wire) -> object:
    name = token()
    first, second = w.many(2, name=name)
    w.changed(first, external_id=token())
    return w.ids(search=name, order="asc") == [second, first]


@fault("lists", "list.order", _updated_last, "sort by updated_at, which at first is the same")
def ninth_ascending_by_last_change() -> ASGIApp:
    """A page under order=asc is sorted by updated_at."""

    def changed(_: Pages, asked: Listing, page: Page) -> Page:
        by_change = sorted(page.organizations, key=lambda each: each.updated_at)
        return dataclasses.replace(page, organizations=by_change) if asked.order == "asc" else page

    return paged(changed)


@fault(
    "lists",
    "list.limit-type",
    lambda w: w.list(limit="5abc").status_code == 200,
    "parseInt",
)
def ninth_limit_by_its_digits() -> ASGIApp:
    """Of a limit that begins with digits these are read, and the rest is ignored."""
    return requery(r"limit=(\d+)[^&]*", r"limit=\1")


@fault(
    "lists",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=0).status_code == 200,
    "params.limit || 10",
)
def ninth_limit_zero_is_the_default() -> ASGIApp:
    """A limit of 0 counts as none."""
    return requery("limit=0+(?=&|$)", "")


@fault(
    "lists",
    "list.cursors",
    lambda w: "after" not in w.list(search=token()).json()["list_metadata"],
    "serde's skip_serializing_if = Option::is_none",
)
def ninth_null_cursors_are_left_out() -> ASGIApp:
    """A cursor that is null is left out of list_metadata."""

    def shown(page: Object) -> Object:
        return {**page, "list_metadata": {name: v for name, v in page["list_metadata"].items() if v is not None}}

    return relisted(shown)


def _no_empty(w: Wire) -> object:
    return w.list(search=token()).status_code == 404


@fault(
    "lists", "list.empty-page", _no_empty, "an error of the database for no rows that becomes 404 for all operations"
)
def ninth_no_match_is_not_found() -> ASGIApp:
    """A list without a match answers 404."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "list" and response.good and not response.json["data"]:
            return response.replaced(status=404).with_json({"message": "Not Found", "code": "entity_not_found"})
        return response

    return intercepting(handle)


@fault(
    "lists",
    "list.current-state",
    lambda w: "stripe_customer_id" not in w.listed(w.changed(w.made()["id"], stripe_customer_id=token())["id"]),
    "a list that selects its columns by name",
)
def ninth_list_has_no_stripe() -> ASGIApp:
    """A list shows no stripe_customer_id."""
    return reshaped(lambda found: without(found, "stripe_customer_id"), "list")
