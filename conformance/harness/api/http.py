"""The client that the scenarios speak through: one operation a method, refusals as exceptions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from conformance.harness.api.organization import Organization, UnusableResponseError
from conformance.harness.wire.exchange import Exchange
from specs.contract import operations


class RefusedError(AssertionError):
    """The target refused a request."""

    def __init__(self, exchange: Exchange) -> None:
        assert exchange.response is not None
        body = exchange.response.object
        self.exchange = exchange
        self.status = exchange.response.status
        self.code = body.get("code")
        self.message = body.get("message")
        super().__init__(f"{exchange.operation} was refused with {self.status}: {self.message!r}")


class NoResponseError(AssertionError):
    """The target gave no complete answer."""

    def __init__(self, exchange: Exchange) -> None:
        super().__init__(f"{exchange.operation} got no answer: {exchange.fault}")
        self.exchange = exchange


class OperationMissingError(Exception):
    """The target does not have this operation at all, so that nothing can be said of what builds on it."""

    def __init__(self, operation: str) -> None:
        super().__init__(f"{operation} does not work at all")
        self.operation = operation


class Page:
    """One page of organizations."""

    def __init__(self, body: Mapping[str, Any], exchange: Exchange) -> None:
        self._body = body
        self.exchange = exchange

    @property
    def organizations(self) -> list[Organization]:
        """The organizations of the page, in order. Raises UnusableAnswerError when they are no objects."""
        data = self._body.get("data")
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise UnusableResponseError("the list has no data", self.exchange)
        return [Organization(item, self.exchange) for item in data]

    @property
    def ids(self) -> list[str]:
        """The ids of the page, in order."""
        return [organization.id for organization in self.organizations]

    @property
    def before(self) -> str | None:
        """The cursor to the page before."""
        return self._cursor("before")

    @property
    def after(self) -> str | None:
        """The cursor to the page after."""
        return self._cursor("after")

    def _cursor(self, name: str) -> str | None:
        metadata = self._body.get("list_metadata")
        cursor = metadata.get(name, "") if isinstance(metadata, dict) else ""
        if cursor is not None and (not isinstance(cursor, str) or not cursor):
            raise UnusableResponseError(f"the list has no cursor {name}", self.exchange)
        return cursor


class Organizations:
    """The six operations of one target.

    Every method raises RefusedError for an answer that is no success, NoAnswerError when none
    came, UnusableAnswerError when a success carries no organization, and OperationMissingError
    for what `missing` names.
    """

    def __init__(self, http: httpx.Client, missing: set[str], **extensions: object) -> None:
        self._http = http
        self._missing = missing
        self._extensions = extensions

    def authorized_by(self, authorization: str | None, shown: str) -> Organizations:
        """The same target with another Authorization header, or none; `shown` stands for it in reports."""
        return self._with(authorization=authorization, shown_authorization=shown)

    def undocumented(self) -> Organizations:
        """The same target, for questions that nothing documents: no refusal of them has a wrong form."""
        return self._with(undocumented=True)

    def _with(self, **extensions: object) -> Organizations:
        return Organizations(self._http, self._missing, **(self._extensions | extensions))

    def create(self, body: object, idempotency_key: str | None = None) -> Organization:
        """POST /organizations."""
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return self._organization(self.send("create", json=body, headers=headers))

    def get(self, identifier: str) -> Organization:
        """GET /organizations/{id}."""
        return self._organization(self.send("get", {"id": identifier}))

    def lookup(self, external_id: str) -> Organization:
        """GET /organizations/external_id/{external_id}."""
        return self._organization(self.send("lookup", {"external_id": external_id}))

    def list(self, **query: Any) -> Page:
        """GET /organizations with these query parameters."""
        if "search" in query and "search" in self._missing:
            raise OperationMissingError("search")
        exchange = _succeeded(self.send("list", params=query))
        assert exchange.response is not None
        return Page(exchange.response.object, exchange)

    def update(self, identifier: str, body: object) -> Organization:
        """PUT /organizations/{id}."""
        return self._organization(self.send("update", {"id": identifier}, json=body))

    def delete(self, identifier: str) -> Exchange:
        """DELETE /organizations/{id}."""
        return _succeeded(self.send("delete", {"id": identifier}))

    def send(self, operation: str, path: Mapping[str, str] | None = None, **request: Any) -> Exchange:
        """Sends one request and gives the exchange, whatever came of it.

        `request` takes what httpx.Client.request takes. Raises OperationMissingError.
        """
        if "json" in request:
            request |= _json_content(request.pop("json"), request.get("headers", {}))
        if operation in self._missing:
            raise OperationMissingError(operation)
        described = operations()[operation]
        segments = {name: segment(value) for name, value in (path or {}).items()}
        response = self._http.request(
            described.method,
            described.path.format_map(segments),
            extensions={**self._extensions, "operation": operation},
            **request,
        )
        exchange = response.extensions["exchange"]
        assert isinstance(exchange, Exchange)
        return exchange

    def _organization(self, exchange: Exchange) -> Organization:
        response = _succeeded(exchange).response
        assert response is not None
        if not response.object:
            raise UnusableResponseError(f"{exchange.operation} answered {response.status} without an object", exchange)
        return Organization(response.object, exchange)


def _json_content(value: object, headers: Mapping[str, str]) -> dict[str, Any]:
    """The value as httpx writes it, but null as null: httpx takes None for no body at all."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return {"content": text.encode(), "headers": {**headers, "content-type": "application/json"}}


def segment(value: str) -> str:
    """The value as one path segment: nothing in it may end the segment or be read as a step up."""
    return quote(value, safe="").replace("..", "%2E%2E") if value.strip(".") else "%2E" * len(value)


def expect_refusal(call: Callable[..., object], *arguments: object, **options: object) -> RefusedError:
    """The refusal that the call meets. Raises AssertionError when the target does not refuse."""
    try:
        result = call(*arguments, **options)
    except RefusedError as refusal:
        return refusal
    raise NotRefusedError(call.__name__, result)


class NotRefusedError(AssertionError):
    """The target accepted what it must refuse."""

    def __init__(self, operation: str, result: object) -> None:
        exchange = getattr(result, "exchange", result)
        assert isinstance(exchange, Exchange)
        super().__init__(f"{operation} was not refused: {exchange.status}")
        self.exchange = exchange


def _succeeded(exchange: Exchange) -> Exchange:
    if exchange.response is None:
        raise NoResponseError(exchange)
    if not httpx.codes.is_success(exchange.response.status):
        raise RefusedError(exchange)
    return exchange
