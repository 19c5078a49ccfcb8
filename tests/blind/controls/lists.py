"""Lists and searches."""

from __future__ import annotations

import dataclasses
import re
import time

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Reply, Request, unprocessable
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import control
from tests.blind.wire import domain, token, verified

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@control("lists", "list.unknown-cursor is INFO", lambda w: w.list(after=UNKNOWN).status_code == 200)
def unknown_cursor_gives_first_page() -> ASGIApp:
    """A cursor that belongs to no organization gives the first page."""

    class Lax(Pages):
        def page(self, listing: Listing) -> Page:
            before, after = (self._known(cursor) for cursor in (listing.before, listing.after))
            return super().page(dataclasses.replace(listing, before=before, after=after))

        def _known(self, cursor: str | None) -> str | None:
            return cursor if cursor and self.store.by_id(cursor) else None

    return app(pages=Lax)


@control(
    "lists",
    "list.both-cursors is INFO",
    lambda w: (ids := w.many(2)) and w.list(after=ids[0], before=ids[1]).status_code == 200,
)
def both_cursors_accepted() -> ASGIApp:
    """Of both cursors in one request, after counts."""

    def single(request: Request) -> Request:
        both = request.operation == "list" and "after=" in request.query and "before=" in request.query
        return request.replaced(query=re.sub("(?:^|&)before=[^&]*", "", request.query).lstrip("&")) if both else request

    return on_request(single)


@control("lists", "list.unknown-parameter is INFO", lambda w: w.list(colour="red").status_code == 422)
def unknown_parameters_refused() -> ASGIApp:
    """A query parameter that is not documented is refused."""

    def judged(request: Request) -> Request | Reply:
        names = {part.partition("=")[0] for part in request.query.split("&") if part}
        odd = names - {"limit", "order", "before", "after", "domains", "search"}
        return unprocessable(sorted(odd)[0]) if request.operation == "list" and odd else request

    return on_request(judged)


@control(
    "lists",
    "FACTS: the direction of cursors without order is INFO",
    lambda w: (ids := w.many(2)) and w.ids(limit=1, before=ids[1]) == [ids[0]],
)
def cursors_turned_round_without_order() -> ASGIApp:
    """Without an order, the cursors lead as under normal."""

    def named(request: Request) -> Request:
        silent = request.operation == "list" and "order=" not in request.query
        return request.replaced(query=f"{request.query}&order=normal".lstrip("&")) if silent else request

    return on_request(named)


@control(
    "lists",
    "FACTS: a page shorter than its limit is SHOULD",
    lambda w: w.many(6) and len(w.ids(limit=6)) == 5,
    may_warn=True,
)
def pages_of_five_at_most() -> ASGIApp:
    """No page holds more than five organizations; cursors lead on."""
    return listing(lambda asked: dataclasses.replace(asked, limit=min(asked.limit, 5)))


@control(
    "search",
    "list.search-other-case is INFO",
    lambda w: w.made(name=(t := token()))["id"] not in w.ids(search=t.upper()),
)
def search_minds_case() -> ASGIApp:
    """A search minds capital and small letters."""
    return matching(lambda search, each: search in each.name)


@control(
    "search",
    "list.search-later-word is SHOULD",
    lambda w: w.made(name=f"First {(t := token())}")["id"] not in w.ids(search=t),
    may_warn=True,
)
def search_by_beginning_of_name() -> ASGIApp:
    """A search finds the names that begin with it."""
    return matching(lambda search, each: each.name.casefold().startswith(search.casefold()))


@control(
    "search",
    "FACTS: search for several words is INFO",
    lambda w: w.made(name=f"{(t := token())} big bank")["id"] in w.ids(search=f"{t} bank"),
)
def search_finds_all_words_in_any_order() -> ASGIApp:
    """A search for several words finds the names that hold each of them, wherever."""
    return matching(lambda search, each: all(word.casefold() in each.name.casefold() for word in search.split()))


@control(
    "search",
    "list.domains-repeated is INFO",
    lambda w: (
        w.made(domain_data=verified(d := domain()))
        and w.http.get(f"/organizations?domains={d}&domains={domain()}").json()["data"] == []
    ),
)
def repeated_domains_count_once() -> ASGIApp:
    """Of several `domains` parameters only the last one counts."""

    def single(request: Request) -> Request:
        if request.operation != "list" or request.query.count("domains=") < 2:
            return request
        last = re.findall(r"(?:^|&)(domains=[^&]*)", request.query)[-1]
        rest = re.sub(r"(?:^|&)domains=[^&]*", "", request.query).lstrip("&")
        return request.replaced(query=f"{rest}&{last}".lstrip("&"))

    return on_request(single)


class Lagging(Store):
    """A store whose lists show changes only after some seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.news: list[tuple[float, str, Organization | None]] = []

    def insert(self, organization: Organization) -> None:
        """Adds it, and remembers when."""
        super().insert(organization)
        self.news.append((time.monotonic(), organization.id, None))

    def update(self, organization: Organization) -> None:
        """Writes it, and remembers what was before."""
        self.news.append((time.monotonic(), organization.id, self.by_id(organization.id)))
        super().update(organization)

    def delete(self, organization: Organization) -> None:
        """Removes it, and remembers what was before."""
        self.news.append((time.monotonic(), organization.id, self.by_id(organization.id)))
        super().delete(organization)

    def _walk(self, direction: Direction, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
        present = {o.id: o for o in super()._walk(direction, than, EVERYBODY, search, domain)}
        recent = [each for each in self.news if time.monotonic() - each[0] < self.seconds]
        self.news = recent
        for _, id, before in reversed(recent):
            present.pop(id, None)
            if before is not None and self.fits(before, direction, than, search, domain):
                present[id] = before
        newest_first = direction is OLDER
        return sorted(present.values(), key=lambda o: o.key, reverse=newest_first)[:limit]

    def fits(self, known: Organization, direction: Direction, than: Key, search: str, domain: str | None) -> bool:
        """Whether a former state belongs into a response."""
        beyond = known.key < than if direction is OLDER else known.key > than
        named = search.casefold() in known.name.casefold()
        return beyond and named and (domain is None or domain in {d.domain for d in known.domains})


class LaggingCursors(Pages):
    """Pages that still know a cursor whose deletion does not show yet."""

    def key(self, listing: Listing, cursor: str) -> Key:
        """Also that of an organization whose deletion does not show yet."""
        assert isinstance(self.store, Lagging)
        gone = [before for _, id, before in self.store.news if id == cursor and before is not None]
        return gone[-1].key if gone and self.store.by_id(cursor) is None else super().key(listing, cursor)


def lagging(seconds: float) -> ASGIApp:
    """An app whose lists show creates, updates and deletions only after a moment."""
    return app(Lagging(seconds), pages=LaggingCursors)


@control("lists", "list.shows-created: within the moment that lists may lag", lambda w: w.made()["id"] not in w.ids())
def lists_lag_briefly() -> ASGIApp:
    """Lists show creates, updates and deletions after 0.3 seconds."""
    return lagging(0.3)


@control(
    "lists", "DESIGN: lists may lag a bounded, configurable moment", lambda w: w.made()["id"] not in w.ids(), lag=3
)
def lists_lag_long() -> ASGIApp:
    """Lists show creates, updates and deletions after 1.5 seconds; the suite is told of three."""
    return lagging(1.5)
