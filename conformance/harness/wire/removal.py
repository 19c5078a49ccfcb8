"""Removes at the end what the run created."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import httpx

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.journal import Journal
from conformance.harness.wire.routes import path_of, query_of
from conformance.harness.wire.transport import ForeignOrganizationError
from specs.contract import operations

ROUNDS = 2


class Removal:
    """Deletes what a journal holds, and looks whether it is gone."""

    def __init__(self, http: httpx.Client, journal: Journal, token: str) -> None:
        self._http = http
        self._journal = journal
        self._token = token

    def remove_everything(self) -> list[str]:
        """Deletes all that is left; gives the ids of what could not be deleted."""
        for _ in range(ROUNDS):
            self._restore_what_is_listed()
            for identifier in self._journal.left:
                with contextlib.suppress(ForeignOrganizationError):
                    self._send("delete", {"id": identifier})
        return self._journal.left

    def _restore_what_is_listed(self) -> None:
        """A list shows what a delete only seemed to remove."""
        for identifier in self._listed():
            if self._journal.has_removed(identifier) and self._send("get", {"id": identifier}).status == httpx.codes.OK:
                self._journal.restore(identifier)

    def _listed(self) -> list[str]:
        response = self._send("list", query={"search": self._token, "limit": 100}).response
        data = response.object.get("data") if response else None
        items = data if isinstance(data, list) else []
        return [item["id"] for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]

    def _send(
        self, operation: str, path: Mapping[str, str] | None = None, query: Mapping[str, Any] | None = None
    ) -> Exchange:
        address = path_of(operation, path or {}) + (f"?{query_of(query)}" if query else "")
        response = self._http.request(
            operations()[operation].method, address, extensions={"operation": operation, "removal": True}
        )
        exchange: Exchange = response.extensions["exchange"]
        return exchange
