"""Whether there is anything to judge: a target that answers, speaks the API and takes the key."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import httpx

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.wire.exchange import Exchange, NotJsonError, Response
from conformance.harness.wire.limits import RunEndedError
from conformance.harness.wire.ownership import OwnsNothing
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import Listener, build_client

LONGEST = 15.0
"""Seconds for the first questions, beside what 429 asks to wait."""
RETRY_WAIT = 45.0
MOST_UNANSWERED = 2
"""First questions that may stay unanswered before there is no point in another one."""
WALLS = {401: "the key is refused", 403: "the key has no permission", 429: "too many requests"}


class NoJudgementError(Exception):
    """The target cannot be judged; the text is one line for the user."""


class NullListener:
    """A listener that judges nothing, and lets another one hear what goes over the wire."""

    def __init__(self, wire: Listener | None = None) -> None:
        self._wire = wire

    def on_request(self, request: httpx.Request) -> None:
        """See transport.Listener."""
        if self._wire:
            self._wire.on_request(request)

    def on_response(self, exchange: Exchange) -> None:
        """See transport.Listener."""
        if self._wire:
            self._wire.on_response(exchange)

    def on_call(self, operation: str, arguments: Mapping[str, Any]) -> None:
        """See port.CallListener."""

    def on_outcome(self, call: Call, begun: object) -> None:
        """See port.CallListener."""


def check(target: Target, outside: httpx.BaseTransport | None = None) -> None:
    """Raises NoJudgementError when every first question meets the same wall.

    Three reads are asked, because one operation that refuses or talks HTML is a finding, and
    only all of them together are a wrong address or a wrong key.
    """
    try:
        exchanges = _first_questions(target, outside)
    except RunEndedError as error:
        raise NoJudgementError(f"{target.base_url}: {error}") from None
    responses = [exchange.response for exchange in exchanges if exchange.response is not None]
    if not responses:
        raise NoJudgementError(f"{target.base_url} cannot be reached: {exchanges[0].fault}")
    for status, meaning in WALLS.items():
        if all(response.status == status for response in responses):
            raise NoJudgementError(f"{target.base_url}: {meaning} ({status} to every request)")
    _check_sense(target, responses)
    if sum(exchange.seconds for exchange in exchanges) > LONGEST:
        raise NoJudgementError(f"{target.base_url} is too slow: {LONGEST:g} s do not suffice for three answers")


def _check_sense(target: Target, responses: list[Response]) -> None:
    """Raises NoJudgementError when none of the responses can be one of the API."""
    if all(httpx.codes.is_redirect(response.status) for response in responses):
        location = responses[0].headers.get("location", "nowhere")
        raise NoJudgementError(f"{target.base_url} redirects to {location}: give the address that it leads to")
    if all(_is_page_for_people(response) for response in responses):
        raise NoJudgementError(f"{target.base_url} answers with HTML: it is not the address of the API")
    if all(httpx.codes.is_server_error(response.status) for response in responses):
        raise NoJudgementError(f"{target.base_url} fails altogether ({responses[0].status} to every request)")
    if not any(_is_json(response) for response in responses):
        raise NoJudgementError(f"{target.base_url} answers without JSON: it is not the address of the API")


def _is_json(response: Response) -> bool:
    try:
        return isinstance(response.json, (dict, list))
    except NotJsonError:
        return False


def _first_questions(target: Target, outside: httpx.BaseTransport | None) -> list[Exchange]:
    unknown = secrets.token_hex(13)
    target = replace(target, max_retry_wait=RETRY_WAIT)
    listener = NullListener()
    with build_client(target, OwnsNothing(), listener, outside) as http:
        wire = Wire(http, listener)
        questions = [
            partial(wire.send, "list", query={"limit": 1}),
            partial(wire.send, "get", path={"id": f"org_{unknown}"}),
            partial(wire.send, "lookup", path={"external_id": unknown}),
        ]
        calls: list[Call] = []
        for ask in questions:
            calls.append(ask())
            if len(calls) == MOST_UNANSWERED and all(call.status is None for call in calls):
                break
    return [exchange for call in calls for exchange in call.exchanges]


def _is_page_for_people(response: Response) -> bool:
    try:
        return response.json is None
    except NotJsonError:
        return response.body.lstrip()[:1] == b"<" or response.media_type == "text/html"
