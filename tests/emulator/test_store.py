from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from emulator.changes import Changes
from emulator.identifiers import Ulids
from emulator.paging import NEWEST, OLDEST
from emulator.refusals import Taken
from emulator.store import Store
from emulator.walks import BY_DOMAIN, BY_NAME, EVERYBODY, NEWER, OLDER, Direction, Index, count_off, walk


@pytest.fixture
def other() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def test_ulids_sort_by_making_even_when_the_clock_goes_back() -> None:
    ulids = Ulids()
    made = [ulids.new(moment) for moment in [5, 5, 9, 9, 3, 10] for _ in range(100)]
    assert made == sorted(set(made))
    assert {len(ulid) for ulid in made} == {26}


def test_one_of_many_threads_gets_the_external_id(other: Store) -> None:
    changes = Changes()

    def create(number: int) -> bool:
        try:
            with other.transaction():
                other.insert(changes.created({"name": f"{number}", "domains": ["a.com"], "external_id": "one"}))
        except Taken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(100))) == 1
    with other.transaction():
        assert len(other.older(NEWEST, 10, "", "a.com")) == 1


def test_one_of_many_requests_gets_the_external_id(client: httpx.Client) -> None:
    def create(number: int) -> int:
        return client.post("/organizations", json={"name": f"{number}", "external_id": "one"}).status_code

    with ThreadPoolExecutor(50) as pool:
        assert sorted(pool.map(create, range(50))) == [201] + [400] * 49
    assert len(client.get("/organizations").json()["data"]) == 1


def test_what_an_exception_leaves_did_not_happen(other: Store) -> None:
    made = Changes().created({"name": "x", "domains": ["a.com"]})

    def fail() -> None:
        with other.transaction():
            other.insert(made)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with other.transaction():
        assert other.by_id(made.id) is None


def test_fill_adds_plain_organizations_in_order(other: Store) -> None:
    other.fill(300, "Filled")
    with other.transaction():
        found = other.newer(OLDEST, 1000, "", None)
    assert [organization.name for organization in found] == [f"Filled {i}" for i in range(300)]


@pytest.mark.parametrize("direction", [OLDER, NEWER], ids=["older", "newer"])
@pytest.mark.parametrize(
    ("index", "plan"),
    [
        (EVERYBODY, ["SEARCH organization USING INTEGER PRIMARY KEY"]),
        (BY_DOMAIN, ["INDEX domain_by_position (domain=? AND position", "SEARCH organization USING INTEGER"]),
        (BY_NAME, ["SCAN name_part VIRTUAL TABLE INDEX", "SEARCH organization USING INTEGER"]),
    ],
    ids=["everybody", "domain", "name"],
)
def test_a_walk_follows_its_index_without_sorting(
    other: Store, index: Index, direction: Direction, plan: list[str]
) -> None:
    for statement, expected in ((walk(index, direction), plan), (count_off(index, direction), plan[:1])):
        values = {"start": 0, "search": "", "domain": "", "leader": '"61"', "limit": 1, "sample": 1}
        rows = other._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        steps = [row["detail"] for row in rows]
        assert all(part in step for part, step in zip(expected, steps, strict=False)), steps
        assert not any("TEMP B-TREE" in step for step in steps), steps


def test_a_file_keeps_everything(tmp_path: Path) -> None:
    made = Changes().created({"name": "x", "domains": ["b.com", "a.com"], "metadata": {"k": "ü"}})
    for step in ("write", "read"):
        store = Store(tmp_path / "organizations.db")
        with store.transaction():
            if step == "write":
                store.insert(made)
            assert store.by_id(made.id) == made
        store.close()


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Store(tmp_path / "text")
