from __future__ import annotations

from pathlib import Path

import pytest

from conformance.harness.plugin import preflight
from conformance.harness.wire.target import Target

from .altered import KEY, Passing, altered
from .removing import AcceptsEverything
from .servers import Answering, Connection, answering, in_turn, send
from .suite import judge

NOT_FOUND = send(404, b'{"message": "no"}')
PAGE = send(200, b"<!doctype html>", content_type="text/html")


def check(url: str, folder: Path) -> None:
    preflight.check(Target(url, KEY, lag=0.0, timeout=1.0, max_retry_wait=0.1), folder, [])


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
def test_the_same_wall_everywhere_allows_no_judgement(tmp_path: Path, response: Answering, reason: str) -> None:
    with answering(response) as server, pytest.raises(preflight.NoJudgementError, match=reason) as refused:
        check(server.url, tmp_path)
    assert "\n" not in str(refused.value)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize("response", [send(401), send(403), PAGE, hangs_up], ids=["401", "403", "HTML", "nothing"])
def test_one_operation_behind_a_wall_can_be_judged(tmp_path: Path, response: Answering) -> None:
    with answering(in_turn(response, NOT_FOUND)) as server:
        check(server.url, tmp_path)
    with answering(in_turn(NOT_FOUND, response)) as server:
        check(server.url, tmp_path)


def is_list(passing: Passing) -> bool:
    return passing.method == "GET" and passing.id == "organizations"


def test_what_a_first_question_has_created_is_removed(tmp_path: Path) -> None:
    def lack_lists(passing: Passing) -> None:
        if is_list(passing):
            passing.answer(404)

    with altered(before=lack_lists, rules=AcceptsEverything(), foreigners=2) as place:
        check(place.url, tmp_path)
        assert [passing.method for passing in place.app.passed].count("POST") == 1
        assert len(place.everyone()) == 2
    assert list(tmp_path.iterdir()) == []


def test_what_a_first_question_has_created_and_cannot_remove_is_told(tmp_path: Path) -> None:
    def lack_reads(passing: Passing) -> None:
        if passing.method == "GET":
            passing.answer(404)

    with altered(before=lack_reads, rules=AcceptsEverything(), foreigners=2) as place:
        result = judge(tmp_path, *place.options, "--lag", "0", "--profile", "quick", "-k", "create.answers")
        assert len(place.everyone()) - 2 == len(result.verdict["left"]) > 1
    assert result.exit_code == 1, result.text
