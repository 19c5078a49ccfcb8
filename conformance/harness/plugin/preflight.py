"""Whether there is anything to judge: a target that answers, speaks the API and takes the key."""

from __future__ import annotations

import secrets

import httpx

from conformance.harness.api.http import Organizations
from conformance.harness.wire.exchange import Exchange, NotJsonError, Response
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import build_client

WALLS = {401: "the key is refused", 403: "the key has no permission", 429: "too many requests"}


class NoJudgementError(Exception):
    """The target cannot be judged; the text is one line for the user."""


class NullListener:
    """A listener that judges nothing."""

    def on_request(self, method: str) -> None:
        """Nothing to note."""

    def on_response(self, exchange: Exchange, begun: object) -> None:
        """Nothing to judge."""


def check(target: Target, outside: httpx.BaseTransport | None = None) -> None:
    """Raises NoJudgementError when every first question meets the same wall.

    Three reads are asked, because one operation that refuses or talks HTML is a finding, and
    only all of them together are a wrong address or a wrong key.
    """
    exchanges = _first_questions(target, outside)
    responses = [exchange.response for exchange in exchanges if exchange.response is not None]
    if not responses:
        raise NoJudgementError(f"{target.base_url} cannot be reached: {exchanges[0].fault}")
    for status, meaning in WALLS.items():
        if all(response.status == status for response in responses):
            raise NoJudgementError(f"{target.base_url}: {meaning} ({status} to every request)")
    if all(_is_page_for_people(response) for response in responses):
        raise NoJudgementError(f"{target.base_url} answers with HTML: it is not the address of the API")


def _first_questions(target: Target, outside: httpx.BaseTransport | None) -> list[Exchange]:
    unknown = secrets.token_hex(13)
    with build_client(target, Ownership((), ""), NullListener(), outside) as http:
        organizations = Organizations(http, set())
        return [
            organizations.send("list", params={"limit": 1}),
            organizations.send("get", {"id": f"org_{unknown}"}),
            organizations.send("lookup", {"external_id": unknown}),
        ]


def _is_page_for_people(response: Response) -> bool:
    try:
        return response.json is None
    except NotJsonError:
        return response.body.lstrip()[:1] == b"<" or response.media_type == "text/html"
