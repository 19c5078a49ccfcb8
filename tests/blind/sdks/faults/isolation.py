"""Faults in how clients and calls keep apart."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx

from tests.blind.sdks.faults.options import client_of
from tests.blind.sdks.planted import ELSEWHERE, Fault, Proof, calling, one, refusal
from tests.mutants.sdks.call import Call, SdkError

SECOND = {"api_key": "sk_second"}


class UsesFirstKey(Fault):
    """Sends the key of the first client with the calls of every client, since it is kept for the whole program."""

    requirement = "sdk.isolation.clients"
    difficulty = "plain"
    proof = Proof((calling("get"), calling("get", client=SECOND)), (one(),), lacks="Bearer sk_second")

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._key = ""

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        self._key = self._key or call.client["api_key"]
        return super().headers(call, attempt) | {"authorization": f"Bearer {self._key}"}


class UsesLatestBaseUrl(Fault):
    """Sends the calls of every shared client to the base URL of the client that was made last."""

    requirement = "sdk.isolation.clients"
    difficulty = "medium"
    proof = Proof(
        (
            calling("get", client={"shared": "first"}),
            calling("get", client={**SECOND, "shared": "second", "base_url": ELSEWHERE}),
            calling("get", client={"shared": "first"}),
        ),
        (one(),),
        shows=f"Host: {ELSEWHERE}\nAccept: */*\nAccept-Encoding: gzip, deflate\nConnection: keep-alive\n"
        "authorization: Bearer sk_first",
    )

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._made: set[str] = set()
        self._base_url = ""

    def outcome(self, call: Call) -> dict[str, Any]:
        if client_of(call) not in self._made:
            self._made.add(client_of(call))
            self._base_url = call.client["base_url"]
        if "shared" not in call.client:
            return super().outcome(call)
        return super().outcome(dataclasses.replace(call, client=call.client | {"base_url": self._base_url}))


class RepeatsLatestRequest(Fault):
    """Keeps the request on the client: a get that is repeated asks for what the client's latest get asked for."""

    requirement = "sdk.isolation.parallel"
    difficulty = "narrow"
    proof = Proof(
        (calling("get"),), (refusal(503), one(), one()), during_pause=(calling("get", id="org_2"),),
        shows="request 3 on connection 1\nGET /organizations/org_2 ",
    )  # fmt: skip

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._latest: dict[str, str] = {}

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        if call.op == "get" and attempt:
            target = self._latest[client_of(call)]
        elif call.op == "get":
            self._latest[client_of(call)] = target
        return super().send(call, method, target, attempt)


class GivesLateResponses(Fault):
    """Keeps a connection on which a response is overdue, and gives that response to the client's next call."""

    requirement = "sdk.isolation.parallel"
    difficulty = "narrow"
    proof = Proof(
        (calling("get", client={"timeout_ms": 500}), calling("get", id="org_2")),
        (one(name="Overdue", fate="late"), one(name="Second")),
        shows='"name": "Overdue"',
        lacks='"name": "Second"',
    )

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._connections = ThreadPoolExecutor(32)
        self._overdue: dict[str, Future[httpx.Response]] = {}

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        patient = dataclasses.replace(call, opts=call.opts | {"timeout_ms": 60_000})
        under_way = self._overdue.pop(client_of(call), None)
        if under_way is None:
            under_way = self._connections.submit(super().send, patient, method, target, attempt)
        try:
            return under_way.result(call.timeout)
        except TimeoutError:
            self._overdue[client_of(call)] = under_way
            raise httpx.ReadTimeout("timed out") from None


class RepeatsInBackground(Fault):
    """Sends a get that timed out again behind the back of the caller, who has had the error already."""

    requirement = "sdk.isolation.late-requests"
    difficulty = "medium"
    proof = Proof(
        (calling("get", client={"timeout_ms": 500}),),
        (one(fate="late"), one()),
        requests=2,
        shows="request 2 on",
    )

    def request(self, call: Call, given: Mapping[str, Any] | None = None) -> httpx.Response:
        try:
            return super().request(call, given)
        except SdkError as error:
            if call.op == "get" and error.kind == "timeout" and call.retries:
                again = dataclasses.replace(call, opts=call.opts | {"max_retries": 0})
                threading.Thread(target=super().outcome, args=(again,), daemon=True).start()
            raise


class CountsRetriesPerClient(Fault):
    """Counts retries over all calls of a client instance, which has none left after as many as one call may have."""

    requirement = "sdk.retry.status"
    difficulty = "narrow"
    proof = Proof(
        (calling("get", client={"max_retries": 1}), calling("get", client={"max_retries": 1})),
        (refusal(503), one(), refusal(503), one()),
        shows='"status": 503',
    )

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._spent: dict[str, int] = {}

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        self._spent[client_of(call)] = self._spent.get(client_of(call), 0) + (attempt > 0)
        return super().send(call, method, target, attempt)

    def request(self, call: Call, given: Mapping[str, Any] | None = None) -> httpx.Response:
        left = max(call.retries - self._spent.get(client_of(call), 0), 0)
        return super().request(dataclasses.replace(call, opts=call.opts | {"max_retries": left}), given)


class MixesMetadata(Fault):
    """Sends the metadata of earlier creates along with that of each create, since all share one default object."""

    requirement = "sdk.request.body-values"
    difficulty = "medium"
    proof = Proof(
        (calling("create", metadata={"a": "1"}), calling("create", metadata={"b": "2"})), (one(),),
        shows='"metadata": {"a": "1", "b": "2"}',
    )  # fmt: skip

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._metadata: dict[str, Any] = {}

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if call.op == "create" and isinstance(body.get("metadata"), dict):
            self._metadata.update(body["metadata"])
            body["metadata"] = dict(self._metadata)
        return body
