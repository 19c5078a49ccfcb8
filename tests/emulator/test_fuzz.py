"""Whatever comes in, the emulator answers as documented, and never with a 5xx."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any
from urllib.parse import quote_from_bytes

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from emulator.store import Store
from specs.contract import Bounds, operations

FIELDS = [*(operations(Bounds.WIDE)["update"].body or {})["properties"]]
PARAMETERS = ["limit", "order", "before", "after", "domains", "search", "other"]
ODD = settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3), max_leaves=8
)
domain_data = st.lists(st.fixed_dictionaries({"domain": st.text(), "state": st.sampled_from(["pending", "no"])}))
bodies = st.dictionaries(st.sampled_from(FIELDS), values | domain_data | st.lists(st.text())) | values
queries = st.lists(
    st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(["1", "100", "asc", "normal"]) | st.text()),
    max_size=5,
)

HEADERS = ["Content-Type", "Content-Encoding", "Accept", "Idempotency-Key", "Expect", "Origin", "Range", "Odd"]
header_values = st.binary().map(lambda value: bytes(b for b in value if b > 31 and b != 127).strip())


def documented(operation: str, response: httpx.Response) -> None:
    """Status and body are what the contract says of the operation."""
    schemas = operations()[operation].responses
    assert response.status_code in schemas, response.text
    schema = schemas[response.status_code]
    if schema is not None:
        Draft202012Validator(schema).validate(response.json())


@ODD
@given(body=bodies)
def test_any_body(client: httpx.Client, store: Store, body: Any) -> None:
    id = client.post("/organizations", json={"name": "x"}).json()["id"]
    documented("create", client.post("/organizations", json=body))
    documented("update", client.put(f"/organizations/{id}", json=body))
    documented("get", client.get(f"/organizations/{id}"))


@ODD
@given(content=st.binary() | st.text().map(lambda text: f'{{"name": "{text}"}}'.encode()))
def test_any_bytes(client: httpx.Client, store: Store, content: bytes) -> None:
    documented("create", client.post("/organizations", content=content))


@ODD
@given(query=queries)
def test_any_query(
    client: httpx.Client, store: Store, query: list[tuple[str, str | int | float | bool | None]]
) -> None:
    documented("list", client.get("/organizations", params=httpx.QueryParams(query)))


@ODD
@given(segment=st.binary(min_size=1))
def test_any_path(client: httpx.Client, store: Store, segment: bytes) -> None:
    encoded = quote_from_bytes(segment, safe="").replace(".", "%2E")
    documented("get", client.get(f"/organizations/{encoded}"))
    documented("lookup", client.get(f"/organizations/external_id/{encoded}"))


@ODD
@given(content=st.binary())
def test_any_bytes_update(client: httpx.Client, store: Store, content: bytes) -> None:
    id = client.post("/organizations", json={"name": "x"}).json()["id"]
    documented("update", client.put(f"/organizations/{id}", content=content))


@ODD
@given(headers=st.lists(st.tuples(st.sampled_from(HEADERS), header_values), max_size=5))
def test_any_headers(client: httpx.Client, store: Store, headers: list[tuple[str, bytes]]) -> None:
    given = [(name.encode(), value) for name, value in headers]
    for method, content in (("GET", None), ("POST", b'{"name": "x"}')):
        assert client.request(method, "/organizations", headers=given, content=content).status_code < 500


@ODD
@given(key=header_values)
def test_any_key(client: httpx.Client, store: Store, key: bytes) -> None:
    response = client.get("/organizations", headers=[(b"Authorization", b"Bearer" + (b" " + key if key else b""))])
    assert response.status_code == 401


@ODD
@given(head=st.binary() | st.builds(lambda target: b"GET /" + target + b" HTTP/1.1\r\nHost: x", st.binary()))
def test_any_bytes_on_the_socket(url: str, store: Store, head: bytes) -> None:
    address = httpx.URL(url)
    with closing(socket.create_connection((address.host, address.port or 80), timeout=10)) as connection:
        connection.sendall(head + b"\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not received or received.startswith(b"HTTP/1.1 4"), received
