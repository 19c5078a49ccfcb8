"""Searches and filters: what they find against a look at every name, and what they cost."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.changes import Changes
from emulator.paging import NEWEST, OLDEST
from emulator.records import Organization
from emulator.search import LONGEST_INDEXED, queries
from emulator.store import Store

CROWD = 3_000
MOST_STEPS = 3_000
"""Instructions of SQLite's virtual machine for one page; a look at each of the crowd takes ten times as many."""

letters = st.text("aAbß株%\"'*^ \0\ud7ff", max_size=12)
names = letters | st.sampled_from(["x" * (LONGEST_INDEXED + 1) + "ab", "aaaaaaaaaaaa", "ab" * 8])
domains = st.lists(st.sampled_from(["a.com", "b.com", 'a"b', "a.com OR b.com"]), unique=True, max_size=2)

step = st.tuples(st.sampled_from(["insert", "update", "delete"]), names, domains, st.integers(0, 20))


class Failed(Exception):  # noqa: N818 - nothing fails here, it is rolled back on purpose
    """Ends a transaction."""


def found(store: Store, search: str, domain: str | None) -> tuple[list[str], list[str]]:
    with store.transaction():
        return (
            [organization.id for organization in store.newer(OLDEST, 100, search, domain)],
            [organization.id for organization in store.older(NEWEST, 100, search, domain)],
        )


def looked_up(known: list[Organization], search: str, domain: str | None) -> list[str]:
    return [
        each.id
        for each in known
        if search.casefold() in each.name.casefold()
        and (domain is None or domain in [owned.domain for owned in each.domains])
    ]


def changed(
    store: Store, changes: Changes, known: list[Organization], step: tuple[str, str, list[str], int]
) -> list[Organization]:
    kind, name, owned, at = step
    if kind == "insert" or not known:
        new = changes.created({"name": name, "domains": owned})
        store.insert(new)
        return sorted([*known, new], key=lambda each: each.key)
    chosen = known[at % len(known)]
    others = [each for each in known if each is not chosen]
    if kind == "delete":
        store.delete(chosen)
        return others
    new = changes.updated(chosen, {"name": name, "domains": owned})
    store.update(new)
    return sorted([*others, new], key=lambda each: each.key)


@settings(max_examples=100, deadline=None, database=None)
@given(
    steps=st.lists(step, max_size=15),
    undone=st.lists(step, max_size=5),
    search=letters,
    domain=st.none() | st.sampled_from(["a.com", "b.com", 'a"b', "a.com OR b.com"]),
)
def test_a_search_finds_what_a_look_at_every_name_finds(
    steps: list[tuple[str, str, list[str], int]],
    undone: list[tuple[str, str, list[str], int]],
    search: str,
    domain: str | None,
) -> None:
    with contextlib.closing(Store()) as store:
        known: list[Organization] = []
        changes = Changes()
        for step in steps:
            with store.transaction():
                known = changed(store, changes, known, step)
        with contextlib.suppress(Failed), store.transaction():
            passing = known
            for step in undone:
                passing = changed(store, changes, passing, step)
            raise Failed
        expected = looked_up(known, search, domain)
        assert found(store, search, domain) == (expected, expected[::-1])


def test_a_search_goes_on_from_any_key_and_stops_at_its_limit() -> None:
    with contextlib.closing(Store()) as store:
        store.fill(50, "Even")
        store.fill(50, "Odd")
        with store.transaction():
            everybody = store.newer(OLDEST, 100, "", None)
            for start in (0, 10, 49, 50, 75, 99):
                key = everybody[start].key
                assert store.newer(key, 3, "ODD", None) == [o for o in everybody[start + 1 :] if "Odd" in o.name][:3]
                assert store.older(key, 3, "eve", None) == [o for o in everybody[:start] if "Even" in o.name][:-4:-1]


