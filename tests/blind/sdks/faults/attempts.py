"""Faults in what is sent when a request is sent again."""

from __future__ import annotations

import hashlib
import threading
import uuid
from typing import Any

import httpx

from tests.blind.sdks.planted import Fault, Proof, Reply, calling, one, page, refusal
from tests.mutants.sdks.call import Call

ONCE_REFUSED = (refusal(503), one())
ONCE_LOST = (Reply(fate="lost"), one())


class MakesKeyForEachAttempt(Fault):
    """Makes a new idempotency key for each attempt of a create."""

    requirement = "sdk.retry.generated-key"
    difficulty = "plain"
    proof = Proof((calling("create"),), ONCE_REFUSED, shows="idempotency-key: attempt-1")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        key = super().idempotency_key(call, attempt)
        return f"attempt-{attempt}-of-{call.key}" if attempt and key == call.key else key


class MakesNoKey(Fault):
    """Makes no idempotency key for a create, and repeats it all the same."""

    requirement = "sdk.retry.generated-key"
    difficulty = "medium"
    proof = Proof((calling("create"),), ONCE_REFUSED, lacks="idempotency-key: key-1")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        given: str | None = call.opts.get("idempotency_key")
        return given


class MakesKeyOfBody(Fault):
    """Makes the idempotency key of a create from its body, so that equal creates share one."""

    requirement = "sdk.retry.fresh-key"
    difficulty = "narrow"
    proof = Proof((calling("create"),), (one(),), lacks="idempotency-key: key-1")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        key = super().idempotency_key(call, attempt)
        digest = hashlib.sha256(self.encoded(self.body(call))).hexdigest()
        return str(uuid.UUID(digest[:32])) if key == call.key else key


class ReplacesGivenKey(Fault):
    """Sends the given idempotency key with the first attempt of a create, and one of its own with the others."""

    requirement = "sdk.retry.given-key"
    difficulty = "medium"
    proof = Proof((calling("create", opts={"idempotency_key": "mine"}),), ONCE_REFUSED, shows="key: key-1")

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        return call.key if attempt and call.op == "create" else super().idempotency_key(call, attempt)


class SendsBodyOnce(Fault):
    """Sends an empty body when it repeats a create or update, since the stream was read by the first attempt."""

    requirement = "sdk.retry.same-request"
    difficulty = "plain"
    proof = Proof((calling("create"),), ONCE_REFUSED, shows="Content-Length: 0")

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._stream = threading.local()

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        self._stream.was_read = attempt > 0
        return super().send(call, method, target, attempt)

    def encoded(self, body: dict[str, Any]) -> bytes:
        return b"" if self._stream.was_read else super().encoded(body)


class SendsQueryOnce(Fault):
    """Repeats a list without its query."""

    requirement = "sdk.retry.same-request"
    difficulty = "medium"
    proof = Proof((calling("list", limit=5),), (refusal(503), page()), shows="GET /organizations HTTP")

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        return super().send(call, method, target.partition("?")[0] if attempt else target, attempt)


class SendsExtraHeadersOnce(Fault):
    """Sends the extra headers of a call with the first attempt alone."""

    requirement = "sdk.retry.same-request"
    difficulty = "narrow"
    proof = Proof(
        (calling("get", opts={"extra_headers": {"x-team": "a"}}),), ONCE_REFUSED,
        shows="user-agent: workos-stand-in/1.0.0\n\nvalue",
    )  # fmt: skip

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        extra = call.opts.get("extra_headers", {}) if attempt else {}
        return {name: value for name, value in super().headers(call, attempt).items() if name not in extra}


class ChangesKeyOfLostCreates(Fault):
    """Sends a create whose connection was closed before the response again under a new idempotency key."""

    requirement = "sdk.retry.applied-once"
    difficulty = "narrow"
    proof = Proof((calling("create"),), ONCE_LOST, shows="idempotency-key: key-1-again")

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._lost: set[str] = set()

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        try:
            return super().send(call, method, target, attempt)
        except httpx.RemoteProtocolError:
            self._lost.add(call.key)
            raise

    def idempotency_key(self, call: Call, attempt: int) -> str | None:
        key = super().idempotency_key(call, attempt)
        return f"{key}-again" if key == call.key and key in self._lost else key
