from __future__ import annotations

from typing import Any

import httpx
import pytest

from emulator.store import Store

NAMES = [f"org {i}" for i in range(7)]


@pytest.fixture
def ids(client: httpx.Client) -> list[str]:
    """Seven organizations, oldest first; those with an even number have the domain even.com."""
    made = []
    for i, name in enumerate(NAMES):
        domains = ["even.com"] if i % 2 == 0 else [f"odd{i}.com"]
        made.append(client.post("/organizations", json={"name": name, "domains": domains}).json()["id"])
    return made


def page(client: httpx.Client, **query: Any) -> tuple[list[str], str | None, str | None]:
    response = client.get("/organizations", params=query)
    assert response.status_code == 200, response.text
    body = response.json()
    return [o["id"] for o in body["data"]], body["list_metadata"]["before"], body["list_metadata"]["after"]


@pytest.mark.parametrize(("order", "step"), [("asc", 1), ("desc", -1), (None, -1)])
def test_after_leads_onwards_and_before_back(
    client: httpx.Client, ids: list[str], order: str | None, step: int
) -> None:
    given = {"limit": 3} if order is None else {"limit": 3, "order": order}
    a, b, c, d, e, f, g = ids[::step]
    assert page(client, **given) == ([a, b, c], None, c)
    assert page(client, **given, after=c) == ([d, e, f], d, f)
    assert page(client, **given, after=f) == ([g], g, None)
    assert page(client, **given, before=g) == ([d, e, f], d, f)
    assert page(client, **given, before=d) == ([a, b, c], None, c)
    assert page(client, **given, before=c) == ([a, b], None, b)
    assert page(client, **given, before=a) == ([], None, None)
    assert page(client, **given, after=g) == ([], None, None)


def test_normal_order_turns_the_cursors_round(client: httpx.Client, ids: list[str]) -> None:
    a, b, c, d, e, f, g = ids[::-1]
    given = {"limit": 3, "order": "normal"}
    assert page(client, **given) == ([a, b, c], c, None)
    assert page(client, **given, before=c) == ([d, e, f], f, d)
    assert page(client, **given, before=f) == ([g], None, g)
    assert page(client, **given, after=g) == ([d, e, f], f, d)
    assert page(client, **given, after=d) == ([a, b, c], c, None)


def test_filters_survive_paging(client: httpx.Client, ids: list[str]) -> None:
    given = {"limit": 2, "domains": "even.com", "search": "ORG"}
    assert page(client, **given) == ([ids[6], ids[4]], None, ids[4])
    assert page(client, **given, after=ids[4]) == ([ids[2], ids[0]], ids[2], None)
    assert page(client, **given, before=ids[3]) == ([ids[6], ids[4]], None, ids[4])
    assert page(client, domains="even.com", search="g 2") == ([ids[2]], None, None)
    assert page(client, domains="even.com", search="g 1") == ([], None, None)


@pytest.mark.parametrize(
    "query", [[("domains", "odd1.com,odd3.com")], [("domains", "odd3.com"), ("domains", "odd1.com,odd3.com")]]
)
def test_any_of_several_domains_matches(client: httpx.Client, ids: list[str], query: list[tuple[str, str]]) -> None:
    found = client.get("/organizations", params=[*query, ("limit", "5")]).json()["data"]
    assert [o["id"] for o in found] == [ids[3], ids[1]]


def test_an_organization_with_two_of_the_domains_comes_once(client: httpx.Client) -> None:
    made = client.post("/organizations", json={"name": "x", "domains": ["a.com", "b.com"]}).json()
    assert page(client, domains="a.com,b.com") == ([made["id"]], None, None)


@pytest.mark.parametrize(
    ("name", "search"),
    [
        ("Straße", "STRASSE"),
        ("ÉCOLE", "éco"),
        ("50% off", "0% o"),
        ("a_b", "A_B"),
        ("x\x00y", "\x00Y"),
        ("'\"", "'"),
    ],
)
def test_search_finds_text_in_names_whatever_their_case(client: httpx.Client, name: str, search: str) -> None:
    made = client.post("/organizations", json={"name": name}).json()
    client.post("/organizations", json={"name": "another"})
    assert page(client, search=search)[0] == [made["id"]]


def test_wildcards_are_plain_text(client: httpx.Client, ids: list[str]) -> None:
    assert page(client, search="%") == page(client, search="org_1") == ([], None, None)


def test_search_follows_a_new_name(client: httpx.Client, ids: list[str]) -> None:
    client.put(f"/organizations/{ids[0]}", json={"name": "renamed"})
    assert page(client, search="RENAMED")[0] == [ids[0]]
    assert page(client, search=NAMES[0])[0] == []


def test_what_was_not_given_has_its_default(client: httpx.Client, store: Store) -> None:
    store.fill(11)
    assert len(page(client)[0]) == 10
    assert page(client, unknown="x", search="", domains="") == page(client)
    assert page(client, limit=100, order="asc")[0][::-1] == page(client, limit=100)[0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("limit=%D9%A1", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=5&limit=0", "limit"),
        ("order=ASC", "order"),
        ("order=", "order"),
        ("before=org_x", "before"),
        ("before=", "before"),
        ("after=%00", "after"),
        ("after=%FF", "after"),
        ("before=org_x&after=org_x", "before"),
    ],
)
def test_a_broken_query_is_refused(client: httpx.Client, query: str, field: str) -> None:
    response = client.get(f"/organizations?{query}")
    assert response.status_code == 422
    assert [fault["field"] for fault in response.json()["errors"]] == [field]


def test_a_deleted_organization_is_no_cursor(client: httpx.Client, ids: list[str]) -> None:
    client.delete(f"/organizations/{ids[3]}")
    assert client.get("/organizations", params={"after": ids[3]}).status_code == 422
    assert page(client, limit=1, after=ids[4])[0] == [ids[2]]
