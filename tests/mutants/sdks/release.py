"""The faithful release of the stand-in SDK: small, and true to every requirement. A fault overrides one step."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import httpx

from tests.mutants.sdks.call import Call, SdkError

ROUTES = {
    "create": ("POST", "/organizations"),
    "get": ("GET", "/organizations/{}"),
    "lookup": ("GET", "/organizations/external_id/{}"),
    "list": ("GET", "/organizations"),
    "update": ("PUT", "/organizations/{}"),
    "delete": ("DELETE", "/organizations/{}"),
}
IN_PATH = {"get": "id", "lookup": "external_id", "update": "id", "delete": "id"}
WITH_BODY = ("create", "update")
TYPES: Mapping[str, tuple[type, ...]] = {
    "id": (str,),
    "name": (str,),
    "domains": (list,),
    "metadata": (dict,),
    "external_id": (str, type(None)),
    "created_at": (str,),
    "updated_at": (str,),
}
"""Of the required fields that a caller needs."""
DOMAIN_TEXTS = ("id", "organization_id", "domain", "created_at", "updated_at")
OF_DOMAINS: Mapping[str, tuple[type, ...]] = dict.fromkeys(DOMAIN_TEXTS, (str,))
CURSORS: Mapping[str, tuple[type, ...]] = dict.fromkeys(("before", "after"), (str, type(None)))
FIELDS = (*TYPES, "object", "stripe_customer_id", "allow_profiles_outside_organization")
DOMAIN_FIELDS = (
    *OF_DOMAINS, "object", "state", "verification_prefix", "verification_token", "verification_strategy",
)  # fmt: skip
KINDS = {
    400: "bad_request", 401: "authentication", 403: "authorization", 404: "not_found", 409: "conflict",
    422: "unprocessable", 429: "rate_limit",
}  # fmt: skip
PAUSE = 0.2
LONGEST_WAIT = 30.0
"""Seconds of Retry-After beyond which it is an error at once."""


class Release:
    """The SDK and its driver in one."""

    requirement: ClassVar[str] = ""
    """What a release with a fault breaks."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._clients: dict[str, httpx.Client] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Closes all connections."""
        for client in self._clients.values():
            client.close()

    # ---- requests

    def target(self, call: Call) -> tuple[str, str]:
        """Method and path."""
        method, path = ROUTES[call.op]
        return method, path.format(self.segment(str(call.args[IN_PATH[call.op]]))) if call.op in IN_PATH else path

    def segment(self, text: str) -> str:
        """An identifier as a segment of the path."""
        return "%2E" * len(text) if text in (".", "..") else quote(text, safe="")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        """The query of a list."""
        pairs = {name: ",".join(value) if isinstance(value, list) else value for name, value in given.items()}
        return urlencode(pairs)

    def body(self, call: Call) -> dict[str, Any]:
        """The fields of the body."""
        return {name: value for name, value in call.args.items() if name != IN_PATH.get(call.op)}

    def encoded(self, body: dict[str, Any]) -> bytes:
        """The body as JSON."""
        return json.dumps(body).encode()

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        """All headers but those that the HTTP library adds."""
        headers = {
            "authorization": f"Bearer {call.client['api_key']}",
            "user-agent": f"workos-stand-in/{self._version}",
            **call.opts.get("extra_headers", {}),
        }
        if call.op in WITH_BODY:
            headers["content-type"] = "application/json"
        key = self.idempotency_key(call, attempt)
        return headers | ({"idempotency-key": key} if key else {})

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        """The key of a create, the same for each attempt."""
        given: str | None = call.opts.get("idempotency_key")
        return given or (call.key if call.op == "create" else None)

    # ---- sending

    def http(self, call: Call) -> httpx.Client:
        """The connections of a client instance."""
        with self._lock:
            name = call.client.get("shared", call.client["api_key"])
            if name not in self._clients:
                self._clients[name] = httpx.Client(verify=False, trust_env=False)  # noqa: S501 - loopback only
            return self._clients[name]

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        """One request. Raises httpx.TransportError."""
        content = self.encoded(self.body(call)) if call.op in WITH_BODY else None
        url = httpx.URL(call.base_url)
        # httpx would tidy up the target.
        path, mark, query = target.partition("?")
        url._uri_reference = url._uri_reference._replace(path=path, query=query if mark else None)
        headers = self.headers(call, attempt)
        return self.http(call).request(method, url, headers=headers, content=content, timeout=call.timeout)

    def request(self, call: Call, given: Mapping[str, Any] | None = None) -> httpx.Response:
        """A success, after as many attempts as it takes. Raises SdkError."""
        method, path = self.target(call)
        query = self.query(call, given or {})
        target = f"{path}?{query}" if query else path
        attempt = 0
        while True:
            try:
                response = self.send(call, method, target, attempt)
            except httpx.TransportError as error:
                failure: SdkError = self.failed(error)
                if attempt >= self.most_retries(call) or failure.kind == "timeout":
                    raise failure from None
                wait = self.backoff(attempt)
            else:
                if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return response
                wait = self.wait_after(response, attempt)
                if attempt >= self.most_retries(call) or not self.retries(response.status_code) or wait > LONGEST_WAIT:
                    raise self.refused(call, response)
            time.sleep(max(wait, 0.0))
            attempt += 1

    def most_retries(self, call: Call) -> int:
        """How often a request may be repeated."""
        return call.retries

    def retries(self, status: int) -> bool:
        """Whether a request that was answered so is repeated."""
        return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR

    def backoff(self, attempt: int) -> float:
        """Seconds before the next attempt."""
        return float(PAUSE * 2**attempt * random.uniform(0.5, 1))

    def wait_after(self, response: httpx.Response, attempt: int) -> float:
        """Seconds before the next attempt: what Retry-After says, else the usual pause."""
        said = response.headers.get("retry-after", "")
        if said.isdecimal():
            return float(said)
        try:
            return parsedate_to_datetime(said).timestamp() - time.time()
        except ValueError:
            return self.backoff(attempt)

    # ---- errors

    def failed(self, error: httpx.TransportError) -> SdkError:
        """The error for a request without a response."""
        timeout = isinstance(error, httpx.TimeoutException)
        return SdkError("timeout" if timeout else "connection", str(error) or type(error).__name__)

    def refused(self, call: Call, response: httpx.Response) -> SdkError:
        """The error for a refusal."""
        status = response.status_code
        try:
            said = response.json()
        except ValueError:
            said = None
        said = said if isinstance(said, dict) else {}
        message = said.get("message") if isinstance(said.get("message"), str) else f"status {status}"
        retry_after = response.headers.get("retry-after", "")
        return SdkError(
            KINDS.get(status, "server" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "api"),
            str(message),
            status=status,
            code=said["code"] if isinstance(said.get("code"), str) else None,
            request_id=response.headers.get("x-request-id"),
            retry_after=int(retry_after) if retry_after.isdecimal() else None,
        )

    # ---- values

    def json_of(self, response: httpx.Response) -> Any:
        """The value of a body. Raises SdkError."""
        try:
            return json.loads(response.content.decode("utf-8"))
        except ValueError:
            raise SdkError("other", "the response is no JSON") from None

    def checked(self, value: Any, types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
        """An object with its required fields. Raises SdkError."""
        if not isinstance(value, dict):
            raise SdkError("other", "the response is no object")
        for name, kinds in types.items():
            if name not in value or not isinstance(value[name], kinds):
                raise SdkError("other", f"the response has no {name}")
        return value

    def organization(self, value: Any) -> dict[str, Any]:
        """An organization as the SDK gives it."""
        found = self.checked(value, TYPES)
        given = {name: found[name] for name in FIELDS if name in found}
        given["domains"] = [self.domain(item) for item in found["domains"]]
        given["metadata"] = {"$map": found["metadata"]}
        return given

    def domain(self, value: Any) -> dict[str, Any]:
        """A domain as the SDK gives it."""
        found = self.checked(value, OF_DOMAINS)
        return {name: found[name] for name in DOMAIN_FIELDS if name in found}

    def page(self, value: Any) -> dict[str, Any]:
        """A page as the SDK gives it."""
        found = self.checked(value, {"data": (list,), "list_metadata": (dict,)})
        metadata = self.checked(found["list_metadata"], CURSORS)
        cursors = {name: metadata[name] for name in CURSORS}
        return {"data": [self.organization(item) for item in found["data"]], "list_metadata": cursors}

    # ---- operations

    def perform(self, call: Call) -> Any:
        """What an operation gives. Raises SdkError."""
        if call.op == "list":
            return self.page(self.json_of(self.request(call, call.args)))
        response = self.request(call)
        return None if call.op == "delete" else self.organization(self.json_of(response))

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        """The organizations of all pages. Raises SdkError."""
        listing = Call("list", call.args, call.client, call.opts, call.limits)
        given, seen = dict(call.args), set()
        while True:
            found = self.page(self.json_of(self.request(listing, given)))
            yield from found["data"]
            cursor = self.next_cursor(found, given)
            if cursor is None or cursor in seen:
                return
            seen.add(cursor)
            given["after"] = cursor

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        """The cursor to the next page, None after the last one."""
        cursor: str | None = page["list_metadata"]["after"]
        return cursor

    def outcome(self, call: Call) -> dict[str, Any]:
        """The reply to a call, without its number."""
        items: list[Any] = []
        iterating = call.op == "iterate"
        try:
            if not iterating:
                return {"type": "value", "value": self.perform(call)}
            for item in self.iterate(call):
                items.append(item)
                if len(items) >= call.limits["items"]:
                    return {"type": "value", "value": {"data": items}, "complete": False}
        except SdkError as error:
            return self.raised(error) | ({"items": items} if iterating else {})
        except Exception as error:  # what comes out of an SDK besides
            foreign = {"type": "error", "class": type(error).__name__, "is_sdk_error": False, "kind": "other"}
            return foreign | {"message": str(error)} | ({"items": items} if iterating else {})
        return {"type": "value", "value": {"data": items}, "complete": True}

    def raised(self, error: SdkError) -> dict[str, Any]:
        """An error of the SDK in the protocol's form."""
        named = {"type": "error", "class": f"stand_in.{error.kind}", "is_sdk_error": True, "kind": error.kind}
        return named | error.fields
