"""Bodies that the emulator refuses, and what metadata may be."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.calls import create, faults, get, refused, update

BOTH = [("post", "/organizations"), ("put", "/organizations/{id}")]


@pytest.mark.parametrize(("method", "path"), BOTH)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], ("body", "invalid_type")),
        ({"name": None}, ("name", "invalid_type")),
        ({"name": 5}, ("name", "invalid_type")),
        ({"name": "x", "external_id": ""}, ("external_id", "invalid_characters")),
        ({"name": "x", "external_id": "ä"}, ("external_id", "invalid_characters")),
        ({"name": "x", "external_id": "x" * 129}, ("external_id", "too_long")),
        ({"name": "x", "domains": [1]}, ("domains.0", "invalid_type")),
        ({"name": "x", "domains": "a.com"}, ("domains", "invalid_type")),
        ({"name": "x", "domain_data": [{"domain": "a.com"}]}, ("domain_data.0.state", "required")),
        (
            {"name": "x", "domain_data": [{"domain": "a.com", "state": "failed"}]},
            ("domain_data.0.state", "invalid_value"),
        ),
        (
            {"name": "x", "allow_profiles_outside_organization": "yes"},
            ("allow_profiles_outside_organization", "invalid_type"),
        ),
    ],
)
def test_a_broken_rule_is_named(
    client: httpx.Client, method: str, path: str, body: Any, expected: tuple[str, str]
) -> None:
    known = create(client)
    assert faults(client.request(method, path.format(id=known["id"]), json=body)) == [expected]
    assert get(client, known["id"]) == known


def test_the_name_is_required_to_create_only(client: httpx.Client) -> None:
    assert faults(client.post("/organizations", json={})) == [("name", "required")]
    known = create(client)
    assert update(client, known["id"]) == known


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b"9" * 10_000,
        b" " * 1_000_001,
    ],
    ids=lambda content: repr(content[:12]),
)
@pytest.mark.parametrize(("method", "path"), BOTH)
def test_a_body_that_is_no_json_is_refused(client: httpx.Client, method: str, path: str, content: bytes) -> None:
    path = path.format(id=create(client)["id"])
    assert [field for field, _ in faults(client.request(method, path, content=content))] == ["body"]


@pytest.mark.parametrize(
    "metadata",
    [
        {str(i): "x" for i in range(51)},
        {"k" * 41: "x"},
        {"k": "x" * 601},
        {"k": 1},
        {"k": {}},
        "text",
    ],
    ids=["pairs", "key", "value", "number", "object", "text"],
)
@pytest.mark.parametrize(("method", "path"), BOTH)
def test_bad_metadata_has_a_code_of_its_own(client: httpx.Client, method: str, path: str, metadata: Any) -> None:
    known = create(client)
    path = path.format(id=known["id"])
    refused(client.request(method, path, json={"name": "x", "metadata": metadata}), 400, "invalid_metadata")
    assert faults(client.request(method, path, json={"name": 1, "metadata": metadata})) == [("name", "invalid_type")]
    assert get(client, known["id"]) == known


def test_metadata_up_to_the_limits_are_kept(client: httpx.Client) -> None:
    metadata = {f"{i:ü<40}": "株" * 600 for i in range(50)}
    assert create(client, metadata=metadata)["metadata"] == metadata


def test_metadata_merge(client: httpx.Client) -> None:
    id = create(client, metadata={"a": "1", "b": "2"})["id"]
    assert update(client, id, metadata={"b": None, "c": "3"})["metadata"] == {"a": "1", "c": "3"}
    assert update(client, id, name="New")["metadata"] == {"a": "1", "c": "3"}
    assert update(client, id, metadata={})["metadata"] == {}


def test_metadata_may_not_grow_beyond_their_limit_by_merging(client: httpx.Client) -> None:
    known = create(client, metadata={str(i): "x" for i in range(50)})
    path = f"/organizations/{known['id']}"
    refused(client.put(path, json={"name": "x", "metadata": {"new": "x"}}), 400, "invalid_metadata")
    assert get(client, known["id"]) == known
    assert len(update(client, known["id"], metadata={"0": None, "new": "x"})["metadata"]) == 50
