"""Faults by which a call changes other calls of its client."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release


class _RemembersCalls(Release):
    """Keeps something of each client's calls."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._kept: dict[str, Any] = {}

    def name_of_client(self, call: Call) -> str:
        """What tells a client from the others."""
        return str(call.client.get("shared", call.client["api_key"]))


class RepeatsTheLatestLookup(_RemembersCalls):
    """Sends again what the client was asked to look up last."""

    requirement = "sdk.isolation.parallel"

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        if call.op != "lookup":
            return super().send(call, method, target, attempt)
        if not attempt:
            self._kept[self.name_of_client(call)] = target
        return super().send(call, method, self._kept[self.name_of_client(call)], attempt)


class GivesUpAfterTwoFailures(_RemembersCalls):
    """Sends nothing again once two calls of a client had to be repeated."""

    requirement = "sdk.retry.status"

    def request(self, call: Call, given: Mapping[str, Any] | None = None) -> httpx.Response:
        self._kept.setdefault(self.name_of_client(call), set())
        return super().request(call, given)

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        if attempt:
            self._kept[self.name_of_client(call)].add(call.key)
        return super().send(call, method, target, attempt)

    def most_retries(self, call: Call) -> int:
        others = self._kept[self.name_of_client(call)] - {call.key}
        return super().most_retries(call) if len(others) < 2 else 0


class SendsTheLatestOptions(_RemembersCalls):
    """Sends every request with the options that the client was given last."""

    requirement = "sdk.options.of-one-call"

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        self._kept[self.name_of_client(call)] = call.opts
        time.sleep(0.02)
        latest = self._kept[self.name_of_client(call)]
        return super().headers(Call(call.op, call.args, call.client, latest, call.limits, call.key), attempt)
