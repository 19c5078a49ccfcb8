"""Lists were made faster: other queries for a page, for its neighbours, for a part of it."""

from __future__ import annotations

import dataclasses
import hashlib

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Query, Rules
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import relisted
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _named(w: Wire, count: int) -> tuple[str, list[str]]:
    name = token()
    return name, w.many(count, name=name)


def _whole_second_skipped(w: Wire) -> object:
    name, ids = _named(w, 6)
    return len(w.walk(search=name, limit=2, order="desc")) < len(ids)


@fault("lists", "list.walk-forward", _whole_second_skipped, "keyset pagination by a timestamp(0)")
def thirteenth_the_next_page_begins_in_another_second() -> ASGIApp:
    """The page behind a cursor holds nothing that was made in the same second as the cursor's organization."""

    class Coarse(Pages):
        def onwards(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            found = super().onwards(listing, key, EVERYBODY)
            return [each for each in found if each.created_at // 1000 != key[0] // 1000][:limit]

    return app(pages=Coarse)


def _shard(id: str) -> int:
    return hashlib.sha256(id.encode()).digest()[0] & 1


def _shuffled(w: Wire) -> object:
    name, ids = _named(w, 12)
    return w.ids(search=name, order="desc", limit=20) != ids[::-1]


@fault("lists", "list.order", _shuffled, "sharding: what two shards answer is put together and not merged")
def thirteenth_a_page_shows_one_shard_after_the_other() -> ASGIApp:
    """A page holds the right organizations, but first all of one half of the ids and then all of the other."""
    return relisted(lambda value: {**value, "data": sorted(value["data"], key=lambda each: _shard(each["id"]))})


def _half_is_lost(w: Wire) -> object:
    name, ids = _named(w, 14)
    return len(w.walk(search=name, limit=4, order="desc")) < len(ids)


@fault("lists", "list.walk-forward", _half_is_lost, "sharding: each of two shards is asked for half a page")
def thirteenth_each_shard_gives_half_a_page() -> ASGIApp:
    """A page takes at most half of its limit from each half of the ids, so that a walk misses some."""

    class Halves(Pages):
        def onwards(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
            found = super().onwards(listing, key, EVERYBODY)
            most = (limit + 1) // 2
            chosen = [[each for each in found if _shard(each.id) == shard][:most] for shard in (0, 1)]
            ids = {each.id for half in chosen for each in half}
            return [each for each in found if each.id in ids][:limit]

    return app(pages=Halves)


def _shown_again(w: Wire) -> object:
    name, ids = _named(w, 4)
    _, after = w.cursors(search=name, limit=2, order="desc")
    w.made(name=name)
    return w.ids(search=name, limit=2, order="desc", after=after)[0] == ids[2]


@fault("lists", "list.after-is-exclusive", _shown_again, "a cursor that stands for an OFFSET behind the scenes")
def thirteenth_a_cursor_is_a_row_number() -> ASGIApp:
    """Where something was created since a page was read, the page behind it begins with what that page ended with."""

    class Numbered(Pages):
        seen: dict[str, int] = {}  # noqa: RUF012 - one server has one

        def page(self, listing: Listing) -> Page:
            page = super().page(listing)
            if page.organizations:
                last = page.organizations[-1]
                self.seen[last.id] = self._row(listing, last)
            return page

        def _row(self, listing: Listing, organization: Organization) -> int:
            return len(self.backward(listing, organization.key, EVERYBODY)) + 1

        def start(self, listing: Listing) -> Key:
            cursor = self.onwards_from(listing)
            known = self.store.by_id(cursor) if cursor else None
            if known is None or known.id not in self.seen:
                return super().start(listing)
            before = self.backward(listing, known.key, EVERYBODY)
            moved = len(before) + 1 - self.seen[known.id]
            return before[moved - 1].key if 0 < moved <= len(before) else known.key

    return app(pages=Numbered)


def _cut_in_lists(w: Wire) -> object:
    made = w.made(metadata={"a": "x" * 300})
    return len(w.listed(made["id"])["metadata"]["a"]) == 255


@fault("lists", "list.current-state", _cut_in_lists, "LEFT(value, 255) in the query of lists")
def thirteenth_lists_cut_metadata_values() -> ASGIApp:
    """Lists show the first 255 characters of a metadata value."""

    def cut(each: Object) -> Object:
        return {**each, "metadata": {key: value[:255] for key, value in each["metadata"].items()}}

    return relisted(lambda value: {**value, "data": [cut(each) for each in value["data"]]})


def _newest_first(w: Wire) -> object:
    name, ids = _named(w, 2)
    return w.ids(search=name, order="asc") == ids[::-1] and w.ids(order="asc", limit=100)[-1] != ids[0]


@fault("lists", "list.order", _newest_first, "a pull request: searches go to an engine, sorted by age descending")
def thirteenth_a_search_knows_one_order() -> ASGIApp:
    """A list with a search is newest first whatever its order says."""
    return listing(lambda asked: dataclasses.replace(asked, order="desc") if asked.search else asked)


def _unfiltered_back(w: Wire) -> object:
    name = domain()
    first = w.made(domain_data=verified(name))["id"]
    other = w.made()["id"]
    w.made(domain_data=verified(name))
    return other in w.ids(domains=name, before=first, order="desc")


@fault(
    "lists",
    "list.filter-survives-paging",
    _unfiltered_back,
    "the way back is a second query, which was copied without a join",
)
def thirteenth_the_way_back_knows_no_domains() -> ASGIApp:
    """A list with before does not heed domains."""
    return listing(lambda asked: dataclasses.replace(asked, domains=()) if asked.before is not None else asked)


def _neighbour_missing(w: Wire) -> object:
    name, ids = _named(w, 5)
    return w.ids(search=name, limit=2, order="desc", before=ids[0]) == [ids[3], ids[2]]


@fault("lists", "list.walk-back", _neighbour_missing, "limit + 1 rows, of which the wrong one is dropped")
def thirteenth_the_way_back_drops_the_nearest() -> ASGIApp:
    """A page before a cursor has one more at its far end instead of the nearest organization, where there are more."""

    class Dropping(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None:
                return super().organizations(listing)
            found = self.backward(listing, self.key(listing, cursor), listing.limit + 1)
            return (found[1:] if len(found) > listing.limit else found)[::-1]

    return app(pages=Dropping)


def _normal_is_not_turned(w: Wire) -> object:
    name, ids = _named(w, 3)
    return w.cursors(search=name, limit=2, order="normal") == (None, ids[1])


@fault("lists", "list.normal-reverses-cursors", _normal_is_not_turned, "the builder of searches has two orders")
def thirteenth_a_search_takes_normal_for_desc() -> ASGIApp:
    """With a search, order=normal has the cursors of desc."""
    return listing(
        lambda asked: dataclasses.replace(asked, order="desc") if asked.search and asked.order == "normal" else asked
    )


def _all_the_rest(w: Wire) -> object:
    name, ids = _named(w, 14)
    return len(w.ids(search=name, order="desc", after=ids[-1])) > 10


@fault("lists", "list.default-limit", _all_the_rest, "two code paths with two defaults")
def thirteenth_later_pages_have_another_default() -> ASGIApp:
    """Without a limit the page behind a cursor holds up to 100 organizations."""

    class Rest(Rules):
        def listing(self, query: Query) -> Listing:
            given = super().listing(query)
            bare = not query.getlist("limit") and (given.after is not None or given.before is not None)
            return dataclasses.replace(given, limit=100) if bare else given

    return app(rules=Rest())


def _names_collapse(w: Wire) -> object:
    name = domain()
    w.many(2, domain_data=verified(name))
    return len(w.ids(domains=name)) == 1


@fault("lists", "list.domain", _names_collapse, "SELECT DISTINCT ON (name), so that a join shows nobody twice")
def thirteenth_a_filter_shows_each_name_once() -> ASGIApp:
    """A list filtered by domain shows only the first it meets of several organizations with the same name."""

    class Grouped(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if domain is None:
                return super()._walk(direction, than, limit, search, domain)
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [*{each.name: each for each in reversed(found)}.values()][::-1][:limit]

    return app(Grouped())


@fault(
    "lists",
    "list.filtered-organizations-whole",
    lambda w: len(w.listed(_six(w))["domains"]) == 5,
    "a lateral join, limit 5",
)
def thirteenth_lists_show_five_domains() -> ASGIApp:
    """Lists show no more than five domains of an organization."""
    return relisted(
        lambda value: {**value, "data": [{**each, "domains": each["domains"][:5]} for each in value["data"]]}
    )


def _six(w: Wire) -> str:
    return str(w.made(domain_data=verified(*(domain() for _ in range(6))))["id"])
