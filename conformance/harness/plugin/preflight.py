"""Whether there is anything to judge: a target that answers, speaks the API and takes the key."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

import httpx

from conformance.harness.api.call import Call
from conformance.harness.api.http import Wire
from conformance.harness.wire.exchange import Exchange, NotJsonError, Response
from conformance.harness.wire.ownership import OwnsNothing
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import Listener, build_client

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


def wait_for(target: Target, seconds: float) -> None:
    """Returns as soon as the target can be judged. Raises NoJudgementError when it still cannot after so long."""
    end = time.monotonic() + seconds
    while True:
        try:
            return check(target)
        except NoJudgementError as error:
            if not error.may_pass or time.monotonic() + PAUSE > end:
                raise
        time.sleep(PAUSE)


def check(target: Target, outside: httpx.BaseTransport | None = None) -> None:
    """Raises NoJudgementError when every first question meets the same wall.

    Three reads are asked, because one operation that refuses or talks HTML is a finding, and
    only all of them together are a wrong address or a wrong key.
    """
    listener = NullListener()
    with build_client(target, OwnsNothing(), listener, outside) as http:
        wire = Wire(http, listener)
        exchanges = _first_questions(wire)
        responses = [exchange.response for exchange in exchanges if exchange.response is not None]
        if not responses:
            raise NoJudgementError(f"{target.base_url} cannot be reached: {exchanges[0].fault}{_hint(exchanges[0])}")
        is_missing = [response.status for response in responses] == [NOT_FOUND] * len(exchanges)
        if is_missing and (target.read_only or not _can_create(wire)):
            hint = "is the API below another path?"
            raise NoJudgementError(f"{target.base_url}: nothing is there: {hint} ({NOT_FOUND} to every request)")
    _look_for_walls(target.base_url, responses)


def _first_questions(wire: Wire) -> list[Exchange]:
    unknown = secrets.token_hex(13)
    calls = [
        wire.send("list", query={"limit": 1}),
        wire.send("get", path={"id": f"org_{unknown}"}),
        wire.send("lookup", path={"external_id": unknown}),
    ]
    return [exchange for call in calls for exchange in call.exchanges]


def _can_create(wire: Wire) -> bool:
    """Whether create is there at a target whose lists are not, by a request that every such target refuses."""
    return wire.send("create", content=b"[]").status not in (None, NOT_FOUND, *WALLS)


def _look_for_walls(base_url: str, responses: list[Response]) -> None:
    statuses = {response.status for response in responses}
    first = responses[0]
    for status, meaning in WALLS.items():
        if statuses == {status}:
            reason = f"{base_url}: {meaning} ({status} to every request)"
            raise NoJudgementError(reason, may_pass=status not in REFUSED)
    if all(httpx.codes.is_server_error(status) for status in statuses):
        raise NoJudgementError(
            f"{base_url} fails altogether ({first.status} to every request): --wait gives a starting target time"
        )
    if all(httpx.codes.is_redirect(status) for status in statuses):
        address = ascii(first.headers.get("location", "nowhere"))[1:-1]
        raise NoJudgementError(f"{base_url} redirects every request, the first to {address}", may_pass=False)
    if all(_is_page_for_people(response) for response in responses):
        raise NoJudgementError(f"{base_url} answers with HTML: it is not the address of the API")


def _hint(exchange: Exchange) -> str:
    """What helps against the fault, where something does."""
    if "CERTIFICATE_VERIFY_FAILED" in exchange.fault:
        return " (--ca-file names the certificate of the authority that is to be trusted)"
    return ""


def _is_page_for_people(response: Response) -> bool:
    try:
        return response.json is None
    except NotJsonError:
        return response.body.lstrip()[:1] == b"<" or response.media_type == "text/html"
