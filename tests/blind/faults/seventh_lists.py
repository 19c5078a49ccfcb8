"""What lists hold, and whom they are given to."""

from __future__ import annotations

import dataclasses
import html
import re

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.validation import Listing
from tests.blind.parts.interception import on_request, on_response, reshaped
from tests.blind.parts.listing import paged, requery
from tests.blind.parts.messages import Reply, Request, reply, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified


@fault(
    "lists",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=0).status_code == 200,
    "const limit = Number(query.limit) || 10",
)
def seventh_limit_zero_is_default() -> ASGIApp:
    """A limit of 0 is taken for none."""
    return requery("limit=0+(?=&|$)", "limit=10")


@fault(
    "lists",
    "list.accepts-valid-queries",
    lambda w: w.list(order="normal").status_code == 422,
    "the guide on pagination names asc and desc alone",
)
def seventh_normal_order_is_refused() -> ASGIApp:
    """An order of normal answers 422."""

    def judged(request: Request) -> Request | Reply:
        normal = request.operation == "list" and re.search("order=normal(&|$)", request.query)
        return unprocessable("order") if normal else request

    return on_request(judged)


@fault(
    "lists",
    "list.limit-type",
    lambda w: w.list(limit="2.5").status_code == 200,
    "parseInt reads as far as it can, (int) of PHP likewise",
)
def seventh_decimals_of_limit_are_cut() -> ASGIApp:
    """Decimals of a limit are cut off."""
    return requery(r"limit=(\d+)\.\d+(?=&|$)", r"limit=\1")


def _same_second(w: Wire) -> object:
    name = token()
    ids = w.many(12, name=name)
    return w.ids(search=name, limit=12) != ids[::-1]


@fault("order", "list.newest-first", _same_second, "DATETIME without decimals, and ids that rise")
def seventh_seconds_order_a_page() -> ASGIApp:
    """On a page of the newest first, organizations of one second come with the oldest of them first."""

    def by_second(_: Pages, asked: Listing, page: Page) -> Page:
        if asked.order == "asc":
            return page
        ordered = sorted(page.organizations, key=lambda each: (-(each.created_at // 1000), each.id))
        return dataclasses.replace(page, organizations=ordered)

    return paged(by_second)


def _turned(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, order="normal", after=ids[0]) == ids[1:]


@fault("order", "list.order", _turned, "the query runs the other way, and nobody turns its rows round again")
def seventh_newer_page_of_normal_is_turned() -> ASGIApp:
    """Under order=normal a page that was reached by after begins with its oldest organization."""

    def turned(_: Pages, asked: Listing, page: Page) -> Page:
        turns = asked.order == "normal" and asked.after is not None
        return dataclasses.replace(page, organizations=page.organizations[::-1]) if turns else page

    return paged(turned)


def _without_domains(w: Wire) -> object:
    return w.listed(w.made(domain_data=verified(domain()))["id"])["domains"] == []


@fault("lists", "list.current-state", _without_domains, "a relation that the list does not load")
def seventh_domains_are_empty_in_lists() -> ASGIApp:
    """Lists show each organization without its domains."""
    return reshaped(lambda shown: {**shown, "domains": []}, "list")


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@fault(
    "http",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers=BROWSER).headers["content-type"].startswith("text/html"),
    "the browsable API of Django REST framework",
)
def seventh_browsers_are_given_a_page() -> ASGIApp:
    """A list answers with a page of HTML where the client reads HTML as well."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or "text/html" not in request.header("accept"):
            return response
        page = f"<html><body><pre>{html.escape(response.body.decode())}</pre></body></html>"
        return response.replaced(body=page.encode()).with_header("content-type", "text/html; charset=utf-8")

    return on_response(altered)


def _large_page(w: Wire) -> object:
    w.many(12, metadata={f"{at}".rjust(40, "k"): "v" * 600 for at in range(10)})
    return w.list(limit=12).status_code == 502


@fault("http", "answer.status", _large_page, "a proxy with buffers of 64 KB: upstream sent too big a response")
def seventh_large_response_is_a_bad_gateway() -> ASGIApp:
    """A response of more than 64 KB becomes a 502."""

    def altered(_: Request, response: Reply) -> Reply:
        return reply(502, {"message": "Bad Gateway"}) if len(response.body) > 65536 else response

    return on_response(altered)
