"""What the sources leave open and this project decided: each decision, as the emulator takes it on the wire."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .conftest import KEY

Json = dict[str, Any]

TEXTS = {
    "digits": "007",
    "zero": "0",
    "many digits": "12345678901234567890",
    "a float": "1e5",
    "a boolean": "true",
    "null": "null",
    "None": "None",
    "a date": "2026-01-02T03:04:05+02:00",
    "a UUID": "2FE01467-F7EA-4DD2-8B79-C2B4F56D0191",
    "a path": "../a/./b//c",
    "markup": "<b>&amp;</b>",
    "SQL": "'; DROP TABLE organization; --",
    "an expression": "${7*7}{{7*7}}%s%00",
}
KEYS = ["a.b", "$set", "__proto__", "constructor", " padded ", "snake_case", "camelCase", "0", "a[b]", "a\nb"]
NAMES = {
    **TEXTS,
    "padded": "  padded\t",
    "not in NFC": "Cafe\u0301",
    "ligatures": "\ufb01 \u2126 \u212b",
    "U+0000": "a\0b",
    "control characters": "a\x01\x1f\x7f\u0085\u2028b",
    "line breaks": "a\r\nb",
    "long": "n" * 100_000,
    "beyond the BMP": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "right to left": "\u202eabc\u202c",
    "not a character": "\ufffe\uffff",
}
BROKEN = {
    "a trailing comma": b'{"name": "x",}',
    "a comma in an array": b'{"name": "x", "domains": ["a.com",]}',
    "text after the value": b'{"name": "x"} x',
    "two values": b'{"name": "x"}{"name": "y"}',
    "NaN": b'{"name": "x", "metadata": {"k": NaN}}',
    "Infinity": b'{"name": "x", "limit": -Infinity}',
    "Latin-1": '{"name": "Søren"}'.encode("latin-1"),
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "half a letter": b'{"name": "\xc3"}',
    "a surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a comment": b'{"name": "x" /* y */}',
    "single quotes": b"{'name': 'x'}",
    "a raw line break in text": b'{"name": "a\nb"}',
}
WRONG_TYPES = [
    ({"domain_data": [None]}, 422),
    ({"domain_data": {}}, 422),
    ({"domain_data": ["a.com"]}, 422),
    ({"domains": [None]}, 422),
    ({"domains": [["a.com"]]}, 422),
    ({"name": {}}, 422),
    ({"external_id": 5}, 422),
    ({"metadata": []}, 400),
    ({"metadata": {"k": [1]}}, 400),
    ({"metadata": {"k": True}}, 400),
]


def create(client: httpx.Client, **body: Any) -> Json:
    response = client.post("/organizations", json={"name": "Acme", **body})
    assert response.status_code == 201, response.text
    return dict(response.json())


def listed(client: httpx.Client, query: str) -> list[str]:
    response = client.get(f"/organizations?{query}")
    assert response.status_code == 200, response.text
    return [organization["id"] for organization in response.json()["data"]]


def raw(url: str, method: str, path: str, content: bytes = b"", key: str | None = f"Bearer {KEY}") -> tuple[int, Any]:
    """A request whose path nothing has tidied."""
    connection = http.client.HTTPConnection(httpx.URL(url).host, httpx.URL(url).port or 80)
    connection.request(method, path, content, {} if key is None else {"Authorization": key})
    response = connection.getresponse()
    status, text = response.status, response.read()
    connection.close()
    return status, json.loads(text)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_comes_back_as_it_was_sent(client: httpx.Client, name: str) -> None:
    made = create(client, name=name)
    assert made["name"] == name
    assert client.get(f"/organizations/{made['id']}").json() == made
    assert client.put(f"/organizations/{made['id']}", json={"name": name}).json()["name"] == name


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_an_external_id_and_metadata_come_back_as_they_were_sent(client: httpx.Client, text: str) -> None:
    made = create(client, external_id=text, metadata={text[:40]: text, **dict.fromkeys(KEYS, text)})
    assert (made["external_id"], made["metadata"]) == (text, {text[:40]: text, **dict.fromkeys(KEYS, text)})
    path = f"/organizations/external_id/{quote(text, safe='').replace('.', '%2E')}"
    assert client.get(path).json() == made


def test_an_external_id_is_no_number(client: httpx.Client) -> None:
    create(client, external_id="007")
    for other in ("7", "07", "7.0", "0x7"):
        assert client.get(f"/organizations/external_id/{other}").status_code == 404


@pytest.mark.parametrize("external_id", [".", ".."])
@pytest.mark.parametrize("encoded", [False, True])
def test_dots_alone_are_an_external_id(url: str, client: httpx.Client, external_id: str, encoded: bool) -> None:
    made = create(client, external_id=external_id)
    segment = external_id.replace(".", "%2E") if encoded else external_id
    assert raw(url, "GET", f"/organizations/external_id/{segment}") == (200, made)


def test_many_and_long_metadata_are_accepted(client: httpx.Client) -> None:
    metadata = {f"{i:0>40}": "v" * 600 for i in range(50)}
    assert create(client, metadata=metadata)["metadata"] == metadata


def test_many_domains_are_kept_and_found(client: httpx.Client) -> None:
    domains = [f"d{i}.com" for i in range(50)]
    made = create(client, domain_data=[{"domain": domain, "state": "verified"} for domain in domains])
    assert [domain["domain"] for domain in made["domains"]] == domains
    assert all(listed(client, f"domains={domain}") == [made["id"]] for domain in domains)


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_json_is_refused_and_changes_nothing(client: httpx.Client, content: bytes) -> None:
    made = create(client)
    for method, path in (("POST", "/organizations"), ("PUT", f"/organizations/{made['id']}")):
        assert client.request(method, path, content=content).status_code == 422
    assert client.get("/organizations").json()["data"] == [made]


@pytest.mark.parametrize(("field", "status"), WRONG_TYPES, ids=[json.dumps(field) for field, _ in WRONG_TYPES])
def test_a_wrong_type_inside_is_refused_and_leaves_nothing(client: httpx.Client, field: Json, status: int) -> None:
    assert client.post("/organizations", json={"name": "x", **field}).status_code == status
    assert listed(client, "") == []


def test_pages_are_as_long_as_their_limit_and_ten_by_default(client: httpx.Client) -> None:
    ids = [create(client)["id"] for _ in range(12)][::-1]
    assert listed(client, "") == ids[:10]
    assert [listed(client, f"limit={limit}") for limit in (1, 11, 12, 100)] == [ids[:1], ids[:11], ids, ids]


@pytest.mark.parametrize("limit", ["9" * 20, "1" + "0" * 19, "-" + "9" * 20, "0" * 20, "1e1", "٣", "0x10", "+5", "5 "])
def test_a_limit_that_is_no_sensible_number_is_refused(client: httpx.Client, limit: str) -> None:
    assert client.get("/organizations", params={"limit": limit}).status_code == 422


def test_order_is_asc_desc_or_normal(client: httpx.Client) -> None:
    ids = [create(client)["id"] for _ in range(3)]
    assert listed(client, "order=asc") == ids
    assert listed(client, "order=desc") == listed(client, "order=normal") == listed(client, "") == ids[::-1]
    assert client.get("/organizations?order=newest").status_code == 422


@pytest.mark.parametrize("character", "%_*?[](){}|^$\\'\"`;:-+/.,&#~\0")
def test_every_character_of_a_search_stands_for_itself(client: httpx.Client, character: str) -> None:
    ids = {
        text: create(client, name=text)["id"]
        for text in (f"a{character}b", "ab", "axb", f"{character * 6}", f"long name with {character} in it")
    }
    for search in (character, f"a{character}", f"a{character}b", f"with {character} in", character * 6):
        expected = [id for text, id in ids.items() if search in text]
        assert listed(client, f"search={quote(search, safe='')}&order=asc") == expected


@pytest.mark.parametrize("query", ["domains=a.com,b.com", "domains=a.com%2Cb.com", "domains=b.com,,a.com,"])
def test_a_comma_between_domains_is_literal_or_encoded(client: httpx.Client, query: str) -> None:
    ids = [create(client, domains=[domain])["id"] for domain in ("a.com", "b.com", "c.com")]
    assert listed(client, f"{query}&order=asc") == ids[:2]


@pytest.mark.parametrize("key", [None, "", KEY, f"Basic {KEY}", f"Token {KEY}", f"bearer{KEY}", "Bearer wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/organizations"),
        ("GET", "/organizations?limit=0&order=x&after=org_x"),
        ("GET", "/organizations/org_x"),
        ("GET", "/organizations/external_id/x"),
        ("PUT", "/organizations/org_x"),
        ("DELETE", "/organizations/org_x"),
        ("PATCH", "/organizations"),
        ("GET", "/elsewhere"),
    ],
)
def test_the_key_is_asked_for_before_all_else(
    url: str, client: httpx.Client, key: str | None, method: str, path: str
) -> None:
    assert raw(url, method, path, b"{", key) == (401, {"message": "Unauthorized"})


def test_an_id_in_another_case_is_another_id(client: httpx.Client) -> None:
    id = create(client)["id"]
    for other in (id.lower(), id.upper(), id.swapcase()):
        assert client.get(f"/organizations/{other}").status_code == 404


def test_a_cursor_that_is_gone_or_was_never_there_is_refused(client: httpx.Client) -> None:
    gone = create(client)["id"]
    client.delete(f"/organizations/{gone}")
    for cursor in (gone, "org_x", "x", "\0", "%"):
        assert client.get("/organizations", params={"after": cursor}).status_code == 422


def test_updates_at_once_each_keep_their_metadata(client: httpx.Client) -> None:
    path = f"/organizations/{create(client)['id']}"
    with ThreadPoolExecutor(8) as pool:
        statuses = pool.map(lambda i: client.put(path, json={"metadata": {f"k{i}": "v"}}).status_code, range(40))
    assert set(statuses) == {200}
    assert client.get(path).json()["metadata"] == {f"k{i}": "v" for i in range(40)}


def test_what_a_deleted_organization_held_is_free_again(client: httpx.Client) -> None:
    body: Json = {"external_id": "one", "domain_data": [{"domain": "a.com", "state": "verified"}]}
    gone = create(client, **body)
    client.delete(f"/organizations/{gone['id']}")
    made = create(client, **body)
    assert client.get("/organizations/external_id/one").json() == made
    assert listed(client, "domains=a.com") == [made["id"]]


@pytest.mark.parametrize("state", ["verified", "pending"])
def test_a_domain_may_belong_to_several_organizations(client: httpx.Client, state: str) -> None:
    body: Json = {"domain_data": [{"domain": "a.com", "state": state}]}
    ids = [create(client, **body)["id"] for _ in range(3)]
    other = create(client)["id"]
    assert client.put(f"/organizations/{other}", json=body).status_code == 200
    assert listed(client, "domains=a.com&order=asc") == [*ids, other]


@pytest.mark.parametrize("domain", ["gmail.com", "GMail.com", "outlook.com"])
def test_a_common_consumer_domain_is_refused(client: httpx.Client, domain: str) -> None:
    known = create(client, domains=["gmail.com.example", "notgmail.com"])
    stated: Json = {"domain_data": [{"domain": "a.com", "state": "verified"}, {"domain": domain, "state": "pending"}]}
    for body, field in ((stated, "domain_data.1.domain"), ({"domains": [domain]}, "domains.0")):
        for response in (
            client.post("/organizations", json={"name": "x", **body}),
            client.put(f"/organizations/{known['id']}", json=body),
        ):
            assert response.status_code == 422
            assert [(fault["field"], fault["code"]) for fault in response.json()["errors"]] == [
                (field, "consumer_domain")
            ]
    assert client.get("/organizations").json()["data"] == [known]


def test_a_metadata_key_that_is_null_goes(client: httpx.Client) -> None:
    made = create(client, metadata={"a": "1", "b": "2"})
    changed = client.put(f"/organizations/{made['id']}", json={"metadata": {"a": None}}).json()
    assert changed["metadata"] == {"b": "2"}


def test_a_conflict_says_what_the_vendors_own_tools_look_for(client: httpx.Client) -> None:
    create(client, external_id="one")
    response = client.post("/organizations", json={"name": "x", "external_id": "one"})
    assert response.status_code == 400
    assert "external_id" in response.json()["message"]
    assert "already been assigned" in response.json()["message"]