def test_a_clock_that_went_back_leaves_lists_and_searches_in_the_order_of_creation() -> None:
    moments = iter([5_000, 9_000, 9_000, 3_000, 3_000, 7_000])
    changes = Changes()
    changes.now = lambda: next(moments)  # type: ignore[method-assign]
    with contextlib.closing(Store()) as store, store.transaction():
        for number in range(6):
            store.insert(changes.created({"name": f"Name {number}", "domains": ["a.com"]}))
        for search, domain in (("", None), ("name", None), ("", "a.com"), ("name", "a.com")):
            found = store.newer(OLDEST, 10, search, domain)
            assert [organization.name[-1] for organization in found] == list("340512")
            assert store.older(NEWEST, 10, search, domain) == found[::-1]


@pytest.fixture(scope="module")
def crowded() -> Iterator[Store]:
    """A crowd with a common name, older ones with another; the first and every hundredth of the rest have domains."""
    store = Store()
    store.fill(100, "Elderly Zebra")
    store.fill(CROWD, "Organization")
    with store.transaction():
        for number, organization in enumerate(store.newer(OLDEST, CROWD, "", None)):
            owned = ["common.com"] + ["rare.com"] * (number == 0)
            store.update(Changes().updated(organization, {"domains": owned}))
    yield store
    store.close()


@pytest.fixture
def steps(crowded: Store) -> Iterator[Callable[[], int]]:
    count = 0

    def counted() -> int:
        nonlocal count
        count += 1
        return 0

    crowded._connection.set_progress_handler(counted, 1)
    yield lambda: count
    crowded._connection.set_progress_handler(None, 1)


@pytest.mark.parametrize("direction", ["older", "newer"])
@pytest.mark.parametrize(
    ("search", "domain", "matches"),
    [
        ("", None, 10),
        ("o", None, 10),
        ("rg", None, 10),
        ("organization", None, 10),
        ("ORGANIZATION 29", None, 10),
        ("organization 2999", None, 1),
        ("2999", None, 1),
        ("elderly zebra 99", None, 1),
        ("derly", None, 10),
        ("organization 9999", None, 0),
        ("no such name at all", None, 0),
        ("", "common.com", 10),
        ("", "rare.com", 1),
        ("", "none.com", 0),
        ("organization", "rare.com", 0),
        ("organization 2899", "common.com", 1),
        ("elderly", "common.com", 10),
        ("elderly", "rare.com", 1),
    ],
)
def test_a_page_costs_the_same_however_many_there_are(
    crowded: Store,
    steps: Callable[[], int],
    direction: str,
    search: str,
    domain: str | None,
    matches: int,
) -> None:
    walk, start = (crowded.older, NEWEST) if direction == "older" else (crowded.newer, OLDEST)
    with crowded.transaction():
        page = walk(start, 10, search, domain)
    assert len(page) == matches
    assert 0 < steps() < MOST_STEPS


def test_a_search_as_long_as_a_name_that_is_not_indexed_asks_for_these_only() -> None:
    assert queries("x" * (LONGEST_INDEXED + 1), long_names=False) == ["long"]
    assert len(queries("".join(map(chr, range(0x4E00, 0x4E00 + LONGEST_INDEXED))), long_names=True)) == 20


def test_a_long_name_is_found_by_any_part_even_behind_u0000(client: httpx.Client) -> None:
    long = "a\0" + "x" * LONGEST_INDEXED + "END"
    made = client.post("/organizations", json={"name": long}).json()
    client.post("/organizations", json={"name": "another end"})
    for search in ("xEn", "\0x", long):
        found = client.get("/organizations", params={"search": search}).json()["data"]
        assert [each["id"] for each in found] == [made["id"]]


def test_a_file_of_another_version_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "organizations.db"
    with contextlib.closing(sqlite3.connect(file)) as old:
        old.execute("CREATE TABLE organization (id TEXT PRIMARY KEY, name TEXT)")
    before = file.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match="another version"):
        Store(file)
    assert file.read_bytes() == before
