"""Filters of lists that choose too much or too little."""

from __future__ import annotations

import dataclasses
import re
import time

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.interception import Forward, intercepting, on_request, on_response
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.parts.stores import filtering, matching
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _by_domain(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    return w.ids(search=name) == [id]


@fault("search", "list.search", _by_domain, "SQL: name ILIKE :text OR domain ILIKE :text")
def sixteenth_search_looks_at_domains() -> ASGIApp:
    """A search also finds organizations by their domains."""
    return matching(
        lambda text, found: (
            text.lower() in found.name.lower() or any(text.lower() in each.domain.lower() for each in found.domains)
        )
    )


def _by_old_name(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    w.changed(id, name="Other")
    return w.ids(search=name) == [id]


@fault("search", "list.search", _by_old_name, "the search index is written by the create alone")
def sixteenth_search_knows_first_names() -> ASGIApp:
    """A search looks at the name with which an organization was made."""
    names: dict[str, str] = {}
    inner = matching(lambda text, found: text.lower() in names.get(found.id, found.name).lower())

    def noted(request: Request, response: Reply) -> Reply:
        if request.operation == "create" and response.status == 201:
            names.setdefault(response.json["id"], response.json["name"])
        return response

    return on_response(noted, inner)


def _wildcard(w: Wire) -> object:
    name = token()
    id = w.made(name=f"{name}xz")["id"]
    return w.ids(search=f"{name}_z") == [id]


@fault("search", "list.search-special-characters", _wildcard, "SQL: name ILIKE '%' || :text || '%'")
def sixteenth_search_is_a_like_pattern() -> ASGIApp:
    """In a search _ stands for any character and % for any text."""

    def like(text: str, found: Organization) -> bool:
        pattern = re.escape(text).replace("_", ".").replace("%", ".*")
        return re.search(pattern, found.name, re.IGNORECASE | re.DOTALL) is not None

    return matching(like)


@fault(
    "search",
    "list.search-special-characters",
    lambda w: w.list(search=f"{token()} (").status_code == 500,
    "JavaScript: new RegExp(search, 'i')",
)
def sixteenth_search_must_be_a_pattern() -> ASGIApp:
    """A search that is no valid regular expression answers 500."""

    def judged(request: Request) -> Request | Reply:
        try:
            re.compile(parameter(request, "search"))
        except re.error:
            return crash()
        return request

    return on_request(judged)


def _beginning_alone(w: Wire) -> object:
    name = token()
    w.made(name=f"The {name}")
    return w.ids(search=name) == []


@fault("search", "list.search-later-word", _beginning_alone, "name LIKE 'text%', for the index's sake", level=SHOULD)
def sixteenth_search_at_the_beginning() -> ASGIApp:
    """A search finds names that begin with its text alone."""
    return matching(lambda text, found: found.name.casefold().startswith(text.casefold()))


def _subdomain(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(f"mail.{name}"))["id"]
    return w.ids(domains=name) == [id]


@fault("filters", "list.domain", _subdomain, "SQL: domain LIKE '%' || :domain")
def sixteenth_filter_finds_ends_of_domains() -> ASGIApp:
    """A filter by a domain finds organizations with a domain that ends so."""
    return filtering(lambda found, name: any(each.domain.endswith(name) for each in found.domains))


def _second_domain(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    return (w.ids(domains=first), w.ids(domains=second)) == ([id], [])


@fault("filters", "list.domain", _second_domain, "an index of organization.domains[0].domain")
def sixteenth_filter_knows_first_domain() -> ASGIApp:
    """A filter by a domain looks at the first domain of each organization alone."""
    return filtering(lambda found, name: bool(found.domains) and found.domains[0].domain == name)


def _not_pending(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.ids(domains=name) == []


@fault("filters", "list.domain", _not_pending, "JOIN ... AND state = 'verified'")
def sixteenth_filter_leaves_out_pending() -> ASGIApp:
    """A filter by a domain leaves out organizations in which it is pending."""
    return filtering(lambda found, name: any(d.domain == name and d.state != "pending" for d in found.domains))


def _all_of_them(w: Wire) -> object:
    first, second = domain(), domain()
    w.made(domain_data=verified(first))
    both = w.made(domain_data=verified(first, second))["id"]
    return w.ids(domains=f"{first},{second}") == [both]


@fault("filters", "list.several-domains", _all_of_them, "Django: chained .filter(domains__domain=...)")
def sixteenth_filter_wants_every_domain() -> ASGIApp:
    """A filter by several domains finds the organizations that have all of them."""

    def judged(request: Request, response: Reply) -> Reply:
        wanted = {name for name in parameter(request, "domains").split(",") if name}
        if not response.good or len(wanted) < 2:
            return response
        data = [o for o in response.json["data"] if wanted <= {each["domain"] for each in o["domains"]}]
        return response.with_json({**response.json, "data": data})

    return on_response(judged)


def _comma_in_name(w: Wire) -> object:
    names = [domain(), domain()]
    for name in names:
        w.made(domain_data=verified(name))
    return w.http.get(f"/organizations?domains={','.join(names)}").json()["data"] == []


@fault("filters", "list.commas-are-literal", _comma_in_name, "FastAPI: domains: list[str] = Query() never splits")
def sixteenth_commas_do_not_separate() -> ASGIApp:
    """A comma in domains is a part of one domain."""
    mark = "\x1f"

    def read(request: Request) -> Request:
        if request.operation != "list":
            return request
        parts = [re.sub("(?i),|%2C", "%1F", each) if each.startswith("domains=") else each for each in _split(request)]
        return request.replaced(query="&".join(parts))

    return on_request(read, filtering(lambda found, name: name.replace(mark, ",") in {d.domain for d in found.domains}))


def _split(request: Request) -> list[str]:
    return request.query.split("&")


def _hidden(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first, second))["id"]
    found = w.list(domains=first).json()["data"]
    return [(each["id"], len(each["domains"])) for each in found] == [(id, 1)]


@fault("filters", "list.filtered-organizations-whole", _hidden, "JOIN FETCH o.domains d WHERE d.domain IN (:domains)")
def sixteenth_filter_hides_other_domains() -> ASGIApp:
    """A filter by domains shows of each organization the domains alone that it asks for."""

    def cut(request: Request, response: Reply) -> Reply:
        wanted = {name for name in parameter(request, "domains").split(",") if name}
        if not response.good or not wanted:
            return response
        data = [
            {**each, "domains": [d for d in each["domains"] if d["domain"] in wanted]} for each in response.json["data"]
        ]
        return response.with_json({**response.json, "data": data})

    return on_response(cut)


def _search_alone(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    return w.ids(search=name, domains=domain()) == [id]


@fault("filters", "list.filters-combine", _search_alone, "if search: ... elif domains: ...")
def sixteenth_search_or_domains() -> ASGIApp:
    """Where a list has a search, its domains are not looked at."""
    return listing(lambda asked: dataclasses.replace(asked, domains=()) if asked.search else asked)


def _others_behind(w: Wire) -> object:
    other = w.made()["id"]
    name = token()
    id = w.made(name=name)["id"]
    return other in w.ids(search=name, order="desc", after=id)


@fault("paging", "list.filter-survives-paging", _others_behind, "the page behind a cursor has a query of its own")
def sixteenth_no_filter_behind_a_cursor() -> ASGIApp:
    """A list with a cursor is not filtered."""

    def read(asked: Listing) -> Listing:
        first = asked.before is None and asked.after is None
        return asked if first else dataclasses.replace(asked, search="", domains=())

    return listing(read)


def _same_page(w: Wire) -> object:
    w.many(2)
    return w.ids(limit=1) == w.ids(limit=1, order="asc")


@fault("staleness", "list.accepts-valid-queries", _same_page, "a gateway whose cache key is the path")
def sixteenth_lists_are_cached_by_path() -> ASGIApp:
    """For half a second every list answers what the first one answered, whatever its query."""
    kept: list[tuple[float, Reply]] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized or request.operation != "list":
            return await forward(request)
        if kept and time.monotonic() - kept[-1][0] < 0.5:
            return kept[-1][1]
        response = await forward(request)
        if response.good:
            kept[:] = [(time.monotonic(), response)]
        return response

    return intercepting(handle)
