"""A plain client of the API for proofs: requests as they are written, responses as they come."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx

ORGANIZATIONS = "/organizations"

Ids: TypeAlias = list[str]


class Wire:
    """Requests to one server under one key. Bodies and responses are not checked."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        self._clients: list[httpx.Client] = []
        self.http = self.other(f"Bearer {key}")

    def close(self) -> None:
        """Closes the connections."""
        for client in self._clients:
            client.close()

    def other(self, authorization: str | None) -> httpx.Client:
        """A client that sends another Authorization header, or none."""
        headers = {} if authorization is None else {"Authorization": authorization}
        client = httpx.Client(base_url=self.url, headers=headers, timeout=20)
        self._clients.append(client)
        return client

    def create(self, **body: Any) -> httpx.Response:
        """POST with a name of its own, unless one is given."""
        return self.http.post(ORGANIZATIONS, json={"name": "Blind", **body})

    def made(self, **body: Any) -> dict[str, Any]:
        """The organization that a create answers with."""
        response = self.create(**body)
        assert response.status_code == 201, response.text
        return dict(response.json())

    def many(self, count: int, **body: Any) -> list[str]:
        """Ids of several new organizations, oldest first."""
        return [self.made(**body)["id"] for _ in range(count)]

    def get(self, id: str) -> httpx.Response:
        """GET by id."""
        return self.http.get(f"{ORGANIZATIONS}/{quote(id, safe='')}")

    def shown(self, id: str) -> dict[str, Any]:
        """The organization that a get answers with."""
        response = self.get(id)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def lookup(self, external_id: str) -> httpx.Response:
        """GET by external_id, every reserved character percent-encoded."""
        return self.http.get(f"{ORGANIZATIONS}/external_id/{quote(external_id, safe='')}")

    def list(self, **query: Any) -> httpx.Response:
        """GET of a page."""
        return self.http.get(ORGANIZATIONS, params=query)

    def ids(self, **query: Any) -> Ids:
        """The ids of a page."""
        response = self.list(**query)
        assert response.status_code == 200, response.text
        return [organization["id"] for organization in response.json()["data"]]

    def listed(self, id: str) -> dict[str, Any]:
        """An organization as a list of the newest hundred shows it."""
        return next(each for each in self.list(limit=100).json()["data"] if each["id"] == id)

    def cursors(self, **query: Any) -> tuple[Any, Any]:
        """before and after of a page."""
        metadata = self.list(**query).json()["list_metadata"]
        return metadata["before"], metadata["after"]

    def walk(self, **query: Any) -> Ids:
        """The ids of all pages, following `after`; gives up after 30 pages."""
        found: Ids = []
        for _ in range(30):
            page = self.list(**query).json()
            found += [organization["id"] for organization in page["data"]]
            query["after"] = page["list_metadata"]["after"]
            if not query["after"]:
                break
        return found

    def update(self, id: str, **body: Any) -> httpx.Response:
        """PUT with the given fields."""
        return self.http.put(f"{ORGANIZATIONS}/{quote(id, safe='')}", json=body)

    def changed(self, id: str, **body: Any) -> dict[str, Any]:
        """The organization that an update answers with."""
        response = self.update(id, **body)
        assert response.status_code == 200, response.text
        return dict(response.json())

    def delete(self, id: str) -> httpx.Response:
        """DELETE by id."""
        return self.http.delete(f"{ORGANIZATIONS}/{quote(id, safe='')}")

    def post(self, content: bytes | str, **headers: str) -> httpx.Response:
        """POST of a body as it is."""
        given = {"Content-Type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        return self.http.post(ORGANIZATIONS, content=content, headers=given)

    def put(self, id: str, content: bytes | str) -> httpx.Response:
        """PUT of a body as it is."""
        headers = {"Content-Type": "application/json"}
        return self.http.put(f"{ORGANIZATIONS}/{id}", content=content, headers=headers)


def deleted(w: Wire, **body: Any) -> dict[str, Any]:
    """An organization that was created and deleted."""
    made = w.made(**body)
    assert w.delete(made["id"]).status_code == 202
    return made


def together(*calls: Any) -> list[Any]:
    """Runs calls at once, each on a thread, and gives their results."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def token() -> str:
    """A text that nobody used before: letters and digits."""
    return f"blind{secrets.token_hex(6)}"


def domain(start: str = "") -> str:
    """A domain that nobody used before, within the narrowest bounds."""
    letters = "".join(secrets.choice("abcdefghijklmnop") for _ in range(12))
    return f"{start}{letters}.example.com"


def verified(*names: str) -> list[dict[str, str]]:
    """domain_data of verified domains."""
    return [{"domain": name, "state": "verified"} for name in names]


def pending(*names: str) -> list[dict[str, str]]:
    """domain_data of pending domains."""
    return [{"domain": name, "state": "pending"} for name in names]
