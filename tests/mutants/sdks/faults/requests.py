"""Faults in what is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release


class UpdatesWithPatch(Release):
    """Sends an update with another method."""

    requirement = "sdk.request.route"

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        return ("PATCH" if method == "PUT" else method), path


class LeavesIdentifiersBare(Release):
    """Puts an identifier into the path without encoding its slashes."""

    requirement = "sdk.request.path-segment"

    def segment(self, text: str) -> str:
        return quote(text, safe="/")


class EncodesTwice(Release):
    """Encodes an identifier that it has encoded."""

    requirement = "sdk.request.path-segment"

    def segment(self, text: str) -> str:
        return quote(super().segment(text), safe="")


class ResolvesDots(Release):
    """Takes a dot for a step in the path."""

    requirement = "sdk.request.dot-segment"

    def segment(self, text: str) -> str:
        return {".": "", "..": "../"}.get(text) or super().segment(text)


class RepeatsDomains(Release):
    """Sends a parameter for each domain."""

    requirement = "sdk.request.query-style"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return urlencode(given, doseq=True)


class BracketsDomains(Release):
    """Sends domains in the style of PHP."""

    requirement = "sdk.request.query-style"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        named = {f"{name}[]" if isinstance(value, list) else name: value for name, value in given.items()}
        return urlencode(named, doseq=True)


class DropsSearch(Release):
    """Does not know the parameter search."""

    requirement = "sdk.request.query-complete"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {name: value for name, value in given.items() if name != "search"})


class AsksForAHundred(Release):
    """Adds a limit of its own."""

    requirement = "sdk.request.query-adds-nothing"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {"limit": 100, **given} if call.op == "list" else given)


class TellsItsVersionInTheQuery(Release):
    """Adds a parameter that nothing declares."""

    requirement = "sdk.request.query-declared"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {**given, "sdk_version": "1.0.0"} if call.op == "list" else given)


class LeavesQueriesBare(Release):
    """Glues the query together without encoding."""

    requirement = "sdk.request.query-complete"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        pairs = (f"{name}={','.join(value) if isinstance(value, list) else value}" for name, value in given.items())
        return quote("&".join(pairs), safe="&=,+%#")


class SendsAForm(Release):
    """Labels its JSON as a form."""

    requirement = "sdk.request.content-type"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        headers = super().headers(call, attempt)
        return headers | ({"content-type": "application/x-www-form-urlencoded"} if "content-type" in headers else {})


class WritesLatin(Release):
    """Sends bodies in Latin-1 where it can."""

    requirement = "sdk.request.body-valid"

    def encoded(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1", "replace")


class TrimsNames(Release):
    """Trims the name, as forms do."""

    requirement = "sdk.request.body-values"

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return body | ({"name": " ".join(body["name"].split())} if isinstance(body.get("name"), str) else {})


class TurnsDigitsIntoNumbers(Release):
    """Sends metadata that looks like a number as a number."""

    requirement = "sdk.request.body-values"

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if isinstance(body.get("metadata"), dict):
            body["metadata"] = {
                key: int(value) if isinstance(value, str) and value.isdecimal() else value
                for key, value in body["metadata"].items()
            }
        return body


class RenamesMetadataKeys(Release):
    """Turns the keys of metadata into snake_case with everything else."""

    requirement = "sdk.request.body-values"

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if isinstance(body.get("metadata"), dict):
            body["metadata"] = {key.lower().replace(" ", "_"): value for key, value in body["metadata"].items()}
        return body


class DropsTheCustomer(Release):
    """Does not know the Stripe customer."""

    requirement = "sdk.request.body-complete"

    def body(self, call: Call) -> dict[str, Any]:
        return {name: value for name, value in super().body(call).items() if name != "stripe_customer_id"}


class NamesItself(Release):
    """Adds a field to every body."""

    requirement = "sdk.request.body-adds-nothing"

    def body(self, call: Call) -> dict[str, Any]:
        return super().body(call) | {"source": "sdk"}


class DropsNull(Release):
    """Leaves out what is null."""

    requirement = "sdk.request.null-and-absent"

    def body(self, call: Call) -> dict[str, Any]:
        return {name: value for name, value in super().body(call).items() if value is not None}


class DropsEmpty(Release):
    """Leaves out what is empty."""

    requirement = "sdk.request.null-and-absent"

    def body(self, call: Call) -> dict[str, Any]:
        return {name: value for name, value in super().body(call).items() if value not in ({}, [], "")}


class SendsABodyWithEveryGet(Release):
    """Sends an empty object with reads."""

    requirement = "sdk.request.no-body"

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        if method != "GET":
            return super().send(call, method, target, attempt)
        url = f"{call.base_url}{target}"
        headers = self.headers(call, attempt)
        return self.http(call).request(method, url, headers=headers, content=b"{}", timeout=call.timeout)


class AuthorizesWithBasic(Release):
    """Sends the key as a user name."""

    requirement = "sdk.request.authorization"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        return super().headers(call, attempt) | {"authorization": f"Basic {call.client['api_key']}"}


class ForgetsTheKey(Release):
    """Sends no Authorization with deletes."""

    requirement = "sdk.request.authorization"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        headers = super().headers(call, attempt)
        if call.op == "delete":
            del headers["authorization"]
        return headers


class ReadsAfterWriting(Release):
    """Reads what it has created once more."""

    requirement = "sdk.request.once"

    def perform(self, call: Call) -> Any:
        given = super().perform(call)
        if call.op == "create":
            super().perform(Call("get", {"id": given["id"]}, call.client, call.opts, call.limits))
        return given


class DropsExtraHeaders(Release):
    """Does not pass on the headers of one call."""

    requirement = "sdk.options.extra-headers"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        return super().headers(Call(call.op, call.args, call.client, {}, call.limits, call.key), attempt)


class KeepsOptions(Release):
    """Keeps the headers of a call for those that follow."""

    requirement = "sdk.options.of-one-call"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        kept: dict[str, str] = self.__dict__.setdefault("_kept", {})
        kept.update(call.opts.get("extra_headers", {}))
        return kept | super().headers(call, attempt)


class IgnoresTheBaseUrlOfACall(Release):
    """Goes where the client goes."""

    requirement = "sdk.options.base-url"

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        call.opts.pop("base_url", None)
        return super().send(call, method, target, attempt)


class IgnoresTheTimeoutOfACall(Release):
    """Waits as long as the client waits."""

    requirement = "sdk.options.timeout"

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        call.opts.pop("timeout_ms", None)
        return super().send(call, method, target, attempt)


class SharesOneKey(Release):
    """Uses the key of the first client for all of them."""

    requirement = "sdk.isolation.clients"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        first = self.__dict__.setdefault("_first", call.client["api_key"])
        return super().headers(call, attempt) | {"authorization": f"Bearer {first}"}
