"""Lists, where nothing says what a query means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.types import ASGIApp

from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.stores import matching
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified

DOCUMENTED = {"before", "after", "limit", "order", "domains", "search"}


def _parameters(request: Request) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in request.query.split("&") if part)
    return [(name, value) for name, _, value in pairs]


def _without_cursors(query: str) -> str:
    return "&".join(part for part in query.split("&") if not re.match("(before|after)=", part))


@control("lists", "list.unknown-parameter is INFO", lambda w: w.list(color="red").status_code == 422)
def sixth_unknown_parameter_is_refused() -> ASGIApp:
    """A query parameter that no document names answers 422."""

    def judged(request: Request) -> Request | Reply:
        unknown = request.operation == "list" and {name for name, _ in _parameters(request)} - DOCUMENTED
        return unprocessable("query") if unknown else request

    return on_request(judged)


def _turned(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.cursors(search=name, limit=2) == (ids[1], None)


@control("paging", "list.cursors-without-order is INFO; R: lists of 2020 to 2022", _turned)
def sixth_no_order_is_normal() -> ASGIApp:
    """Without an order, cursors lead as under normal."""

    def changed(request: Request) -> Request:
        if request.operation != "list" or "order" in dict(_parameters(request)):
            return request
        return request.replaced(query=f"{request.query}&order=normal".lstrip("&"))

    return on_request(changed)


def _last_only(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    id = w.made(domain_data=verified(second))["id"]
    return w.ids(domains=[first, second]) == [id]


@control("domain filter", "list.domains-repeated is INFO", _last_only)
def sixth_last_of_repeated_domains() -> ASGIApp:
    """Where domains is given several times, the last time counts."""

    class Last(Rules):
        def names(self, values: Sequence[str]) -> list[str] | None:
            return super().names(values[-1:])

    return app(rules=Last())


@control(
    "paging",
    "list.both-cursors is INFO",
    lambda w: w.list(before=w.made()["id"], after=w.made()["id"]).status_code == 200,
)
def sixth_after_goes_before_before() -> ASGIApp:
    """Where both cursors are given, after counts."""

    def changed(request: Request) -> Request:
        if request.operation != "list" or not {"before", "after"} <= set(dict(_parameters(request))):
            return request
        return request.replaced(query="&".join(p for p in request.query.split("&") if not p.startswith("before=")))

    return on_request(changed)


@control(
    "paging",
    "list.unknown-cursor is INFO; list.any-cursor-answered: any documented answer",
    lambda w: w.list(after="org_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 200,
)
def sixth_unknown_cursor_is_none() -> ASGIApp:
    """A cursor that no organization has counts as none: the list begins at its beginning."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "list" and b"unknown_cursor" in response.body:
            return await forward(request.replaced(query=_without_cursors(request.query)))
        return response

    return intercepting(handle)


@control(
    "lists",
    "list.empty-parameters is INFO",
    lambda w: w.http.get(f"{ORGANIZATIONS}?search=").status_code == 422,
)
def sixth_empty_parameter_is_refused() -> ASGIApp:
    """A query parameter without a value answers 422."""

    def judged(request: Request) -> Request | Reply:
        empty = [name for name, value in _parameters(request) if not value]
        return unprocessable(empty[0], "is empty") if request.operation == "list" and empty else request

    return on_request(judged)


def _other_case(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    return w.ids(search=name) == [id] and w.ids(search=name.upper()) == []


@control("search", "list.search-other-case is INFO", _other_case)
def sixth_search_minds_case() -> ASGIApp:
    """search finds a text in the case in which it stands in the name."""
    return matching(lambda text, found: text in found.name)
