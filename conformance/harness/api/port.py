"""The six operations, as anybody calls them: over plain HTTP, or through an SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from conformance.harness.api.call import Call
from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Page


class Organizations(Protocol):
    """The six operations of one target.

    Each raises RefusedError when the target refuses, NoResponseError when no complete response comes,
    UnusableResponseError when a success carries no organization or page, NotExpressibleError when the
    client has no means to say it, and BlockedError when the operation is not there at all.
    """

    def create(self, body: Any, idempotency_key: str | None = None) -> Organization:
        """POST /organizations."""

    def get(self, id: str) -> Organization:
        """GET /organizations/{id}."""

    def lookup(self, external_id: str) -> Organization:
        """GET /organizations/external_id/{external_id}."""

    def list(self, **query: Any) -> Page:
        """GET /organizations with these query parameters; None stands for one that is left out."""

    def update(self, id: str, body: Any) -> Organization:
        """PUT /organizations/{id}."""

    def delete(self, id: str) -> Call:
        """DELETE /organizations/{id}. Gives the call, as there is no organization any more."""


class CallListener(Protocol):
    """Somebody who judges calls."""

    def on_call(self, operation: str, arguments: Mapping[str, Any]) -> object:
        """A call begins; what this returns comes back with its outcome. Raises BlockedError."""

    def on_outcome(self, call: Call, begun: object) -> None:
        """The call is over."""
