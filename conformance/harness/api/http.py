"""The operations over plain HTTP: the wire, for whatever bytes one likes, and the port on top of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from conformance.harness.api.call import Call, NoResponse, Outcome, Refusal, Value
from conformance.harness.api.organization import Organization
from conformance.harness.api.page import Page
from conformance.harness.api.port import CallListener
from conformance.harness.api.results import organization_of, page_of, value_of
from conformance.harness.wire.exchange import LARGEST_HELD, Exchange, Response
from conformance.harness.wire.routes import Encode, path_of, query_of, segment
from specs.contract import operations

ABSENT = object()
"""Stands for a body that is not sent at all: None is sent as null."""

JSON = {"content-type": "application/json"}


class Wire:
    """Requests of any form, among them what no client library could send.

    Other keys, bodies that are no JSON, queries that nothing documents. Each is a call like any other
    to those who listen.
    """

    def __init__(self, http: httpx.Client, listener: CallListener, **extensions: Any) -> None:
        self._http = http
        self._listener = listener
        self._extensions = extensions

    def authorized_by(self, authorization: str | None, shown: str) -> Wire:
        """The same target with another Authorization header, or none; `shown` stands for it in reports."""
        return Wire(
            self._http,
            self._listener,
            **{**self._extensions, "authorization": authorization, "shown_authorization": shown},
        )

    def undocumented(self) -> Wire:
        """The same target, for questions that nothing documents: no refusal of them has a wrong form."""
        return Wire(self._http, self._listener, **{**self._extensions, "undocumented": True})

    @property
    def organizations(self) -> HttpOrganizations:
        """The six operations over this wire."""
        return HttpOrganizations(self)

    def send(
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        encode: Encode = segment,
        query: Mapping[str, Any] | str = "",
        body: Any = ABSENT,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        chunked: bool = False,
    ) -> Call:
        """One request, and the call that it was, whatever came of it.

        `path` holds the arguments of the path, to be encoded; `query` as a text goes out as it is; `body` is
        a JSON value, `content` bytes in its place; `chunked` sends them without saying how many.
        """
        arguments: dict[str, Any] = dict(path or {})
        if query:
            arguments["query"] = query
        if body is not ABSENT:
            arguments["body"], content = body, _encoded(body)
        elif content is not None:
            arguments |= _decoded(content)
        if headers and "idempotency-key" in headers:
            arguments["idempotency_key"] = headers["idempotency-key"]
        begun = self._listener.on_call(operation, arguments)
        try:
            response = self._http.request(
                operations()[operation].method,
                path_of(operation, path or {}, encode) + _question(query),
                content=iter([content]) if chunked and content else content,
                headers={**(JSON if content is not None else {}), **(headers or {})},
                extensions={**self._extensions, "operation": operation},
            )
        except httpx.InvalidURL as error:  # an id, for example, that is longer than any address
            unsent = Call(operation, arguments, NoResponse(f"no request can carry this: {error}"))
            self._listener.on_outcome(unsent, begun)
            return unsent
        except BaseException as error:
            self._listener.on_outcome(Call(operation, arguments, NoResponse(f"not sent: {error}")), begun)
            raise
        exchange: Exchange = response.extensions["exchange"]
        call = Call(
            operation,
            arguments,
            outcome_of(exchange),
            (exchange.light(LARGEST_HELD),),
            exchange.undocumented,
            exchange.started,
            exchange.seconds,
        )
        self._listener.on_outcome(call, begun)
        return call


class HttpOrganizations:
    """The port over plain HTTP: see Organizations."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def create(self, body: Any, idempotency_key: str | None = None) -> Organization:
        """POST /organizations."""
        headers = {"idempotency-key": idempotency_key} if idempotency_key else {}
        return organization_of(self._wire.send("create", body=body, headers=headers))

    def get(self, id: str) -> Organization:
        """GET /organizations/{id}."""
        return organization_of(self._wire.send("get", path={"id": id}))

    def lookup(self, external_id: str) -> Organization:
        """GET /organizations/external_id/{external_id}."""
        return organization_of(self._wire.send("lookup", path={"external_id": external_id}))

    def list(self, **query: Any) -> Page:
        """GET /organizations with these query parameters."""
        given = {name: value for name, value in query.items() if value is not None}
        return page_of(self._wire.send("list", query=given))

    def update(self, id: str, body: Any) -> Organization:
        """PUT /organizations/{id}."""
        return organization_of(self._wire.send("update", path={"id": id}, body=body))

    def delete(self, id: str) -> Call:
        """DELETE /organizations/{id}."""
        call = self._wire.send("delete", path={"id": id})
        value_of(call)
        return call


def outcome_of(exchange: Exchange) -> Outcome:
    """What an exchange came to, as somebody sees it who reads its response by the contract."""
    response = exchange.response
    if response is None:
        return NoResponse(exchange.fault)
    if not httpx.codes.is_success(response.status):
        return Refusal(response.status, _word(response.object.get("code")), response.object.get("message"))
    return Value(_json(response))


def _word(code: Any) -> Any:
    """The code of a refusal; scenarios compare it, so what is no plain value becomes a text."""
    return code if code is None or isinstance(code, (str, int, float)) else repr(code)


def _json(response: Response) -> Any:
    return response.object or None


def _encoded(value: object) -> bytes:
    """JSON in UTF-8. A lone surrogate, which UTF-8 has no form of, goes out as an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _decoded(content: bytes) -> dict[str, Any]:
    """The body argument that some bytes are, if they are JSON, and not of more levels than can be read."""
    try:
        return {"body": json.loads(content)}
    except (ValueError, RecursionError):
        return {}


def _question(query: Mapping[str, Any] | str) -> str:
    text = query if isinstance(query, str) else query_of(query)
    return f"?{text}" if text else ""
