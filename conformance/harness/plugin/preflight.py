"""Whether there is anything to judge: a target that answers, speaks the API and takes the key."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.plugin.run import Run
from conformance.harness.wire.exchange import Exchange, NotJsonError, Response
from conformance.harness.wire.ownership.owner import OwnsNothing
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import Listener, build_client
from conformance.harness.wire.transports.limits import RunEndedError

LONGEST = 15.0
"""Seconds for the first questions, beside what 429 asks to wait."""
RETRY_WAIT = 45.0
MOST_UNANSWERED = 2
"""First questions that may stay unanswered before there is no point in another one."""
WALLS = {
    401: "the key is refused",
    403: "the key has no permission, or a gateway before the API refuses (--header gives what it asks for)",
    405: "nothing that can be read is there: is the API below another path?",
    407: "the proxy asks for user and password",
    429: "too many requests",
}
"""Statuses that say nothing of the API where every request gets the same one."""
NOT_FOUND = 404
REFUSED = (401, 403, 407)
"""They do not pass by waiting."""
PAUSE = 0.5
"""Seconds between two looks at a target that is still starting."""


class NoJudgementError(Exception):
    """The target cannot be judged; the text is one line for the user."""

    def __init__(self, reason: str, may_pass: bool = True) -> None:
        super().__init__(reason)
        self.may_pass = may_pass
        """Whether waiting may help."""


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


def wait_for(look: Callable[[], float], seconds: float, tell: Callable[[str], None]) -> float:
    """What `look`, which is `check` of a target, gives as soon as the target can be judged.

    `tell` is told once that there is something to wait for.
    Raises NoJudgementError when it still cannot be judged after so long.
    """
    end = time.monotonic() + seconds
    told = False
    while True:
        try:
            return look()
        except NoJudgementError as error:
            if not error.may_pass or time.monotonic() + PAUSE > end:
                raise
            if not told:
                tell(f"waiting up to {seconds:g} s (--wait): {error}")
                told = True
        time.sleep(PAUSE)


def check(target: Target, journals: Path, left: list[str]) -> float:
    """The seconds that the fastest response took. Raises NoJudgementError when every first question meets one wall.

    Three reads are asked, because one operation that refuses or talks HTML is a finding, and
    only all of them together are a wrong address or a wrong key. Where they do not tell, a create is sent: what it
    has made and cannot be removed is added to `left`, and stays in a journal in the folder.
    """
    target = replace(target, max_retry_wait=min(RETRY_WAIT, target.max_retry_wait))
    listener = NullListener()
    with build_client(target, OwnsNothing(), listener) as http:
        try:
            return _check(target, Wire(http, listener), partial(_has_create, target, journals, left))
        except RunEndedError as error:
            raise NoJudgementError(f"{target.base_url}: {error}") from None


def _check(target: Target, wire: Wire, has_create: Callable[[], bool]) -> float:
    exchanges = _first_questions(wire)
    responses = [exchange.response for exchange in exchanges if exchange.response is not None]
    if not responses:
        raise NoJudgementError(f"{target.base_url} cannot be reached: {exchanges[0].fault}{_hint(exchanges[0])}")
    for status, meaning in WALLS.items():
        if all(response.status == status for response in responses):
            reason = f"{target.base_url}: {meaning} ({status} to every request)"
            raise NoJudgementError(reason, may_pass=status not in REFUSED)
    _check_sense(target, responses)
    if [response.status for response in responses] == [NOT_FOUND] * len(exchanges):
        _check_path(target, has_create)
    if sum(exchange.seconds for exchange in exchanges) > LONGEST:
        raise NoJudgementError(f"{target.base_url} is too slow: {LONGEST:g} s do not suffice for three answers")
    return min(exchange.seconds for exchange in exchanges)


def _check_sense(target: Target, responses: list[Response]) -> None:
    """Raises NoJudgementError when none of the responses can be one of the API."""
    first = responses[0]
    if all(httpx.codes.is_redirect(response.status) for response in responses):
        location = ascii(first.headers.get("location", "nowhere"))[1:-1]
        reason = f"{target.base_url} redirects to {location}: give the address that it leads to"
        raise NoJudgementError(reason, may_pass=False)
    if all(httpx.codes.is_server_error(response.status) for response in responses):
        reason = f"{target.base_url} fails altogether ({first.status} to every request)"
        raise NoJudgementError(f"{reason}; --wait SECONDS gives a target time to start")
    if all(_is_page_for_people(response) for response in responses):
        raise NoJudgementError(f"{target.base_url} answers with HTML: it is not the address of the API")
    if not any(_is_json(response) or _claims_json(response) for response in responses):
        raise NoJudgementError(f"{target.base_url} answers without JSON: it is not the address of the API")


def _check_path(target: Target, has_create: Callable[[], bool]) -> None:
    """Raises NoJudgementError where lists are missing, and create too."""
    if target.read_only or not has_create():
        hint = "is the API below another path?"
        raise NoJudgementError(f"{target.base_url}: nothing is there: {hint} ({NOT_FOUND} to every request)")


def _has_create(target: Target, journals: Path, left: list[str]) -> bool:
    """Whether there is a create, by one that every target should refuse. What one that does not has made is removed."""
    run = Run(target, journals)
    try:
        return run.wire.send("create", content=b"[]").status not in (None, NOT_FOUND, *WALLS)
    finally:
        left += run.remove_everything()


def _hint(exchange: Exchange) -> str:
    """What helps against the fault, where something does."""
    if "CERTIFICATE_VERIFY_FAILED" in exchange.fault:
        return " (--ca-file names the certificate of the authority that is to be trusted)"
    return ""


def _first_questions(wire: Wire) -> list[Exchange]:
    unknown = secrets.token_hex(13)
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


def _claims_json(response: Response) -> bool:
    """Whether it is labelled as JSON: a target that writes it wrongly can be judged."""
    return "json" in response.media_type


def _is_json(response: Response) -> bool:
    try:
        return isinstance(response.json, (dict, list))
    except NotJsonError:
        return False


def _is_page_for_people(response: Response) -> bool:
    try:
        return response.json is None
    except NotJsonError:
        return response.body.lstrip()[:1] == b"<" or response.media_type == "text/html"
