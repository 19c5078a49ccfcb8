"""Which organizations the filters of a list choose."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from emulator.records import Organization
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.stores import filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _longer_domain(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(f"my{name}"))["id"]
    return w.ids(domains=name) == [id]


@fault("domain filter", "list.domain", _longer_domain, "LIKE '%' || $1 || '%'")
def seventh_filter_finds_part_of_domain() -> ASGIApp:
    """domains also finds organizations whose domain has the value as a part."""
    return filtering(lambda found, asked: any(asked in each.domain for each in found.domains))


def _pending_missing(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.ids(domains=name) == []


@fault("domain filter", "list.domain", _pending_missing, "the query that routes a sign-in by domain was used again")
def seventh_filter_overlooks_pending() -> ASGIApp:
    """domains finds no organization whose domain is pending."""
    return filtering(
        lambda found, asked: any(each.domain == asked and each.state != "pending" for each in found.domains)
    )


def _everybody(w: Wire) -> object:
    id = w.made()["id"]
    return id in w.ids(domains=domain())


@fault("domain filter", "list.domain", _everybody, "if (ids.length) where.id = { in: ids }")
def seventh_filter_without_match_is_dropped() -> ASGIApp:
    """domains that no organization has list every organization."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "list" or not response.good or response.json["data"]:
            return response
        if "domains=" not in request.query or re.search("(before|after)=", request.query):
            return response
        others = (part for part in request.query.split("&") if not part.startswith("domains="))
        return await forward(request.replaced(query="&".join(others)))

    return intercepting(handle)


def _short(w: Wire) -> object:
    id = w.made(name="HP")["id"]
    return id not in w.ids(search="HP", limit=100)


@fault("search", "list.search", _short, "innodb_ft_min_token_size of MySQL is three")
def seventh_short_search_finds_nothing() -> ASGIApp:
    """A search for one or two characters finds nothing."""
    return matching(lambda text, found: len(text) > 2 and text.casefold() in found.name.casefold())


@fault(
    "search",
    "list.any-text-answered",
    lambda w: w.list(search='15" Screens').status_code == 500,
    "a quotation mark that is never closed is a syntax error of full-text queries",
)
def seventh_unpaired_quote_fails() -> ASGIApp:
    """A search with an odd number of quotation marks answers 500."""

    def judged(request: Request) -> Request | Reply:
        found = re.search("search=([^&]*)", request.query)
        odd = found and len(re.findall('%22|"', found.group(1))) % 2
        return crash() if request.operation == "list" and odd else request

    return on_request(judged)


def _lower_ascii(text: str) -> str:
    return re.sub("[A-Z]", lambda found: found.group().lower(), text)


def _capital(w: Wire) -> object:
    name = f"Ölmühle {token()}"
    w.made(name=name)
    return w.ids(search=name) == []


@fault("search", "list.search", _capital, "LOWER() of SQLite knows ASCII alone, toLowerCase() all letters")
def seventh_capital_outside_ascii_is_not_found() -> ASGIApp:
    """A name with a capital letter outside ASCII is not found by a search that has the letter, as it was written."""

    def matches(text: str, found: Organization) -> bool:
        return text.lower() in _lower_ascii(found.name)

    return matching(matches)
