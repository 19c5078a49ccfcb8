"""Calls of the emulator by tests, each with the status that it must have."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx

Json = dict[str, Any]


def create(client: httpx.Client, **body: Any) -> Json:
    """Creates an organization; fields that are not given are left out."""
    response = client.post("/organizations", json={"name": "Acme", **body})
    assert response.status_code == 201, response.text
    return dict(response.json())


def update(client: httpx.Client, id: str, **body: Any) -> Json:
    """Updates an organization."""
    response = client.put(f"/organizations/{id}", json=body)
    assert response.status_code == 200, response.text
    return dict(response.json())


def get(client: httpx.Client, id: str) -> Json:
    """Reads an organization by id."""
    response = client.get(f"/organizations/{id}")
    assert response.status_code == 200, response.text
    return dict(response.json())


def lookup(client: httpx.Client, external_id: str) -> httpx.Response:
    """Looks for an external_id, whatever comes of it."""
    return client.get("/organizations/external_id/" + quote(external_id, safe="").replace(".", "%2E"))


def refused(response: httpx.Response, status: int, code: str) -> Json:
    """The body of a refusal with this status and code."""
    assert response.status_code == status, response.text
    body = dict(response.json())
    assert body["message"]
    assert body["code"] == code
    return body


def faults(response: httpx.Response) -> list[tuple[str, str]]:
    """Field and code of each fault that a refusal names."""
    body = refused(response, 422, "invalid_request_parameters")
    return [(fault["field"], fault["code"]) for fault in body["errors"]]
