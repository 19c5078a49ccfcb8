"""Faults in the options of one call."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx

from tests.blind.sdks.planted import ELSEWHERE, Fault, Proof, Reply, calling, one, refusal
from tests.mutants.sdks.call import Call

EXTRA = {"extra_headers": {"x-team": "a"}}


def client_of(call: Call) -> str:
    """The name of the client instance that makes a call."""
    return str(call.client.get("shared", call.client["api_key"]))


class KeepsExtraHeaders(Fault):
    """Adds the extra headers of a call to those of its client, so that the next calls send them too."""

    requirement = "sdk.options.of-one-call"
    difficulty = "plain"
    proof = Proof((calling("get", opts=EXTRA), calling("list")), (one(),), shows="x-team: a\n\nerror")

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._defaults: dict[str, dict[str, str]] = {}

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        defaults = self._defaults.setdefault(client_of(call), {})
        defaults.update(call.opts.get("extra_headers", {}))
        return super().headers(call, attempt) | defaults


class KeepsIdempotencyKeys(Fault):
    """Sends the idempotency key of one create with the next creates of the client that have none."""

    requirement = "sdk.options.of-one-call"
    difficulty = "medium"
    proof = Proof(
        (calling("create", opts={"idempotency_key": "mine"}), calling("create")),
        (one(),),
        lacks="idempotency-key: key-1",
    )

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._keys: dict[str, str] = {}

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        if given := call.opts.get("idempotency_key"):
            self._keys[client_of(call)] = given
        kept = self._keys.get(client_of(call)) if call.op == "create" else None
        return kept or super().idempotency_key(call, attempt)


class KeepsTimeouts(Fault):
    """Makes the timeout of a call the timeout of its client."""

    requirement = "sdk.options.of-one-call"
    difficulty = "narrow"
    proof = Proof((calling("get", opts={"timeout_ms": 7000}), calling("get")), (one(),), lacks="timeout 5.0")

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._timeouts: dict[str, int] = {}

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        if "timeout_ms" in call.opts:
            self._timeouts[client_of(call)] = call.opts["timeout_ms"]
        kept = self._timeouts.get(client_of(call))
        opts = call.opts | ({"timeout_ms": kept} if kept else {})
        return super().send(dataclasses.replace(call, opts=opts), method, target, attempt)


class TakesNoRetriesOfCallForNothing(Fault):
    """Keeps to the retries of the client where a call asks for none, since it takes 0 for nothing given."""

    requirement = "sdk.options.retries"
    difficulty = "narrow"
    proof = Proof((calling("get", opts={"max_retries": 0}),), (refusal(503),), shows="pause 0.2")

    def most_retries(self, call: Call) -> int:
        return int(call.opts.get("max_retries") or call.client.get("max_retries", 2))


class TakesMilliseconds(Fault):
    """Takes the milliseconds of a call's timeout for seconds."""

    requirement = "sdk.options.timeout"
    difficulty = "medium"
    proof = Proof((calling("get", opts={"timeout_ms": 7000}),), (one(),), shows="timeout 7000.0", lacks="timeout 7.0")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        longer = {"timeout_ms": call.opts["timeout_ms"] * 1000} if "timeout_ms" in call.opts else {}
        return super().send(dataclasses.replace(call, opts=call.opts | longer), method, target, attempt)


class TakesShorterTimeout(Fault):
    """Ends a call at the timeout of its client where that is the shorter one."""

    requirement = "sdk.options.timeout"
    difficulty = "narrow"
    proof = Proof((calling("get", opts={"timeout_ms": 7000}),), (one(),), shows="timeout 5.0", lacks="timeout 7.0")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        both = [options["timeout_ms"] for options in (call.client, call.opts) if "timeout_ms" in options]
        shorter = {"timeout_ms": min(both)} if both else {}
        return super().send(dataclasses.replace(call, opts=call.opts | shorter), method, target, attempt)


class IgnoresBaseUrlOfDeletes(Fault):
    """Sends a delete to the base URL of its client, whatever the call's is."""

    requirement = "sdk.options.base-url"
    difficulty = "narrow"
    proof = Proof(
        (calling("delete", opts={"base_url": ELSEWHERE}),), (Reply(202, "Accepted"),), lacks=f"Host: {ELSEWHERE}"
    )

    def outcome(self, call: Call) -> dict[str, Any]:
        opts = {k: v for k, v in call.opts.items() if (call.op, k) != ("delete", "base_url")}
        return super().outcome(dataclasses.replace(call, opts=opts))


class LosesExtraHeadersOfCreates(Fault):
    """Sends a create without its extra headers, since the idempotency key's own header takes their place."""

    requirement = "sdk.options.extra-headers"
    difficulty = "medium"
    proof = Proof((calling("create", opts=EXTRA),), (one(),), lacks="x-team: a")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        headers = super().headers(call, attempt)
        lost = call.opts.get("extra_headers", {}) if call.op == "create" else {}
        return {name: value for name, value in headers.items() if name not in lost}


class LowersGivenKeys(Fault):
    """Sends a given idempotency key in lower case, as UUIDs are written."""

    requirement = "sdk.options.idempotency-key"
    difficulty = "narrow"
    proof = Proof((calling("create", opts={"idempotency_key": "Mine"}),), (one(),), shows="idempotency-key: mine")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        key = super().idempotency_key(call, attempt)
        return key.lower() if key else None
