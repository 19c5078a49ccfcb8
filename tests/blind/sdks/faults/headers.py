"""Faults in headers, and in what is sent beside the body."""

from __future__ import annotations

import httpx

from tests.blind.sdks.planted import Fault, Proof, Reply, calling, one
from tests.mutants.sdks.call import Call


class LabelsUpdatesAsForm(Fault):
    """Labels the body of an update as a form."""

    requirement = "sdk.request.content-type"
    difficulty = "medium"
    proof = Proof((calling("update", name="Bar"),), (one(),), shows="x-www-form-urlencoded", lacks="application/json")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        form = {"content-type": "application/x-www-form-urlencoded"} if call.op == "update" else {}
        return super().headers(call, attempt) | form


class SendsBodyWithDelete(Fault):
    """Sends an empty JSON object with a delete."""

    requirement = "sdk.request.no-body"
    difficulty = "medium"
    proof = Proof((calling("delete"),), (Reply(202, "Accepted"),), shows="content-type: application/json")

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        label = {"content-type": "application/json"} if call.op == "delete" else {}
        return super().headers(call, attempt) | label

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        if call.op != "delete":
            return super().send(call, method, target, attempt)
        headers = self.headers(call, attempt)
        url = call.base_url + target
        return self.http(call).request(method, url, headers=headers, json={}, timeout=call.timeout)


class DoublesAuthorization(Fault):
    """Sends Authorization twice with a call that has extra headers, since it merges them with case in mind."""

    requirement = "sdk.request.authorization"
    difficulty = "narrow"
    proof = Proof(
        (calling("get", opts={"extra_headers": {"X-Team": "a"}}),), (one(),), shows="Authorization: Bearer sk_first"
    )

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        headers = super().headers(call, attempt)
        again = {"Authorization": headers["authorization"]} if call.opts.get("extra_headers") else {}
        return headers | again
