"""Pages of lists: their order, their size, and what they show."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, relisted, reshaped
from tests.blind.parts.listing import listing, paged, requery
from tests.blind.parts.messages import Object, Reply, Request, reply
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified


def _found_oldest_first(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name) == ids and w.ids(search=name, order="desc") == ids[::-1]


@fault("lists", "list.newest-first", _found_oldest_first, "a handler of searches with a default of its own")
def eleventh_search_has_another_default_order() -> ASGIApp:
    """Without an order a search lists the oldest organizations first."""

    class Searching(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return dataclasses.replace(asked, order="asc") if asked.search and not query.getlist("order") else asked

    return app(rules=Searching())


def _filtered_newest_first(w: Wire) -> object:
    name = domain()
    ids = w.many(3, domain_data=verified(name))
    return w.ids(domains=name, order="asc") == ids[::-1]


@fault("lists", "list.order", _filtered_newest_first, "a method of the repository per filter, one of them without Sort")
def eleventh_domain_filter_ignores_order() -> ASGIApp:
    """A list with domains has the newest organizations first, whatever order is asked for."""
    return listing(lambda asked: dataclasses.replace(asked, order="desc") if asked.domains else asked)


@fault(
    "lists",
    "list.order-unknown",
    lambda w: w.list(order="DESC").status_code == 200,
    "a converter of enums that does not mind case",
)
def eleventh_order_in_capitals() -> ASGIApp:
    """The order of a list may be written in capitals."""
    return on_request(
        lambda request: (
            request.replaced(query=re.sub(r"(?<=order=)\w+", lambda found: found[0].lower(), request.query))
            if request.operation == "list"
            else request
        )
    )


@fault(
    "lists",
    "list.limit-type",
    lambda w: w.http.get(f"{ORGANIZATIONS}?limit=1e1").status_code == 200,
    "Number(), which reads more than whole numbers",
)
def eleventh_limit_in_any_notation() -> ASGIApp:
    """A limit may be written with an exponent, with decimals, or in hexadecimal digits."""

    def read(request: Request) -> Request | Reply:
        found = re.search(r"(?<=limit=)(0x[0-9a-f]+|\d+\.\d+|\d+(\.\d+)?e\d)(?=&|$)", request.query)
        if request.operation != "list" or not found:
            return request
        number = int(found[0], 16) if found[0].startswith("0x") else int(float(found[0]))
        return request.replaced(query=request.query.replace(f"limit={found[0]}", f"limit={number}"))

    return on_request(read)


def _longer(w: Wire) -> object:
    ids = w.many(5)[::-1]
    return len(w.ids(limit=2, order="desc")) == 2 and w.ids(limit=2, order="desc", after=ids[0])[:4] == ids[1:]


@fault("lists", "list.limit", _longer, "a query of the next page that was written anew")
def eleventh_next_pages_ignore_the_limit() -> ASGIApp:
    """Behind a cursor a page holds up to ten organizations, whatever limit is asked for."""
    return listing(lambda asked: dataclasses.replace(asked, limit=10) if asked.after else asked)


@fault(
    "lists",
    "list.data",
    lambda w: w.list(search=token()).json()["data"] is None,
    "a slice of Go to which nothing was appended",
)
def eleventh_no_matches_are_null() -> ASGIApp:
    """The data of a list without matches are null."""
    return relisted(lambda value: {**value, "data": value["data"] or None})


def _three(w: Wire) -> object:
    id = w.made(domain_data=verified(*(domain() for _ in range(5))))["id"]
    return len(w.listed(id)["domains"]) == 3 and len(w.shown(id)["domains"]) == 5


@fault("lists", "list.current-state", _three, "what the table of the dashboard has room for")
def eleventh_lists_show_three_domains() -> ASGIApp:
    """Lists show at most three domains of an organization."""
    return reshaped(lambda organization: {**organization, "domains": organization["domains"][:3]}, "list")


def _not_acceptable(w: Wire) -> object:
    languages = ("de-CH, fr;q=0.5", "en-US")
    statuses = [w.http.get(ORGANIZATIONS, headers={"Accept-Language": each}).status_code for each in languages]
    return statuses == [406, 200]


@fault("lists", "list.any-client", _not_acceptable, "a negotiation of languages in front of all routes for reading")
def eleventh_lists_are_english() -> ASGIApp:
    """A list answers 406 to a client that reads no English."""

    def judged(request: Request) -> Request | Reply:
        asked = request.header("accept-language")
        foreign = request.operation == "list" and asked and not re.search(r"\ben\b|\*", asked)
        return reply(406, {"message": "There is no page in this language."}) if foreign else request

    return on_request(judged)


def _by_name(w: Wire) -> object:
    name = token()
    ids = [w.made(name=f"{name}{end}")["id"] for end in ("", " and sons", " and daughters")]
    return w.ids(search=name) == ids


@fault("lists", "list.newest-first", _by_name, "a search engine's order by relevance, within the page")
def eleventh_search_puts_short_names_first() -> ASGIApp:
    """A page of a search has the shortest names first."""
    return paged(
        lambda _, asked, page: (
            dataclasses.replace(page, organizations=sorted(page.organizations, key=lambda each: len(each.name)))
            if asked.search
            else page
        )
    )


def _nulled(w: Wire) -> object:
    id = w.made()["id"]
    stripe = f"cus_{token()}"
    w.changed(id, stripe_customer_id=stripe)
    return w.listed(id)["stripe_customer_id"] == {"String": stripe, "Valid": True}


@fault("lists", "organization.stripe-customer-id", _nulled, "sql.NullString, which encoding/json writes as a struct")
def eleventh_lists_show_a_struct_for_stripe() -> ASGIApp:
    """Lists show a stripe_customer_id as an object of its text and whether there is one."""

    def change(organization: Object) -> Object:
        stripe = organization.get("stripe_customer_id")
        return {**organization, "stripe_customer_id": {"String": stripe, "Valid": True}} if stripe else organization

    return reshaped(change, "list")


def _two_letters(w: Wire) -> object:
    return w.list(search="ab").status_code == 422 and w.list(search="abc").status_code == 200


@fault("lists", "list.accepts-valid-queries", _two_letters, "an index of trigrams, and a rule that protects it")
def eleventh_short_searches_are_refused() -> ASGIApp:
    """A search for fewer than three characters answers 422."""
    return requery(r"(^|&)search=[^&]{1,2}(?=&|$)", r"\1limit=0")
