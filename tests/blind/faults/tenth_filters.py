"""Searches and filters as databases and parsers of queries carry them out."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from urllib.parse import parse_qsl

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.listing import listing, requery
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.stores import filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, domain, pending, token, verified

SPECIAL = "list.search-special-characters"


def _found(w: Wire, name: str, text: str) -> bool:
    id = w.made(name=name)["id"]
    return id in w.ids(search=text)


def _underscore(w: Wire) -> object:
    start = token()
    return _found(w, f"{start}abc", f"{start}a_c") and not _found(w, f"{start}d", f"{start}a%d")


@fault("search", SPECIAL, _underscore, "activerecord-hackery/ransack#256: of the wildcards of LIKE only % is escaped")
def tenth_underscore_is_any_character() -> ASGIApp:
    """An underscore in a search stands for any character."""

    def matches(text: str, found: Organization) -> bool:
        return re.search(re.escape(text).replace("_", "."), found.name, re.IGNORECASE | re.DOTALL) is not None

    return matching(matches)


def _plus(w: Wire) -> object:
    name = f"{token()}+b"
    return not _found(w, name, name) and _found(w, name, name[:-2])


@fault("search", SPECIAL, _plus, "a gateway that decodes a query and writes it again without quoting")
def tenth_plus_in_search_is_a_space() -> ASGIApp:
    """A plus sign in a search, percent-encoded as it should be, is read as a space."""
    return requery("%2[Bb]", "+")


def _twice(w: Wire) -> object:
    name = f"{token()} 50%41"
    return not _found(w, name, name)


@fault("search", SPECIAL, _twice, "decodeURIComponent(req.query.search), which Express has decoded before")
def tenth_search_is_decoded_twice() -> ASGIApp:
    """A search is percent-decoded twice."""
    return requery("%25(?=[0-9A-Fa-f]{2})", "%")


def _backslash(w: Wire) -> object:
    name = token() + "\\b"
    return not _found(w, name, name)


@fault("search", SPECIAL, _backslash, "LIKE: the backslash is its escape, and is not escaped itself")
def tenth_backslash_is_swallowed() -> ASGIApp:
    """A search with a backslash looks for the text without it."""
    return matching(lambda text, found: text.replace("\\", "").casefold() in found.name.casefold())


def _bare(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each)).casefold()


def _accents(w: Wire) -> object:
    name = f"{token()} Müller"
    return not _found(w, name, name)


@fault("search", "list.search", _accents, "WHERE name ILIKE unaccent($1): one side alone loses its accents")
def tenth_search_loses_accents() -> ASGIApp:
    """A search loses its accents and is compared with names that have kept theirs."""
    return matching(lambda text, found: _bare(text) in found.name.casefold())


def _by_domain(w: Wire) -> object:
    name = domain()
    return w.made(domain_data=verified(name))["id"] in w.ids(search=name)


@fault("search", "list.search", _by_domain, "a search over all text columns of a table of an admin interface")
def tenth_search_reads_domains() -> ASGIApp:
    """A search also shows organizations that have the text in a domain."""

    def matches(text: str, found: Organization) -> bool:
        return any(text.casefold() in each.casefold() for each in (found.name, *(own.domain for own in found.domains)))

    return matching(matches)


def _gone(w: Wire) -> object:
    name = token()
    return deleted(w, name=name)["id"] in w.ids(search=name) and w.made()["id"] in w.ids()


@fault("search", "delete.gone-from-lists", _gone, "a default scope on deleted_at that a branch for searches leaves")
def tenth_searches_show_the_deleted() -> ASGIApp:
    """A list with search shows deleted organizations."""

    class Soft(Store):
        def __init__(self) -> None:
            super().__init__()
            self.gone: list[Organization] = []

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.gone.append(organization)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, limit, search, domain)
            if not search or domain:
                return found
            up = direction.order == "ASC"
            late = [each for each in self.gone if search in each.name and (each.key > than if up else each.key < than)]
            return sorted([*found, *late], key=lambda each: each.key, reverse=not up)[:limit]

    return app(Soft())


def _twins(w: Wire) -> object:
    one, two = domain(), domain()
    id = w.made(domain_data=verified(one, two))["id"]
    return w.ids(domains=f"{one},{two}") == [id, id]


@fault("domain filter", "list.several-domains", _twins, "sulu/sulu#8504: a join has one row for each matching domain")
def tenth_joins_repeat_organizations() -> ASGIApp:
    """A list with several domains shows an organization once for each of them that it has."""

    class Joined(Pages):
        def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self.rows(listing, super().older(listing, key, limit))[:limit]

        def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self.rows(listing, super().newer(listing, key, limit))[:limit]

        def rows(self, listing: Listing, found: list[Organization]) -> list[Organization]:
            wanted = set(listing.domains)
            return [each for each in found for own in each.domains if own.domain in wanted] if wanted else found

    return app(pages=Joined)


def _second(w: Wire) -> object:
    one, two = domain(), domain()
    id = w.made(domain_data=verified(one, two))["id"]
    return w.ids(domains=one) == [id] and w.ids(domains=two) == []


@fault("domain filter", "list.domain", _second, "domains -> 0 ->> 'domain' in a query of JSON")
def tenth_filter_reads_the_first_domain() -> ASGIApp:
    """A list with domains shows an organization for its first domain alone."""
    return filtering(lambda found, name: bool(found.domains) and found.domains[0].domain == name)


def _three(w: Wire) -> object:
    names = [domain() for _ in range(3)]
    ids = [w.made(domain_data=verified(name))["id"] for name in names]
    two = w.http.get(f"{ORGANIZATIONS}?domains={names[0]},{names[1]}").json()["data"]
    three = w.http.get(f"{ORGANIZATIONS}?domains={','.join(names)}").json()["data"]
    return len(two) == 2 and [each["id"] for each in three] == [ids[0]]


@fault("domain filter", "list.several-domains", _three, "split(',', 2) of Java: what is left stays one text")
def tenth_domains_are_split_once() -> ASGIApp:
    """Of three values of domains the second and the third are read as one."""

    def split(asked: Listing) -> Listing:
        first, *others = asked.domains or ("",)
        return dataclasses.replace(asked, domains=(first, ",".join(others))) if others else asked

    return listing(split)


def _pending(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.ids(domains=name) == []


@fault("domain filter", "list.domain", _pending, "a relation that is limited to verified domains for sign-ins")
def tenth_filter_wants_verified_domains() -> ASGIApp:
    """A list with domains leaves out organizations whose domain is pending."""
    return filtering(lambda found, name: any(own.domain == name and own.state != "pending" for own in found.domains))


def _ordered(w: Wire) -> object:
    w.many(2)
    newest = w.ids(order="desc", limit=2)
    return w.ids(order="asc", limit=2) == newest


@fault("caches", "list.order", _ordered, "a cache whose key has an allowed list of parameters, made before order came")
def tenth_cache_ignores_order() -> ASGIApp:
    """Until the next write, lists that differ in their order alone are answered alike."""
    known: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.writes:
            known.clear()
        if request.operation != "list" or not request.authorized:
            return await forward(request)
        key = "&".join(part for part in request.query.split("&") if not part.startswith("order="))
        response = known.get(key) or await forward(request)
        if response.good:
            known[key] = response
        return response

    return intercepting(handle)


def _normal(w: Wire) -> object:
    oldest, newest = w.many(2)
    ids = w.ids(order="normal", limit=100)
    return ids.index(oldest) < ids.index(newest)


@fault("order", "list.order", _normal, "order === 'desc' ? -1 : 1")
def tenth_normal_is_oldest_first() -> ASGIApp:
    """order=normal lists the oldest organizations first."""
    return requery("order=normal", "order=asc")


def _capitals(w: Wire) -> object:
    return w.list(order="ASC").status_code == 200


@fault("order", "list.order-unknown", _capitals, "order.toLowerCase() before the check")
def tenth_order_in_capitals() -> ASGIApp:
    """An order in capital letters is accepted."""
    return on_request(
        lambda request: (
            request.replaced(query=re.sub("order=[A-Za-z]+", lambda found: found[0].lower(), request.query))
            if request.operation == "list"
            else request
        )
    )


def _numbers(w: Wire) -> object:
    return [w.list(limit=each).status_code for each in ("1e1", "0x5", "5.0")] == [200] * 3


def _number(text: str) -> str:
    try:
        return str(int(text, 16)) if text.startswith("0x") else f"{float(text):.0f}" if float(text) % 1 == 0 else text
    except ValueError:
        return text


@fault("limits", "list.limit-type", _numbers, "KeeperHub/keeperhub#2522: Number() reads 0x10 and 1e302")
def tenth_limit_in_other_notations() -> ASGIApp:
    """A limit in another notation of a number, such as 1e1 or 0x5, is accepted."""

    def read(request: Request) -> Request:
        limit = dict(parse_qsl(request.query)).get("limit", "")
        if request.operation != "list" or not re.match("[0-9]", limit):
            return request
        return request.replaced(query=re.sub("limit=[^&]*", f"limit={_number(limit)}", request.query))

    return on_request(read)
