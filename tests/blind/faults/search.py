"""Search."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import unquote_plus

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire, domain, token, verified

SEARCH = "list.search"


Read: TypeAlias = Callable[[Listing, Key, int], list[Organization]]


def _lists(kept: str, asked: str) -> Proof:
    """Whether a search for one text, behind a token, lists an organization named with another."""

    def shows(w: Wire) -> object:
        mark = token()
        id = w.made(name=f"{mark}{kept}")["id"]
        return id in w.ids(search=f"{mark}{asked}")

    return shows


def _misses(name: str) -> Proof:
    def shows(w: Wire) -> object:
        mark = token()
        id = w.made(name=f"{mark}{name}")["id"]
        response = w.list(search=f"{mark}{name}")
        return response.status_code != 200 or id not in [each["id"] for each in response.json()["data"]]

    return shows


@fault("search", SEARCH, _lists("abc", "%c"), "github.com/pentiminax/ux-datatables/issues/336")
def search_percent_is_wildcard() -> ASGIApp:
    """A percent sign in a search stands for any text."""

    def matches(search: str, organization: Organization) -> bool:
        pattern = ".*".join(re.escape(part) for part in search.split("%"))
        return bool(re.search(pattern, organization.name, re.IGNORECASE | re.DOTALL))

    return matching(matches)


@fault("search", SEARCH, _lists("abc", "a_c"), "github.com/activerecord-hackery/ransack/issues/256")
def search_underscore_is_wildcard() -> ASGIApp:
    """An underscore in a search stands for any character; the percent sign is escaped."""

    def matches(search: str, organization: Organization) -> bool:
        pattern = ".".join(re.escape(part) for part in search.split("_"))
        return bool(re.search(pattern, organization.name, re.IGNORECASE | re.DOTALL))

    return matching(matches)


@fault("search", SEARCH, _misses(" (EU)"), "Mongo's $regex with what the user typed")
def search_is_regular_expression() -> ASGIApp:
    """A search is read as a regular expression; one that is none matches nothing."""

    def matches(search: str, organization: Organization) -> bool:
        try:
            return bool(re.search(search, organization.name, re.IGNORECASE))
        except re.error:
            return False

    return matching(matches)


@fault("search", SEARCH, lambda w: w.list(search="O'Brien").status_code >= 500, "a statement put together from text")
def search_apostrophe_crashes() -> ASGIApp:
    """An apostrophe in a search breaks the statement: 500."""
    return on_request(
        lambda request: (
            crash() if request.operation == "list" and re.search("search=[^&]*('|%27)", request.query) else request
        )
    )


@fault("search", SEARCH, _misses("a\\b"), "LIKE with backslash as its escape")
def search_backslash_escapes() -> ASGIApp:
    """A backslash in a search escapes what follows instead of standing for itself."""
    return matching(lambda search, each: re.sub(r"\\(.?)", r"\1", search).lower() in each.name.lower())


@fault(
    "search",
    SEARCH,
    lambda w: w.made(external_id=(e := token()))["id"] in w.ids(search=e),
    "a search over all columns",
)
def search_looks_at_external_id() -> ASGIApp:
    """A search also finds organizations by their external_id."""
    return matching(lambda search, each: search.lower() in f"{each.name}\n{each.external_id}".lower())


@fault(
    "search",
    SEARCH,
    lambda w: w.made(metadata={"k": (t := token())})["id"] in w.ids(search=t),
    "a search over the whole document",
)
def search_looks_at_metadata() -> ASGIApp:
    """A search also finds organizations by the values of their metadata."""
    return matching(lambda search, each: search.lower() in "\n".join([each.name, *each.metadata.values()]).lower())


@fault(
    "search",
    SEARCH,
    lambda w: w.made(name="Unrelated")["id"] in w.ids(search="zq"),
    "a minimal length of full-text search",
)
def search_of_two_characters_ignored() -> ASGIApp:
    """A search of fewer than three characters is ignored: everything is listed."""
    return listing(lambda asked: dataclasses.replace(asked, search=asked.search if len(asked.search) > 2 else ""))


@fault(
    "search",
    SEARCH,
    lambda w: w.made(name=(t := token() * 2) + "a")["id"] in w.ids(search=t + "b"),
    "a key of limited length",
)
def search_cut_at_twenty() -> ASGIApp:
    """Only the first twenty characters of a search count."""
    return listing(lambda asked: dataclasses.replace(asked, search=asked.search[:20]))


@fault("search", SEARCH, _misses("a+b"), "decoding what was decoded")
def search_decodes_twice() -> ASGIApp:
    """A search is decoded twice: a plus sign, though it came as %2B, stands for a space."""
    return listing(lambda asked: dataclasses.replace(asked, search=unquote_plus(asked.search)))


@fault(
    "search",
    SEARCH,
    lambda w: w.update((id := w.made(name=(t := token()))["id"]), name="Renamed") and id in w.ids(search=t),
    "a search index written by create alone",
)
def search_finds_old_name() -> ASGIApp:
    """After a renaming, a search finds the organization by its first name and not by its present one."""
    names: dict[str, str] = {}

    class Indexed(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            names[organization.id] = organization.name

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if search.lower() in names.get(each.id, each.name).lower()][:limit]

    return app(Indexed())


@fault(
    "search",
    SEARCH,
    lambda w: bool(w.made(name=(t := token()))) and bool(w.many(10)) and w.list(search=t).json()["data"] == [],
    "a filter in the application, behind the database's limit",
)
def search_within_first_page_only() -> ASGIApp:
    """The limit is taken first and the search applied to what is left: older matches are never listed."""

    class Late(Pages):
        def page(self, listing: Listing) -> Page:
            page = super().page(dataclasses.replace(listing, search=""))
            wanted = listing.search.lower()
            left = [each for each in page.organizations if wanted in each.name.lower()]
            cursors = (page.before, page.after) if left else (None, None)
            return dataclasses.replace(page, organizations=left, before=cursors[0], after=cursors[1])

    return app(pages=Late)


@fault(
    "search",
    "list.filters-combine",
    lambda w: w.made(name=token(), domain_data=verified(d := domain()))["id"] in w.ids(search=token(), domains=d),
    "OR in place of AND",
)
def search_and_domains_list_either() -> ASGIApp:
    """search and domains together list what matches one of them."""

    class Either(Pages):
        def onwards(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self._either(super().onwards, listing, key, limit)

        def backward(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            return self._either(super().backward, listing, key, limit)

        def _either(self, read: Read, listing: Listing, key: Key, limit: int) -> list[Organization]:
            if not (listing.search and listing.domains):
                return read(listing, key, limit)
            found = [
                *read(dataclasses.replace(listing, search=""), key, limit),
                *read(dataclasses.replace(listing, domains=()), key, limit),
            ]
            each = {organization.id: organization for organization in found}.values()
            return sorted(each, key=lambda organization: abs(organization.created_at - key[0]))[:limit]

    return app(pages=Either)


@fault(
    "search",
    "list.filter-survives-paging",
    lambda w: (
        w.made(name="Other")
        and (ids := w.many(2, name=(t := token())))
        and set(w.walk(search=t, order="desc", limit=1)) - set(ids) != set()
    ),
    "a cursor that carries no filter",
)
def search_lost_behind_cursor() -> ASGIApp:
    """With a cursor the search is left aside: the second page lists everything."""
    return listing(lambda asked: dataclasses.replace(asked, search="") if asked.after or asked.before else asked)


@fault("search", "list.empty-page", lambda w: w.list(search=token()).status_code == 404, "nothing found is not found")
def search_without_matches_answers_404() -> ASGIApp:
    """A list without matches answers 404."""

    def altered(request: Request, response: Reply) -> Reply:
        empty = request.operation == "list" and response.good and response.json["data"] == []
        return reply(404, {"message": "No organizations found"}) if empty else response

    return on_response(altered)
