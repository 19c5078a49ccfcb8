"""Whether there is anything to judge: a target that answers, speaks the API and takes the key."""

from __future__ import annotations

import secrets

import httpx

from conformance.harness.api.http import Organizations
from conformance.harness.wire.exchange import Answer, Exchange, NotJsonError
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import open_door

WALLS = {401: "the key is refused", 403: "the key has no permission", 429: "too many requests"}


class NoJudgementError(Exception):
    """The target cannot be judged; the text is one line for the user."""


class Deaf:
    """A listener that judges nothing."""

    def begins(self, method: str) -> None:
        """Nothing to note."""

    def ends(self, exchange: Exchange, begun: object) -> None:
        """Nothing to judge."""


def check(target: Target, outside: httpx.BaseTransport | None = None) -> None:
    """Raises NoJudgementError when every first question meets the same wall.

    Three reads are asked, because one operation that refuses or talks HTML is a finding, and
    only all of them together are a wrong address or a wrong key.
    """
    exchanges = _first_questions(target, outside)
    answers = [exchange.answer for exchange in exchanges if exchange.answer is not None]
    if not answers:
        raise NoJudgementError(f"{target.base_url} cannot be reached: {exchanges[0].fault}")
    for status, meaning in WALLS.items():
        if all(answer.status == status for answer in answers):
            raise NoJudgementError(f"{target.base_url}: {meaning} ({status} to every request)")
    if all(_is_page_for_people(answer) for answer in answers):
        raise NoJudgementError(f"{target.base_url} answers with HTML: it is not the address of the API")


def _first_questions(target: Target, outside: httpx.BaseTransport | None) -> list[Exchange]:
    unknown = secrets.token_hex(13)
    with open_door(target, Ownership((), ""), Deaf(), outside) as http:
        organizations = Organizations(http, set())
        return [
            organizations.send("list", params={"limit": 1}),
            organizations.send("get", {"id": f"org_{unknown}"}),
            organizations.send("lookup", {"external_id": unknown}),
        ]


def _is_page_for_people(answer: Answer) -> bool:
    try:
        return answer.json is None
    except NotJsonError:
        return answer.body.lstrip()[:1] == b"<" or answer.media_type == "text/html"
