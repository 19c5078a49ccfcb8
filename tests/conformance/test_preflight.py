from __future__ import annotations

import pytest

from conformance.harness.plugin import preflight
from conformance.harness.wire.target import Target

from .client import KEY
from .servers import Answering, Connection, answering, in_turn, send

NOT_FOUND = send(404, b'{"message": "no"}')
PAGE = send(200, b"<!doctype html>", content_type="text/html")


def check(url: str) -> None:
    preflight.check(Target(url, KEY, lag=0.0, timeout=1.0, max_retry_wait=0.1))


def hangs_up(connection: Connection) -> None:
    connection.hang_up()


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (send(401), "the key is refused"),
        (send(403), "no permission"),
        (send(429), "too many"),
        (PAGE, "HTML"),
        (hangs_up, "cannot be reached"),
    ],
    ids=["401", "403", "429", "HTML", "nothing"],
)
def test_the_same_wall_everywhere_allows_no_judgement(response: Answering, reason: str) -> None:
    with answering(response) as server, pytest.raises(preflight.NoJudgementError, match=reason) as refused:
        check(server.url)
    assert "\n" not in str(refused.value)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize("response", [send(401), send(403), PAGE, hangs_up], ids=["401", "403", "HTML", "nothing"])
def test_one_operation_behind_a_wall_can_be_judged(response: Answering) -> None:
    with answering(in_turn(response, NOT_FOUND)) as server:
        check(server.url)
    with answering(in_turn(NOT_FOUND, response)) as server:
        check(server.url)
