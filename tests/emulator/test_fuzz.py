"""Whatever comes in, the emulator answers as documented, and never with a 5xx."""

from __future__ import annotations

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
