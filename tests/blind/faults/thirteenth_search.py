"""Search moved to an engine of its own, and the filter by domain got an index of its own."""

from __future__ import annotations

import re
import time

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.stores import EVERYBODY, filtering, matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

STOPPED = {"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not"}
STOPPED |= {"of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was"}


def _contains(text: str, found: Organization) -> bool:
    return text.casefold() in found.name.casefold()


def _stopped(w: Wire) -> object:
    id = w.made(name="The")["id"]
    return id in w.ids() and w.ids(search="The") == []


@fault("search", "list.search", _stopped, "Lucene: the standard list of stop words")
def thirteenth_little_words_are_not_searched_for() -> ASGIApp:
    """A search for a stop word of English finds nothing."""
    return matching(lambda text, found: text.lower() not in STOPPED and _contains(text, found))


def _one_off(text: str, name: str) -> bool:
    if len(text) < 5 or len(text) != len(name):
        return False
    return sum(a != b for a, b in zip(text.casefold(), name.casefold(), strict=False)) == 1


def _fuzzy(w: Wire) -> object:
    name = token()
    id = w.made(name=name + "a")["id"]
    return w.ids(search=name + "b") == [id]


@fault("search", "list.search", _fuzzy, "Elasticsearch: fuzziness AUTO")
def thirteenth_a_search_forgives_one_letter() -> ASGIApp:
    """A search of five or more characters also finds a name of the same length that differs in one of them."""
    return matching(lambda text, found: _contains(text, found) or _one_off(text, found.name))


def _short_finds_all(w: Wire) -> object:
    id = w.made(name="Blind")["id"]
    return id in w.ids(search="Qq")


@fault("search", "list.search", _short_finds_all, "trigrams: a text that is too short for the index is not asked for")
def thirteenth_two_letters_are_no_search() -> ASGIApp:
    """A search of one or two characters lists everything."""
    return matching(lambda text, found: len(text) < 3 or _contains(text, found))


def _old_name_finds(w: Wire) -> object:
    name = token()
    id = w.made(name=name)["id"]
    w.changed(id, name=token())
    time.sleep(0.6)
    return w.ids(search=name) == [id]


@fault("search", "list.search", _old_name_finds, "an index that is only ever added to")
def thirteenth_old_names_stay_in_the_index() -> ASGIApp:
    """A search finds an organization by the names that it had before, too."""
    names: dict[str, set[str]] = {}

    class Adding(Store):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            names.setdefault(organization.id, set()).add(organization.name.casefold())

        def update(self, organization: Organization) -> None:
            super().update(organization)
            names[organization.id].add(organization.name.casefold())

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            return [each for each in found if any(search.casefold() in name for name in names[each.id])][:limit]

    return app(Adding())


def _turned(w: Wire) -> object:
    one, other = token(), token()
    id = w.made(name=f"{one}-{other}")["id"]
    return w.ids(search=f"{other}-{one}") == [id]


@fault("search", "list.search", _turned, "a tokenizer that splits at hyphens, on both sides")
def thirteenth_a_hyphen_splits_the_search() -> ASGIApp:
    """A search with hyphens finds every name that has the parts between them, in any order."""
    return matching(lambda text, found: all(_contains(part, found) for part in re.split("-", text)))


def _second_is_not_indexed(w: Wire) -> object:
    names = [domain(), domain()]
    shown = w.made(domain_data=verified(*names))["domains"]
    return [len(w.ids(domains=each["domain"])) for each in shown] == [1, 0]


@fault("search", "list.domain", _second_is_not_indexed, "a denormalized column primary_domain with an index")
def thirteenth_only_the_first_domain_is_indexed() -> ASGIApp:
    """A list filtered by domain finds organizations by the first of their domains alone."""
    return filtering(lambda found, domain: any(each.domain == domain for each in found.domains[:1]))


def _one_after_the_other(w: Wire) -> object:
    one, other = domain(), domain()
    ids = [w.made(domain_data=verified(name))["id"] for name in (one, other, one, other)]
    return w.ids(domains=f"{one},{other}", order="desc") == [ids[2], ids[0], ids[3], ids[1]]


@fault("search", "list.order", _one_after_the_other, "UNION ALL of a query for each domain")
def thirteenth_several_domains_come_one_after_the_other() -> ASGIApp:
    """A page filtered by several domains shows first the organizations of the first one, then those of the next."""

    class Grouped(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            first = {name: at for at, name in reversed([*enumerate(listing.domains)])}
            return sorted(found, key=lambda each: min((first.get(d.domain, 99) for d in each.domains), default=99))

    return app(pages=Grouped)


def _pending_is_overlooked(w: Wire) -> object:
    name = domain()
    w.made(domain_data=pending(name))
    return w.ids(domains=name) == []


@fault("search", "list.domain", _pending_is_overlooked, "a partial index WHERE state = 'verified'")
def thirteenth_pending_domains_find_nobody() -> ASGIApp:
    """A list filtered by domain does not show organizations whose domain is pending."""
    return filtering(
        lambda found, domain: any(each.domain == domain and each.state != "pending" for each in found.domains)
    )


def _beyond_ten(w: Wire) -> object:
    name, site = token(), domain()
    w.made(name=name, domain_data=verified(site))
    w.many(10, name=name)
    return w.ids(search=name, domains=site) == []


@fault("search", "list.filters-combine", _beyond_ten, "the engine gives ten ids, the database filters them")
def thirteenth_ten_hits_are_filtered_by_domain() -> ASGIApp:
    """With search and domains only the ten hits of the search that are next in the list are looked at."""

    class TopTen(Store):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if not search or domain is None:
                return super()._walk(direction, than, limit, search, domain)
            found = super()._walk(direction, than, 10, search, None)
            return [each for each in found if domain in {d.domain for d in each.domains}][:limit]

    return app(TopTen())


def _second_rename_unfound(w: Wire) -> object:
    id, first, second = w.made()["id"], token(), token()
    w.changed(id, name=first)
    w.changed(id, name=second)
    time.sleep(0.7)
    return w.ids(search=second) == [] and w.ids(search=first) == [id]


@fault("search", "list.search", _second_rename_unfound, "jobs are unique by id for a second: a later one is dropped")
def thirteenth_the_index_misses_a_second_rename() -> ASGIApp:
    """A search does not know the name of an update that came less than a second after another one."""
    names: dict[str, tuple[float, str]] = {}

    class Unique(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            if time.monotonic() - names.get(organization.id, (-9.0, ""))[0] > 1:
                names[organization.id] = (time.monotonic(), organization.name)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, "", domain)
            known = {each.id: names[each.id][1] if each.id in names else each.name for each in found}
            return [each for each in found if search.casefold() in known[each.id].casefold()][:limit]

    return app(Unique())


def _mixed_case(w: Wire) -> object:
    name = "Blind" + token().upper()
    id = w.made(name=name)["id"]
    return w.ids(search=name) == [] and w.ids(search=name.lower()) == [id]


@fault("search", "list.search", _mixed_case, "the index is in small letters, and wildcard queries are not analyzed")
def thirteenth_capitals_find_nothing() -> ASGIApp:
    """A search that has a capital finds nothing."""
    return matching(lambda text, found: text in found.name.lower())
