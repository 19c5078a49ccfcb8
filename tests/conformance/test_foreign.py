"""Organizations of others stay as they are, whatever a target claims; those of the run are gone, whatever it shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.altered import Passing, altered
from tests.conformance.suite import judge

FOREIGNERS = 5
QUICK = ("--profile", "quick", "--lag", "0")


def is_create(passing: Passing) -> bool:
    return passing.method == "POST" and passing.status == 201


class AnswersWithOthers:
    """Creates are answered with ids of others; what is read of these is altered further."""

    def __init__(self, read: Callable[[Passing, bytes], None]) -> None:
        self.ids: list[str] = []
        self._read = read
        self._sent: dict[str, bytes] = {}

    def __call__(self, passing: Passing) -> None:
        if is_create(passing):
            foreign = self.ids[len(self._sent) % len(self.ids)]
            self._sent[foreign] = passing.content
            passing.json = {**passing.json, "id": foreign}
        elif passing.method == "GET" and passing.id in self._sent:
            self._read(passing, self._sent[passing.id])


def as_it_is(passing: Passing, sent: bytes) -> None:
    pass


def fails(passing: Passing, sent: bytes) -> None:
    passing.answer(500)


def is_not_found(passing: Passing, sent: bytes) -> None:
    passing.answer(404)


def says_nothing(passing: Passing, sent: bytes) -> None:
    passing.answer(200, b"")


def repeats_the_name(passing: Passing, sent: bytes) -> None:
    if passing.status == 200:
        passing.json = {**passing.json, "name": json.loads(sent)["name"]}


@pytest.mark.parametrize("read", [as_it_is, fails, is_not_found, says_nothing, repeats_the_name])
def test_an_id_of_somebody_else_is_left_alone(tmp_path: Path, read: Callable[[Passing, bytes], None]) -> None:
    alter = AnswersWithOthers(read)
    with altered(alter, foreigners=FOREIGNERS) as place:
        before = place.everyone()
        alter.ids = list(before)
        result = judge(tmp_path, *place.options, *QUICK)
        touched = [p for p in place.app.passed if p.method in ("PUT", "DELETE") and p.id in before]
        reaped = judge(tmp_path, *place.options, "--reap")
        afterwards = place.everyone()
    assert touched == []
    assert {identifier: afterwards.get(identifier) for identifier in before} == before
    assert "create.ids-differ" in result.having("finding")
    assert result.exit_code == 1, result.text
    assert "Traceback" not in result.text + reaped.text
    ours = [name for identifier, name in afterwards.items() if identifier not in before]
    assert len(ours) <= result.text.count("its id is not known")
